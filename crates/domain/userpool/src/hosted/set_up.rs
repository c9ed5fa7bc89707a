//! An authenticator app that is set up in a sign-in, by pages: the API's own operations. Reference: oauth-and-federation 9.1; user-pools 6.2.

use api::cognito_idp::{AssociateSoftwareTokenRequest, VerifySoftwareTokenRequest};
use kernel::{ApiError, Cx, Result};

use super::checked::checked;
use crate::UserPools;

impl UserPools {
    /// A secret for an authenticator app, with the session that goes on. Errors: those of AssociateSoftwareToken.
    pub async fn new_app_at(&self, cx: &Cx, session: &str) -> Result<(String, String)> {
        let request = checked(
            "AssociateSoftwareToken",
            AssociateSoftwareTokenRequest {
                access_token: None,
                session: Some(session.to_owned()),
            },
        )?;
        let made = self.associate_software_token(cx, request).await?;
        match (made.secret_code, made.session) {
            (Some(secret), Some(session)) => Ok((secret, session)),
            _ => Err(ApiError::internal("a set-up gave no secret")),
        }
    }

    /// Its first code; the session goes on. Errors: those of VerifySoftwareToken.
    pub async fn verify_app_at(&self, cx: &Cx, session: &str, (code, name): (&str, Option<&str>)) -> Result<String> {
        let request = checked(
            "VerifySoftwareToken",
            VerifySoftwareTokenRequest {
                access_token: None,
                session: Some(session.to_owned()),
                user_code: code.to_owned(),
                friendly_device_name: name.map(str::to_owned),
            },
        )?;
        let verified = self.verify_software_token(cx, request).await?;
        verified
            .session
            .ok_or_else(|| ApiError::internal("a set-up gave no session"))
    }
}
