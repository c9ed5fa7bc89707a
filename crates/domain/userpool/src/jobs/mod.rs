//! What nobody waits for: deletions that go on, and what has expired.

pub(crate) mod deletions;
mod sweep;
