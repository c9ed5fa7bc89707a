//! `DeleteUser`: a signed-in user deletes the account; `AdminDeleteUser`: an administrator does. All that is the user's goes at
//! once. Reference: user-pools 4.9.

use api::cognito_idp::{AdminDeleteUserRequest, DeleteUserRequest};
use kernel::{Cx, Result};
use store::records::users;

use crate::{UserPools, errors, user::directory};

impl UserPools {
    /// Errors: those of every access token (8.5).
    pub async fn delete_user(&self, cx: &Cx, input: DeleteUserRequest) -> Result<()> {
        let access = self.access(cx, &input.access_token).await?;
        let (pool, sub) = (access.pool.id.clone(), access.user.sub);
        let deleted = self.store.write(move |tx| {
            if users::delete(tx, &pool, &sub)? {
                Ok(())
            } else {
                Err(errors::user_does_not_exist().into())
            }
        });
        Ok(deleted.await?)
    }

    /// Errors: UserNotFound.
    pub async fn admin_delete_user(&self, _cx: &Cx, input: AdminDeleteUserRequest) -> Result<()> {
        let pool = self.pool(&input.user_pool_id).await?;
        let deleted = self.store.write(move |tx| {
            let user = directory::existing(tx, &pool, &input.username)?;
            users::delete(tx, &pool.id, &user.sub)?;
            Ok(())
        });
        Ok(deleted.await?)
    }
}
