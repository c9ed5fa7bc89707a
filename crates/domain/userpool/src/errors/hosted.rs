//! Sentences about resource servers. Reference: user-pools 14.4.

use kernel::{ApiError, Code};

use super::invalid_parameter;

kernel::sentences! {
    /// Of our wording: the reference has the limit alone (19).
    too_many_resource_servers => LimitExceeded, "A user pool cannot have more than 300 resource servers.";
}

#[track_caller]
pub(crate) fn resource_server_does_not_exist(identifier: &str) -> ApiError {
    ApiError::new(
        Code::ResourceNotFound,
        format!("Resource server {identifier} does not exist."),
    )
}

#[track_caller]
pub(crate) fn resource_server_exists(identifier: &str, pool: &str) -> ApiError {
    invalid_parameter(format!("{identifier} already exists in user pool {pool}."))
}

/// Of our wording.
#[track_caller]
pub(crate) fn scope_named_twice(name: &str) -> ApiError {
    invalid_parameter(format!("The scope {name} is named more than once."))
}
