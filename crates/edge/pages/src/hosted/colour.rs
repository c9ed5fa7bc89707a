//! A colour and nothing else: what a branding says of one ends in a stylesheet.

use std::fmt;

/// Red, green, blue, opacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour([u8; 4]);

impl Colour {
    /// Six or eight hexadecimal digits, as settings of managed login have them, with or without `#`.
    pub fn hex(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').unwrap_or(text);
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let number = u32::from_str_radix(digits, 16).ok()?;
        match digits.len() {
            6 => Some(Self::rgb(number)),
            8 => Some(Self(number.to_be_bytes())),
            _ => None,
        }
    }

    /// `0xRRGGBB`, opaque.
    pub(super) const fn rgb(number: u32) -> Self {
        Self((number << 8 | 0xff).to_be_bytes())
    }

    #[cfg(test)]
    pub(super) fn channels(self) -> [u8; 4] {
        self.0
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue, opacity] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")?;
        if opacity == 0xff {
            return Ok(());
        }
        write!(f, "{opacity:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_nothing_else() {
        assert_eq!(Colour::hex("0C6A73ff").unwrap().to_string(), "#0c6a73");
        assert_eq!(Colour::hex("#0c6a7380").unwrap().to_string(), "#0c6a7380");
        for bad in [
            "",
            "#",
            "fff",
            "0c6a73f",
            "+0c6a73",
            "red",
            "0c6a73;}",
            "url(x)",
            "0c6a73ff00",
            "éé0000",
        ] {
            assert_eq!(Colour::hex(bad), None, "{bad}");
        }
    }
}
