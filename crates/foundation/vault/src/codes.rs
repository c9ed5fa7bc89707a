//! One-time codes as the database keeps them: an HMAC under the keyring, bound to purpose, pool and user, because a plain
//! hash of six digits is no secret. decision 9.

use kernel::{PoolId, Sub};

use crate::{Keyring, constant_time};

const LABEL: &str = "mac/one-time-code";

/// A code, and what it holds for.
#[derive(Clone, Copy)]
pub struct Code<'a> {
    /// The caller's name for what the code proves, such as `sign-up`.
    pub purpose: &'a str,
    pub pool: &'a PoolId,
    pub sub: &'a Sub,
    pub text: &'a str,
}

impl<'a> Code<'a> {
    fn parts(&self) -> [&'a str; 4] {
        [self.purpose, self.pool.as_str(), self.sub.as_str(), self.text]
    }
}

/// What to store of a code.
pub fn mac(keyring: &Keyring, code: Code<'_>) -> [u8; 32] {
    keyring.current().mac(LABEL, &code.parts())
}

/// Whether `code` is the one that `stored` was made of, under any version of the keyring.
pub fn verify(keyring: &Keyring, code: Code<'_>, stored: &[u8]) -> bool {
    keyring
        .versions()
        .any(|version| constant_time::eq(&version.mac(LABEL, &code.parts()), stored))
}

#[cfg(test)]
mod tests {
    use kernel::SystemRng;

    use super::*;
    use crate::testing::keyring;

    #[test]
    fn a_code_holds_for_one_purpose_pool_and_user() {
        let (pool, other_pool) = (PoolId::new("us-east-1_abcDEF123"), PoolId::new("us-east-1_other0000"));
        let (ana, ben) = (Sub::new("ana"), Sub::new("ben"));
        let mut keyring = keyring();
        let good = Code {
            purpose: "sign-up",
            pool: &pool,
            sub: &ana,
            text: "123456",
        };
        let stored = mac(&keyring, good);

        assert!(verify(&keyring, good, &stored));
        for other in [
            Code { text: "123457", ..good },
            Code {
                purpose: "forgot-password",
                ..good
            },
            Code {
                pool: &other_pool,
                ..good
            },
            Code { sub: &ben, ..good },
        ] {
            assert!(!verify(&keyring, other, &stored));
        }
        assert!(!verify(&keyring, good, &stored[..31]));
        assert!(!verify(&keyring, good, b""));
        assert!(!verify(&Keyring::generate(&SystemRng), good, &stored));

        keyring.rotate(&SystemRng);
        assert!(verify(&keyring, good, &stored));
        assert_ne!(mac(&keyring, good), stored);
    }
}
