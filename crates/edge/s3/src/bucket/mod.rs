//! Buckets: made, listed and deleted, what is in them, and their settings.

mod documents;
mod list;
mod manage;
mod settings;

pub(crate) use settings::absent;
