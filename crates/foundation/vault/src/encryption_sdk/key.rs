//! The key that wraps data keys, as the SDKs' raw AES keyrings have it: a namespace, a name and 256 bits. It stands for a KMS
//! key, and is derived from the keyring by that key's ARN: nothing of it is stored.

use std::fmt;

use kernel::Rng;
use zeroize::Zeroizing;

use super::{
    EncryptError,
    suite::{self, IV_LENGTH, KEY_LENGTH, TAG_BITS},
};
use crate::{Keyring, keyring::KeyVersion};

/// The SDKs keep `aws-kms` for themselves.
const NAMESPACE: &str = "poolhouse";
const LABEL: &str = "wrapping-key/kms";

pub struct WrappingKey {
    name: String,
    key: Zeroizing<[u8; KEY_LENGTH]>,
}

/// A data key under a wrapping key, in the header's parts.
pub(super) struct Wrapped {
    pub namespace: &'static str,
    pub info: Vec<u8>,
    pub ciphertext: Vec<u8>,
}

impl Keyring {
    /// The key that encrypts what is meant for a KMS key.
    pub fn kms_key(&self, arn: &str) -> WrappingKey {
        WrappingKey::of(self.current(), arn)
    }

    /// That of each version of the keyring, the current one first: what was encrypted before a rotation is still under way, and
    /// whoever decrypts may be told of a new version before it is current.
    pub fn kms_keys(&self, arn: &str) -> Vec<WrappingKey> {
        self.versions().map(|version| WrappingKey::of(version, arn)).collect()
    }
}

impl WrappingKey {
    fn of(version: &KeyVersion, arn: &str) -> Self {
        Self {
            // SDKs take a key by how its name begins: behind the last sign no other name goes on.
            name: format!("{arn};keyring={};", version.number()),
            key: Zeroizing::new(version.mac(LABEL, &[arn])),
        }
    }

    #[cfg(test)]
    pub(super) fn named(name: &str, key: [u8; KEY_LENGTH]) -> Self {
        Self {
            name: name.to_owned(),
            key: Zeroizing::new(key),
        }
    }

    pub fn namespace(&self) -> &'static str {
        NAMESPACE
    }

    /// The ARN, and which version of the keyring it is of. Not secret.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key itself, for whoever may decrypt.
    pub fn bytes(&self) -> &[u8] {
        self.key.as_slice()
    }

    pub(super) fn wrap(&self, data_key: &[u8], context: &[u8], rng: &dyn Rng) -> Result<Wrapped, EncryptError> {
        let mut iv = [0; IV_LENGTH];
        rng.fill(&mut iv);
        let mut info = self.name.as_bytes().to_vec();
        info.extend_from_slice(&TAG_BITS.to_be_bytes());
        info.extend_from_slice(&u32::from(suite::IV_LENGTH_BYTE).to_be_bytes());
        info.extend_from_slice(&iv);
        Ok(Wrapped {
            namespace: NAMESPACE,
            info,
            ciphertext: suite::seal(self.bytes(), iv, context, data_key)?,
        })
    }
}

/// Its name alone.
impl fmt::Debug for WrappingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WrappingKey({})", self.name)
    }
}
