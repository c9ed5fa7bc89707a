//! Bucket names and keys. Reference: identity-pools-iam 11.1.

use std::net::Ipv4Addr;

use kernel::Result;

use crate::errors;

/// The longest key in bytes of UTF-8.
const MAX_KEY: usize = 1024;

/// 3 to 63 of `[a-z0-9.-]`, beginning and ending with a letter or digit, no `..`, no IPv4 address, no reserved prefix or
/// suffix. Errors: InvalidBucketName.
pub fn check_bucket_name(name: &str) -> Result<()> {
    let edge = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let bytes = name.as_bytes();
    let well_formed = (3..=63).contains(&bytes.len())
        && bytes
            .iter()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-'))
        && edge(bytes.first())
        && edge(bytes.last())
        && !name.contains("..")
        && name.parse::<Ipv4Addr>().is_err();
    let reserved = ["xn--", "sthree-"].iter().any(|p| name.starts_with(p))
        || ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"]
            .iter()
            .any(|s| name.ends_with(s));
    if well_formed && !reserved {
        Ok(())
    } else {
        Err(errors::invalid_bucket_name(name))
    }
}

/// 1 to 1024 bytes. NUL is refused: neither XML nor PostgreSQL's text can carry it. Errors: KeyTooLongError, InvalidArgument.
pub fn check_key(key: &str) -> Result<()> {
    if key.len() > MAX_KEY {
        return Err(errors::key_too_long(key.len()));
    }
    if key.is_empty() || key.contains('\0') {
        return Err(errors::invalid_argument("The specified key is not valid.", "key", ""));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bucket_names() {
        let long = "a".repeat(63);
        for good in [
            "abc",
            "a-b.c",
            "1bucket",
            "www.example.com",
            "amzn-s3-demo-bucket",
            long.as_str(),
        ] {
            assert!(check_bucket_name(good).is_ok(), "{good}");
        }
        let too_long = "a".repeat(64);
        for bad in [
            "",
            "ab",
            "Abc",
            "a_b",
            "a..b",
            "-abc",
            "abc-",
            ".abc",
            "abc.",
            "192.168.5.4",
            "xn--abc",
            "x-s3alias",
            "a b",
            "b/../c",
            too_long.as_str(),
        ] {
            assert_eq!(
                check_bucket_name(bad).unwrap_err().code().0,
                "InvalidBucketName",
                "{bad}"
            );
        }
    }

    #[test]
    fn keys_are_counted_in_bytes() {
        assert!(check_key(&"é".repeat(512)).is_ok());
        assert_eq!(check_key(&"é".repeat(513)).unwrap_err().code().0, "KeyTooLongError");
        assert!(check_key("../../etc/passwd").is_ok(), "keys never become paths");
        assert!(check_key("").is_err());
        assert!(check_key("a\0b").is_err());
    }
}
