//! An app client: what its settings mean, default to and may not be.
//!
//! `loaded` is a client as everything beneath the operations sees it, `settings` and `oauth` are what it is made of. `input` turns
//! CreateUserPoolClient and UpdateUserPoolClient into settings, `rules` completes and refuses them (`redirects`: its
//! addresses), `view` prints them.

pub(crate) mod input;
pub(crate) mod loaded;
pub(crate) mod oauth;
mod redirects;
mod rules;
pub(crate) mod settings;
pub(crate) mod view;

pub(crate) use loaded::Client;
pub(crate) use settings::Flow;
