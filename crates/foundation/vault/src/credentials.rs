//! Temporary credentials need no look-up: the secret is an HMAC of the key id under the keyring version that the id names.
//! decision 10; forms: reference identity-pools-iam 1.15.
//!
//! `ASIA` + version modulo 32 as one character of `A-Z2-7` + 15 random characters (75 bits). Of several versions with the
//! same remainder the newest is meant: 32 rotations within one session's life do not happen.

use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::{AccessKeyId, Rng};

use crate::{Keyring, SecretText, keyring::KeyVersion};

const LABEL: &str = "mac/temporary-secret";
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

impl Keyring {
    /// A fresh `ASIA…` id that names the current key version.
    pub fn new_temporary_key_id(&self, rng: &dyn Rng) -> AccessKeyId {
        AccessKeyId::new(format!(
            "ASIA{}{}",
            version_mark(self.current()),
            kernel::base32_upper(rng, 15)
        ))
    }

    /// The secret access key of a temporary id: 40 characters of the base64 alphabet. `None` if the id was not made by
    /// this keyring's form or its version is gone. A secret alone proves no session: the session token does.
    pub fn temporary_secret(&self, id: &AccessKeyId) -> Option<SecretText> {
        let tail = id.as_str().strip_prefix("ASIA")?;
        if tail.len() != 16 || !tail.bytes().all(|letter| ALPHABET.contains(&letter)) {
            return None;
        }
        let named = |version: &&KeyVersion| tail.starts_with(version_mark(version));
        let version = self.versions().filter(named).max_by_key(|version| version.number())?;
        let mac = version.mac(LABEL, &[id.as_str()]);
        let (secret, _) = mac.split_first_chunk::<30>()?;
        Some(SecretText::new(BASE64_STANDARD.encode(secret)))
    }
}

fn version_mark(version: &KeyVersion) -> char {
    let n = version.number() % 32;
    ALPHABET
        .iter()
        .zip(0..)
        .find_map(|(letter, at)| (at == n).then_some(char::from(*letter)))
        .unwrap_or('A')
}

#[cfg(test)]
mod tests {
    use kernel::SystemRng;

    use super::*;
    use crate::testing::keyring;

    #[test]
    fn id_and_secret_have_awss_forms() {
        let keyring = keyring();
        for _ in 0..50 {
            let id = keyring.new_temporary_key_id(&SystemRng);
            assert!(id.is_temporary());
            assert_eq!(id.as_str().len(), 20);
            assert!(
                id.as_str().starts_with("ASIAB"),
                "version 1 is the alphabet's second letter"
            );
            let secret = keyring.temporary_secret(&id).unwrap();
            assert_eq!(secret.as_str().len(), 40);
            assert!(
                secret
                    .as_str()
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/')
            );
        }
    }

    #[test]
    fn a_secret_follows_from_id_and_version() {
        let mut keyring = keyring();
        let id = keyring.new_temporary_key_id(&SystemRng);
        let secret = keyring.temporary_secret(&id).unwrap();
        let another = keyring.new_temporary_key_id(&SystemRng);
        assert_ne!(keyring.temporary_secret(&another).unwrap().as_str(), secret.as_str());
        let foreign = Keyring::generate(&SystemRng).temporary_secret(&id).unwrap();
        assert_ne!(foreign.as_str(), secret.as_str());

        keyring.rotate(&SystemRng);
        assert_eq!(keyring.temporary_secret(&id).unwrap().as_str(), secret.as_str());
        assert!(keyring.new_temporary_key_id(&SystemRng).as_str().starts_with("ASIAC"));
    }

    #[test]
    fn thirty_two_versions_later_the_mark_means_the_newest() {
        let mut keyring = keyring();
        let id = keyring.new_temporary_key_id(&SystemRng);
        let secret = keyring.temporary_secret(&id).unwrap();
        for _ in 0..31 {
            keyring.rotate(&SystemRng);
        }
        assert_eq!(keyring.temporary_secret(&id).unwrap().as_str(), secret.as_str());
        keyring.rotate(&SystemRng);
        assert_ne!(keyring.temporary_secret(&id).unwrap().as_str(), secret.as_str());
    }

    #[test]
    fn other_ids_have_no_derived_secret() {
        for id in [
            "AKIAB234567ABCDEFGHI",
            "ASIAB234567ABCDEFGH",
            "ASIAB234567ABCDEFGHIJ",
            "ASIAb234567ABCDEFGHI",
            "ASIAC234567ABCDEFGHI",
            "ASIA",
            "",
            "ASIAB234567ABCDEFG\u{e9}",
        ] {
            assert!(keyring().temporary_secret(&AccessKeyId::new(id)).is_none(), "{id}");
        }
        assert!(
            keyring()
                .temporary_secret(&AccessKeyId::new("ASIAB234567ABCDEFGHI"))
                .is_some()
        );
    }
}
