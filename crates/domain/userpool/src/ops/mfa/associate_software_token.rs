//! `AssociateSoftwareToken`: a secret for the user's authenticator app, by access token or by the session of a sign-in that
//! asked for the set-up of a factor. Reference: user-pools 6.2.

use api::cognito_idp::{AssociateSoftwareTokenRequest, AssociateSoftwareTokenResponse};
use kernel::{ApiError, Code, Cx, Result};

use crate::{UserPools, errors, mfa::software_token::Enrolling};

impl UserPools {
    /// Errors: those of every access token (8.5), all as NotAuthorized; NotAuthorized (the session), InvalidParameter (neither),
    /// SoftwareTokenMFANotFound.
    pub async fn associate_software_token(
        &self,
        cx: &Cx,
        input: AssociateSoftwareTokenRequest,
    ) -> Result<AssociateSoftwareTokenResponse> {
        let Some(token) = &input.access_token else {
            // No sign-in gives a session that it could be.
            return Err(match input.session {
                Some(_) => errors::invalid_session(),
                None => errors::missing_parameter("AccessToken"),
            });
        };
        let access = self.access(cx, token).await.map_err(without_user_errors)?;
        let who = Enrolling {
            pool: &access.pool,
            sub: &access.user.sub,
        };
        let secret = self.associate(cx, who, errors::invalid_access_token).await?;
        Ok(AssociateSoftwareTokenResponse {
            secret_code: Some(secret.as_str().to_owned()),
            session: None,
        })
    }
}

/// The operation's model has no word for a user who is gone or may not go on.
fn without_user_errors(error: ApiError) -> ApiError {
    match error.code() {
        Code::UserNotFound | Code::UserNotConfirmed | Code::PasswordResetRequired => errors::access_token_revoked(),
        _ => error,
    }
}
