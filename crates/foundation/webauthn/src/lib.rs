//! The relying party's side of passkeys (WebAuthn). Pure: no I/O, no clock, no chance. decision 17.
//!
//! A library checks what the standard says of client data, authenticator data, attestation and signature; here stand what it
//! leaves to its caller, which origins belong to a relying party, and in what order the answers are told. Start at
//! [`Registration::verify`] and [`Assertion::verify`].

mod assertion;
mod client;
mod key;
mod refusal;
mod registration;
mod relying_party;
#[cfg(test)]
mod tests;

pub use assertion::{Assertion, Held, Used};
pub use refusal::{Malformed, Refusal};
pub use registration::{Attachment, Registered, Registration};
pub use relying_party::{RelyingParty, is_origin, is_relying_party_id};

/// What the algorithms that are offered are called in COSE: ES256 and RS256, the preferred first. Reference: user-pools 7.1.
pub const ALGORITHMS: [i64; 2] = [key::ES256, key::RS256];

/// Whether the authenticator must have verified its user (by PIN, finger or face).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserVerification {
    Required,
    Preferred,
}

impl UserVerification {
    /// As the options of both ceremonies spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Preferred => "preferred",
        }
    }
}

/// What an answer is checked against.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    pub relying_party: &'a RelyingParty,
    /// The bytes that were given out, not their text.
    pub challenge: &'a [u8],
    pub user_verification: UserVerification,
}
