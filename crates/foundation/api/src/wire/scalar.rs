//! The types that aren't generated. Writing into memory doesn't fail.

use kernel::Timestamp;
use serde_json::Value;

use crate::{Wire, WireError, wire::text};

impl Wire for String {
    fn from_json(value: Value) -> Result<Self, WireError> {
        match value {
            Value::String(text) => Ok(text),
            _ => Err(WireError::expected("a string")),
        }
    }

    fn into_json(self) -> Value {
        self.into()
    }

    fn print(&self, out: &mut Vec<u8>) {
        text(self, out);
    }
}

impl Wire for bool {
    fn from_json(value: Value) -> Result<Self, WireError> {
        value.as_bool().ok_or(WireError::expected("a boolean"))
    }

    fn into_json(self) -> Value {
        self.into()
    }

    fn print(&self, out: &mut Vec<u8>) {
        let _ = serde_json::to_writer(out, self);
    }
}

impl Wire for i32 {
    fn from_json(value: Value) -> Result<Self, WireError> {
        let number = value.as_i64().and_then(|number| Self::try_from(number).ok());
        number.ok_or(WireError::expected("an integer of 32 bits"))
    }

    fn into_json(self) -> Value {
        self.into()
    }

    fn print(&self, out: &mut Vec<u8>) {
        let _ = serde_json::to_writer(out, self);
    }
}

impl Wire for i64 {
    fn from_json(value: Value) -> Result<Self, WireError> {
        value.as_i64().ok_or(WireError::expected("an integer of 64 bits"))
    }

    fn into_json(self) -> Value {
        self.into()
    }

    fn print(&self, out: &mut Vec<u8>) {
        let _ = serde_json::to_writer(out, self);
    }
}

/// A document.
impl Wire for Value {
    fn from_json(value: Value) -> Result<Self, WireError> {
        Ok(value)
    }

    fn into_json(self) -> Value {
        self
    }

    fn print(&self, out: &mut Vec<u8>) {
        let _ = serde_json::to_writer(out, self);
    }
}

/// Seconds since 1970 with milliseconds as the fraction. Reference: user-pools 1.1.
impl Wire for Timestamp {
    fn from_json(value: Value) -> Result<Self, WireError> {
        if let Some(secs) = value.as_i64() {
            return Ok(Self::from_secs(secs));
        }
        let secs = value.as_f64().ok_or(WireError::expected("a timestamp"))?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "`as` saturates, and such a date is out of range anyway"
        )]
        let millis = (secs * 1000.0).round() as i64;
        Ok(Self::from_millis(millis))
    }

    fn into_json(self) -> Value {
        match seconds(self) {
            Seconds::Whole(secs) => secs.into(),
            Seconds::Fractional(secs) => secs.into(),
        }
    }

    fn print(&self, out: &mut Vec<u8>) {
        match seconds(*self) {
            Seconds::Whole(secs) => drop(serde_json::to_writer(out, &secs)),
            Seconds::Fractional(secs) => drop(serde_json::to_writer(out, &secs)),
        }
    }
}

enum Seconds {
    Whole(i64),
    Fractional(f64),
}

fn seconds(time: Timestamp) -> Seconds {
    if time.millis() % 1000 == 0 {
        return Seconds::Whole(time.secs());
    }
    #[expect(clippy::cast_precision_loss, reason = "milliseconds are exact for 285,000 years")]
    let secs = time.millis() as f64 / 1000.0;
    Seconds::Fractional(secs)
}
