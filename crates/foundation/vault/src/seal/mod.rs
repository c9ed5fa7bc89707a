//! Sealing: AES-256-GCM-SIV (RFC 8452) under the purpose's key, bound to where the value belongs. decisions 8, 9.
//!
//! ```text
//! sealed = format (1) | key version (4, big-endian) | nonce (12) | ciphertext | tag (16)
//! token  = base64(sealed(expires at in milliseconds (8, big-endian) | payload))
//! ```

#[cfg(test)]
mod tests;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, Nonce, UnboundKey};
use kernel::{ApiError, Rng, Timestamp};
use zeroize::Zeroizing;

use crate::{Keyring, Purpose, Secret, hash, keyring::KeyVersion};

const FORMAT: u8 = 1;
const NONCE_LEN: usize = 12;
const TAG_LEN: usize = 16;

/// The library refused to encrypt: the plaintext is beyond what the algorithm takes, or memory ran out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("sealing failed")]
pub struct SealError;

/// Why a sealed value was not opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the value is not of the sealed form")]
    Malformed,
    #[error("the value is sealed with keyring version {0}, which this keyring does not have")]
    UnknownKeyVersion(u32),
    #[error("the value is not what was sealed for this purpose and place")]
    Forged,
}

/// Why a sealed token was not accepted. The sign-in answers tell the two apart (reference user-pools 5.6).
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TokenError {
    #[error("the token was not issued here for this use")]
    Malformed,
    #[error("the token has expired")]
    Expired,
}

impl Keyring {
    /// Seals with the current key. `place` says where the value belongs (table, row; pool, client): it is not contained,
    /// and the same list is needed to open it.
    pub fn seal(
        &self,
        purpose: Purpose,
        place: &[&str],
        plaintext: &[u8],
        rng: &dyn Rng,
    ) -> Result<Vec<u8>, SealError> {
        let version = self.current();
        let key = aead_key(version, purpose).ok_or(SealError)?;
        let mut nonce = [0; NONCE_LEN];
        rng.fill(&mut nonce);

        // Room for the tag from the start: growing would leave a copy of the plaintext behind.
        let mut body = Vec::with_capacity(plaintext.len() + TAG_LEN);
        body.extend_from_slice(plaintext);
        key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            associated_data(version, place),
            &mut body,
        )
        .map_err(|_| SealError)?;

        let mut sealed = Vec::with_capacity(1 + 4 + NONCE_LEN + body.len());
        sealed.push(FORMAT);
        sealed.extend_from_slice(&version.number().to_be_bytes());
        sealed.extend_from_slice(&nonce);
        sealed.append(&mut body);
        Ok(sealed)
    }

    /// Opens what [`Keyring::seal`] made for the same purpose and place, by this keyring's current or any other version.
    pub fn open(&self, purpose: Purpose, place: &[&str], sealed: &[u8]) -> Result<Secret, OpenError> {
        let parts = Parts::of(sealed).ok_or(OpenError::Malformed)?;
        let version = self
            .version(parts.version)
            .ok_or(OpenError::UnknownKeyVersion(parts.version))?;
        let key = aead_key(version, purpose).ok_or(OpenError::Forged)?;
        let mut body = Zeroizing::new(parts.body.to_vec());
        let nonce = Nonce::assume_unique_for_key(parts.nonce);
        let plaintext = key
            .open_in_place(nonce, associated_data(version, place), &mut body)
            .map_err(|_| OpenError::Forged)?;
        Ok(Secret::new(plaintext.to_vec()))
    }

    /// Seals what travels through a client and comes back in time, as text in the alphabet of its purpose.
    pub fn seal_token(
        &self,
        purpose: Purpose,
        place: &[&str],
        Expiring { payload, at }: Expiring<'_>,
        rng: &dyn Rng,
    ) -> Result<String, SealError> {
        let mut plaintext = Zeroizing::new(Vec::with_capacity(8 + payload.len()));
        plaintext.extend_from_slice(&at.millis().to_be_bytes());
        plaintext.extend_from_slice(payload);
        Ok(purpose.encode(&self.seal(purpose, place, &plaintext, rng)?))
    }

    /// The payload of a token of [`Keyring::seal_token`]; expired from the very millisecond of its `at`.
    pub fn open_token(
        &self,
        purpose: Purpose,
        place: &[&str],
        token: &str,
        now: Timestamp,
    ) -> Result<Secret, TokenError> {
        let sealed = purpose.decode(token).ok_or(TokenError::Malformed)?;
        let plaintext = self.open(purpose, place, &sealed).map_err(|_| TokenError::Malformed)?;
        let (expires_at, payload) = plaintext.as_bytes().split_first_chunk().ok_or(TokenError::Malformed)?;
        if now >= Timestamp::from_millis(i64::from_be_bytes(*expires_at)) {
            return Err(TokenError::Expired);
        }
        Ok(Secret::new(payload.to_vec()))
    }
}

/// The number of the keyring version that sealed a token, as the token says: true of one that opens.
pub fn sealed_under(purpose: Purpose, token: &str) -> Option<u32> {
    Some(Parts::of(&purpose.decode(token)?)?.version)
}

/// What travels under seal until `at`.
#[derive(Clone, Copy)]
pub struct Expiring<'a> {
    pub payload: &'a [u8],
    pub at: Timestamp,
}

/// A sealed value taken apart.
struct Parts<'a> {
    version: u32,
    nonce: [u8; NONCE_LEN],
    body: &'a [u8],
}

impl<'a> Parts<'a> {
    fn of(sealed: &'a [u8]) -> Option<Self> {
        let (format, rest) = sealed.split_first()?;
        let (version, rest) = rest.split_first_chunk()?;
        let (nonce, body) = rest.split_first_chunk()?;
        (*format == FORMAT && body.len() >= TAG_LEN).then_some(Self {
            version: u32::from_be_bytes(*version),
            nonce: *nonce,
            body,
        })
    }
}

/// The purpose needs no place in the associated data: its key is its own.
fn aead_key(version: &KeyVersion, purpose: Purpose) -> Option<LessSafeKey> {
    let key = version.derive(purpose.label());
    UnboundKey::new(&AES_256_GCM_SIV, key.as_slice())
        .ok()
        .map(LessSafeKey::new)
}

fn associated_data(version: &KeyVersion, place: &[&str]) -> Aad<Vec<u8>> {
    let mut data = vec![FORMAT];
    data.extend_from_slice(&version.number().to_be_bytes());
    data.extend_from_slice(&hash::framed(place));
    Aad::from(data)
}

impl From<SealError> for ApiError {
    #[track_caller]
    fn from(error: SealError) -> Self {
        Self::internal(error)
    }
}

/// For values at rest, where not opening means that the store or the keyring is damaged. What clients hand in is opened by
/// [`Keyring::open_token`], whose refusal the caller words.
impl From<OpenError> for ApiError {
    #[track_caller]
    fn from(error: OpenError) -> Self {
        Self::internal(error)
    }
}
