//! The users of a pool: how they come to be, what they are called, what is known of them and what that lets them do.
//!
//! `creation` makes users, `confirmation` lets them in, `directory` finds and changes them by name, `names` knows what they sign in by, `attributes` (with
//! `attribute_rules`) what a request makes of them, `standing` what their state permits. `limits` counts what Cognito caps,
//! `unknown` stands in for users who are not there, `migration` makes them users whom a function vouches for. `without_password` says who needs
//! none. `filter` and `search` are ListUsers', `view` prints.

pub(crate) mod addresses;
pub(crate) mod attribute_rules;
pub(crate) mod attributes;
pub(crate) mod confirmation;
pub(crate) mod creation;
pub(crate) mod directory;
pub(crate) mod filter;
pub(crate) mod limits;
pub(crate) mod migration;
pub(crate) mod names;
pub(crate) mod rebase;
pub(crate) mod search;
pub(crate) mod standing;
pub(crate) mod unknown;
pub(crate) mod view;
pub(crate) mod without_password;
