//! Passkeys: registering, listing and deleting them.

mod holder;
mod kept;
mod registration;
