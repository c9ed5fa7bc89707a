//! Messages as the AWS Encryption SDKs write and read them: message format 1, algorithm suite 0x0378, one encrypted data key,
//! one frame. For those who decrypt with an SDK and a raw AES keyring.
//!
//! ```text
//! message = header | header's IV and tag | frame | length | ECDSA signature over all that stands before its length
//! ```
//!
//! Start at [`encrypt`]; `key` is the key that both sides have, `header` the bytes' order, `suite` the cryptography.

mod error;
mod header;
mod key;
mod message;
#[cfg(any(test, feature = "client"))]
mod reader;
mod suite;
#[cfg(test)]
mod tests;

pub use error::EncryptError;
pub use header::Context;
pub use key::WrappingKey;
pub use message::encrypt;
#[cfg(any(test, feature = "client"))]
pub use reader::decrypt;
