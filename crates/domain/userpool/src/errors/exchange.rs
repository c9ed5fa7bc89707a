//! Sentences about tokens of clients that act for themselves or for a user. Reference: user-pools 15.4, which has none: they are ours, in
//! AWS's manner.

use std::fmt;

use kernel::{ApiError, Code};

use super::invalid_parameter;

/// Which token of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Subject,
    Actor,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Subject => "Subject",
            Self::Actor => "Actor",
        })
    }
}

kernel::sentences! {
    /// AWS's own words.
    client_or_secret_invalid => NotAuthorized, "Invalid client or secret";
    two_targets => InvalidParameter, "Audiences and Resources cannot both be given.";
    id_token_of_access_token => InvalidParameter, "An ID token can be derived from an ID token only.";
    too_many_actors => InvalidParameter, "The subject token has too many actors.";
}

#[track_caller]
pub(crate) fn token_invalid(part: Part) -> ApiError {
    ApiError::new(Code::NotAuthorized, format!("Invalid {part} Token"))
}

#[track_caller]
pub(crate) fn token_expired(part: Part) -> ApiError {
    ApiError::new(Code::NotAuthorized, format!("{part} Token has expired"))
}

#[track_caller]
pub(crate) fn token_revoked(part: Part) -> ApiError {
    ApiError::new(Code::NotAuthorized, format!("{part} Token has been revoked"))
}

#[track_caller]
pub(crate) fn saml_not_supported(part: Part) -> ApiError {
    invalid_parameter(format!("{part}TokenType SAML2 is not supported."))
}

/// An audience or a resource.
#[track_caller]
pub(crate) fn target_not_possible(target: &str) -> ApiError {
    invalid_parameter(format!("A token cannot be derived for {target}."))
}

/// Nobody signs in by a provider yet.
#[track_caller]
pub(crate) fn provider_not_supported(name: &str) -> ApiError {
    invalid_parameter(format!("Tokens of the provider {name} are not supported."))
}

/// What the OAuth endpoint says as `invalid_scope`.
#[track_caller]
pub(crate) fn scope_not_granted(scope: &str) -> ApiError {
    invalid_parameter(format!("Invalid scope requested: {scope}"))
}

/// In a call whose model has no errors of functions: whom the function or its want keeps from a token is not authorized.
pub(crate) fn without_lambda_errors(error: ApiError) -> ApiError {
    match error.code() {
        Code::UserLambdaValidation | Code::UnexpectedLambda | Code::InvalidLambdaResponse => {
            ApiError::new(Code::NotAuthorized, error.message())
        }
        _ => error,
    }
}
