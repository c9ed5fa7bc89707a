//! Identity providers: from where people are to come who have no password here. They are kept; nobody signs in by them yet. Reference:
//! oauth-and-federation 10.

pub(crate) mod input;
mod kind;
pub(crate) mod loaded;
pub(crate) mod rules;
pub(crate) mod saml_keys;
mod secret;
pub(crate) mod view;

pub(crate) use loaded::Provider;
