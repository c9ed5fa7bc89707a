//! Why there is no answer. What of it is told to whom is the caller's business.

use std::borrow::Cow;

use thiserror::Error;

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Failure {
    /// The function's own code failed, or its process ended: what it said. It may name people.
    #[error("the function failed")]
    FunctionError { message: String },
    /// It was not invoked, or did not answer: the code that AWS gives for that.
    #[error("the invocation failed: {code}")]
    Unusable { code: Cow<'static, str> },
    /// It answered, but nothing that could be an event.
    #[error("the answer is unusable: {why}")]
    Unrecognizable { why: &'static str },
}

/// How long a function's message may be that is handed on, in characters.
const LONGEST_MESSAGE: usize = 2000;

impl Failure {
    pub(crate) fn function_error(message: &str) -> Self {
        Self::FunctionError {
            message: message.chars().take(LONGEST_MESSAGE).collect(),
        }
    }

    pub(crate) const fn unusable(code: &'static str) -> Self {
        Self::Unusable {
            code: Cow::Borrowed(code),
        }
    }

    /// As clients of Cognito have seen it. Reference: user-pools 16.1.
    pub(crate) const TIMED_OUT: Self = Self::unusable("Socket timeout while invoking Lambda function");
    pub(crate) const TOO_MANY: Self = Self::unusable("TooManyRequestsException");
    pub(crate) const NOT_FOUND: Self = Self::unusable("ResourceNotFoundException");
    pub(crate) const SERVICE: Self = Self::unusable("ServiceException");
}

/// A try that gave no answer.
#[derive(Debug)]
pub(crate) enum Missed {
    /// The function did not run: it may be asked again.
    NotRun(Failure),
    /// It ran, or may have: asked twice, it might do twice what it does.
    MayHaveRun(Failure),
}
