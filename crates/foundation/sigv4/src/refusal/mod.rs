//! What a refusal says in each protocol: AWS's code, status and sentence, once. Reference 10.5; where that is silent, the
//! sentences are those that the services are known by, and unconfirmed.

mod s3;
mod standard;
#[cfg(test)]
mod tests;

use kernel::{ApiError, Code};

use crate::Error;

/// The protocols by which errors differ.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Family {
    /// awsJson and rest-json.
    Json,
    /// awsQuery: STS, IAM.
    Query,
    S3,
}

/// An error as the client sees it, short of its body's syntax.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    pub code: Code,
    /// HTTP status.
    pub status: u16,
    pub message: String,
    /// Further elements of S3's body, in order.
    pub members: Vec<(&'static str, String)>,
}

impl From<Refusal> for ApiError {
    #[track_caller]
    fn from(refusal: Refusal) -> Self {
        let plain = Self::new(refusal.code, refusal.message);
        refusal
            .members
            .into_iter()
            .fold(plain, |error, (name, value)| error.with_member(name, value))
    }
}

impl Error {
    pub fn refusal(&self, family: Family) -> Refusal {
        match family {
            Family::S3 => self.s3(),
            Family::Json | Family::Query => self.standard(family),
        }
    }
}

/// Observed from S3.
const WEEK: &str = "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less \
    than 604800 seconds";
