//! Operations on terms of use and privacy policies.

mod create_terms;
mod delete_terms;
mod describe_terms;
mod list_terms;
mod update_terms;
