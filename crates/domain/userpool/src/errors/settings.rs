//! Sentences about settings of pools and app clients. Reference: user-pools 2, 3. Those that the reference lacks are
//! worded here in AWS's manner.

use std::fmt;

use api::cognito_idp::{AttributeDataType, UserPoolTierType};
use kernel::{ApiError, Code};

use super::invalid_parameter;

kernel::sentences! {
    // Pools (2.6, 2.8).
    alias_and_username_attributes => InvalidParameter,
        "Only one of the aliasAttributes or usernameAttributes can be set in an user pool.";
    preferred_username_required => InvalidParameter,
        "preferred_username cannot be both a required attribute and an alias.";
    two_validities_of_temporary_passwords => InvalidParameter,
        "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays";
    sms_configuration_for_mfa => InvalidParameter,
        "SMS configuration and Auto verification for phone_number are required when MFA is required/optional";
    // SetUserPoolMfaConfig (6.1).
    mfa_without_factor => InvalidParameter,
        "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration.";
    factor_without_mfa => InvalidParameter,
        "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.";
    sms_mfa_must_stay => InvalidParameter, "Can't turn off SMS_MFA when SMS configuration is set for the user pool";
    email_mfa_without_sender => InvalidParameter,
        "Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount of COGNITO_DEFAULT.";
    /// Of our wording.
    email_mfa_with_email_recovery => InvalidParameter,
        "Cannot set EmailMfaConfiguration when verified_email is the only account recovery mechanism of the user pool.";
    sms_configuration_for_verification => InvalidParameter,
        "SMS configuration is required when phone_number is selected for auto verification";
    sms_role_untrusting => InvalidSmsRoleTrustRelationship,
        "Role does not have a trust relationship allowing Cognito to assume the role";
    sms_role_powerless => InvalidSmsRoleAccessPolicy, "Role does not have permission to publish with SNS";
    two_sms_senders => InvalidParameter, "SmsConfiguration cannot have both SnsCallerArn and EumsSms.";
    password_must_be_a_first_factor => InvalidParameter,
        "Password should be configured as one of the allowed first auth factors.";
    email_source_missing => InvalidParameter, "Source ARN is required to use DEVELOPER email sending owner";
    email_source_forbidden => InvalidParameter, "Cognito is not allowed to use your email identity";
    email_sender_invalid => InvalidParameter, "Provided From email address is invalid";
    /// The three stand there whatever the pool's Region.
    email_source_region => InvalidParameter,
        "Provided SourceArn must be in one of the following SES regions: eu-west-1, us-east-1, us-west-2.";
    /// Of our wording, and so is the next.
    sender_without_key => InvalidParameter, "KMSKeyID is required when CustomEmailSender or CustomSMSSender is set.";
    two_pre_token_functions => InvalidParameter,
        "PreTokenGeneration and PreTokenGenerationConfig must name the same Lambda function.";
    trigger_in_another_region => InvalidParameter, "Cross-region lambda functions are not supported";
    update_without_verification => InvalidParameter,
        "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes";
    admin_only_recovery_with_others => InvalidParameter,
        "Account Recovery Setting cannot use admin_only setting with any other recovery mechanisms.";
    repeated_recovery_mechanisms => InvalidParameter,
        "Account Recovery Setting cannot repeat a recovery mechanism or a priority.";
    /// Both measured on the live service.
    passkey_as_one_factor => InvalidParameter,
        "Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and WebAuthn is an allowed first auth factor";
    passkey_not_configured_for_mfa => InvalidParameter,
        "WEB_AUTHN cannot be used as an auth factor when MFA is enabled if not configured for MFA.";
    kms_key_missing => InvalidParameter, "KmsKeyArn is required when KeyType is CUSTOMER_MANAGED_KEY.";
    acr_values_not_unique => InvalidParameter, "ACR values must be unique.";
    // Attributes (2.3, 2.4).
    required_custom_attribute => InvalidParameter, "Required custom attributes are not supported currently.";
    attribute_data_type_missing => InvalidParameter,
        "Invalid AttributeDataType input, consider using the provided AttributeDataType enum.";
    too_many_custom_attributes => InvalidParameter, "A user pool cannot have more than 50 custom attributes.";
    // App clients (3.1, 3.4 to 3.7).
    two_sources_of_a_secret => InvalidParameter, "ClientSecret cannot be given when GenerateSecret is true.";
    /// AddUserPoolClientSecret and its like: these sentences are ours.
    secret_of_public_client => InvalidParameter,
        "A client secret cannot be added to a user pool client that was created without one.";
    /// Of clients by themselves: told by the registration endpoint, in its own words.
    too_many_registrations => LimitExceeded, "Too many clients have registered themselves in the last hour.";
    /// Of devices that wait to be allowed: the same.
    too_many_devices => TooManyRequests, "Too many devices of the client wait to be allowed.";
    too_many_client_secrets => LimitExceeded, "A user pool client cannot have more than 2 client secrets.";
    client_secret_exists => InvalidParameter, "The user pool client already has this client secret.";
    last_client_secret => InvalidParameter, "The last client secret of a user pool client cannot be deleted.";
    token_validity_out_of_range => InvalidParameter, "Invalid range for token validity.";
    mixed_auth_flows => InvalidParameter,
        "Legacy auth flows cannot be mixed with auth flows that begin with ALLOW_.";
    /// Of our wording, and so is the next (3.4).
    client_token_flow_with_others => InvalidParameter,
        "ALLOW_CLIENT_TOKEN_AUTH cannot be combined with other auth flows.";
    client_token_flow_without_secret => InvalidParameter,
        "ALLOW_CLIENT_TOKEN_AUTH requires a client with a client secret.";
    srp_forbidden => InvalidParameter,
        "ALLOW_USER_SRP_AUTH is not available in a user pool with the tag poolhouse:password-store=argon2id.";
    refresh_flow_with_rotation => InvalidParameter,
        "ALLOW_REFRESH_TOKEN_AUTH is not a permitted ExplicitAuthFlow when refresh token rotation is enabled";
    context_data_without_secret => InvalidParameter,
        "EnablePropagateAdditionalUserContextData requires a client with a client secret.";
    invalid_read_attributes => InvalidParameter, "Invalid read attributes specified while creating a client";
    invalid_write_attributes => InvalidParameter, "Invalid write attributes specified while creating a client";
    oauth_flows_and_scopes_required => InvalidParameter,
        "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.";
    client_credentials_with_others => InvalidOAuthFlow,
        "client_credentials flow can not be selected along with code flow or implicit flow.";
    client_credentials_without_secret => InvalidOAuthFlow,
        "client_credentials flow can not be selected if client does not have a client secret.";
    callbacks_missing => InvalidOAuthFlow,
        "CallbackUrls can not be empty when code flow or implicit flow is selected";
    invalid_analytics => InvalidParameter,
        "Invalid analytics configuration given, either <application arn> or <application id, role arn, external id> are valid";
    // Tags (14.7); more below.
    pinned_pool_id_malformed => UserPoolTagging,
        "The tag _custom_id_ must be a user pool id: a Region, an underscore, letters and digits.";
    pinned_client_id_malformed => InvalidParameter,
        "The tag _custom_id_:<ClientName> must be an app client id of 1 to 128 letters, digits, '_' and '+'.";
    // Groups (9).
    role_of_another_account => InvalidParameter, "Cross-account pass role is not allowed.";
    // The tag operations (14.7).
    invalid_resource_arn => InvalidParameter, "Invalid ResourceArn: it does not name a user pool.";
}

/// `name` as users carry the attribute: `custom:tier`. Reference: 2.4.
#[track_caller]
pub(crate) fn existing_attribute(name: &str) -> ApiError {
    invalid_parameter(format!("{name}: Existing attribute already has name {name}."))
}

#[track_caller]
pub(crate) fn standard_attribute_fixed(name: &str) -> ApiError {
    invalid_parameter(format!(
        "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute {name}"
    ))
}

/// `short` as it was given, without `custom:`. The marks of AWS's grammar are AWS's. Reference: 2.4.
#[track_caller]
pub(crate) fn developer_attribute_name(short: &str, data_type: AttributeDataType) -> ApiError {
    let data_type = data_type.as_str().to_ascii_uppercase();
    invalid_parameter(format!(
        "Entity Type: USER, Message: AttributeName: Admin.custom:{short}, DataType: {data_type}, Error: Attribute names \
         MUST conform to the following rules: _|ALPHA *(nameChar) and nameChar is \"$\" / \"-\" / \"_\" /DIGIT / ALPHA"
    ))
}

/// `kind` is `String` or `Number`.
#[track_caller]
pub(crate) fn invalid_constraints(kind: &str, name: &str) -> ApiError {
    invalid_parameter(format!(
        "Invalid {kind}AttributeConstraints for schema attribute {name}"
    ))
}

#[track_caller]
pub(crate) fn attribute_too_long(name: &str) -> ApiError {
    invalid_parameter(format!(
        "user.{name}: String attributes cannot have a length of more than 2048"
    ))
}

/// The grammar is AWS's.
#[track_caller]
pub(crate) fn lengths_crossed(name: &str) -> ApiError {
    invalid_parameter(format!(
        "Attribute {name} cannot have a max length shorter than it's min length"
    ))
}

/// The grammar is AWS's.
#[track_caller]
pub(crate) fn values_crossed(name: &str) -> ApiError {
    invalid_parameter(format!(
        "Attribute {name} cannot have a max value smaller than it's min value"
    ))
}

/// Within the schema of one CreateUserPool. Reference: 2.4.
#[track_caller]
pub(crate) fn custom_attribute_twice(name: &str) -> ApiError {
    invalid_parameter(format!(
        "Duplicate custom attribute names {name} are not allowed in a user pool schema."
    ))
}

/// A member of the pool that its plan lacks. Reference: 2.6.
#[track_caller]
pub(crate) fn feature_to_disable(tier: UserPoolTierType, feature: &str) -> ApiError {
    ApiError::new(
        Code::FeatureUnavailableInTier,
        format!(
            "The following features need to be disabled for the {} pricing tier configured: {feature}",
            tier.as_str()
        ),
    )
}

/// Another operation that the pool's plan lacks. Reference: 2.6.
#[track_caller]
pub(crate) fn feature_not_available(tier: UserPoolTierType, feature: &str) -> ApiError {
    ApiError::new(
        Code::FeatureUnavailableInTier,
        format!(
            "The following feature is not available for the {} pricing tier configured: {feature}",
            tier.as_str()
        ),
    )
}

/// Of our wording. Reference: 7.1.
#[track_caller]
pub(crate) fn invalid_relying_party(id: &str) -> ApiError {
    invalid_parameter(format!("{id} is not a valid relying party ID."))
}

#[track_caller]
pub(crate) fn pool_id_taken(id: &str) -> ApiError {
    invalid_parameter(format!("User pool {id} already exists."))
}

#[track_caller]
pub(crate) fn client_id_taken(id: &str) -> ApiError {
    invalid_parameter(format!("User pool client {id} already exists."))
}

#[track_caller]
pub(crate) fn client_secret_does_not_exist(id: &str) -> ApiError {
    ApiError::new(Code::ResourceNotFound, format!("Client secret {id} does not exist."))
}

#[track_caller]
pub(crate) fn provider_does_not_exist(provider: &str, pool: &str) -> ApiError {
    invalid_parameter(format!("The provider {provider} does not exist for User Pool {pool}."))
}

#[track_caller]
pub(crate) fn default_redirect_not_listed(url: &str) -> ApiError {
    invalid_parameter(format!(
        "The default redirect URI {url} is not in the callback URIs list."
    ))
}

#[track_caller]
pub(crate) fn scope_without_user(scope: &str) -> ApiError {
    ApiError::new(
        Code::InvalidOAuthFlow,
        format!("{scope} is not supported with client_credentials flow"),
    )
}

#[track_caller]
pub(crate) fn scope_does_not_exist(scope: &str) -> ApiError {
    ApiError::new(Code::ScopeDoesNotExist, format!("Invalid scope requested: {scope}"))
}

/// `rule` completes a sentence that begins with the address. Reference: 3.7.
#[track_caller]
pub(crate) fn invalid_redirect(url: &str, rule: &str) -> ApiError {
    invalid_parameter(format!("{url} {rule}"))
}

/// Why a pool can't have its tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BadTags {
    TooMany,
    Reserved,
    /// One of ours that nobody reads.
    Unknown(String),
    PasswordStore,
    PasskeyOrigins,
    /// It should be of a client.
    NoClient(String),
    Value {
        key: String,
        may_be: String,
    },
    IssuerMalformed,
    IssuerOfRequests,
    IssuerTaken,
}

/// Which call brings tags: TagResource is not modelled to answer UserPoolTaggingException.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TagsBy {
    Settings,
    TagResource,
}

impl BadTags {
    #[track_caller]
    pub fn told(&self, by: TagsBy) -> ApiError {
        let code = match by {
            TagsBy::Settings => Code::UserPoolTagging,
            TagsBy::TagResource => Code::InvalidParameter,
        };
        ApiError::new(code, self.to_string())
    }
}

impl fmt::Display for BadTags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooMany => "A resource cannot have more than 50 tags.",
            Self::Reserved => "Tag keys that begin with aws: are reserved.",
            Self::Unknown(key) => return write!(f, "The tag {key} is unknown."),
            Self::PasswordStore => "The tag poolhouse:password-store must be argon2id.",
            Self::Value { key, may_be } => return write!(f, "The tag {key} must be {may_be}."),
            Self::PasskeyOrigins => "The tag poolhouse:webauthn-origins must list origins, separated by blanks.",
            Self::NoClient(key) => {
                return write!(f, "The tag {key} must end in the id of an app client of the user pool.");
            }
            Self::IssuerMalformed => {
                "The tag poolhouse:issuer must be public, aws, aws-updated, or a text without spaces that does not end in another user pool's id."
            }
            Self::IssuerOfRequests => "The tag poolhouse:issuer cannot be request on this server.",
            Self::IssuerTaken => "The tag poolhouse:issuer names an issuer that another user pool has.",
        })
    }
}
