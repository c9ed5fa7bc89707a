//! Compact JWS that others signed with keys of their own: clients' assertions (RFC 7523), proofs of possession (RFC 9449). What the header
//! says of where its key were to be had (`jku`, `x5u`, `x5c`) is not read; its `jwk` is no more than what it says.

use serde_json::{Map, Value};

use super::{
    JwsError, PublicKey, Signature,
    compact::{Parts, json},
};

/// A text whose form is right and of whose content nothing is proved yet.
pub struct Signed<'t> {
    parts: Parts<'t>,
    algorithm: Signature,
}

impl<'t> Signed<'t> {
    /// Takes it apart. `BadSignature` for algorithms that no public key has, such as `none` and `HS256`.
    pub fn parse(text: &'t str) -> Result<Self, JwsError> {
        let parts = Parts::of(text)?;
        let algorithm = Signature::named(&parts.header.alg).ok_or(JwsError::BadSignature)?;
        Ok(Self { parts, algorithm })
    }

    pub fn algorithm(&self) -> Signature {
        self.algorithm
    }

    pub fn kid(&self) -> Option<&str> {
        self.parts.header.kid.as_deref()
    }

    pub fn typ(&self) -> Option<&str> {
        self.parts.header.typ.as_deref()
    }

    /// The key that it says it was signed with.
    pub fn jwk(&self) -> Option<&Map<String, Value>> {
        self.parts.header.jwk.as_ref()
    }

    /// The claims before anything is proved: to find out whose key to ask for, and for nothing else.
    pub fn unverified_claims(&self) -> Result<Map<String, Value>, JwsError> {
        json(self.parts.payload)
    }

    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        key.accepts(self.algorithm, self.parts.signed.as_bytes(), &self.parts.signature)
    }

    /// The claims, if the key signed them.
    pub fn verify(&self, key: &PublicKey) -> Result<Map<String, Value>, JwsError> {
        if self.is_signed_by(key) {
            json(self.parts.payload)
        } else {
            Err(JwsError::BadSignature)
        }
    }
}
