//! `StartWebAuthnRegistration`: what the browser is to ask an authenticator for. Reference: user-pools 7.2.

use api::cognito_idp::{StartWebAuthnRegistrationRequest, StartWebAuthnRegistrationResponse};
use kernel::{Cx, Result};
use store::records::passkeys;

use super::owner::registrar;
use crate::{UserPools, passkey::registration};

impl UserPools {
    /// Errors: NotAuthorized, PasswordResetRequired, WebAuthnNotEnabled, WebAuthnConfigurationMissing, LimitExceeded.
    pub async fn start_web_authn_registration(
        &self,
        cx: &Cx,
        input: StartWebAuthnRegistrationRequest,
    ) -> Result<StartWebAuthnRegistrationResponse> {
        let access = self.passkeys_owner(cx, &input.access_token).await?;
        registration::may_begin(&access.pool, &access.user)?;
        let (pool, sub) = (access.pool.id.clone(), access.user.sub.clone());
        let held = self.store.read(move |r| passkeys::of_user(r, &pool, &sub)).await?;
        let registrar = registrar(&access);
        Ok(StartWebAuthnRegistrationResponse {
            credential_creation_options: registration::options(&self.keyring, cx, registrar, &held)?,
        })
    }
}
