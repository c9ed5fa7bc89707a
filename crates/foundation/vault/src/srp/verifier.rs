//! The verifier: what is kept in a password's place.

use std::fmt;

use kernel::Rng;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{
    bn::{Bytes, LEN, Modulus, Residue},
    group::{Exponent, GROUP},
    numbers::{pad, right_aligned, significant},
};
use crate::{constant_time, hash};

/// Length of the salts that are drawn here, in bytes.
pub const SALT_LEN: usize = 16;

/// Whose password it is, as the hashes spell it. The names of a device are its group key and its key.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// The pool's short name: what follows the underscore.
    pub pool_name: &'a str,
    /// `USER_ID_FOR_SRP`.
    pub user_id: &'a str,
}

/// g^x mod N. Whoever has it can test passwords: kept sealed, wiped when dropped, never printed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Verifier(Bytes);

impl Verifier {
    /// Of a password. One exponentiation by the table of g.
    pub fn new(identity: Identity<'_>, password: &str, salt: &[u8]) -> Self {
        Self(GROUP.power_of_g(&x(identity, password, salt)).to_bytes())
    }

    /// What was stored, or what a device's client computed: at most 3072 bits after leading zeros, neither zero nor
    /// beyond the group's prime.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let digits = significant(bytes);
        if digits.is_empty() || digits.len() > LEN {
            return None;
        }
        let number = right_aligned(digits);
        GROUP.modulus.contains(&number).then_some(Self(number))
    }

    /// To be sealed and stored.
    pub fn as_bytes(&self) -> &[u8; LEN] {
        &self.0
    }

    pub(super) fn load(&self) -> Residue {
        Modulus::load(&self.0)
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verifier(..)")
    }
}

/// Whether the password is the verifier's, in a time that depends on neither.
pub fn check_password(identity: Identity<'_>, password: &str, salt: &[u8], verifier: &Verifier) -> bool {
    constant_time::eq(&Verifier::new(identity, password, salt).0, &verifier.0)
}

/// A random salt whose first byte is not zero: some clients hash a salt with leading zeros as it stands, others without them.
pub fn draw_salt(rng: &dyn Rng) -> [u8; SALT_LEN] {
    let mut salt = [0; SALT_LEN];
    loop {
        rng.fill(&mut salt);
        if salt.first() != Some(&0) {
            return salt;
        }
    }
}

/// x = H(pad(salt), H(pool name, user id, ":", password)).
pub(super) fn x(identity: Identity<'_>, password: &str, salt: &[u8]) -> Exponent {
    let (pool_name, user_id) = (identity.pool_name.as_bytes(), identity.user_id.as_bytes());
    let inner = Exponent::new(hash::sha256(&[pool_name, user_id, b":", password.as_bytes()]));
    Exponent::new(hash::sha256(&[&pad(salt), inner.as_slice()]))
}
