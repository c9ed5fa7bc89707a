//! What the database remembers of its keyring, so that a node with another one refuses to start. decision 9.

use super::Keyring;
use crate::constant_time;

/// How a keyring relates to the check value that the database holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyringCheck {
    /// The very same versions.
    Same,
    /// All that the database knows and newer ones: store the new check value.
    Extended,
}

/// This keyring can't open what the database holds.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum KeyringMismatch {
    #[error("the database was sealed with another keyring: version {0} differs")]
    Different(u32),
    #[error("secrets in the database are sealed with version {0} of the keyring, which this one lacks")]
    Missing(u32),
    #[error("the database's keyring check value is not readable")]
    Unreadable,
}

impl Keyring {
    /// One line for the database: each version's number and a derived value that tells nothing of the key.
    pub fn check_value(&self) -> String {
        let mut values: Vec<(u32, String)> = self
            .versions()
            .map(|version| (version.number, hex::encode(version.derive("check").as_slice())))
            .collect();
        values.sort();
        values
            .iter()
            .map(|(number, value)| format!("{number}:{value}"))
            .collect::<Vec<_>>()
            .join(",")
    }

    /// Compares with the check value that was stored when the database was last opened.
    pub fn check(&self, stored: &str) -> Result<KeyringCheck, KeyringMismatch> {
        let mut known = 0;
        for entry in stored.split(',') {
            let (number, value) = entry.split_once(':').ok_or(KeyringMismatch::Unreadable)?;
            let number: u32 = number.parse().map_err(|_| KeyringMismatch::Unreadable)?;
            let value = hex::decode(value).map_err(|_| KeyringMismatch::Unreadable)?;
            let version = self.version(number).ok_or(KeyringMismatch::Missing(number))?;
            if !constant_time::eq(&value, version.derive("check").as_slice()) {
                return Err(KeyringMismatch::Different(number));
            }
            known += 1;
        }
        Ok(if known == self.versions().count() {
            KeyringCheck::Same
        } else {
            KeyringCheck::Extended
        })
    }
}
