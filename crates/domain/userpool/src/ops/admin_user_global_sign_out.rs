//! `AdminUserGlobalSignOut`: all sessions of a user end. Reference: user-pools 8.6.

use api::cognito_idp::{AdminUserGlobalSignOutRequest, AdminUserGlobalSignOutResponse};
use kernel::{Cx, Result};

use crate::{UserPools, errors, names, signin};

impl UserPools {
    /// Errors: UserNotFound.
    pub async fn admin_user_global_sign_out(
        &self,
        cx: &Cx,
        input: AdminUserGlobalSignOutRequest,
    ) -> Result<AdminUserGlobalSignOutResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let wall = cx.wall();
        self.store
            .write(move |tx| {
                let Some(user) = names::find(tx, &pool, &input.username)? else {
                    return Err(errors::user_does_not_exist().into());
                };
                Ok(signin::sign_out(tx, &user, wall)?)
            })
            .await?;
        Ok(AdminUserGlobalSignOutResponse {})
    }
}
