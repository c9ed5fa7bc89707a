//! What a pool that hides which users exist answers for one that does not: the same each time, at the same cost.
//! Reference: user-pools 17.2.

use kernel::PoolId;

use super::{SALT_LEN, Verifier, bn::LEN};
use crate::{Keyring, keyring::KeyVersion};

const LABEL: &str = "mac/unknown-user";

/// The look of a user that does not exist.
#[derive(Debug)]
pub struct UnknownUser {
    /// `USER_ID_FOR_SRP`, of a UUID's form.
    pub user_id: String,
    pub salt: [u8; SALT_LEN],
    /// What an address that is shown of it may be made of.
    pub address: [u8; 8],
    /// What a passkey that is shown of it may be made of: whether it has one, and its id.
    pub passkey: [u8; 17],
    /// No known password's. Go through the proof with it, then refuse.
    pub verifier: Verifier,
}

impl Keyring {
    /// Derived from the pool and the name as typed, under the oldest key, so that rotating the keyring does not give the
    /// made-up users away by a change of salt or address.
    pub fn unknown_user(&self, pool: &PoolId, typed_name: &str) -> UnknownUser {
        let draws = Draws {
            version: self.oldest(),
            pool: pool.as_str(),
            name: typed_name,
        };
        let id: [u8; 16] = draws.bytes("user-id", 0);
        UnknownUser {
            user_id: uuid::Builder::from_random_bytes(id).into_uuid().to_string(),
            salt: draws.salt(),
            address: draws.bytes("address", 0),
            passkey: draws.bytes("passkey", 0),
            verifier: draws.verifier(),
        }
    }
}

struct Draws<'a> {
    version: &'a KeyVersion,
    pool: &'a str,
    name: &'a str,
}

impl Draws<'_> {
    /// Like a drawn salt, without a leading zero byte.
    fn salt(&self) -> [u8; SALT_LEN] {
        let mut round = 0;
        loop {
            let salt: [u8; SALT_LEN] = self.bytes("salt", round);
            if salt.first() != Some(&0) {
                return salt;
            }
            round += 1;
        }
    }

    /// Any number of the group serves and costs no exponentiation, which a known user's verifier does not cost either.
    fn verifier(&self) -> Verifier {
        let mut round = 0;
        loop {
            if let Some(verifier) = Verifier::from_bytes(&self.bytes::<LEN>("verifier", round)) {
                return verifier;
            }
            round += 1;
        }
    }

    /// Bytes of the stream that `what` and `round` name.
    fn bytes<const LENGTH: usize>(&self, what: &str, round: u32) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        for (n, chunk) in bytes.chunks_mut(32).enumerate() {
            let block = self
                .version
                .mac(LABEL, &[what, &round.to_string(), &n.to_string(), self.pool, self.name]);
            chunk.iter_mut().zip(block).for_each(|(to, from)| *to = from);
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use kernel::SystemRng;

    use super::*;
    use crate::testing::keyring;

    #[test]
    fn a_made_up_user_stays_the_same() {
        let (pool, other) = (PoolId::new("us-east-1_abcDEF123"), PoolId::new("us-east-1_other0000"));
        let mut keyring = keyring();
        let first = keyring.unknown_user(&pool, "ana@example.com");
        keyring.rotate(&SystemRng);
        let again = Keyring::parse(keyring.to_text().as_str())
            .unwrap()
            .unknown_user(&pool, "ana@example.com");
        assert_eq!(
            (&first.user_id, first.salt, first.address),
            (&again.user_id, again.salt, again.address)
        );
        assert_eq!(first.verifier.as_bytes(), again.verifier.as_bytes());

        for different in [
            keyring.unknown_user(&pool, "ben@example.com"),
            keyring.unknown_user(&other, "ana@example.com"),
            Keyring::generate(&SystemRng).unknown_user(&pool, "ana@example.com"),
        ] {
            assert_ne!(different.user_id, first.user_id);
            assert_ne!(different.salt, first.salt);
            assert_ne!(different.address, first.address);
            assert_ne!(different.verifier.as_bytes(), first.verifier.as_bytes());
        }
    }

    #[test]
    fn it_has_a_users_forms() {
        let (pool, keyring) = (PoolId::new("us-east-1_abcDEF123"), keyring());
        for n in 0..600 {
            let user = keyring.unknown_user(&pool, &format!("user{n}"));
            assert_ne!(user.salt[0], 0);
            let parts: Vec<usize> = user.user_id.split('-').map(str::len).collect();
            assert_eq!(parts, [8, 4, 4, 4, 12]);
            assert_eq!(user.user_id.as_bytes()[14], b'4');
            assert!(Verifier::from_bytes(user.verifier.as_bytes()).is_some());
        }
    }
}
