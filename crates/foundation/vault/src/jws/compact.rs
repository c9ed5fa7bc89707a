//! Tokens as they come in: taken apart, then verified with the key that the header's kid leads to.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IgnoredAny},
};
use serde_json::{Map, Value};

use super::{Algorithm, VerifyingKey};

/// The longest token that is read: identity providers' may have 50,000 characters (reference identity-pools-iam 1.17).
const MOST_CHARACTERS: usize = 64 * 1024;
const MOST_HEADER_CHARACTERS: usize = 8 * 1024;

/// Why a token was not accepted. The services word the three cases differently.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum JwsError {
    #[error("not a compact JWS")]
    Malformed,
    #[error("signed with a key that is not known here")]
    UnknownKey,
    #[error("the signature is not the key's, or of an algorithm that is not the key's")]
    BadSignature,
}

/// A token whose form is right and of whose content nothing is proved yet.
pub struct Jws<'t> {
    parts: Parts<'t>,
    algorithm: Algorithm,
}

impl<'t> Jws<'t> {
    /// Takes a token apart. `BadSignature` for algorithms that no key here has, such as `none` and `HS256`.
    pub fn parse(token: &'t str) -> Result<Self, JwsError> {
        let parts = Parts::of(token)?;
        let algorithm = Algorithm::named(&parts.header.alg).ok_or(JwsError::BadSignature)?;
        Ok(Self { parts, algorithm })
    }

    pub fn kid(&self) -> Option<&str> {
        self.parts.header.kid.as_deref()
    }

    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The claims before anything is proved: to find out which issuer's key to ask for, and for nothing else.
    pub fn unverified_claims<T: DeserializeOwned>(&self) -> Result<T, JwsError> {
        json(self.parts.payload)
    }

    /// The claims, if the key signed them with its own algorithm. `Malformed` if they are not of the type's form.
    pub fn verify<T: DeserializeOwned>(&self, key: &VerifyingKey) -> Result<T, JwsError> {
        let Parts { signed, signature, .. } = &self.parts;
        if self.algorithm != key.algorithm() || !key.accepts(signed.as_bytes(), signature) {
            return Err(JwsError::BadSignature);
        }
        json(self.parts.payload)
    }
}

/// [`Jws::parse`] and [`Jws::verify`] where the key is at hand.
pub fn verify<'k, T: DeserializeOwned>(
    token: &str,
    find: impl FnOnce(&str, Algorithm) -> Option<&'k VerifyingKey>,
) -> Result<T, JwsError> {
    let jws = Jws::parse(token)?;
    let key = jws
        .kid()
        .and_then(|kid| find(kid, jws.algorithm()))
        .ok_or(JwsError::UnknownKey)?;
    jws.verify(key)
}

/// A compact JWS taken apart, ours or somebody's.
pub(super) struct Parts<'t> {
    pub header: Header,
    /// Header and payload as they are written: what the signature is of.
    pub signed: &'t str,
    pub payload: &'t str,
    pub signature: Vec<u8>,
}

#[derive(Deserialize)]
pub(super) struct Header {
    pub alg: String,
    #[serde(default)]
    pub kid: Option<String>,
    #[serde(default)]
    pub typ: Option<String>,
    #[serde(default)]
    pub jwk: Option<Map<String, Value>>,
    /// Extensions that must be understood: none is (RFC 7515 section 4.1.11).
    #[serde(default, deserialize_with = "present")]
    crit: bool,
}

impl<'t> Parts<'t> {
    pub fn of(text: &'t str) -> Result<Self, JwsError> {
        if text.len() > MOST_CHARACTERS {
            return Err(JwsError::Malformed);
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(JwsError::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(JwsError::Malformed)?;
        if header.len() > MOST_HEADER_CHARACTERS || payload.contains('.') {
            return Err(JwsError::Malformed);
        }
        let header: Header = json(header)?;
        if header.crit {
            return Err(JwsError::Malformed);
        }
        Ok(Self {
            header,
            signed,
            payload,
            signature: decode(signature)?,
        })
    }
}

pub(super) fn json<T: DeserializeOwned>(part: &str) -> Result<T, JwsError> {
    serde_json::from_slice(&decode(part)?).map_err(|_| JwsError::Malformed)
}

/// Base64url without padding, one spelling for each value.
pub(super) fn decode(part: &str) -> Result<Vec<u8>, JwsError> {
    BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| JwsError::Malformed)
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}
