//! What a function is told that sends in our stead.

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::{PoolId, Rng};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use vault::{Keyring, encryption_sdk};

/// An event, and the function that is told it. Debug shows nothing of what it says.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub pool: PoolId,
    /// What it is for, as the log names it: `CustomEmailSender`.
    pub trigger: String,
    /// The function's ARN.
    pub function: String,
    pub event: Value,
    pub secret: Encrypted,
}

/// A text that the event holds for whoever has a key alone: an encrypted message in base64. It is encrypted when it leaves, and
/// kept under seal like the rest until then.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Encrypted {
    pub text: String,
    /// Where it stands in the event: a JSON pointer (RFC 6901).
    pub at: String,
    /// The ARN of the KMS key.
    pub key: String,
    pub context: encryption_sdk::Context,
}

/// It can't be made what the function is told.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unfit {
    #[error(transparent)]
    Encrypt(#[from] encryption_sdk::EncryptError),
    #[error("the event has no {0}")]
    NoPlace(String),
}

impl Event {
    /// As the function is told it.
    pub(crate) fn told(self, keyring: &Keyring, rng: &dyn Rng) -> Result<Value, Unfit> {
        let Self { mut event, secret, .. } = self;
        let key = keyring.kms_key(&secret.key);
        let message = encryption_sdk::encrypt(&key, &secret.context, secret.text.as_bytes(), rng)?;
        match event.pointer_mut(&secret.at) {
            Some(place) => *place = Value::String(BASE64_STANDARD.encode(message)),
            None => return Err(Unfit::NoPlace(secret.at)),
        }
        Ok(event)
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("pool", &self.pool)
            .field("trigger", &self.trigger)
            .field("function", &self.function)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Encrypted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encrypted")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}
