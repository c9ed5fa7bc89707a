//! User pools as their callers see them: operations called by name, through the model's validation.

mod administration;
pub(crate) mod app;
mod attributes;
mod clients;
mod existence;
mod groups;
mod list_users;
mod passwords;
pub(crate) mod people;
mod pool_refusals;
mod pools;
mod sign_in_names;
mod sign_up;
mod tags;
