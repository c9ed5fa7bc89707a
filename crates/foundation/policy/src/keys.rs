//! Condition keys that our services know, in the folded spelling under which they are looked up.
//! Reference: identity-pools-iam 6.1 to 6.3.

pub const CURRENT_TIME: &str = "aws:currenttime";
pub const EPOCH_TIME: &str = "aws:epochtime";
pub const SECURE_TRANSPORT: &str = "aws:securetransport";
pub const SOURCE_IP: &str = "aws:sourceip";
pub const USER_AGENT: &str = "aws:useragent";
pub const REFERER: &str = "aws:referer";
pub const REQUESTED_REGION: &str = "aws:requestedregion";
pub const PRINCIPAL_ACCOUNT: &str = "aws:principalaccount";
pub const PRINCIPAL_ARN: &str = "aws:principalarn";
pub const PRINCIPAL_TYPE: &str = "aws:principaltype";
pub const PRINCIPAL_IS_AWS_SERVICE: &str = "aws:principalisawsservice";
pub const VIA_AWS_SERVICE: &str = "aws:viaawsservice";
pub const USERID: &str = "aws:userid";
pub const USERNAME: &str = "aws:username";
/// Temporary credentials only.
pub const TOKEN_ISSUE_TIME: &str = "aws:tokenissuetime";
/// Temporary credentials only: absent, not false, for long-term keys.
pub const MULTI_FACTOR_AUTH_PRESENT: &str = "aws:multifactorauthpresent";
pub const FEDERATED_PROVIDER: &str = "aws:federatedprovider";
pub const SOURCE_IDENTITY: &str = "aws:sourceidentity";
/// What a service works for that takes a role.
pub const SOURCE_ARN: &str = "aws:sourcearn";
pub const SOURCE_ACCOUNT: &str = "aws:sourceaccount";
pub const RESOURCE_ACCOUNT: &str = "aws:resourceaccount";
/// Multivalued.
pub const TAG_KEYS: &str = "aws:tagkeys";

/// Prefixes for [`crate::Context::set_tag`].
pub const PRINCIPAL_TAG: &str = "aws:principaltag/";
pub const REQUEST_TAG: &str = "aws:requesttag/";
pub const RESOURCE_TAG: &str = "aws:resourcetag/";
/// IAM's own name for [`RESOURCE_TAG`].
pub const IAM_RESOURCE_TAG: &str = "iam:resourcetag/";

pub const STS_ROLE_SESSION_NAME: &str = "sts:rolesessionname";
pub const STS_EXTERNAL_ID: &str = "sts:externalid";
pub const STS_DURATION_SECONDS: &str = "sts:durationseconds";
pub const STS_SOURCE_IDENTITY: &str = "sts:sourceidentity";
/// Multivalued.
pub const STS_TRANSITIVE_TAG_KEYS: &str = "sts:transitivetagkeys";

pub const IAM_PASSED_TO_SERVICE: &str = "iam:passedtoservice";
pub const IAM_POLICY_ARN: &str = "iam:policyarn";
pub const IAM_PERMISSIONS_BOUNDARY: &str = "iam:permissionsboundary";
