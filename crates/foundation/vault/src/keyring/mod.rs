//! Versions of the 32-byte master key, one of them current: it seals, the others still open. Keys for use are derived by
//! HKDF-SHA256 with a label each (RFC 5869), which costs one HMAC: about a microsecond, so none is kept. decision 9.

mod check;
mod file;
#[cfg(test)]
mod tests;

use std::fmt;

use aws_lc_rs::hmac;
use kernel::Rng;
use zeroize::Zeroizing;

pub use self::{
    check::{KeyringCheck, KeyringMismatch},
    file::KeyringError,
};
use crate::hash;

/// HKDF's salt: another program deriving from the same bytes gets other keys.
const SALT: &[u8] = b"poolhouse keyring 1";

type MasterKey = Zeroizing<[u8; 32]>;

/// The master keys. Cheap to use from many threads at once; share it behind an `Arc`.
pub struct Keyring {
    current: KeyVersion,
    others: Vec<KeyVersion>,
}

/// One master key and what is derived from it.
pub(crate) struct KeyVersion {
    number: u32,
    master: MasterKey,
    prk: hmac::Key,
}

impl Keyring {
    /// A new keyring with one version.
    pub fn generate(rng: &dyn Rng) -> Self {
        Self {
            current: KeyVersion::random(1, rng),
            others: Vec::new(),
        }
    }

    /// Adds a version and makes it current. What the former ones sealed can still be opened.
    pub fn rotate(&mut self, rng: &dyn Rng) {
        let newest = self.versions().map(|version| version.number).max().unwrap_or(0);
        let fresh = KeyVersion::random(newest.saturating_add(1), rng);
        self.others.push(std::mem::replace(&mut self.current, fresh));
    }

    /// This keyring with `version` current, whatever has become current since: for what must come out the same after a
    /// rotation. None if there is no such version.
    pub fn as_of(&self, version: u32) -> Option<Self> {
        let again = |key: &KeyVersion| KeyVersion::new(key.number, key.master.clone());
        Some(Self {
            current: again(self.version(version)?),
            others: self.versions().filter(|key| key.number != version).map(again).collect(),
        })
    }

    /// The number of the version that seals.
    pub fn current_version(&self) -> u32 {
        self.current.number
    }

    pub(crate) fn current(&self) -> &KeyVersion {
        &self.current
    }

    pub(crate) fn version(&self, number: u32) -> Option<&KeyVersion> {
        self.versions().find(|version| version.number == number)
    }

    /// All of them, the current one first.
    pub(crate) fn versions(&self) -> impl Iterator<Item = &KeyVersion> {
        std::iter::once(&self.current).chain(&self.others)
    }

    /// The oldest one: what must not change when the keyring is rotated is derived from it.
    pub(crate) fn oldest(&self) -> &KeyVersion {
        self.others.iter().fold(
            &self.current,
            |oldest, other| if other.number < oldest.number { other } else { oldest },
        )
    }
}

impl KeyVersion {
    fn new(number: u32, master: MasterKey) -> Self {
        let prk = hash::hkdf_extract(SALT, master.as_slice());
        Self { number, master, prk }
    }

    fn random(number: u32, rng: &dyn Rng) -> Self {
        let mut master = MasterKey::default();
        rng.fill(master.as_mut_slice());
        Self::new(number, master)
    }

    pub(crate) fn number(&self) -> u32 {
        self.number
    }

    /// The key that this label names, for this use alone.
    pub(crate) fn derive(&self, label: &str) -> Zeroizing<[u8; 32]> {
        hash::hkdf_expand(&self.prk, label.as_bytes())
    }

    /// HMAC-SHA256 under the key that the label names, over the parts, each framed by its length.
    pub(crate) fn mac(&self, label: &str, parts: &[&str]) -> [u8; 32] {
        hash::hmac_sha256(self.derive(label).as_slice(), &[&hash::framed(parts)])
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let versions: Vec<u32> = self.versions().map(KeyVersion::number).collect();
        f.debug_struct("Keyring")
            .field("current", &self.current.number)
            .field("versions", &versions)
            .finish_non_exhaustive()
    }
}
