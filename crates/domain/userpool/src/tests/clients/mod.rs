//! App clients.

mod oauth;
mod refusals;
mod secrets;
pub(crate) mod settings;
