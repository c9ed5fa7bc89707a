//! Objects: read, written, copied, deleted, tagged.

mod copy;
mod delete;
mod read;
mod tags;
pub(crate) mod write;
