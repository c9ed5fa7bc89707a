//! Sentences about Lambda triggers. Reference: user-pools 16.1, 18.

use kernel::{ApiError, Code};

kernel::sentences! {
    unrecognizable_output => InvalidLambdaResponse, "Unrecognizable lambda output";
    user_name_mismatches => InvalidLambdaResponse,
        "Invalid user name. User name in Lambda mismatches the actual username.";
}

/// What the function itself said, with a period behind it.
#[track_caller]
pub(crate) fn function_failed(trigger: &str, message: &str) -> ApiError {
    ApiError::new(
        Code::UserLambdaValidation,
        format!("{trigger} failed with error {message}."),
    )
}

/// `code` is AWS's for the failed invocation.
#[track_caller]
pub(crate) fn invocation_failed(trigger: &str, code: &str) -> ApiError {
    ApiError::new(
        Code::UnexpectedLambda,
        format!("{trigger} invocation failed due to error {code}."),
    )
}
