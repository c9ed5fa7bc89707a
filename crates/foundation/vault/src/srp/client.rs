//! The client's side, as the SDKs compute it: for tests and measurements that sign in like one.

use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::Rng;
use zeroize::Zeroizing;

use super::{
    Identity, SessionKey,
    bn::{Bytes, LEN},
    claim,
    group::{Exponent, GROUP},
    numbers::{parse_hex, significant, to_hex},
    verifier,
};

/// a and A of one sign-in.
pub struct Client {
    secret: Exponent,
    public: Bytes,
}

/// The members of a `PASSWORD_VERIFIER` challenge, as they came.
#[derive(Clone, Copy, Debug)]
pub struct Challenge<'a> {
    /// `SALT`, hexadecimal.
    pub salt: &'a str,
    /// `SRP_B`, hexadecimal.
    pub srp_b: &'a str,
    /// `SECRET_BLOCK`, base64.
    pub secret_block: &'a str,
}

impl Client {
    pub fn new(rng: &dyn Rng) -> Self {
        let mut secret = Exponent::default();
        rng.fill(secret.as_mut_slice());
        Self::of_secret(secret)
    }

    pub(super) fn of_secret(secret: Exponent) -> Self {
        let public = GROUP.power_of_g(&secret).to_bytes();
        Self { secret, public }
    }

    /// A as `SRP_A` spells it.
    pub fn public_hex(&self) -> String {
        to_hex(&self.public)
    }

    /// `PASSWORD_CLAIM_SIGNATURE`. `None` if the challenge is one that no honest server sends.
    pub fn answer(
        &self,
        identity: Identity<'_>,
        password: &str,
        challenge: Challenge<'_>,
        timestamp: &str,
    ) -> Option<String> {
        let salt = parse_hex(challenge.salt).ok()?;
        let b = parse_hex(challenge.srp_b).ok()?;
        let block = BASE64_STANDARD.decode(challenge.secret_block).ok()?;
        let key = self.session_key(identity, password, significant(&salt), &b)?;
        Some(BASE64_STANDARD.encode(key.claim(identity, &block, timestamp)))
    }

    /// S = (B - k*g^x)^(a + u*x), as the product of the base's powers by a and by u and x.
    pub(super) fn session_key(
        &self,
        identity: Identity<'_>,
        password: &str,
        salt: &[u8],
        b: &Bytes,
    ) -> Option<SessionKey> {
        let modulus = &GROUP.modulus;
        let u = claim::u(&self.public, b)?;
        let x = verifier::x(identity, password, salt);
        let b = modulus.reduce(b);
        if b.to_bytes() == [0; LEN] {
            return None;
        }
        let base = modulus.sub(&b, &GROUP.times_k(&GROUP.power_of_g(&x)));
        let by_ux = modulus.pow(&modulus.pow(&base, u.as_slice()), x.as_slice());
        let by_a = modulus.pow(&base, self.secret.as_slice());
        Some(SessionKey::of(
            &Zeroizing::new(modulus.mul(&by_a, &by_ux).to_bytes()),
            &u,
        ))
    }
}
