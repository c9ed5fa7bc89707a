//! `AdminDeleteSoftwareToken`: a user's authenticator app counts no more, nor does a secret that waits for one. Reference:
//! user-pools 6.2.

use api::cognito_idp::{AdminDeleteSoftwareTokenRequest, AdminDeleteSoftwareTokenResponse};
use kernel::{Cx, Result};
use store::records::{factor::Factor, software_tokens, users::User};

use crate::{UserPools, errors, mfa::preference, user::directory};

impl UserPools {
    /// Errors: UserNotFound, InvalidParameter (there is none).
    pub async fn admin_delete_software_token(
        &self,
        cx: &Cx,
        input: AdminDeleteSoftwareTokenRequest,
    ) -> Result<AdminDeleteSoftwareTokenResponse> {
        let (pool, now) = (self.pool(&input.user_pool_id).await?, cx.now());
        self.store
            .write(move |tx| {
                let before = directory::existing(tx, &pool, &input.username)?;
                if !software_tokens::delete(tx, &pool.id, &before.sub)? {
                    return Err(errors::software_token_not_set_up().into());
                }
                let mut after = User {
                    modified: now,
                    ..before.clone()
                };
                after.doc.mfa.has_token = false;
                preference::lose(&mut after, Factor::SoftwareToken);
                directory::save(tx, &before, &after)
            })
            .await?;
        Ok(AdminDeleteSoftwareTokenResponse {})
    }
}
