//! The protocols by which people come from other identity providers, and nothing else: neither pools nor users nor store (decision 23).
//! A provider is read from its details, a browser is sent to it, and what it brings back becomes an [`Arrival`] or a [`Refusal`] in the
//! words that apps know.
//!
//! ```text
//!  details ──▶ a provider ──▶ Visit (sealed by the caller as `state` or RelayState) ──▶ an address to go to
//!                                                             ╰─ Returned ──▶ Arrival, or Refusal
//! ```

mod arrival;
mod refusal;
mod visit;

pub use arrival::{Arrival, Once, SamlSession, Told};
pub use refusal::Refusal;
pub use visit::{Answer, Leaving, Returned, Visit};
