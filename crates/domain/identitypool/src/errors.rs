//! Every sentence that identity pools answer with, once. Clients show these and match on them. Reference:
//! identity-pools-iam 1.16; those that it doesn't know are marked (U) here.

use kernel::{AccountId, ApiError, Code, IdentityId, IdentityPoolId};

const EXTERNAL_SERVICE: Code = Code("ExternalServiceException");

kernel::sentences! {
    // Guests and logins (1.6, 1.7).
    guests_not_supported => NotAuthorized, "Unauthenticated access is not supported for this identity pool.";
    logins_do_not_match => NotAuthorized,
        "Logins don't match. Please include at least one valid login for this identity or identity pool.";
    client_not_supported => NotAuthorized, "Token is not from a supported provider of this identity pool.";
    not_an_openid_token => NotAuthorized, "Invalid login token. Not a valid OpenId Connect identity token.";
    audience_missing => NotAuthorized, "Invalid login token. Missing a required claim: aud";
    issuer_is_not_provider => NotAuthorized, "Invalid login token. Issuer doesn't match providerName";
    signature_not_verified => NotAuthorized, "Invalid login token. Couldn't verify signed token.";
    not_a_cognito_token => NotAuthorized, "Invalid login token. Not a Cognito token.";
    /// (U)
    token_revoked => NotAuthorized, "Invalid login token. Token is revoked";
    not_a_public_provider => InvalidParameter, "Please provide a valid public provider";
    // Linking (1.11).
    /// (U)
    login_linked_elsewhere => ResourceConflict, "Login is already linked to another account.";
    /// (U)
    too_many_logins => ResourceConflict, "An identity can have at most 20 logins.";
    // Roles (1.8, 1.9).
    no_role => InvalidIdentityPoolConfiguration,
        "Invalid identity pool configuration. Check assigned IAM roles for this pool.";
    role_mapping_denies => NotAuthorized, "The ambiguous role mapping rules denied this request.";
    // Classic flow (1.10).
    classic_flow_off => InvalidParameter, "Basic (classic) flow is not enabled, please use enhanced flow.";
    classic_flow_with_mappings => InvalidParameter,
        "Basic (classic) flow is not supported with RoleMappings, please use enhanced flow.";
    // Settings (1.4, 1.9).
    invalid_user_pool_provider => InvalidParameter, "Invalid Cognito Identity Provider";
    too_many_rules => InvalidParameter, "The number of rules in the request exceeded 25.";
    // Settings (1.4, 1.14). All (U).
    developer_provider_fixed => InvalidParameter, "DeveloperProviderName can not be changed once it is set.";
    pinned_id_malformed => InvalidParameter,
        "The tag _custom_id_ must be an identity pool id: a Region, a colon, lower-case hexadecimal digits and '-'.";
    changed_meanwhile => ConcurrentModification, "The resource was modified by another request; try again.";
    invalid_next_token => InvalidParameter, "Invalid NextToken.";
    not_a_pool_arn => InvalidParameter, "ResourceArn must be the ARN of an identity pool.";
    too_many_tags => InvalidParameter, "An identity pool can have at most 50 tags.";
    reserved_tag => InvalidParameter, "Tag keys that begin with aws: are reserved.";
    principal_tags_too_long => InvalidParameter, "PrincipalTags can have at most 460 bytes.";
}

#[track_caller]
pub(crate) fn pool_not_found(id: &IdentityPoolId) -> ApiError {
    ApiError::new(Code::ResourceNotFound, format!("IdentityPool '{id}' not found."))
}

#[track_caller]
pub(crate) fn identity_not_found(id: &IdentityId) -> ApiError {
    ApiError::new(Code::ResourceNotFound, format!("Identity '{id}' not found."))
}

#[track_caller]
pub(crate) fn access_to_identity_forbidden(id: &IdentityId) -> ApiError {
    ApiError::new(Code::NotAuthorized, format!("Access to Identity '{id}' is forbidden."))
}

/// PassRole, and a CustomRoleArn that no mapping gives (U).
#[track_caller]
pub(crate) fn access_to_role_forbidden(arn: &str) -> ApiError {
    ApiError::new(Code::NotAuthorized, format!("Access to Role '{arn}' is forbidden."))
}

#[track_caller]
pub(crate) fn no_providers_configured(id: &IdentityPoolId) -> ApiError {
    ApiError::new(
        Code::NotAuthorized,
        format!("Identity pool - {id} does not have identity providers configured."),
    )
}

/// Both in seconds since the epoch.
#[track_caller]
pub(crate) fn token_expired(now: i64, expires_at: i64) -> ApiError {
    ApiError::new(
        Code::NotAuthorized,
        format!("Invalid login token. Token expired: {now} >= {expires_at}"),
    )
}

/// A provider that is configured and whose tokens can't be verified here. (U)
#[track_caller]
pub(crate) fn provider_not_reachable(provider: &str) -> ApiError {
    ApiError::new(
        EXTERNAL_SERVICE,
        format!("The identity provider '{provider}' could not be reached to verify the login."),
    )
}

/// (U)
#[track_caller]
pub(crate) fn pool_exists(id: &IdentityPoolId) -> ApiError {
    ApiError::new(Code::ResourceConflict, format!("IdentityPool '{id}' already exists."))
}

/// (U)
#[track_caller]
pub(crate) fn mapping_incomplete(provider: &str, member: &str) -> ApiError {
    ApiError::new(
        Code::InvalidParameter,
        format!("The role mapping of '{provider}' needs {member}."),
    )
}

/// The parentheses are AWS's.
#[track_caller]
pub(crate) fn mapping_of_unknown_provider(key: &str) -> ApiError {
    ApiError::new(
        Code::InvalidParameter,
        format!("({key}) is not a valid RoleMapping ProviderName or is not a configured provider."),
    )
}

/// (U)
#[track_caller]
pub(crate) fn token_mapping_with_rules(provider: &str) -> ApiError {
    ApiError::new(
        Code::InvalidParameter,
        format!("The role mapping of '{provider}' is of type Token and can have no RulesConfiguration."),
    )
}

#[track_caller]
pub(crate) fn provider_of_another_account(arn: &str, account: &AccountId) -> ApiError {
    ApiError::new(
        Code::InvalidParameter,
        format!("Identity provider {arn} is not valid for account {account}"),
    )
}
