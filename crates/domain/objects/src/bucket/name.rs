//! Bucket names. Reference: identity-pools-iam 11.1.

use std::net::Ipv4Addr;

use crate::error::{Error, Result};

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
        Err(Error::InvalidBucketName {
            bucket: name.to_owned(),
        })
    }
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
                kernel::ApiError::from(check_bucket_name(bad).unwrap_err()).code().0,
                "InvalidBucketName",
                "{bad}"
            );
        }
    }
}
