//! How rows hold documents and numbers.

use serde::{Serialize, de::DeserializeOwned};

use crate::error::{Error, Result};

pub(crate) fn to_doc<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| corrupt(&error))
}

/// Errors: internal for a document that we wrote and can't read.
pub(crate) fn from_doc<T: DeserializeOwned>(doc: &str) -> Result<T> {
    serde_json::from_str(doc).map_err(|error| corrupt(&error))
}

#[track_caller]
fn corrupt(error: &serde_json::Error) -> Error {
    Error::internal(format_args!("stored document: {error}"))
}

/// Bytes, as rows hold them.
pub(crate) fn size_of_row(size: i64) -> u64 {
    u64::try_from(size).unwrap_or(0)
}

pub(crate) fn row_size(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}
