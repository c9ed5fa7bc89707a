//! What AWS's front end answers before an operation is reached, in the spelling of the called service. Each sentence
//! stands here once. Reference: user-pools 1.3, identity-pools-iam 2.1, 10.5.

use kernel::{ApiError, Code};
use model::Service;

use crate::code::Family;

fn one_of(service: &Service, json: Code, query: Code) -> Code {
    match Family::of(service) {
        Family::Json => json,
        Family::Query => query,
    }
}

/// No policy allows the call, or one denies it; `sentence` is the policy engine's.
#[track_caller]
pub fn access_denied(service: &Service, sentence: impl Into<String>) -> ApiError {
    ApiError::new(
        one_of(service, Code::AccessDeniedException, Code::AccessDenied),
        sentence,
    )
}

/// The service has no such operation, or Poolhouse does not implement it. The JSON services' sentence is unconfirmed.
#[track_caller]
pub fn unknown_operation(service: &Service, operation: &str) -> ApiError {
    match Family::of(service) {
        Family::Json if operation.is_empty() => ApiError::new(
            Code::UnknownOperation,
            "The header X-Amz-Target must name an operation.",
        ),
        Family::Json => ApiError::new(
            Code::UnknownOperation,
            format!("Unknown operation: {}", shown(operation)),
        ),
        Family::Query => could_not_find_operation(operation, Some(service.api_version)),
    }
}

/// A query call whose action and API version don't go together.
#[track_caller]
pub(crate) fn could_not_find_operation(action: &str, version: Option<&str>) -> ApiError {
    let (action, version) = (shown(action), shown(version.unwrap_or("NO_VERSION_SPECIFIED")));
    ApiError::new(
        Code::InvalidAction,
        format!("Could not find operation {action} for version {version}"),
    )
}

/// A call that is surely for a query service but names no action.
#[track_caller]
pub(crate) fn missing_action() -> ApiError {
    ApiError::new(Code("MissingAction"), "The request must contain the parameter Action.")
}

/// The body is larger than the server's limit. The sentence is unconfirmed.
#[track_caller]
pub fn request_too_large(service: &Service) -> ApiError {
    let code = one_of(service, Code::RequestEntityTooLarge, Code("RequestEntityTooLarge"));
    ApiError::new(code, "The request is larger than the service accepts.")
}

/// What the client sent, short enough to be said back. The longest real operation name has 45 characters.
fn shown(text: &str) -> String {
    text.chars().take(128).collect()
}

#[cfg(test)]
mod tests {
    use model::{COGNITO_IDENTITY, COGNITO_IDP, IAM, STS};

    use super::*;
    use crate::code::spell;

    /// Reference: identity-pools-iam 10.5, both columns.
    #[test]
    fn each_family_has_its_name_and_status() {
        type Case = (fn(&Service) -> ApiError, &'static str, u16, &'static str, u16);
        let cases: [Case; 3] = [
            (
                |service| access_denied(service, "x"),
                "AccessDeniedException: x",
                400,
                "AccessDenied: x",
                403,
            ),
            (
                |service| unknown_operation(service, "Fly"),
                "UnknownOperationException: Unknown operation: Fly",
                400,
                "InvalidAction: Could not find operation Fly for version",
                400,
            ),
            (
                request_too_large,
                "RequestEntityTooLargeException: The request is larger than the service accepts.",
                413,
                "RequestEntityTooLarge: The request is larger than the service accepts.",
                413,
            ),
        ];
        for (refusal, json, json_status, query, query_status) in cases {
            let families = [
                (&COGNITO_IDP, json, json_status),
                (&COGNITO_IDENTITY, json, json_status),
            ];
            for (service, text, status) in families
                .into_iter()
                .chain([(&IAM, query, query_status), (&STS, query, query_status)])
            {
                let error = refusal(service);
                assert!(error.to_string().starts_with(text), "{error}");
                let spelled = spell(Some(service), Family::of(service), error.code());
                assert_eq!(spelled, (error.code().0, status), "{}", service.id);
            }
        }
    }

    #[test]
    fn what_the_client_called_is_repeated_briefly() {
        let error = unknown_operation(&COGNITO_IDP, &"x".repeat(4000));
        assert!(error.message().len() < 160);
    }
}
