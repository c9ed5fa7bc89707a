//! What nobody waits for: deletions that go on, clients that are to hear of a session's end, what identity providers publish, and what has
//! expired.

pub(crate) mod deletions;
mod documents;
mod logouts;
mod sweep;
