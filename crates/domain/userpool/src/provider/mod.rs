//! Identity providers: from where people come who have no password here ([`crate::external`]). Reference: oauth-and-federation 10.

pub(crate) mod group;
pub(crate) mod input;
pub(crate) mod kind;
pub(crate) mod loaded;
pub(crate) mod rules;
pub(crate) mod saml_keys;
mod secret;
pub(crate) mod view;

pub(crate) use loaded::Provider;
