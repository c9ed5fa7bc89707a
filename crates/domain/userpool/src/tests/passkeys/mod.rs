//! Passkeys: registering, listing and deleting them, and signing in with them.

pub(crate) mod holder;
mod kept;
mod registration;
mod settings;
mod sign_in;
mod strangers;
