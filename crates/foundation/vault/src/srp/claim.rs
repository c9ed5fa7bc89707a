//! The key that both sides end up with, and the claim that the client signs with it.

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use zeroize::Zeroizing;

use super::{
    Identity,
    bn::Bytes,
    group::Exponent,
    numbers::{pad, significant},
};
use crate::{constant_time, hash};

/// The first half of what HKDF gives of S and u.
pub struct SessionKey(Zeroizing<[u8; 16]>);

impl SessionKey {
    pub(super) fn of(s: &Zeroizing<Bytes>, u: &Exponent) -> Self {
        let prk = hash::hkdf_extract(&pad(u.as_slice()), &Zeroizing::new(pad(s.as_slice())));
        let derived = hash::hkdf_expand(&prk, b"Caldera Derived Key");
        let mut key = Zeroizing::new([0; 16]);
        key.iter_mut().zip(derived.iter()).for_each(|(to, from)| *to = *from);
        Self(key)
    }

    /// `PASSWORD_CLAIM_SIGNATURE` before base64. `secret_block` is decoded, `timestamp` the text as sent.
    pub fn claim(&self, identity: Identity<'_>, secret_block: &[u8], timestamp: &str) -> [u8; 32] {
        let (pool_name, user_id) = (identity.pool_name.as_bytes(), identity.user_id.as_bytes());
        hash::hmac_sha256(
            self.0.as_slice(),
            &[pool_name, user_id, secret_block, timestamp.as_bytes()],
        )
    }

    /// Whether the client's signature (standard base64) is this key's, compared in constant time.
    pub fn check_claim(&self, identity: Identity<'_>, secret_block: &[u8], timestamp: &str, signature: &str) -> bool {
        let expected = self.claim(identity, secret_block, timestamp);
        BASE64_STANDARD
            .decode(signature)
            .is_ok_and(|signature| constant_time::eq(&signature, &expected))
    }

    #[cfg(test)]
    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionKey(..)")
    }
}

/// u = H(pad(A), pad(B)); a zero would take the verifier out of the server's sum.
pub(super) fn u(a: &Bytes, b: &Bytes) -> Option<Exponent> {
    let u = Exponent::new(hash::sha256(&[&pad(a), &pad(b)]));
    (!significant(u.as_slice()).is_empty()).then_some(u)
}
