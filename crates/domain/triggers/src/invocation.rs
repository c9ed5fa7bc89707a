//! What is asked of whom.

use std::{borrow::Cow, fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use serde_json::Value;
use tokio::time::Instant;

use crate::Failure;

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
    pub times: Times,
    pub answer: Wanted,
}

/// The time that there is, for all tries together.
#[derive(Clone, Copy)]
pub(crate) struct Times {
    /// By then it is begun, or it is not.
    pub begun_by: Instant,
    /// By then it is over.
    pub until: Instant,
    /// How long a function may be at it, from when it was given it, be that late.
    pub within: Duration,
}

/// Whether somebody waits for the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Now,
    Never,
}

/// For the answer, and the wait for it.
const LIMIT: Duration = Duration::from_secs(5);
/// What nobody waits for may be at work for so long, as Lambda's functions may,
const POSTED_WORK: Duration = Duration::from_secs(60);
/// and has so long until it is begun, by a function that has something else to do.
const POSTED_WAIT: Duration = Duration::from_secs(30);
/// Then it is over, whatever became of it.
pub const POSTED_LIMIT: Duration = POSTED_WAIT.saturating_add(POSTED_WORK);

impl Wanted {
    /// From now.
    pub fn times(self) -> Times {
        let now = Instant::now();
        match self {
            Self::Now => Times {
                begun_by: now + LIMIT,
                until: now + LIMIT,
                within: LIMIT,
            },
            Self::Never => Times {
                begun_by: now + POSTED_WAIT,
                until: now + POSTED_LIMIT,
                within: POSTED_WORK,
            },
        }
    }

    /// Of a function that was at work for as long as it may. What nobody waits for has failed then, as Lambda has it.
    pub fn timed_out(self) -> Failure {
        match self {
            Self::Now => Failure::TIMED_OUT,
            Self::Never => Failure::function_error("Task timed out"),
        }
    }
}

impl Times {
    /// For one who is reached now.
    pub fn left(self) -> Duration {
        self.within.min(self.until.saturating_duration_since(Instant::now()))
    }
}
