//! `AdminDisableUser`: no sign-in any more, and the access tokens dead for good; refresh tokens rest until the user is
//! enabled by `AdminEnableUser`. Reference: user-pools 4.9, 8.6.

use api::cognito_idp::{
    AdminDisableUserRequest, AdminDisableUserResponse, AdminEnableUserRequest, AdminEnableUserResponse,
};
use kernel::{Cx, Result};

use crate::{UserPools, session::sign_out, user::directory};

impl UserPools {
    /// Errors: UserNotFound.
    pub async fn admin_disable_user(
        &self,
        cx: &Cx,
        input: AdminDisableUserRequest,
    ) -> Result<AdminDisableUserResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let wall = cx.wall();
        directory::change(&self.store, cx, &pool, &input.username, move |user| {
            user.enabled = false;
            sign_out::end_access_tokens(user, wall);
            Ok(())
        })
        .await?;
        Ok(AdminDisableUserResponse {})
    }

    /// Errors: UserNotFound.
    pub async fn admin_enable_user(&self, cx: &Cx, input: AdminEnableUserRequest) -> Result<AdminEnableUserResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        directory::change(&self.store, cx, &pool, &input.username, |user| {
            user.enabled = true;
            Ok(())
        })
        .await?;
        Ok(AdminEnableUserResponse {})
    }
}
