//! Why there is no message.

/// The library refused, or something is longer than its length can say.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a message can't be encrypted")]
pub struct EncryptError;
