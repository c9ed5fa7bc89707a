//! `GlobalSignOut`: a user ends all of their sessions, this one too; `AdminUserGlobalSignOut`: an administrator ends them.
//! Reference: user-pools 8.6.

use std::sync::Arc;

use api::cognito_idp::{
    AdminUserGlobalSignOutRequest, AdminUserGlobalSignOutResponse, GlobalSignOutRequest, GlobalSignOutResponse,
};
use kernel::{Cx, Result};
use store::records::users;

use crate::{
    UserPools, errors,
    ops::access_token::Access,
    session::sign_out::{self, At},
    user::directory,
};

impl UserPools {
    /// Errors: those of every access token (8.5).
    pub async fn global_sign_out(&self, cx: &Cx, input: GlobalSignOutRequest) -> Result<GlobalSignOutResponse> {
        let access = self.access(cx, &input.access_token).await?;
        self.global_sign_out_by(cx, access).await
    }

    /// The same of somebody who is known already.
    pub(crate) async fn global_sign_out_by(&self, cx: &Cx, access: Access) -> Result<GlobalSignOutResponse> {
        let (pool, sub, at) = (Arc::clone(&access.pool), access.user.sub, At::of(cx));
        self.store
            .write(move |tx| {
                let Some(user) = users::by_sub(tx, &pool.id, &sub)? else {
                    return Err(errors::access_token_revoked().into());
                };
                Ok(sign_out::sign_out(tx, &pool, &user, at)?)
            })
            .await?;
        self.ring_logouts(&access.pool);
        Ok(GlobalSignOutResponse {})
    }

    /// Errors: UserNotFound.
    pub async fn admin_user_global_sign_out(
        &self,
        cx: &Cx,
        input: AdminUserGlobalSignOutRequest,
    ) -> Result<AdminUserGlobalSignOutResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let (of, at) = (Arc::clone(&pool), At::of(cx));
        self.store
            .write(move |tx| {
                let user = directory::existing(tx, &of, &input.username)?;
                Ok(sign_out::sign_out(tx, &of, &user, at)?)
            })
            .await?;
        self.ring_logouts(&pool);
        Ok(AdminUserGlobalSignOutResponse {})
    }
}
