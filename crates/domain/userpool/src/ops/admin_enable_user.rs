//! `AdminEnableUser`: undoes AdminDisableUser. Reference: user-pools 4.9.

use api::cognito_idp::{AdminEnableUserRequest, AdminEnableUserResponse};
use kernel::{Cx, Result};

use crate::UserPools;

impl UserPools {
    /// Errors: UserNotFound.
    pub async fn admin_enable_user(&self, cx: &Cx, input: AdminEnableUserRequest) -> Result<AdminEnableUserResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        self.amend_user(cx, &pool, &input.username, |user| {
            user.enabled = true;
            Ok(())
        })
        .await?;
        Ok(AdminEnableUserResponse {})
    }
}
