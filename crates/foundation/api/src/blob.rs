//! Bytes: base64 in JSON.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::{Wire, WireError, wire::text};

#[derive(Clone, Default, PartialEq, Eq)]
pub struct Blob(pub Vec<u8>);

impl Wire for Blob {
    fn from_json(value: Value) -> Result<Self, WireError> {
        let text = value.as_str().ok_or(WireError::expected("a base64 string"))?;
        STANDARD
            .decode(text)
            .map(Self)
            .map_err(|_| WireError::expected("a base64 string"))
    }

    fn into_json(self) -> Value {
        STANDARD.encode(self.0).into()
    }

    fn print(&self, out: &mut Vec<u8>) {
        text(&STANDARD.encode(&self.0), out);
    }
}

/// The length only: images are long, and other bytes may be secret.
impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Blob({} bytes)", self.0.len())
    }
}
