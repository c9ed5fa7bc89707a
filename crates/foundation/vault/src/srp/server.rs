//! The server's side.

use std::fmt;

use kernel::Rng;
use zeroize::Zeroizing;

use super::{
    ClientPublic, SessionKey, Verifier,
    bn::{Bytes, LEN, Modulus},
    claim,
    group::{Exponent, GROUP},
    numbers::to_hex,
};

/// b and B of one sign-in.
pub struct ServerEphemeral {
    secret: Exponent,
    public: Bytes,
}

impl ServerEphemeral {
    /// Draws b and makes B = k*v + g^b, which is not zero. One exponentiation by the table of g.
    pub fn new(verifier: &Verifier, rng: &dyn Rng) -> Self {
        loop {
            let mut secret = Exponent::default();
            rng.fill(secret.as_mut_slice());
            let ephemeral = Self::of_secret(secret, verifier);
            if ephemeral.public != [0; LEN] {
                return ephemeral;
            }
        }
    }

    pub(super) fn of_secret(secret: Exponent, verifier: &Verifier) -> Self {
        let kv = GROUP.times_k(&verifier.load());
        let public = GROUP.modulus.add(&kv, &GROUP.power_of_g(&secret)).to_bytes();
        Self { secret, public }
    }

    /// From the state that the caller kept. `None` if B can't have been made here.
    pub fn from_parts(secret: [u8; 32], public: [u8; LEN]) -> Option<Self> {
        (GROUP.modulus.contains(&public) && public != [0; LEN]).then_some(Self {
            secret: Exponent::new(secret),
            public,
        })
    }

    /// b: to be sealed wherever it is kept.
    pub fn secret(&self) -> &[u8; 32] {
        &self.secret
    }

    /// B.
    pub fn public(&self) -> &[u8; LEN] {
        &self.public
    }

    /// B as `SRP_B` spells it.
    pub fn public_hex(&self) -> String {
        to_hex(&self.public)
    }
}

impl fmt::Debug for ServerEphemeral {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerEphemeral(..)")
    }
}

/// S = (A * v^u)^b and the key made of it. Two general exponentiations. `None` for numbers that would make S a constant
/// that a stranger knows.
pub fn session_key(a: &ClientPublic, ephemeral: &ServerEphemeral, verifier: &Verifier) -> Option<SessionKey> {
    let modulus = &GROUP.modulus;
    let u = claim::u(a.as_bytes(), &ephemeral.public)?;
    let vu = modulus.pow(&verifier.load(), u.as_slice());
    let base = Zeroizing::new(modulus.mul(&modulus.reduce(a.as_bytes()), &vu).to_bytes());
    let s = Zeroizing::new(
        modulus
            .pow(&Modulus::load(&base), ephemeral.secret.as_slice())
            .to_bytes(),
    );
    Some(SessionKey::of(&s, &u))
}
