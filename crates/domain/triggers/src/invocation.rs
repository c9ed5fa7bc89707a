//! What is asked of whom.

use std::{borrow::Cow, fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use serde_json::Value;
use tokio::time::Instant;

/// A function, and what it is told.
#[derive(Clone)]
pub struct Invocation {
    /// What it is for, as the log names it: `PreSignUp`.
    pub trigger: Cow<'static, str>,
    pub arn: String,
    pub event: Arc<Value>,
}

/// Without the event, which may hold a password.
impl fmt::Debug for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Invocation({} of {})", self.trigger, self.arn)
    }
}

/// One try's share of it.
pub(crate) struct Asked<'a> {
    pub arn: &'a str,
    pub event: Bytes,
    pub until: Instant,
    /// All of the time that there is, for who was reached late too.
    pub within: Duration,
    pub answer: Wanted,
}

/// Whether somebody waits for the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Now,
    Never,
}
