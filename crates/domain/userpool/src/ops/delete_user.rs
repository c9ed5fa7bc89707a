//! `DeleteUser`: a signed-in user deletes the account. Reference: user-pools 4.9.

use api::cognito_idp::DeleteUserRequest;
use kernel::{Cx, Result};
use store::records::users;

use crate::{UserPools, errors};

impl UserPools {
    /// Errors: those of every access token (8.5).
    pub async fn delete_user(&self, cx: &Cx, input: DeleteUserRequest) -> Result<()> {
        let access = self.access(cx, &input.access_token).await?;
        let (pool, sub) = (access.pool.id.clone(), access.user.sub);
        Ok(self
            .store
            .write(move |tx| {
                let existed = users::delete(tx, &pool, &sub)?;
                if existed {
                    Ok(())
                } else {
                    Err(errors::user_does_not_exist().into())
                }
            })
            .await?)
    }
}
