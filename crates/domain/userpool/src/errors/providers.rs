//! Sentences about identity providers. Reference: oauth-and-federation 10.1.

use api::cognito_idp::IdentityProviderTypeType;
use kernel::{ApiError, Code};

use super::invalid_parameter;

kernel::sentences! {
    oidc_endpoint_not_https => InvalidParameter, "OIDC endpoint must start with https://";
    oidc_details_missing => InvalidParameter,
        "clientId, authorizeScopes, oidcIssuer and attributesRequestMethod are all required idp details.";
    social_details_missing => InvalidParameter,
        "clientId, clientSecret and authorizeScopes are all required idp details.";
    apple_details_missing => InvalidParameter, "clientId, privateKey, teamId, and keyId are all required idp details.";
    metadata_given_twice => InvalidParameter, "Only one of the MetadataURL or MetadataFile should be provided.";
    metadata_missing => InvalidParameter, "At least one of the MetadataURL or MetadataFile should be provided.";
    well_known_endpoint_out_of_reach => InvalidParameter, "Unable to contact well-known endpoint";
    /// Of our wording, and so is the next.
    levels_of_oidc_alone => InvalidParameter, "AcrMapping can only be set for a provider of the type OIDC.";
    too_many_providers => LimitExceeded, "A user pool cannot have more than 300 identity providers.";
}

#[track_caller]
pub(crate) fn provider_of_another_type(name: &str, kind: IdentityProviderTypeType) -> ApiError {
    let kind = kind.as_str();
    invalid_parameter(format!("Provider {name} cannot be of type {kind}."))
}

/// The form is that of broken constraints. Reference: user-pools 1.4.
#[track_caller]
pub(crate) fn detail_of_another_set(name: &str, given: &str, set: &str) -> ApiError {
    invalid_parameter(format!(
        "1 validation error detected: Value '{given}' at '{name}' failed to satisfy constraint: Member must satisfy enum \
         value set: [{set}]"
    ))
}

#[track_caller]
pub(crate) fn metadata_out_of_reach(url: &str) -> ApiError {
    invalid_parameter(format!("Error retrieving metadata from {url}"))
}

/// Of our wording, and so are the next.
#[track_caller]
pub(crate) fn provider_exists(name: &str) -> ApiError {
    ApiError::new(
        Code::DuplicateProvider,
        format!("The user pool already has an identity provider {name}."),
    )
}

#[track_caller]
pub(crate) fn provider_would_be_believed(name: &str, tag: &str) -> ApiError {
    invalid_parameter(format!(
        "The tag {tag} of the user pool names {name}: take the name off, create the identity provider, then set the tag again."
    ))
}

#[track_caller]
pub(crate) fn metadata_unfit(why: &str) -> ApiError {
    invalid_parameter(format!("The SAML metadata is not valid: {why}."))
}

#[track_caller]
pub(crate) fn provider_not_found(name: &str) -> ApiError {
    ApiError::new(
        Code::ResourceNotFound,
        format!("Identity provider {name} does not exist."),
    )
}

#[track_caller]
pub(crate) fn identifier_not_found(identifier: &str) -> ApiError {
    ApiError::new(
        Code::ResourceNotFound,
        format!("No identity provider has the identifier {identifier}."),
    )
}

#[track_caller]
pub(crate) fn identifier_taken(identifier: &str) -> ApiError {
    invalid_parameter(format!(
        "The identifier {identifier} belongs to another identity provider."
    ))
}

#[track_caller]
pub(crate) fn mapped_attribute_does_not_exist(name: &str) -> ApiError {
    invalid_parameter(format!("The mapped attribute {name} does not exist in the schema."))
}

#[track_caller]
pub(crate) fn attribute_not_to_be_mapped(name: &str) -> ApiError {
    invalid_parameter(format!("The attribute {name} cannot be mapped."))
}

#[track_caller]
pub(crate) fn username_mapped_to_another(subject: &str) -> ApiError {
    invalid_parameter(format!("The attribute username can only be mapped to {subject}."))
}
