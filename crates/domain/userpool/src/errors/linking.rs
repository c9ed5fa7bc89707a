//! Sentences about users of identity providers: whom they are linked with, and what they may not do here. Reference:
//! oauth-and-federation 10.4, 10.6.

use kernel::{ApiError, Code};

use super::invalid_parameter;

kernel::sentences! {
    merging_not_supported => InvalidParameter,
        "Merging is not currently supported, provide a SourceUser that has not been signed up in order to link";
    already_linked => InvalidParameter, "SourceUser is already linked to DestinationUser";
    /// As Cognito was seen to answer, and so are the next two.
    source_of_the_pool => InvalidParameter,
        "Invalid SourceUser: Cognito users with a username/password may not be passed in as a SourceUser, only as a DestinationUser";
    not_linked => InvalidParameter, "Account isn't linked to anyone else, verify that the account has been linked";
    not_authorized_to_change_password => NotAuthorized, "User is not authorized to change password.";
    /// Of our wording, and so are the rest.
    signs_in_elsewhere => NotAuthorized, "The user signs in with an external identity provider.";
    last_way_in => InvalidParameter, "The user has no other way to sign in.";
    source_too_long => InvalidParameter,
        "ProviderName, ProviderAttributeName and ProviderAttributeValue of the SourceUser cannot have more than 128 characters together.";
    too_many_links => LimitExceeded, "A user cannot be linked with more than 5 users of identity providers.";
}

/// Of a user of a provider who gets a password, whose call has no AliasExists in its model.
pub(crate) fn without_alias_exists(error: ApiError) -> ApiError {
    match error.code() {
        Code::AliasExists => invalid_parameter(error.message()),
        _ => error,
    }
}

#[track_caller]
pub(crate) fn subject_only(provider: &str) -> ApiError {
    invalid_parameter(format!("ProviderAttributeName must be Cognito_Subject for {provider}."))
}

#[track_caller]
pub(crate) fn attribute_not_mapped(attribute: &str, provider: &str) -> ApiError {
    invalid_parameter(format!(
        "The identity provider {provider} does not map the attribute {attribute}."
    ))
}

#[track_caller]
pub(crate) fn immutable_attribute(name: &str) -> ApiError {
    invalid_parameter(format!(
        "A DestinationUser cannot be linked whose attribute {name} is immutable."
    ))
}

#[track_caller]
pub(crate) fn too_many_attributes(provider: &str) -> ApiError {
    ApiError::new(
        Code::LimitExceeded,
        format!("Users of the identity provider {provider} cannot be linked by more than 5 attributes."),
    )
}
