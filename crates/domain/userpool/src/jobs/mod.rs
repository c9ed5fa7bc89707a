//! What nobody waits for: deletions that go on, clients that are to hear of a session's end, and what has expired.

pub(crate) mod deletions;
mod logouts;
mod sweep;
