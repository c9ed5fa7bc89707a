//! `AdminDisableUser`: no sign-in any more, and the access tokens dead for good; refresh tokens rest until the user is
//! enabled by `AdminEnableUser`. Reference: user-pools 4.9, 8.6.

use std::sync::Arc;

use api::cognito_idp::{
    AdminDisableUserRequest, AdminDisableUserResponse, AdminEnableUserRequest, AdminEnableUserResponse,
};
use kernel::{Cx, Result};
use store::records::logouts;

use crate::{
    UserPools,
    session::sign_out::{self, At},
    user::directory,
};

impl UserPools {
    /// Errors: UserNotFound.
    pub async fn admin_disable_user(
        &self,
        cx: &Cx,
        input: AdminDisableUserRequest,
    ) -> Result<AdminDisableUserResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let (of, at) = (Arc::clone(&pool), At::of(cx));
        self.store
            .write(move |tx| {
                let before = directory::existing(tx, &of, &input.username)?;
                let mut user = before.clone();
                user.enabled = false;
                sign_out::end_access_tokens(&mut user, at.wall);
                user.modified = at.now;
                directory::save(tx, &before, &user)?;
                // No browser's session is worth anything from now on.
                Ok(logouts::end_all(tx, (&of.id, &user.sub), at.now)?)
            })
            .await?;
        self.ring_logouts(&pool);
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
