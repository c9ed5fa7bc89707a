//! Why a request is refused. The sentences that clients see are in `refusal`; what prints here is for the log.

use std::{fmt, time::Duration};

use kernel::{AccessKeyId, Timestamp};

use crate::{Form, SessionToken, Stamp};

/// The first four kinds are for the caller of `find` and `verify` to raise: they depend on which keys exist.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Error {
    #[error("not signed at all")]
    MissingAuthentication,
    /// No such key, or one that is inactive or deleted.
    #[error("unknown access key {0}")]
    UnknownKey(AccessKeyId),
    /// Temporary credentials without their token, or with one that is forged or another key's.
    #[error("the session token of {0} is missing or not its own")]
    InvalidToken(AccessKeyId, Option<SessionToken>),
    #[error("the session token has expired")]
    ExpiredToken(SessionToken),
    /// Signed for a region that the endpoint, or the bucket if the caller knows it, isn't in.
    #[error("signed for region {given}, not {expected}")]
    Region {
        form: Form,
        expected: String,
        given: String,
    },
    #[error("signed for service {given}, not {expected}")]
    Service {
        form: Form,
        expected: String,
        given: String,
    },
    #[error("both an authorization header and a signature in the query")]
    SeveralMechanisms,
    /// SigV2 (`AWS`) where it isn't taken, SigV4A (`AWS4-ECDSA-P256-SHA256`) and whatever else calls itself AWS.
    #[error("unsupported algorithm {0}")]
    UnsupportedAlgorithm(String),
    #[error("malformed authorization ({form:?}): {fault:?}")]
    Malformed { form: Form, fault: Fault },
    #[error("the credential is of {date}, the request of {stamp}")]
    CredentialDate { form: Form, date: String, stamp: Stamp },
    #[error("headers that must be signed are not: {0:?}")]
    NotSigned(Vec<String>),
    /// The request's time is too far from ours, in either direction.
    #[error("signed at {at}, too far from {wall:?}")]
    Skewed {
        at: Stamp,
        wall: Timestamp,
        allowed: Duration,
    },
    /// A presigned URL whose time lies ahead by more than clocks may differ.
    #[error("presigned for {at}, still ahead of {wall:?}")]
    PresignEarly {
        at: Stamp,
        wall: Timestamp,
        allowed: Duration,
    },
    #[error("presigned at {at} for {expires:?}, over at {wall:?}")]
    PresignExpired {
        at: Stamp,
        expires: Duration,
        wall: Timestamp,
    },
    #[error("presigned for more than a week")]
    ExpiresTooLong,
    /// Signature Version 2 without its expiry or signature.
    #[error("an incomplete signature of version 2")]
    Incomplete2,
    #[error("version 2 expires at {0:?}")]
    Expires2(String),
    #[error("presigned by version 2 until {expires:?}, over at {wall:?}")]
    Expired2 { expires: Timestamp, wall: Timestamp },
    /// S3 only.
    #[error("malformed authorization in a form: {0:?}")]
    InForm(Fault),
    /// S3 wants `x-amz-content-sha256` on every request with a signature header.
    #[error("no x-amz-content-sha256")]
    NoContentHash,
    #[error("x-amz-content-sha256 is {0:?}")]
    ContentHash(String),
    #[error("the body is not the one that was hashed")]
    PayloadMismatch { declared: String, computed: String },
    #[error("signature mismatch of {}", .0.access_key)]
    Mismatch(Box<Mismatch>),
}

impl Error {
    pub(crate) fn in_header(fault: Fault) -> Self {
        Self::Malformed {
            form: Form::Header,
            fault,
        }
    }

    pub(crate) fn in_query(fault: Fault) -> Self {
        Self::Malformed {
            form: Form::Presigned,
            fault,
        }
    }
}

/// What can't be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Parts of the authorization header (`Date` for the missing time), parameters of the query, or fields of a form.
    Missing(Vec<&'static str>),
    Repeated(String),
    NotKeyValue(String),
    /// Not `key/date/region/service/terminator`.
    Credential(String),
    Terminator(String),
    Date(String),
    /// Not a whole number of seconds of at least 1.
    Expires(String),
    /// Empty, not header names, or naming one twice.
    SignedHeaders(String),
    /// Not UTF-8.
    NotText(String),
}

/// What we calculated, for the errors that show it. S3's do, and so hold whatever was in the signed headers: not for logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Mismatch {
    pub access_key: AccessKeyId,
    /// Empty for Signature Version 2, which has none.
    pub canonical_request: String,
    pub string_to_sign: String,
    pub provided: String,
}

impl fmt::Debug for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mismatch({}, ..)", self.access_key)
    }
}
