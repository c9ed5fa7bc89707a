//! Policy documents on their way in (grammar, size) and out (URL-encoded). Reference: identity-pools-iam 3.1, 4.1, 7.

use kernel::ApiError;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use policy::{Policy, PolicyKind, limits};

use crate::errors;

/// RFC 3986: everything but the unreserved characters.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// As documents stand in answers.
pub(crate) fn encoded(document: &str) -> String {
    utf8_percent_encode(document, ENCODED).to_string()
}

/// Errors: MalformedPolicyDocument.
pub(crate) fn identity(text: &str) -> Result<Policy, ApiError> {
    parse(text, PolicyKind::Identity)
}

/// Errors: MalformedPolicyDocument, LimitExceeded. That a trust in every identity pool is refused today (reference 2.5)
/// is left out on purpose: the guides' older policies must keep working.
pub(crate) fn trust(text: &str) -> Result<Policy, ApiError> {
    let policy = parse(text, PolicyKind::Trust)?;
    if limits::counted_chars(text) > limits::TRUST {
        return Err(errors::quota("ACLSizePerRole", limits::TRUST));
    }
    Ok(policy)
}

/// Errors: MalformedPolicyDocument, LimitExceeded.
pub(crate) fn managed(text: &str) -> Result<(), ApiError> {
    Policy::parse_managed(text).map_err(|error| errors::malformed(&error))?;
    if limits::counted_chars(text) > limits::MANAGED {
        return Err(errors::quota("PolicySize", limits::MANAGED));
    }
    Ok(())
}

fn parse(text: &str, kind: PolicyKind) -> Result<Policy, ApiError> {
    Policy::parse(text, kind).map_err(|error| errors::malformed(&error))
}
