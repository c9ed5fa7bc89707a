//! The keyring as text, for its file, environment variable or command. The caller keeps it private (mode 0600).
//!
//! ```json
//! {
//!   "format": "poolhouse-keyring-1",
//!   "current": 2,
//!   "keys": {
//!     "1": "<32 bytes in base64>",
//!     "2": "<32 bytes in base64>"
//!   }
//! }
//! ```
//!
//! `current` need not be the newest: a new key can be given to every node first and made current afterwards.

use std::collections::BTreeMap;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Deserialize;
use zeroize::{Zeroize, Zeroizing};

use super::{KeyVersion, Keyring, MasterKey};
use crate::SecretText;

const FORMAT: &str = "poolhouse-keyring-1";

/// Why a text is no keyring. Says where, never what stands there.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    #[error("the keyring is not readable at line {line}, column {column}")]
    Syntax { line: usize, column: usize },
    #[error("the keyring is not of the format {FORMAT}")]
    Format,
    #[error("key {0} of the keyring is not 32 bytes in base64, or its number is zero")]
    BadKey(u32),
    #[error("the keyring's current key {0} is not among its keys")]
    NoCurrent(u32),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    current: u32,
    keys: BTreeMap<u32, Zeroized>,
}

/// A base64 text that is wiped whatever becomes of the parse.
#[derive(Deserialize)]
#[serde(transparent)]
struct Zeroized(String);

impl Drop for Zeroized {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl Keyring {
    /// Reads what [`Keyring::to_text`] wrote.
    pub fn parse(text: &str) -> Result<Self, KeyringError> {
        // serde_json's own sentence may quote the text, and the text is secret.
        let file: File = serde_json::from_str(text).map_err(|error| KeyringError::Syntax {
            line: error.line(),
            column: error.column(),
        })?;
        if file.format != FORMAT {
            return Err(KeyringError::Format);
        }
        let mut current = None;
        let mut others = Vec::new();
        for (number, key) in &file.keys {
            let version = KeyVersion::new(*number, master_key(*number, &key.0)?);
            if *number == file.current {
                current = Some(version);
            } else {
                others.push(version);
            }
        }
        Ok(Self {
            current: current.ok_or(KeyringError::NoCurrent(file.current))?,
            others,
        })
    }

    /// The whole keyring, secrets included.
    pub fn to_text(&self) -> SecretText {
        let keys: BTreeMap<u32, &MasterKey> = self
            .versions()
            .map(|version| (version.number, &version.master))
            .collect();
        // Room for all of it, so that growing leaves no copies behind.
        let mut text = String::with_capacity(128 + 80 * keys.len());
        text.push_str("{\n  \"format\": \"");
        text.push_str(FORMAT);
        text.push_str("\",\n  \"current\": ");
        text.push_str(&self.current.number.to_string());
        text.push_str(",\n  \"keys\": {");
        for (n, (number, master)) in keys.iter().enumerate() {
            text.push_str(if n == 0 { "\n    \"" } else { ",\n    \"" });
            text.push_str(&number.to_string());
            text.push_str("\": \"");
            BASE64_STANDARD.encode_string(master.as_slice(), &mut text);
            text.push('"');
        }
        text.push_str("\n  }\n}\n");
        SecretText::new(text)
    }
}

fn master_key(number: u32, text: &str) -> Result<MasterKey, KeyringError> {
    let bytes = Zeroizing::new(BASE64_STANDARD.decode(text).map_err(|_| KeyringError::BadKey(number))?);
    let master = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| KeyringError::BadKey(number))?;
    if number == 0 {
        Err(KeyringError::BadKey(number))
    } else {
        Ok(MasterKey::new(master))
    }
}
