//! App clients.

mod refusals;
mod secrets;
pub(crate) mod settings;
mod two_secrets;
