//! `AdminDeleteUser`: the user and all that is theirs, at once. Reference: user-pools 4.9.

use api::cognito_idp::AdminDeleteUserRequest;
use kernel::{Cx, Result};
use store::records::users;

use crate::{UserPools, errors, names};

impl UserPools {
    /// Errors: UserNotFound.
    pub async fn admin_delete_user(&self, _cx: &Cx, input: AdminDeleteUserRequest) -> Result<()> {
        let pool = self.pool(&input.user_pool_id).await?;
        Ok(self
            .store
            .write(move |tx| {
                let Some(user) = names::find(tx, &pool, &input.username)? else {
                    return Err(errors::user_does_not_exist().into());
                };
                users::delete(tx, &pool.id, &user.sub)?;
                Ok(())
            })
            .await?)
    }
}
