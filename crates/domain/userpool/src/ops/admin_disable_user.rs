//! `AdminDisableUser`: no sign-in any more, and the access tokens dead for good; refresh tokens rest until the user is
//! enabled. Reference: user-pools 4.9, 8.6.

use api::cognito_idp::{AdminDisableUserRequest, AdminDisableUserResponse};
use kernel::{Cx, Result};

use crate::{UserPools, signin};

impl UserPools {
    /// Errors: UserNotFound.
    pub async fn admin_disable_user(
        &self,
        cx: &Cx,
        input: AdminDisableUserRequest,
    ) -> Result<AdminDisableUserResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let wall = cx.wall();
        self.amend_user(cx, &pool, &input.username, move |user| {
            user.enabled = false;
            signin::end_access_tokens(user, wall);
            Ok(())
        })
        .await?;
        Ok(AdminDisableUserResponse {})
    }
}
