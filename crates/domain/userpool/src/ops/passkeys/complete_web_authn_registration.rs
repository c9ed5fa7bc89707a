//! `CompleteWebAuthnRegistration`: the authenticator's answer is verified and kept. Reference: user-pools 7.3.

use api::cognito_idp::{CompleteWebAuthnRegistrationRequest, CompleteWebAuthnRegistrationResponse};
use kernel::{Cx, Result};

use super::owner::registrar;
use crate::{UserPools, passkey::registration};

impl UserPools {
    /// Errors: NotAuthorized, PasswordResetRequired, those of [`registration`].
    pub async fn complete_web_authn_registration(
        &self,
        cx: &Cx,
        input: CompleteWebAuthnRegistrationRequest,
    ) -> Result<CompleteWebAuthnRegistrationResponse> {
        let access = self.passkeys_owner(cx, &input.access_token).await?;
        registration::may_begin(&access.pool, &access.user)?;
        let made = registration::judged(&self.keyring, cx, registrar(&access), &input.credential)?;
        let user = access.user;
        self.store.write(move |tx| registration::keep(tx, &user, &made)).await?;
        Ok(CompleteWebAuthnRegistrationResponse {})
    }
}
