//! Users: what administrators do with them, what they are called, what is known of them.

mod administration;
mod attributes;
mod existence;
mod list_users;
mod sign_in_names;
mod verification;
