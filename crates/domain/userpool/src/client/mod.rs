//! An app client: what its settings mean, default to and may not be.
//!
//! `loaded` is a client as everything beneath the operations sees it, `settings`, `secret`, `oauth`, `keys` and `logout_uri` are what it is made of,
//! the last two by a `tag` of its pool or as it `registered` itself. `input` turns
//! CreateUserPoolClient and UpdateUserPoolClient into settings, `rules` completes and refuses them (`redirects`: its
//! addresses), `view` prints them, `new` stores one.

pub(crate) mod input;
pub(crate) mod keys;
pub(crate) mod loaded;
pub(crate) mod logout_uri;
pub(crate) mod new;
pub(crate) mod oauth;
pub(crate) mod redirects;
pub(crate) mod registered;
mod rules;
pub(crate) mod secret;
pub(crate) mod settings;
pub(crate) mod tag;
pub(crate) mod view;

pub(crate) use loaded::Client;
pub(crate) use settings::Flow;
