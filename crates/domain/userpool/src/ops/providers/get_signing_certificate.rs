//! `GetSigningCertificate`: by what SAML identity providers know that a request is the pool's. Reference: user-pools 14.5,
//! oauth-and-federation 11.2.

use api::cognito_idp::{GetSigningCertificateRequest, GetSigningCertificateResponse};
use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::{Cx, Result};

use crate::UserPools;

impl UserPools {
    /// Errors: ResourceNotFound.
    pub async fn get_signing_certificate(
        &self,
        cx: &Cx,
        input: GetSigningCertificateRequest,
    ) -> Result<GetSigningCertificateResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let certificate = self.signing_certificate(cx, &pool).await?;
        Ok(GetSigningCertificateResponse {
            certificate: Some(BASE64_STANDARD.encode(certificate)),
        })
    }
}
