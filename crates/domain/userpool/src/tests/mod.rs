//! User pools as their callers see them: operations called by name, through the model's validation.

mod account;
mod ahead;
pub(crate) mod app;
mod attacks;
mod branding;
mod clients;
mod devices;
mod domains;
pub(crate) mod entry;
pub(crate) mod functions;
mod groups;
mod hosted;
mod log;
mod messages;
mod mfa;
mod passkeys;
pub(crate) mod people;
mod pools;
mod providers;
mod resource_servers;
mod session;
mod signin;
pub(crate) mod somebody;
mod sweep;
mod table;
mod triggers;
mod users;
