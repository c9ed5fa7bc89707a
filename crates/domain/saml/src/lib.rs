//! SAML 2.0 as a service provider: requests written, responses verified, sessions ended. Pure: no network, no store, no clock.
//! Reference: oauth-and-federation 11. Signatures and encryption are a library's (decision 24); every other check of a response stands in
//! `checks`, in the reference's order. Start at [`verified`]. It costs about a millisecond of a core, a key of ours more, and dozens where the
//! response is as long as it may be.

mod assertion;
mod certificate;
mod checks;
mod coverage;
mod encryption;
mod instant;
mod key;
mod logout;
mod metadata;
mod names;
mod not_xml;
mod provider;
mod redirect;
mod refusal;
mod request;
mod shape;
mod signature;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod write;
mod xml;

pub use assertion::Assertion;
pub use certificate::Unfit;
pub use checks::{Expected, verified};
pub use key::{CERTIFICATE_LIFE, Key, KeyError};
pub use logout::{
    Answer, ExpectedLogout, Logout, LogoutRequest, answer_address, logout_address, logout_request, logout_response,
};
pub use metadata::metadata;
pub use provider::{IdentityProvider, NotMetadata, SingleLogout};
pub use refusal::Refusal;
pub use request::{Request, request_id, sign_in_address};

/// What we are to an identity provider. Reference: oauth-and-federation 11.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceProvider {
    pub entity_id: String,
    /// Where responses are posted.
    pub acs: String,
    /// Where messages of logouts are posted.
    pub slo: String,
}
