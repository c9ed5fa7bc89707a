//! What the authority is answered with while it proves a name: whichever node it asks.

use kernel::ApiError;
use rcgen::{CertificateParams, CustomExtension, KeyPair};
use rustls::{
    crypto::aws_lc_rs,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    sign::CertifiedKey,
};
use store::records::acme_challenges;

use crate::Acme;

/// Characters of a token: base64url of 16 bytes at least. RFC 8555 8.3.
const LONGEST_TOKEN: usize = 256;

impl Acme {
    /// The certificate that proves a name in a handshake for `acme-tls/1`. None: it is not being proved. RFC 8737 3.
    pub async fn challenge(&self, name: &str) -> Result<Option<CertifiedKey>, ApiError> {
        let wanted = name.to_owned();
        let asked = self
            .store
            .look_up(move |r| acme_challenges::of_domain(r, &wanted))
            .await?;
        let Some(key_authorization) = asked else {
            return Ok(None);
        };
        let proof = certificate(name, &vault::sha256(key_authorization.as_bytes()));
        proof.map(Some).map_err(ApiError::internal)
    }

    /// What `/.well-known/acme-challenge/<token>` answers under a name. RFC 8555 8.3.
    pub async fn key_authorization(&self, name: &str, token: &str) -> Result<Option<String>, ApiError> {
        let is_token = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        if token.len() > LONGEST_TOKEN || !token.bytes().all(is_token) {
            return Ok(None);
        }
        let (name, token) = (name.to_owned(), token.to_owned());
        let found = self.store.look_up(move |r| acme_challenges::of_token(r, &token, &name));
        Ok(found.await?)
    }
}

/// Signed by itself, of a key that is good for this handshake alone.
fn certificate(name: &str, digest: &[u8; 32]) -> Result<CertifiedKey, String> {
    let made = || {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new([name.to_owned()])?;
        params.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
        Ok((params.self_signed(&key)?, key))
    };
    let (certificate, key) = made().map_err(|error: rcgen::Error| error.to_string())?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let key = aws_lc_rs::default_provider().key_provider.load_private_key(key);
    // That the two belong together is not asked of the library: it refuses to read a certificate with this extension.
    Ok(CertifiedKey::new(
        vec![certificate.der().clone()],
        key.map_err(|error| error.to_string())?,
    ))
}
