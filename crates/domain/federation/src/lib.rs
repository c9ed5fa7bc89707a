//! The protocols by which people come from other identity providers, and nothing else: neither pools nor users nor store (decision 23).
//! A provider is read from its details, a browser is sent to it, and what it brings back becomes an [`Arrival`] or a [`Refusal`] in the
//! words that apps know.
//!
//! ```text
//!  details ──▶ Provider ──▶ Visit (sealed by the caller as `state` or RelayState) ──▶ an address to go to
//!                             ╰─ what comes back ──▶ Arrival, or Refusal
//!                                  code ──▶ tokens (traded) ──▶ an ID token (believed) ──▶ userInfo
//!                                  SAMLResponse ──▶ an assertion (by_saml)
//! ```
//!
//! Start at [`Federation`].

mod apple;
mod arrival;
mod believed;
mod by_saml;
mod claims;
mod endpoints;
mod errors;
mod federation;
mod form;
mod kind;
mod leave;
mod person;
mod places;
mod provider;
mod refusal;
mod returned;
#[cfg(test)]
mod tests;
mod traded;
mod url;
mod user_info;
mod visit;

pub use arrival::{Arrival, Once, SamlSession, Told};
pub use federation::{Federation, Refused};
pub use kind::Kind;
pub use places::{Place, Places};
pub use provider::{Provider, Saml, Unusable};
pub use refusal::Refusal;
pub use url::Url;
pub use visit::{Answer, Leaving, Visit};
