//! Why the program can't go on, as one sentence that says what to do.

use std::{fmt, io, path::Path};

use kernel::ApiError;
use store::{Stop, StoreError};

#[derive(Debug, PartialEq, Eq)]
pub struct Failure(String);

pub type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// Something that was to be done with a file, and could not.
    pub fn file(what: &str, path: &Path, error: &io::Error) -> Self {
        Self(format!("{what} {}: {error}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self(format!("the database: {error}"))
    }
}

/// Operations that the program itself makes: the demo, an administrator's key.
impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Store(error) => error.into(),
            stop => ApiError::from(stop).into(),
        }
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self(error.detail().map_or_else(|| error.message().to_owned(), str::to_owned))
    }
}
