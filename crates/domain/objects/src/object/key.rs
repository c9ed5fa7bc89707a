//! Keys. Reference: identity-pools-iam 11.1.

use crate::error::{Error, Result};

/// The longest key in bytes of UTF-8.
const MAX_KEY: usize = 1024;

/// 1 to 1024 bytes. NUL is refused: neither XML nor PostgreSQL's text can carry it. Errors: KeyTooLong, InvalidKey.
pub fn check_key(key: &str) -> Result<()> {
    if key.len() > MAX_KEY {
        return Err(Error::KeyTooLong {
            size: key.len(),
            limit: MAX_KEY,
        });
    }
    if key.is_empty() || key.contains('\0') {
        return Err(Error::InvalidKey);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use kernel::ApiError;

    use super::*;

    #[test]
    fn keys_are_counted_in_bytes() {
        assert!(check_key(&"é".repeat(512)).is_ok());
        let long = ApiError::from(check_key(&"é".repeat(513)).unwrap_err());
        assert_eq!(long.code().0, "KeyTooLongError");
        assert!(check_key("../../etc/passwd").is_ok(), "keys never become paths");
        assert!(check_key("").is_err());
        assert!(check_key("a\0b").is_err());
    }
}
