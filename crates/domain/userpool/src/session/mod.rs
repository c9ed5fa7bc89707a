//! The session that a sign-in begins: its family of refresh tokens (`family`, `rotation`), what the tokens say (`claims`), and
//! its end (`sign_out`).

pub(crate) mod claims;
pub(crate) mod family;
pub(crate) mod rotation;
pub(crate) mod sign_out;

pub(crate) use family::{ADMIN_SCOPE, Family};
