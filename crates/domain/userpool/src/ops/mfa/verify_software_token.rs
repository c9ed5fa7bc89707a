//! `VerifySoftwareToken`: the first code of an authenticator app, by access token or by the session of a sign-in that asked
//! for the set-up of a factor. By access token the app is registered, and turned on by SetUserMFAPreference. Reference: user-pools 6.2.

use api::cognito_idp::{VerifySoftwareTokenRequest, VerifySoftwareTokenResponse, VerifySoftwareTokenResponseType};
use kernel::{Cx, Result};

use crate::{
    UserPools, errors,
    mfa::software_token::{Enrolling, FirstCode, TurnOn},
};

impl UserPools {
    /// Errors: those of every access token (8.5), NotAuthorized (the session), InvalidParameter (neither; no secret was asked for),
    /// EnableSoftwareTokenMFA (wrong), SoftwareTokenMFANotFound (the pool has none), TooManyRequests.
    pub async fn verify_software_token(
        &self,
        cx: &Cx,
        input: VerifySoftwareTokenRequest,
    ) -> Result<VerifySoftwareTokenResponse> {
        let Some(token) = &input.access_token else {
            // No sign-in gives a session that it could be.
            return Err(match input.session {
                Some(_) => errors::invalid_session(),
                None => errors::missing_parameter("AccessToken"),
            });
        };
        let access = self.access(cx, token).await?;
        let who = Enrolling {
            pool: &access.pool,
            sub: &access.user.sub,
        };
        let first = FirstCode {
            code: input.user_code,
            name: input.friendly_device_name,
        };
        self.enrol(cx, who, &first, TurnOn::No).await?;
        Ok(VerifySoftwareTokenResponse {
            status: Some(VerifySoftwareTokenResponseType::Success),
            session: None,
        })
    }
}
