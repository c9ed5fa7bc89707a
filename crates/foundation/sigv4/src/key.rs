//! Secrets, the scope of a credential, and the key and text that a signature is made of. Reference 10.2.

use std::fmt;

use aws_lc_rs::hmac;
use kernel::Region;
use zeroize::Zeroizing;

use crate::{ALGORITHM, Stamp};

/// The last element of every scope.
pub(crate) const TERMINATOR: &str = "aws4_request";

/// A secret access key. Wiped when dropped, never printed.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// The token of temporary credentials. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(String);

impl SessionToken {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(..)")
    }
}

/// What a signature is good for: a day, a region, a service. Prints as `20260115/us-east-1/sts/aws4_request`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scope {
    /// Eight digits.
    pub date: String,
    pub region: Region,
    /// The signing name, such as `cognito-idp`, `s3`, `execute-api`.
    pub service: String,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}/{TERMINATOR}", self.date, self.region, self.service)
    }
}

/// The key of one scope. Deriving it costs four of the five HMACs of a signature, so it may be kept for the day.
#[derive(Clone)]
pub struct SigningKey(hmac::Key);

impl SigningKey {
    pub fn derive(secret: &Secret, scope: &Scope) -> Self {
        let mut start = Zeroizing::new(Vec::with_capacity(4 + secret.0.len()));
        start.extend_from_slice(b"AWS4");
        start.extend_from_slice(secret.0.as_bytes());
        let steps = [
            scope.date.as_str(),
            scope.region.as_str(),
            scope.service.as_str(),
            TERMINATOR,
        ];
        Self(
            steps
                .iter()
                .fold(hmac::Key::new(hmac::HMAC_SHA256, &start), |key, step| {
                    hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&key, step.as_bytes()).as_ref())
                }),
        )
    }

    /// The signature of a string to sign: 64 lower-case hexadecimal digits.
    pub fn sign(&self, string_to_sign: &str) -> String {
        hex::encode(hmac::sign(&self.0, string_to_sign.as_bytes()))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(..)")
    }
}

/// What is signed for a request. Reference 10.2.
pub fn string_to_sign(stamp: Stamp, scope: &Scope, canonical_request: &str) -> String {
    let hash = hex::encode(crate::sha256(canonical_request.as_bytes()));
    format!("{ALGORITHM}\n{stamp}\n{scope}\n{hash}")
}
