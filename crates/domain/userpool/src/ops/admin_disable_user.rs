//! `AdminDisableUser`: no sign-in any more, and every token dead, for good. Reference: user-pools 4.9, 8.6.

use api::cognito_idp::{AdminDisableUserRequest, AdminDisableUserResponse};
use kernel::{Cx, Result};
use store::{
    done, refuse,
    records::{sessions, users},
};

use crate::{UserPools, errors, names};

impl UserPools {
    /// Errors: UserNotFound.
    pub async fn admin_disable_user(
        &self,
        cx: &Cx,
        input: AdminDisableUserRequest,
    ) -> Result<AdminDisableUserResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let now = cx.now();
        // Tokens carry true time.
        let wall = cx.wall();
        self.store
            .write(move |tx| {
                let Some(mut user) = names::find(tx, &pool, &input.username)? else {
                    return refuse(errors::user_does_not_exist());
                };
                user.enabled = false;
                user.modified = now;
                user.doc.signed_out_before = Some(wall);
                users::update(tx, &user)?;
                sessions::revoke_all(tx, &pool.id, &user.sub)?;
                done(())
            })
            .await??;
        Ok(AdminDisableUserResponse {})
    }
}
