//! Why somebody does not come in, as apps are told it. Pure. Reference: oauth-and-federation 3.6, 11.6.

use std::borrow::Cow;

use api::cognito_idp::IdentityProviderTypeType as Kind;
use federation::Refusal;
use kernel::{ApiError, Code};

#[derive(Debug)]
pub enum NotArrived {
    Refused(Refusal),
    /// Something of ours failed, or there is no room.
    Failed(ApiError),
}

impl NotArrived {
    pub(crate) fn of(kind: Kind, error: ApiError) -> Self {
        if matches!(error.code(), Code::InternalError | Code::TooManyRequests) {
            return Self::Failed(error);
        }
        let is_functions = matches!(
            error.code(),
            Code::UserLambdaValidation | Code::UnexpectedLambda | Code::InvalidLambdaResponse
        );
        let message = error.message();
        // What a function said, and a list of lines, have a blank behind them.
        let blank = if is_functions || message.ends_with('\n') {
            " "
        } else {
            ""
        };
        let (name, before) = match (kind, is_functions) {
            (Kind::Saml, true) => ("server_error", "Invalid SAML response received: "),
            (Kind::Saml, false) if error.code() == Code::InvalidParameter => {
                ("invalid_request", "Invalid SAML response received: ")
            }
            _ => ("invalid_request", ""),
        };
        Self::Refused(Refusal {
            error: Cow::Borrowed(name),
            description: format!("{before}{message}{blank}"),
            because: error.code().0.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::errors::{self, external, triggers};

    #[test]
    fn apps_are_told_in_the_words_they_know() {
        let function = || triggers::function_failed("PreSignUp", "no");
        for (kind, error, name, description) in [
            (
                Kind::Oidc,
                external::user_is_not_enabled(),
                "invalid_request",
                "User is not enabled",
            ),
            (
                Kind::Saml,
                external::user_is_not_enabled(),
                "invalid_request",
                "User is not enabled",
            ),
            (
                Kind::Google,
                function(),
                "invalid_request",
                "PreSignUp failed with error no. ",
            ),
            (
                Kind::Saml,
                function(),
                "server_error",
                "Invalid SAML response received: PreSignUp failed with error no. ",
            ),
            (
                Kind::Oidc,
                external::attributes_required(Kind::Oidc, &["email", "name"]),
                "invalid_request",
                "attributes required: [email, name]",
            ),
            (
                Kind::Saml,
                external::attributes_required(Kind::Saml, &["email"]),
                "invalid_request",
                "Invalid SAML response received: Invalid user attributes: emails: The attribute emails is required",
            ),
            (
                Kind::Oidc,
                errors::attributes_cannot_be_updated(&["email"]),
                "invalid_request",
                "user.email: Attribute cannot be updated.\n ",
            ),
            (
                Kind::Oidc,
                external::name_already_found("google_123"),
                "invalid_request",
                "Already found an entry for username google_123",
            ),
        ] {
            let NotArrived::Refused(refusal) = NotArrived::of(kind, error) else {
                panic!("it is no failure of ours");
            };
            assert_eq!(
                (refusal.error.as_ref(), refusal.description.as_str()),
                (name, description)
            );
        }
        let failed = NotArrived::of(Kind::Oidc, ApiError::internal("the disk is full"));
        assert!(matches!(failed, NotArrived::Failed(_)));
    }
}
