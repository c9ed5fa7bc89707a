//! What S3 says of forms, each sentence once. Observed of S3 where nothing else is said.

use kernel::{ApiError, Code};
use objects::Error;

use crate::{
    errors::{invalid_argument, refusal},
    request::signature,
};

/// The request is no form at all.
#[track_caller]
pub(super) fn not_a_form() -> ApiError {
    Error::PreconditionFailed {
        header: "Bucket POST must be of the enclosure-type multipart/form-data".to_owned(),
    }
    .into()
}

#[track_caller]
pub(super) fn malformed() -> ApiError {
    refusal(
        "MalformedPOSTRequest",
        "The body of your POST request is not well-formed multipart/form-data.",
    )
}

/// `limit` in bytes, boundaries and headers of the fields among them.
#[track_caller]
pub(super) fn fields_too_large(limit: usize) -> ApiError {
    refusal(
        "MaxPostPreDataLengthExceeded",
        "Your POST request fields preceeding the upload file was too large.",
    )
    .with_member("MaxPostPreDataLengthBytes", limit.to_string())
}

#[track_caller]
pub(super) fn number_of_files(files: usize) -> ApiError {
    invalid_argument(
        "POST requires exactly one file upload per request.",
        "file",
        &files.to_string(),
    )
}

/// A field that every form must have, or one that came after the file.
#[track_caller]
pub(super) fn missing_field(name: &'static str) -> ApiError {
    signature::refusal(sigv4::Error::InForm(sigv4::Fault::Missing(vec![name])))
}

/// A value that no object could be given. The sentence is ours.
#[track_caller]
pub(super) fn unusable_field(name: &str) -> ApiError {
    invalid_argument("The field's value can't be a header's.", name, "")
}

#[track_caller]
fn against_policy(what: &str) -> ApiError {
    ApiError::new(Code::AccessDenied, format!("Invalid according to Policy: {what}"))
}

#[track_caller]
pub(super) fn expired() -> ApiError {
    against_policy("Policy expired.")
}

/// `condition` as the policy has it.
#[track_caller]
pub(super) fn condition_failed(condition: &str) -> ApiError {
    against_policy(&format!("Policy Condition failed: {condition}"))
}

#[track_caller]
pub(super) fn extra_field(name: &str) -> ApiError {
    against_policy(&format!("Extra input fields: {name}"))
}

#[track_caller]
fn invalid_policy(what: &str) -> ApiError {
    refusal("InvalidPolicyDocument", format!("Invalid Policy: {what}"))
}

#[track_caller]
pub(super) fn policy_is_no_json() -> ApiError {
    invalid_policy("Invalid JSON.")
}

#[track_caller]
pub(super) fn unexpected_member(name: &str) -> ApiError {
    invalid_policy(&format!("Unexpected: '{}'", name.to_ascii_lowercase()))
}

#[track_caller]
pub(super) fn invalid_expiration(text: &str) -> ApiError {
    invalid_policy(&format!("Invalid 'expiration' value: '{text}'"))
}

/// Unconfirmed: the sentence.
#[track_caller]
pub(super) fn missing_member(name: &str) -> ApiError {
    invalid_policy(&format!("'{name}' is missing or of the wrong type."))
}

#[track_caller]
pub(super) fn several_properties() -> ApiError {
    invalid_policy("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.")
}

#[track_caller]
pub(super) fn value_is_no_string() -> ApiError {
    invalid_policy("Invalid Simple-Condition: value must be a string.")
}

#[track_caller]
pub(super) fn missing_operation() -> ApiError {
    invalid_policy("Invalid Condition: missing operation identifier.")
}

/// Unconfirmed: the sentence.
#[track_caller]
pub(super) fn malformed_condition(condition: &str) -> ApiError {
    invalid_policy(&format!("Invalid Condition: {condition}"))
}
