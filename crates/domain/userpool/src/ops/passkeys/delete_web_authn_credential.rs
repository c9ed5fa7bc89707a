//! `DeleteWebAuthnCredential`: the user can't sign in with it from now on. Reference: user-pools 7.4.

use api::cognito_idp::{DeleteWebAuthnCredentialRequest, DeleteWebAuthnCredentialResponse};
use kernel::{Cx, Result};
use store::records::passkeys;

use crate::{UserPools, errors::passkeys as errors, ops::access_token::Access};

impl UserPools {
    /// Errors: NotAuthorized, PasswordResetRequired, ResourceNotFound.
    pub async fn delete_web_authn_credential(
        &self,
        cx: &Cx,
        input: DeleteWebAuthnCredentialRequest,
    ) -> Result<DeleteWebAuthnCredentialResponse> {
        let access = self.passkeys_owner(cx, &input.access_token).await?;
        self.delete_web_authn_credential_by(access, input).await
    }

    /// The same of somebody who is known already.
    pub(crate) async fn delete_web_authn_credential_by(
        &self,
        access: Access,
        input: DeleteWebAuthnCredentialRequest,
    ) -> Result<DeleteWebAuthnCredentialResponse> {
        let (pool, sub) = (access.pool.id.clone(), access.user.sub);
        let deleted = self
            .store
            .write(move |tx| Ok(passkeys::delete(tx, &pool, &sub, &input.credential_id)?))
            .await?;
        if deleted {
            Ok(DeleteWebAuthnCredentialResponse {})
        } else {
            Err(errors::not_found())
        }
    }
}
