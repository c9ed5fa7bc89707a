//! Comparison whose duration tells nothing about where two values differ.

use subtle::ConstantTimeEq;

/// Whether the bytes are equal. The lengths may be told by the time it takes, the contents not.
pub fn eq(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equality_is_of_every_byte_and_the_length() {
        assert!(eq(b"", b""));
        assert!(eq(b"abc", b"abc"));
        assert!(!eq(b"abc", b"abd"));
        assert!(!eq(b"abc", b"ab"));
        assert!(!eq(b"abc", b"Abc"));
    }
}
