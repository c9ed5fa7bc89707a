//! What users are called who come from elsewhere. Pure. Reference: oauth-and-federation 10.4.

use kernel::ApiError;
use serde_json::json;

use crate::{errors::external as errors, pool::Pool, user::names};

/// What a provider may call its user by at the most, in bytes: rows are found by it, and engines limit what an index holds.
const LONGEST_SUBJECT: usize = 1024;

/// Of the model.
const LONGEST_NAME: usize = 128;

/// Whether somebody can be found by it. Errors: InvalidParameter.
pub(super) fn check_subject(subject: &str) -> Result<(), ApiError> {
    let is_fine = !subject.is_empty() && subject.len() <= LONGEST_SUBJECT && !subject.chars().any(char::is_control);
    if is_fine {
        Ok(())
    } else {
        Err(errors::subject_not_usable())
    }
}

/// As the pool spells it, whether or not anybody may have it.
pub(super) fn spelled(pool: &Pool, provider: &str, subject: &str) -> String {
    names::spelled(pool, "username", &format!("{provider}_{subject}"))
}

/// A name that operations can say. Errors: InvalidParameter.
pub(super) fn username(pool: &Pool, provider: &str, subject: &str) -> Result<String, ApiError> {
    let name = spelled(pool, provider, subject);
    if name.chars().count() > LONGEST_NAME {
        return Err(errors::attribute_too_long("username", LONGEST_NAME));
    }
    let request = json!({"UserPoolId": pool.id.as_str(), "Username": name});
    let takes = |operation| model::COGNITO_IDP.validate(operation, &request).is_ok();
    if model::COGNITO_IDP.operation("AdminGetUser").is_some_and(takes) {
        Ok(name)
    } else {
        Err(errors::name_not_possible())
    }
}
