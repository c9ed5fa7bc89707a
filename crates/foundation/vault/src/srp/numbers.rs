//! How SRP's numbers are spelled: as padded bytes in hashes, as hexadecimal text on the wire.

use super::bn::{Bytes, LEN};

/// A longer text is refused unread; leading zeros fit in.
const MOST_HEX_DIGITS: usize = 1024;

/// A number that a client sent and SRP forbids.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Invalid {
    #[error("not a hexadecimal number")]
    NotHex,
    #[error("a number longer than 3072 bits")]
    TooLong,
    #[error("a multiple of the group's prime")]
    Zero,
}

/// A salt as challenges carry it.
pub fn salt_hex(salt: &[u8]) -> String {
    to_hex(salt)
}

/// Lower case, two digits a byte, without leading zero bytes; zero is one digit.
pub(super) fn to_hex(bytes: &[u8]) -> String {
    match significant(bytes) {
        [] => "0".to_owned(),
        digits => hex::encode(digits),
    }
}

pub(super) fn parse_hex(text: &str) -> Result<Bytes, Invalid> {
    if text.is_empty() || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(Invalid::NotHex);
    }
    if text.len() > MOST_HEX_DIGITS {
        return Err(Invalid::TooLong);
    }
    let digits = text.trim_start_matches('0');
    let even = if digits.len().is_multiple_of(2) {
        digits.to_owned()
    } else {
        format!("0{digits}")
    };
    let bytes = hex::decode(even).map_err(|_| Invalid::NotHex)?;
    if bytes.len() > LEN {
        return Err(Invalid::TooLong);
    }
    Ok(right_aligned(&bytes))
}

/// The shortest big-endian two's-complement form of a non-negative number: what every hash takes. Zero is one zero byte.
pub(super) fn pad(bytes: &[u8]) -> Vec<u8> {
    let digits = significant(bytes);
    let mut padded = Vec::with_capacity(digits.len() + 1);
    if digits.first().is_none_or(|first| *first >= 0x80) {
        padded.push(0);
    }
    padded.extend_from_slice(digits);
    padded
}

/// A short number as a long one. What does not fit is cut off at the left: callers know that nothing is.
pub(super) fn right_aligned(bytes: &[u8]) -> Bytes {
    let mut aligned = [0; LEN];
    aligned
        .iter_mut()
        .rev()
        .zip(bytes.iter().rev())
        .for_each(|(to, from)| *to = *from);
    aligned
}

/// Without leading zero bytes.
pub(super) fn significant(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}
