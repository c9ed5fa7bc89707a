//! `VerifySoftwareToken`: the first code of an authenticator app, by access token or by the session of a sign-in that asked
//! for the set-up of a factor. By access token the app is registered, and turned on by SetUserMFAPreference. Reference:
//! user-pools 6.2.

use api::cognito_idp::{VerifySoftwareTokenRequest, VerifySoftwareTokenResponse, VerifySoftwareTokenResponseType};
use kernel::{Cx, Result};
use store::{records::users, retrying};

use crate::{
    UserPools, errors,
    mfa::software_token::{self, FirstCode, TurnOn},
    ops::access_token::Access,
    user::standing::may_register_factor,
};

impl UserPools {
    /// Errors: those of every access token (8.5), NotAuthorized (the session, a user of a provider), InvalidParameter (neither; no secret was asked for),
    /// EnableSoftwareTokenMFA (wrong), SoftwareTokenMFANotFound (the pool has none), TooManyRequests.
    pub async fn verify_software_token(
        &self,
        cx: &Cx,
        input: VerifySoftwareTokenRequest,
    ) -> Result<VerifySoftwareTokenResponse> {
        let first = FirstCode {
            code: input.user_code,
            name: input.friendly_device_name,
        };
        let session = match (input.access_token, input.session) {
            (Some(token), _) => {
                self.enrol_by_token(cx, &token, &first).await?;
                None
            }
            (None, Some(session)) => Some(self.enrol_in_sign_in(cx, &session, &first).await?),
            (None, None) => return Err(errors::missing_parameter("AccessToken")),
        };
        Ok(VerifySoftwareTokenResponse {
            status: Some(VerifySoftwareTokenResponseType::Success),
            session,
        })
    }

    async fn enrol_by_token(&self, cx: &Cx, token: &str, first: &FirstCode) -> Result<()> {
        let access = self.access(cx, token).await?;
        self.enrol_software_token(cx, &access, first).await
    }

    /// Of somebody who is known already.
    pub(crate) async fn enrol_software_token(&self, cx: &Cx, access: &Access, first: &FirstCode) -> Result<()> {
        may_register_factor(&access.user)?;
        let enrolled = retrying(|| async {
            let whose = (&*access.pool, &access.user.sub);
            let proved = software_token::judged((&self.store, &self.keyring), cx, whose, first).await?;
            let (id, sub, now) = (access.pool.id.clone(), access.user.sub.clone(), cx.now());
            self.store
                .write(move |tx| {
                    let user = users::by_sub(tx, &id, &sub)?.ok_or_else(errors::user_does_not_exist)?;
                    software_token::register(tx, &user, proved.as_ref(), TurnOn::No, now)
                })
                .await
        });
        Ok(enrolled.await?)
    }
}
