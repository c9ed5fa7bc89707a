//! Columns that hold a JSON document.

use serde::Serialize;

use crate::StoreError;

/// A type that a column holds as JSON.
macro_rules! document {
    ($document:ident) => {
        impl $crate::FromColumn for $document {
            fn from_column(cell: $crate::Cell<'_>) -> Result<Self, String> {
                match cell {
                    $crate::Cell::Text(text) => ::serde_json::from_str(text).map_err(|error| error.to_string()),
                    other => other.unfit("text"),
                }
            }
        }
    };
}

pub(crate) use document;

/// The document's text. Errors: Unwritable.
pub fn written(document: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(document).map_err(|error| StoreError::unwritable(&error))
}
