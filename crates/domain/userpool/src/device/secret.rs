//! What a device proves itself by: salt and SRP verifier of a password that it drew and nobody else knows. Reference: user-pools 5.3,
//! 10.
//!
//! ```text
//! under the seal = length of salt (1) | salt | verifier (384)
//! ```

use api::cognito_idp::DeviceSecretVerifierConfigType;
use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::{ApiError, DeviceKey, PoolId, Rng};
use store::records::devices::{Device, DevicesOf};
use vault::{Keyring, Purpose, srp::Verifier};
use zeroize::Zeroizing;

use crate::errors;

/// Clients draw 16 bytes.
const LONGEST_SALT: usize = 64;

/// A verifier of 384 bytes and what leading zeros there may be, as base64.
const LONGEST_TEXT: usize = 1024;

pub(crate) struct DeviceSecret {
    pub salt: Vec<u8>,
    pub verifier: Verifier,
}

impl DeviceSecret {
    /// What ConfirmDevice was given. Errors: InvalidParameter for a verifier that is none of the group's numbers or a salt of no
    /// or of unheard-of length.
    pub fn given(config: Option<DeviceSecretVerifierConfigType>) -> Result<Self, ApiError> {
        let config = config.unwrap_or_default();
        let salt = decoded(config.salt.as_deref()).filter(|salt| {
            let length = salt.iter().skip_while(|byte| **byte == 0).count();
            length > 0 && salt.len() <= LONGEST_SALT
        });
        let verifier = decoded(config.password_verifier.as_deref()).and_then(|bytes| Verifier::from_bytes(&bytes));
        match (salt, verifier) {
            (Some(salt), Some(verifier)) => Ok(Self { salt, verifier }),
            _ => Err(errors::device_verifier_not_valid()),
        }
    }

    /// What [`DeviceSecret::seal`] made. Errors: internal.
    pub fn open(keyring: &Keyring, of: &DevicesOf, device: &Device) -> Result<Self, ApiError> {
        let bytes = keyring.open(Purpose::SrpVerifier, &place(of, &device.key), &device.secret)?;
        Self::read(bytes.as_bytes()).ok_or_else(|| ApiError::internal("a kept device is not of its form"))
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (length, rest) = bytes.split_first()?;
        let (salt, verifier) = rest.split_at_checked(usize::from(*length))?;
        Some(Self {
            salt: salt.to_vec(),
            verifier: Verifier::from_bytes(verifier)?,
        })
    }

    /// Bound to pool, user and device. Errors: internal.
    pub fn seal(&self, keyring: &Keyring, of: &DevicesOf, key: &DeviceKey, rng: &dyn Rng) -> Result<Vec<u8>, ApiError> {
        // Room from the start: growing would leave a copy behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(512));
        bytes.push(u8::try_from(self.salt.len()).unwrap_or(u8::MAX));
        bytes.extend_from_slice(&self.salt);
        bytes.extend_from_slice(self.verifier.as_bytes());
        Ok(keyring.seal(Purpose::SrpVerifier, &place(of, key), &bytes, rng)?)
    }
}

/// What a device's challenges call the pool. No secret, so it is made of what is known: nothing of a device has to be kept before
/// it is confirmed. Reference: user-pools 10.
pub(crate) fn group_key(pool: &PoolId, key: &DeviceKey) -> String {
    const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let digest = vault::sha256(format!("device group {pool} {key}").as_bytes());
    let letter = |byte: &u8| LETTERS.get(usize::from(*byte) % LETTERS.len()).copied().map(char::from);
    std::iter::once('-')
        .chain(digest.iter().take(8).filter_map(letter))
        .collect()
}

/// Three parts, where a user's password has two: neither opens as the other.
fn place<'a>(of: &'a DevicesOf, key: &'a DeviceKey) -> [&'a str; 3] {
    [of.pool.as_str(), of.sub.as_str(), key.as_str()]
}

fn decoded(text: Option<&str>) -> Option<Vec<u8>> {
    let text = text.filter(|text| text.len() <= LONGEST_TEXT)?;
    BASE64_STANDARD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_salt_and_a_number_of_the_group() {
        let base64 = |bytes: &[u8]| BASE64_STANDARD.encode(bytes);
        let prime = {
            // The group's prime begins and ends with 64 ones; N - 1 and N are told apart below.
            let mut bytes = vec![0xff; 384];
            bytes.push(0xff);
            bytes
        };
        let given = |salt: &str, verifier: &str| {
            DeviceSecret::given(Some(DeviceSecretVerifierConfigType {
                password_verifier: Some(verifier.to_owned()),
                salt: Some(salt.to_owned()),
            }))
            .is_ok()
        };
        let (salt, number) = (base64(&[7; 16]), base64(&[5; 384]));
        for (salt, verifier, fine) in [
            (salt.as_str(), number.as_str(), true),
            (&base64(&[0x80; 17]), &base64(&[vec![0], vec![5; 384]].concat()), true),
            (&salt, &base64(&[0; 384]), false),
            (&salt, &base64(&[0xff; 384]), false),
            (&salt, &base64(&prime), false),
            (&salt, "", false),
            (&salt, "no base64!", false),
            (&salt, &base64(&vec![0; 4000]), false),
            ("", &number, false),
            (&base64(&[0; 16]), &number, false),
            (&base64(&[1; 65]), &number, false),
            ("*", &number, false),
        ] {
            assert_eq!(given(salt, verifier), fine, "{salt} {verifier}");
        }
        assert!(DeviceSecret::given(None).is_err());
    }

    #[test]
    fn a_group_key_is_a_dash_and_eight_characters() {
        let (pool, other) = (PoolId::new("eu-west-1_a"), PoolId::new("eu-west-1_b"));
        let key = |n: u32| DeviceKey::new(format!("eu-west-1_{n}"));
        let made = group_key(&pool, &key(1));
        assert!(made.len() == 9 && made.starts_with('-'), "{made}");
        assert!(made[1..].bytes().all(|b| b.is_ascii_alphanumeric()), "{made}");
        assert_eq!(made, group_key(&pool, &key(1)));
        assert_ne!(made, group_key(&pool, &key(2)));
        assert_ne!(made, group_key(&other, &key(1)));
    }
}
