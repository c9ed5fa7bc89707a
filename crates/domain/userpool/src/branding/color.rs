//! Colours of settings. Reference: oauth-and-federation 9.3.

use std::fmt;

use serde_json::Value;

/// RRGGBBAA in settings; printed, it is a colour of CSS and can be nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color([u8; 4]);

impl Color {
    /// None: not eight hexadecimal digits.
    pub(super) fn of(value: &Value) -> Option<Self> {
        let mut parts = [0; 4];
        hex::decode_to_slice(value.as_str()?, &mut parts).ok()?;
        Some(Self(parts))
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", hex::encode(self.0))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn eight_digits_are_a_color() {
        assert_eq!(Color::of(&json!("0A1b2Cff")).unwrap().to_string(), "#0a1b2cff");
        for value in [
            json!("fff"),
            json!("ffffff"),
            json!("#ffffff"),
            json!("ffffffff;"),
            json!("red"),
            json!("ggggggaa"),
            json!(" ffffff "),
            json!(""),
            json!(null),
            json!(12_345_678),
            json!(["ffffffff"]),
        ] {
            assert_eq!(Color::of(&value), None, "{value}");
        }
    }
}
