//! Why a message did not leave.

use std::fmt;

use crate::SmtpError;

/// Names neither recipient nor text: it is logged.
#[derive(Debug)]
pub(crate) struct Undelivered {
    why: String,
    /// Trying again can't help.
    pub is_final: bool,
}

impl Undelivered {
    pub fn finally(why: String) -> Self {
        Self { why, is_final: true }
    }

    pub fn for_now(why: String) -> Self {
        Self { why, is_final: false }
    }
}

impl From<SmtpError> for Undelivered {
    fn from(error: SmtpError) -> Self {
        Self {
            is_final: error.is_permanent(),
            why: error.told(),
        }
    }
}

impl fmt::Display for Undelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}
