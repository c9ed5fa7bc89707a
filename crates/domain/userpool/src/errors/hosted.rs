//! Sentences about resource servers, domains, and tokens of hosted login. Reference: user-pools 14.3, 14.4.

use kernel::{ApiError, Code};

use super::invalid_parameter;

kernel::sentences! {
    // Resource servers.
    /// Of our wording: the reference has the limit alone (19).
    too_many_resource_servers => LimitExceeded, "A user pool cannot have more than 300 resource servers.";
    // Domains.
    domain_taken => InvalidParameter, "Domain already associated with another user pool.";
    domain_configured => InvalidParameter, "User pool already has a domain configured.";
    no_such_domain => InvalidParameter, "No such domain or user pool exists.";
    domain_character => InvalidParameter,
        "The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens.";
    domain_not_a_subdomain => InvalidParameter,
        "Custom domain is not a valid subdomain: Was not able to resolve a DNS A record for the parent domain or domain parent is a top-level domain.";
    no_such_certificate => InvalidParameter,
        "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain.";
    /// Of DeleteUserPool (2.7).
    pool_has_a_domain => InvalidParameter,
        "User pool cannot be deleted. It has a domain configured that should be deleted first.";
    /// Of our wording, and so are the next.
    unknown_managed_login_version => InvalidParameter, "ManagedLoginVersion must be 1 or 2.";
    certificate_of_a_prefix => InvalidParameter, "CustomDomainConfig can only be set for a custom domain.";
    /// Of our wording.
    recovery_without_second_factor => InvalidParameter, "Recovery codes stand in for a second factor, and the user has none.";
    /// The API has no place for a proof of the key. docs/oauth.md
    access_token_bound => NotAuthorized, "Access Token is bound to a key";
}

/// Of our wording.
#[track_caller]
pub(crate) fn no_replica_to_fail_over_to(region: &str) -> ApiError {
    invalid_parameter(format!("The user pool has no replica in {region}."))
}

#[track_caller]
pub(crate) fn domain_reserved_word(word: &str) -> ApiError {
    invalid_parameter(format!("Domain cannot contain reserved word: {word}"))
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
