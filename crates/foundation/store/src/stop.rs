//! Why a transaction ends before its end.

use kernel::ApiError;

use crate::StoreError;

/// What a closure of [`crate::Store::write`] answers instead of a value. `?` makes it of a refusal and of a failed statement.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// Nothing of the closure is kept.
    #[error(transparent)]
    Store(StoreError),
    /// What was written until then (a counted attempt, a lockout) is kept like any other result: a refusal commits what it
    /// learned. Whoever wants to keep nothing refuses before writing.
    #[error(transparent)]
    Refused(ApiError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<ApiError> for Stop {
    fn from(refusal: ApiError) -> Self {
        Self::Refused(refusal)
    }
}

impl From<serde_json::Error> for Stop {
    fn from(error: serde_json::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<Stop> for ApiError {
    #[track_caller]
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Store(error) => error.into(),
            Stop::Refused(refusal) => refusal,
        }
    }
}
