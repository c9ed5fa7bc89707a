//! User pools: their settings, what becomes of them, what is refused.

mod lives;
mod refusals;
mod schema;
pub(crate) mod settings;
mod sms_roles;
mod tags;
mod updates;
