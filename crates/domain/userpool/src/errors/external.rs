//! Sentences about people whom an identity provider sends, which apps are told as `error_description`. Reference:
//! oauth-and-federation 3.6, 11.6.

use api::cognito_idp::IdentityProviderTypeType as Kind;
use kernel::{ApiError, Code};

use super::{invalid_parameter, nonconforming::required_clauses};

kernel::sentences! {
    user_is_not_enabled => NotAuthorized, "User is not enabled";
    /// Of our wording, and so is the next.
    response_already_processed => InvalidParameter, "The response is already processed";
    subject_not_usable => InvalidParameter, "The identity provider sent no usable user id";
}

/// Who comes has another user's name, and is not that user.
#[track_caller]
pub(crate) fn name_already_found(username: &str) -> ApiError {
    ApiError::new(
        Code::UsernameExists,
        format!("Already found an entry for username {username}"),
    )
}

/// The pool wants attributes that nobody mapped, or that the provider did not send.
#[track_caller]
pub(crate) fn attributes_required(kind: Kind, names: &[&str]) -> ApiError {
    invalid_parameter(match kind {
        Kind::Saml => format!("Invalid user attributes: {}", required_clauses(names)),
        _ => format!("attributes required: [{}]", names.join(", ")),
    })
}

#[track_caller]
pub(crate) fn attribute_too_long(name: &str, most: usize) -> ApiError {
    invalid_parameter(format!(
        "The value of the attribute {name} must have a length less than or equal to {most} characters"
    ))
}

/// A character of four bytes, which SAML's attributes can't have. Of our wording.
#[track_caller]
pub(crate) fn attribute_with_long_character(name: &str) -> ApiError {
    invalid_parameter(format!(
        "The value of the attribute {name} has a character that takes four bytes"
    ))
}

/// The name would be one that no operation could say. Of our wording.
#[track_caller]
pub(crate) fn name_not_possible() -> ApiError {
    invalid_parameter("The user name has characters that user names cannot have")
}
