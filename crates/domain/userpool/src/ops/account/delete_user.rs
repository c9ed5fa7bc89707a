//! `DeleteUser`: a signed-in user deletes the account; `AdminDeleteUser`: an administrator does. All that is the user's goes at
//! once. Reference: user-pools 4.9.

use std::sync::Arc;

use api::cognito_idp::{AdminDeleteUserRequest, DeleteUserRequest};
use kernel::{Cx, Result};
use store::records::{logouts, users};

use crate::{UserPools, errors, ops::access_token::Access, user::directory};

impl UserPools {
    /// Errors: those of every access token (8.5).
    pub async fn delete_user(&self, cx: &Cx, input: DeleteUserRequest) -> Result<()> {
        let access = self.access(cx, &input.access_token).await?;
        self.delete_user_by(cx, access).await
    }

    /// The same of somebody who is known already.
    pub(crate) async fn delete_user_by(&self, cx: &Cx, access: Access) -> Result<()> {
        let (pool, sub, now) = (access.pool.id.clone(), access.user.sub, cx.now());
        let deleted = self.store.write(move |tx| {
            logouts::end_all(tx, (&pool, &sub), now)?;
            if users::delete(tx, &pool, &sub)? {
                Ok(())
            } else {
                Err(errors::user_does_not_exist().into())
            }
        });
        deleted.await?;
        self.ring_logouts(&access.pool);
        Ok(())
    }

    /// Errors: UserNotFound.
    pub async fn admin_delete_user(&self, cx: &Cx, input: AdminDeleteUserRequest) -> Result<()> {
        let pool = self.pool(&input.user_pool_id).await?;
        let (of, now) = (Arc::clone(&pool), cx.now());
        let deleted = self.store.write(move |tx| {
            let user = directory::existing(tx, &of, &input.username)?;
            logouts::end_all(tx, (&of.id, &user.sub), now)?;
            users::delete(tx, &of.id, &user.sub)?;
            Ok(())
        });
        deleted.await?;
        self.ring_logouts(&pool);
        Ok(())
    }
}
