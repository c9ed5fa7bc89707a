//! The form of refresh tokens: five parts like the JWE that Cognito issues, opaque to clients. DESIGN 3.7; reference
//! user-pools 8.4.
//!
//! The second part is the family's id under seal, the rest 256 random bits. The seal lets an outdated token be recognised
//! as reuse of its family, and nobody who merely knows the id (it is in the access token) can feign one.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::{PoolId, Rng, Timestamp};
use vault::{Keyring, Purpose};

/// What a live one begins with: `{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}`.
const HEADER: &[u8] = br#"{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}"#;

/// A refresh token that was presented: its family, and what the family's row keeps of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    pub family: String,
    pub digest: [u8; 32],
}

impl RefreshToken {
    /// A new token of a family: the text for the client, and what to keep.
    pub fn mint(
        keyring: &Keyring,
        pool: &PoolId,
        family: &str,
        rng: &dyn Rng,
    ) -> Result<(String, Self), vault::SealError> {
        let sealed = keyring.seal_token(
            Purpose::RefreshToken,
            &[pool.as_str()],
            family.as_bytes(),
            // How long it lives is the row's business.
            Timestamp::from_millis(i64::MAX),
            rng,
        )?;
        let random = |bytes: &mut [u8]| {
            rng.fill(bytes);
            BASE64_URL_SAFE_NO_PAD.encode(bytes)
        };
        let (iv, body, tag) = (random(&mut [0; 12]), random(&mut [0; 32]), random(&mut [0; 16]));
        let text = format!("{}.{sealed}.{iv}.{body}.{tag}", BASE64_URL_SAFE_NO_PAD.encode(HEADER));
        let digest = vault::sha256(text.as_bytes());
        Ok((
            text,
            Self {
                family: family.to_owned(),
                digest,
            },
        ))
    }

    /// None for what we never issued for this pool.
    pub fn read(keyring: &Keyring, pool: &PoolId, text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let (_, sealed) = (parts.next()?, parts.next()?);
        if parts.count() != 3 {
            return None;
        }
        let opened = keyring
            .open_token(
                Purpose::RefreshToken,
                &[pool.as_str()],
                sealed,
                Timestamp::from_millis(0),
            )
            .ok()?;
        Some(Self {
            family: opened.as_str()?.to_owned(),
            digest: vault::sha256(text.as_bytes()),
        })
    }
}
