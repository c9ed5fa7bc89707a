//! A user pool: what its settings mean, default to and may not be.
//!
//! `loaded` is a pool as everything beneath the operations sees it, `rows` what it is read from, `settings` and `schema` are what it is made of, `stored` is how it is kept. `input`
//! turns CreateUserPool and UpdateUserPool into settings, `rules` and `message_rules` complete and refuse them, `view` prints
//! them; `schema_input` and `tags` do the same for attributes and tags, `mfa_rules` for
//! second factors, `sms_role` for the role of text messages; `registration` is that of clients by
//! themselves, `switches` and `link_by` are what goes beyond Cognito.

pub(crate) mod acr;
pub(crate) mod first_factors;
pub(crate) mod input;
pub(crate) mod link_by;
pub(crate) mod loaded;
mod message_rules;
pub(crate) mod mfa_rules;
pub(crate) mod passkeys;
pub(crate) mod registration;
mod rows;
pub(crate) mod rules;
pub(crate) mod schema;
pub(crate) mod schema_input;
pub(crate) mod settings;
pub(crate) mod sms_role;
pub(crate) mod stored;
pub(crate) mod switches;
pub(crate) mod tags;
pub(crate) mod tracking;
mod trigger_rules;
pub(crate) mod view;

pub(crate) use loaded::Pool;
pub(crate) use rows::Rows;
pub(crate) use settings::{PasswordStore, SignInNames};
