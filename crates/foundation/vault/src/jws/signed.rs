//! Compact JWS that others signed with keys of their own: clients' assertions (RFC 7523), proofs of possession (RFC 9449). What the header
//! says of where its key were to be had (`jku`, `x5u`, `x5c`) is not read; its `jwk` is no more than what it says.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    JwsError, PublicKey, Signature,
    compact::{Parts, decode, json, present},
};

/// A text whose form is right and of whose content nothing is proved yet.
pub struct Signed<'t> {
    header: Header,
    algorithm: Signature,
    covered: &'t str,
    payload: &'t str,
    signature: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    typ: Option<String>,
    #[serde(default)]
    jwk: Option<Map<String, Value>>,
    /// Extensions that must be understood: none is (RFC 7515 section 4.1.11).
    #[serde(default, deserialize_with = "present")]
    crit: bool,
}

impl<'t> Signed<'t> {
    /// Takes it apart. `BadSignature` for algorithms that no public key has, such as `none` and `HS256`.
    pub fn parse(text: &'t str) -> Result<Self, JwsError> {
        let parts = Parts::of(text)?;
        let header: Header = json(parts.header)?;
        if header.crit {
            return Err(JwsError::Malformed);
        }
        Ok(Self {
            algorithm: Signature::named(&header.alg).ok_or(JwsError::BadSignature)?,
            header,
            covered: parts.signed,
            payload: parts.payload,
            signature: decode(parts.signature)?,
        })
    }

    pub fn algorithm(&self) -> Signature {
        self.algorithm
    }

    pub fn kid(&self) -> Option<&str> {
        self.header.kid.as_deref()
    }

    pub fn typ(&self) -> Option<&str> {
        self.header.typ.as_deref()
    }

    /// The key that it says it was signed with.
    pub fn jwk(&self) -> Option<&Map<String, Value>> {
        self.header.jwk.as_ref()
    }

    /// The claims before anything is proved: to find out whose key to ask for, and for nothing else.
    pub fn unverified_claims(&self) -> Result<Map<String, Value>, JwsError> {
        json(self.payload)
    }

    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        key.accepts(self.algorithm, self.covered.as_bytes(), &self.signature)
    }

    /// The claims, if the key signed them.
    pub fn verify(&self, key: &PublicKey) -> Result<Map<String, Value>, JwsError> {
        if self.is_signed_by(key) {
            json(self.payload)
        } else {
            Err(JwsError::BadSignature)
        }
    }
}
