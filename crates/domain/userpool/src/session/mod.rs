//! The session that a sign-in begins: what it grants (`grant`), its family of refresh tokens (`family`, `rotation`), the tokens that
//! an app gets (`issue`), how pools that track sessions show it (`tracked`), the browser's at hosted login (`login`), and its end (`sign_out`).

pub(crate) mod family;
pub(crate) mod grant;
pub(crate) mod issue;
pub(crate) mod login;
pub(crate) mod overrides;
pub(crate) mod rotation;
pub(crate) mod scope;
pub(crate) mod sign_out;
pub(crate) mod tracked;

pub(crate) use family::{Family, Shown};
pub(crate) use grant::Grant;
