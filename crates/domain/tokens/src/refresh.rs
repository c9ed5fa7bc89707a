//! The form of refresh tokens: five parts like the JWE that Cognito issues, opaque to clients. decision 8; reference
//! user-pools 8.4.
//!
//! The second part is the family's id under seal, the rest 256 random bits. The seal lets an outdated token be recognised
//! as reuse of its family, and nobody who merely knows the id (it is in the access token) can feign one.

use std::sync::atomic::{AtomicU64, Ordering};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::{PoolId, Rng, Sub, Timestamp};
use vault::{Keyring, Purpose};

/// What a live one begins with: `{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}`.
const HEADER: &[u8] = br#"{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}"#;

/// What the successors' keyed digest is of.
const SUCCESSOR: &str = "refresh-token-successor";

/// A refresh token that was presented: its family, and what the family's row keeps of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    pub family: String,
    pub digest: [u8; 32],
    /// The keyring version that its family is sealed under.
    version: u32,
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
            vault::Expiring {
                payload: family.as_bytes(),
                // How long it lives is the row's business.
                at: Timestamp::from_millis(i64::MAX),
            },
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
                version: keyring.current_version(),
            },
        ))
    }

    /// The token that replaces this one: the same however often it is asked for, so that a retried rotation, or two at
    /// once, hand out one token, also if the keyring gets a new version in between: a family stays under the version it
    /// began with. Without the keyring it can't be computed, not even from this one.
    pub fn successor(&self, keyring: &Keyring, pool: &PoolId) -> Result<(String, Self), vault::SealError> {
        let keyring = keyring.as_of(self.version).ok_or(vault::SealError)?;
        let family = Sub::new(self.family.as_str());
        let code = vault::codes::Code {
            purpose: SUCCESSOR,
            pool,
            sub: &family,
            text: &hex::encode(self.digest),
        };
        let seed = vault::codes::mac(&keyring, code);
        Self::mint(
            &keyring,
            pool,
            &self.family,
            &Stream {
                seed,
                drawn: AtomicU64::new(0),
            },
        )
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
            version: vault::sealed_under(Purpose::RefreshToken, sealed)?,
        })
    }
}

/// Bytes that a secret seed determines: SHA-256 in counter mode.
struct Stream {
    seed: [u8; 32],
    drawn: AtomicU64,
}

impl Rng for Stream {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let count = self.drawn.fetch_add(1, Ordering::Relaxed).to_be_bytes();
            let block = vault::sha256(&[self.seed.as_slice(), &count].concat());
            chunk.iter_mut().zip(block).for_each(|(to, from)| *to = from);
        }
    }
}
