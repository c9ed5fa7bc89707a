//! One-time codes as the database keeps them: an HMAC under the keyring, bound to purpose, pool and user, because a plain
//! hash of six digits is no secret. decision 9.

use kernel::{PoolId, Sub};

use crate::{Keyring, constant_time};

const LABEL: &str = "mac/one-time-code";

/// What to store of a code. `purpose` is the caller's name for what the code proves, such as `sign-up`.
pub fn mac(keyring: &Keyring, purpose: &str, pool: &PoolId, sub: &Sub, code: &str) -> [u8; 32] {
    keyring
        .current()
        .mac(LABEL, &[purpose, pool.as_str(), sub.as_str(), code])
}

/// Whether `code` is the one that `stored` was made of, under any version of the keyring.
pub fn verify(keyring: &Keyring, purpose: &str, pool: &PoolId, sub: &Sub, code: &str, stored: &[u8]) -> bool {
    let parts = [purpose, pool.as_str(), sub.as_str(), code];
    keyring
        .versions()
        .any(|version| constant_time::eq(&version.mac(LABEL, &parts), stored))
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
        let stored = mac(&keyring, "sign-up", &pool, &ana, "123456");

        assert!(verify(&keyring, "sign-up", &pool, &ana, "123456", &stored));
        assert!(!verify(&keyring, "sign-up", &pool, &ana, "123457", &stored));
        assert!(!verify(&keyring, "forgot-password", &pool, &ana, "123456", &stored));
        assert!(!verify(&keyring, "sign-up", &other_pool, &ana, "123456", &stored));
        assert!(!verify(&keyring, "sign-up", &pool, &ben, "123456", &stored));
        assert!(!verify(&keyring, "sign-up", &pool, &ana, "123456", &stored[..31]));
        assert!(!verify(&keyring, "sign-up", &pool, &ana, "123456", b""));
        assert!(!verify(
            &Keyring::generate(&SystemRng),
            "sign-up",
            &pool,
            &ana,
            "123456",
            &stored
        ));

        keyring.rotate(&SystemRng);
        assert!(verify(&keyring, "sign-up", &pool, &ana, "123456", &stored));
        assert_ne!(mac(&keyring, "sign-up", &pool, &ana, "123456"), stored);
    }
}
