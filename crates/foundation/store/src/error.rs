//! What can go wrong beneath an operation. A refusal is not one of these: see [`crate::Stop`].

use std::fmt;

use kernel::{ApiError, Code};

/// Nothing of the closure was kept, with one exception: [`StoreError::OutcomeUnknown`].
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    #[error("too much is waiting for the store")]
    Overloaded,
    #[error("the transaction lost every race it was retried in")]
    Contention,
    /// [`crate::Stop::Raced`] on its way through an engine, which undoes the closure like any that failed.
    #[error("somebody was quicker")]
    Raced,
    #[error("the database can't be reached: {0}")]
    Unavailable(String),
    /// The commit was under way when the connection or the disk failed: it may or may not have happened. Never retried.
    #[error("the outcome of a commit is unknown: {0}")]
    OutcomeUnknown(String),
    #[error("{cause} in: {sql}")]
    Statement { sql: String, cause: String },
    #[error("column {column}: {cause} in: {sql}")]
    Column {
        sql: &'static str,
        column: usize,
        cause: String,
    },
    /// A text argument holds U+0000, which PostgreSQL can't store. All our own texts are without: it came with the request.
    #[error("a text holds U+0000")]
    Nul,
    /// A closure went on after a failed statement; on PostgreSQL such a transaction can't commit, so it may on neither.
    #[error("a closure ignored a failed statement")]
    IgnoredFailure,
    #[error("a closure panicked: {0}")]
    Panicked(String),
    /// What is stored can't be read back: not written by this program, or damaged.
    #[error("{table}: {column} of {key}: {cause}")]
    Corrupt {
        table: &'static str,
        key: String,
        column: &'static str,
        cause: String,
    },
    /// A document that can't be made a text; nothing was written.
    #[error("a document can't be written: {0}")]
    Unwritable(String),
    #[error("migration: {0}")]
    Migration(String),
    #[error("configuration: {0}")]
    Config(String),
    #[error("the store is closed")]
    Closed,
}

impl StoreError {
    pub fn corrupt(
        table: &'static str,
        key: impl fmt::Display,
        column: &'static str,
        cause: impl fmt::Display,
    ) -> Self {
        Self::Corrupt {
            table,
            key: key.to_string(),
            column,
            cause: cause.to_string(),
        }
    }

    pub fn unwritable(error: &serde_json::Error) -> Self {
        Self::Unwritable(error.to_string())
    }
}

/// Overload is the client's to retry; everything else is ours, with the cause for the log.
impl From<StoreError> for ApiError {
    #[track_caller]
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Overloaded | StoreError::Contention | StoreError::Raced => {
                ApiError::new(Code::TooManyRequests, "Rate exceeded").because(error)
            }
            StoreError::Nul => {
                ApiError::new(Code::InvalidParameter, "Text must not contain the character U+0000.").because(error)
            }
            other => ApiError::internal(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overload_asks_for_patience_and_the_rest_is_internal() {
        for (error, code) in [
            (StoreError::Overloaded, Code::TooManyRequests),
            (StoreError::Contention, Code::TooManyRequests),
            (StoreError::Nul, Code::InvalidParameter),
            (StoreError::OutcomeUnknown("cut".to_owned()), Code::InternalError),
            (StoreError::Unwritable("x".to_owned()), Code::InternalError),
        ] {
            let detail = error.to_string();
            let answer = ApiError::from(error);
            assert_eq!(answer.code(), code);
            assert_eq!(answer.detail(), Some(detail.as_str()));
            assert!(!answer.message().contains(&detail));
        }
    }
}
