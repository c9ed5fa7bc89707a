//! AWS Signature Version 4: reads the authorization of a request (header or presigned), verifies it, and signs requests.
//! Pure: no I/O, no clock of its own, no look-up of keys. SigV2 is verified in
//! S3 addresses and forms only, where the front end takes it; SigV4A is recognised and refused.
//!
//! A front end calls [`Authorization::find`], looks up the secret of the key it names, then [`Authorization::verify`].
//! What a refusal says in each protocol is [`Error::refusal`]. Reference: identity-pools-iam 10.

mod authorization;
mod canonical;
mod chunks;
mod error;
mod find;
mod form;
mod header;
mod hoisted;
mod key;
mod parts;
mod payload;
mod place;
mod presigned;
mod refusal;
mod sign;
mod stamp;
#[cfg(test)]
mod tests;
mod uri;
mod verify;
mod version2;

pub use authorization::Authorization;
pub use canonical::Canon;
pub use chunks::{ChunkSigner, chunk_string_to_sign, trailer_string_to_sign};
pub use error::{Error, Fault, Mismatch};
pub use form::SignedForm;
pub use key::{Scope, Secret, SessionToken, SigningKey, string_to_sign};
pub use parts::Parts;
pub use payload::{BodyCheck, ContentHash, Payload, sha256};
pub use place::Form;
pub use refusal::{Family, Refusal};
pub use sign::{Signature, Signer, Target};
pub use stamp::Stamp;
pub use verify::{Rules, Verified};
pub use version2::Version2;

/// The one algorithm that is verified here.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";
