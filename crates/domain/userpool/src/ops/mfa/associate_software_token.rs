//! `AssociateSoftwareToken`: a secret for the user's authenticator app, by access token or by the session of a sign-in that
//! asked for the set-up of a factor. It replaces another that no app has shown a code of; one in force goes on working.
//! Reference: user-pools 6.2.

use api::cognito_idp::{AssociateSoftwareTokenRequest, AssociateSoftwareTokenResponse};
use kernel::{ApiError, Code, Cx, Result};
use store::records::{software_tokens, users};
use vault::SecretText;

use crate::{UserPools, errors, mfa::software_token, ops::access_token::Access, user::standing::may_register_factor};

impl UserPools {
    /// Errors: those of every access token (8.5), all as NotAuthorized; NotAuthorized (the session, a user of a provider), InvalidParameter (neither),
    /// SoftwareTokenMFANotFound.
    pub async fn associate_software_token(
        &self,
        cx: &Cx,
        input: AssociateSoftwareTokenRequest,
    ) -> Result<AssociateSoftwareTokenResponse> {
        let (secret, session) = match (input.access_token, input.session) {
            (Some(token), _) => (self.associate_by_token(cx, &token).await?, None),
            (None, Some(session)) => {
                let (secret, session) = self.associate_in_sign_in(cx, &session).await?;
                (secret, Some(session))
            }
            (None, None) => return Err(errors::missing_parameter("AccessToken")),
        };
        Ok(AssociateSoftwareTokenResponse {
            secret_code: Some(secret.as_str().to_owned()),
            session,
        })
    }

    async fn associate_by_token(&self, cx: &Cx, token: &str) -> Result<SecretText> {
        let access = self.access(cx, token).await.map_err(without_user_errors)?;
        self.new_software_token(cx, access).await
    }

    /// Of somebody who is known already.
    pub(crate) async fn new_software_token(&self, cx: &Cx, access: Access) -> Result<SecretText> {
        may_register_factor(&access.user)?;
        let (pool, sub) = (access.pool, access.user.sub);
        let (secret, sealed) = software_token::new_secret(&self.keyring, cx, &pool, &sub)?;
        self.store
            .write(move |tx| {
                if users::by_sub(tx, &pool.id, &sub)?.is_none() {
                    return Err(errors::access_token_revoked().into());
                }
                Ok(software_tokens::put(tx, &pool.id, &sub, &sealed)?)
            })
            .await?;
        Ok(secret)
    }
}

/// The operation's model has no word for a user who is gone or may not go on.
fn without_user_errors(error: ApiError) -> ApiError {
    match error.code() {
        Code::UserNotFound | Code::UserNotConfirmed | Code::PasswordResetRequired => errors::access_token_revoked(),
        _ => error,
    }
}
