//! What the endpoint has at hand.

use iam::Iam;
use objects::Objects;

use crate::request::address::Hosts;

/// The S3 endpoint.
#[derive(Clone)]
pub struct S3 {
    pub objects: Objects,
    pub iam: Iam,
    pub hosts: Hosts,
    pub version2: Version2Addresses,
}

/// Whether addresses presigned, and forms signed, by Signature Version 2 (HMAC-SHA1) are verified or refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version2Addresses {
    Verified,
    Refused,
}
