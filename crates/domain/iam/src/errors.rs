//! Each sentence of IAM's and STS's, once. Reference: identity-pools-iam 2.4, 3.3; where those are silent the wording is
//! the one seen in public reports, or ours.

use kernel::{ApiError, Code};
use policy::ParseError;
use store::records::iam::Kind;

const fn capital(kind: Kind) -> &'static str {
    match kind {
        Kind::Role => "Role",
        Kind::User => "User",
        Kind::Group => "Group",
        Kind::Policy => "Policy",
    }
}

#[track_caller]
pub(crate) fn no_such_entity(kind: Kind, name: &str) -> ApiError {
    let kind = kind.as_str();
    ApiError::new(
        Code::NoSuchEntity,
        format!("The {kind} with name {name} cannot be found."),
    )
}

#[track_caller]
pub(crate) fn no_such_inline_policy(kind: Kind, name: &str) -> ApiError {
    let kind = kind.as_str();
    ApiError::new(
        Code::NoSuchEntity,
        format!("The {kind} policy with name {name} cannot be found."),
    )
}

#[track_caller]
pub(crate) fn no_such_policy(arn: &str) -> ApiError {
    ApiError::new(Code::NoSuchEntity, format!("Policy {arn} was not found."))
}

#[track_caller]
pub(crate) fn not_attachable(arn: &str) -> ApiError {
    ApiError::new(
        Code::NoSuchEntity,
        format!("Policy {arn} does not exist or is not attachable."),
    )
}

#[track_caller]
pub(crate) fn no_such_version(arn: &str, version: &str) -> ApiError {
    ApiError::new(
        Code::NoSuchEntity,
        format!("Policy {arn} version {version} does not exist or is not attachable."),
    )
}

#[track_caller]
pub(crate) fn no_such_boundary(arn: &str) -> ApiError {
    ApiError::new(
        Code::NoSuchEntity,
        format!("Scope ARN: {arn} does not exist or is not attachable."),
    )
}

#[track_caller]
pub(crate) fn no_boundary(kind: Kind, name: &str) -> ApiError {
    let kind = capital(kind);
    ApiError::new(
        Code::NoSuchEntity,
        format!("{kind} {name} does not have a permissions boundary."),
    )
}

#[track_caller]
pub(crate) fn no_such_access_key(id: &str) -> ApiError {
    ApiError::new(
        Code::NoSuchEntity,
        format!("The Access Key with id {id} cannot be found."),
    )
}

#[track_caller]
pub(crate) fn already_exists(kind: Kind, name: &str) -> ApiError {
    let sentence = match kind {
        Kind::Policy => format!("A policy called {name} already exists. Duplicate names are not allowed."),
        kind => format!("{} with name {name} already exists.", capital(kind)),
    };
    ApiError::new(Code::EntityAlreadyExists, sentence)
}

/// What must go before the entity can.
#[derive(Clone, Copy)]
pub(crate) enum Remains {
    AttachedPolicies,
    InlinePolicies,
    AccessKeys,
    GroupMembers,
    Groups,
}

#[track_caller]
pub(crate) fn cannot_delete(remains: Remains) -> ApiError {
    let first = match remains {
        Remains::AttachedPolicies => "detach all policies",
        Remains::InlinePolicies => "delete policies",
        Remains::AccessKeys => "delete access keys",
        Remains::GroupMembers => "remove users from group",
        Remains::Groups => "remove user from groups",
    };
    ApiError::new(
        Code::DeleteConflict,
        format!("Cannot delete entity, must {first} first."),
    )
}

#[track_caller]
pub(crate) fn policy_is_attached() -> ApiError {
    ApiError::new(Code::DeleteConflict, "Cannot delete a policy attached to entities.")
}

#[track_caller]
pub(crate) fn policy_has_versions() -> ApiError {
    ApiError::new(
        Code::DeleteConflict,
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. \
         The default version is deleted with the policy.",
    )
}

#[track_caller]
pub(crate) fn version_is_default() -> ApiError {
    ApiError::new(Code::DeleteConflict, "Cannot delete the default version of a policy.")
}

#[track_caller]
pub(crate) fn too_many_versions(most: usize) -> ApiError {
    ApiError::new(
        Code::QueryLimitExceeded,
        format!(
            "A managed policy can have up to {most} versions. Before you create a new version, you must delete an \
             existing version."
        ),
    )
}

#[track_caller]
pub(crate) fn quota(name: &str, most: usize) -> ApiError {
    ApiError::new(
        Code::QueryLimitExceeded,
        format!("Cannot exceed quota for {name}: {most}"),
    )
}

#[track_caller]
pub(crate) fn inline_policies_too_large(kind: Kind, name: &str, most: usize) -> ApiError {
    let kind = kind.as_str();
    ApiError::new(
        Code::QueryLimitExceeded,
        format!("Maximum policy size of {most} bytes exceeded for {kind} {name}"),
    )
}

/// MalformedPolicyDocument, of buckets' policies MalformedPolicy.
#[track_caller]
pub(crate) fn malformed(error: &ParseError) -> ApiError {
    ApiError::new(Code(error.code()), error.message())
}

#[track_caller]
pub(crate) fn concurrent_modification() -> ApiError {
    ApiError::new(
        Code("ConcurrentModification"),
        "The request was rejected because multiple requests to change this object were submitted simultaneously. Wait a \
         few minutes and submit your request again.",
    )
}

#[track_caller]
pub(crate) fn invalid_marker() -> ApiError {
    ApiError::new(Code::ValidationError, "Invalid Marker.")
}

const DUPLICATE_TAG_KEYS: &str = "Duplicate tag keys found. Please note that Tag keys are case insensitive.";

#[track_caller]
pub(crate) fn duplicate_tag_keys() -> ApiError {
    ApiError::new(Code::InvalidInput, DUPLICATE_TAG_KEYS)
}

/// The two blanks are AWS's.
#[track_caller]
pub(crate) fn unparsable_arn() -> ApiError {
    ApiError::new(Code::ValidationError, "Invalid ARN:  Could not be parsed!")
}

#[track_caller]
pub(crate) fn too_many_tags(most: usize) -> ApiError {
    quota("TagsPerResource", most)
}

#[track_caller]
pub(crate) fn must_name_user() -> ApiError {
    ApiError::new(
        Code::ValidationError,
        "Must specify userName when calling with non-User credentials",
    )
}

#[track_caller]
pub(crate) fn aws_managed(caller: &str, action: &str, arn: &str) -> ApiError {
    ApiError::new(
        Code::AccessDenied,
        format!("User: {caller} is not authorized to perform: {action} on resource: policy {arn}"),
    )
}

#[track_caller]
pub(crate) fn access_denied(sentence: impl Into<String>) -> ApiError {
    ApiError::new(Code::AccessDenied, sentence)
}

// STS.

#[track_caller]
pub(crate) fn not_authorized_to_assume_with_web_identity() -> ApiError {
    access_denied("Not authorized to perform sts:AssumeRoleWithWebIdentity")
}

#[track_caller]
pub(crate) fn not_authorized_to_assume(caller: &str, role: &str) -> ApiError {
    access_denied(format!(
        "User: {caller} is not authorized to perform: sts:AssumeRole on resource: {role}"
    ))
}

#[track_caller]
pub(crate) fn roots_assume_no_roles() -> ApiError {
    access_denied("Roles may not be assumed by root accounts.")
}

#[track_caller]
pub(crate) fn no_mfa() -> ApiError {
    access_denied("MultiFactorAuthentication failed with invalid MFA one time pass code.")
}

#[track_caller]
pub(crate) fn session_credentials(operation: &str) -> ApiError {
    access_denied(format!("Cannot call {operation} with session credentials"))
}

#[track_caller]
pub(crate) fn duration_exceeds_role() -> ApiError {
    ApiError::new(
        Code::ValidationError,
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    )
}

#[track_caller]
pub(crate) fn duration_exceeds_chaining() -> ApiError {
    ApiError::new(
        Code::ValidationError,
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    )
}

#[track_caller]
pub(crate) fn no_such_session_policy(arn: &str) -> ApiError {
    ApiError::new(
        Code::ValidationError,
        format!("Policy {arn} does not exist or is not attachable."),
    )
}

#[track_caller]
pub(crate) fn packed_policy_too_large(percent: usize) -> ApiError {
    ApiError::new(
        Code::PackedPolicyTooLarge,
        format!("Packed policy consumes {percent}% of allotted space, please use smaller policy."),
    )
}

#[track_caller]
pub(crate) fn too_many_session_policies(most: usize) -> ApiError {
    ApiError::new(
        Code::ValidationError,
        format!("Cannot exceed quota for PolicyArns: {most}"),
    )
}

/// What STS calls a session tag that can't be.
const INVALID_TAG: Code = Code("InvalidParameterValue");

#[track_caller]
pub(crate) fn duplicate_session_tags() -> ApiError {
    ApiError::new(INVALID_TAG, DUPLICATE_TAG_KEYS)
}

#[track_caller]
pub(crate) fn transitive_tag_conflict() -> ApiError {
    ApiError::new(
        INVALID_TAG,
        "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the \
         calling session.",
    )
}

#[track_caller]
pub(crate) fn unknown_transitive_tag() -> ApiError {
    ApiError::new(
        INVALID_TAG,
        "The specified transitive tag key must be included in the requested tags.",
    )
}

#[track_caller]
pub(crate) fn invalid_role_arn(arn: &str) -> ApiError {
    ApiError::new(Code::ValidationError, format!("{arn} is invalid"))
}

#[track_caller]
pub(crate) fn source_identity_is_set() -> ApiError {
    access_denied("The source identity of the calling session cannot be changed.")
}

#[track_caller]
pub(crate) fn provided_contexts() -> ApiError {
    ApiError::new(Code::ValidationError, "ProvidedContexts are not supported.")
}

#[track_caller]
pub(crate) fn unknown_key_id() -> ApiError {
    ApiError::new(Code::ValidationError, "Invalid Access Key ID")
}

#[track_caller]
pub(crate) fn not_a_jwt() -> ApiError {
    ApiError::new(
        Code::InvalidIdentityToken,
        "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
    )
}

#[track_caller]
pub(crate) fn no_provider(issuer: &str) -> ApiError {
    ApiError::new(
        Code::InvalidIdentityToken,
        format!("No OpenIDConnect provider found in your account for {issuer}"),
    )
}

#[track_caller]
pub(crate) fn no_verification_key() -> ApiError {
    ApiError::new(
        Code::InvalidIdentityToken,
        "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity \
         documentation for requirements",
    )
}

/// Both in seconds since 1970.
#[track_caller]
pub(crate) fn token_expired(now: i64, expired: i64) -> ApiError {
    ApiError::new(
        Code::ExpiredTokenException,
        format!("Token expired: current date/time {now} must be before the expiration date/time {expired}"),
    )
}

#[track_caller]
pub(crate) fn incorrect_audience() -> ApiError {
    ApiError::new(Code::InvalidIdentityToken, "Incorrect token audience")
}
