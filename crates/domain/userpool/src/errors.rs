//! Every sentence that user pools answer with, once. Clients show these and match on them. Reference: user-pools 4, 5, 18.

use kernel::{ApiError, Code};
use store::records::{factor::Factor, status::Status};

pub(crate) mod branding;
pub(crate) mod exchange;
pub(crate) mod external;
pub(crate) mod hosted;
pub(crate) mod linking;
pub(crate) mod nonconforming;
pub(crate) mod passkeys;
pub(crate) mod providers;
pub(crate) mod settings;
pub(crate) mod triggers;

pub(crate) use nonconforming::{attributes_required, nonconforming_attributes, nonconforming_unknown};

kernel::sentences! {
    // Sign-in (5.2, 5.6, 5.10).
    incorrect_username_or_password => NotAuthorized, "Incorrect username or password.";
    password_attempts_exceeded => NotAuthorized, "Password attempts exceeded";
    user_is_disabled => NotAuthorized, "User is disabled.";
    user_is_not_confirmed => UserNotConfirmed, "User is not confirmed.";
    password_reset_required => PasswordResetRequired, "Password reset required for the user";
    temporary_password_expired => NotAuthorized, "Temporary password has expired and must be reset by an administrator.";
    invalid_session => NotAuthorized, "Invalid session for the user.";
    /// Of CUSTOM_AUTH (5.9).
    invalid_session_provided => NotAuthorized, "Invalid session provided for the user.";
    session_expired => NotAuthorized, "Invalid session for the user, session is expired.";
    session_used => NotAuthorized, "Invalid session for the user, session can only be used once.";
    initiate_auth_method_not_supported => InvalidParameter, "Initiate Auth method not supported.";
    password_flow_not_enabled => InvalidParameter, "USER_PASSWORD_AUTH flow not enabled for this client";
    admin_flow_not_enabled => InvalidParameter, "Auth flow not enabled for this client";
    srp_not_enabled => InvalidParameter, "USER_SRP_AUTH is not enabled for the client.";
    srp_forbidden_by_pool => InvalidParameter,
        "USER_SRP_AUTH is not available in a user pool with the tag poolhouse:password-store=argon2id.";
    srp_a_not_valid => InvalidParameter, "SRP_A is not a valid SRP public value.";
    custom_auth_not_configured => InvalidParameter,
        "Custom auth lambda trigger is not configured for the user pool.";
    sign_in_code_mismatch => CodeMismatch, "Invalid code or auth state for the user.";
    totp_mismatch => CodeMismatch, "Invalid code received for user";
    software_token_used => ExpiredCode, "Your software token has already been used once.";
    /// The sentence is unconfirmed.
    no_second_factor_deliverable => MFAMethodNotFound, "No MFA mechanism is registered or deliverable for the user.";
    /// The sentence is unconfirmed.
    software_token_not_found => SoftwareTokenMFANotFound, "Software Token MFA not enabled by the user.";
    /// The sentence is unconfirmed.
    too_many_codes => TooManyRequests, "Too many requests";
    // Step-up (15.1): the sentences are unconfirmed.
    no_known_acr_value => InvalidParameter, "None of the values in TARGET_ACR_VALUES is known.";
    acr_out_of_reach => InvalidParameter, "The user can't reach any of the requested acr values.";
    access_token_without_acr => InvalidParameter, "ACCESS_TOKEN requires TARGET_ACR_VALUES.";
    max_age_not_valid => InvalidParameter, "MAX_AGE must be a number of seconds.";
    challenge_not_available => InvalidParameter, "The requested challenge is not available for this user.";
    refresh_by_rotation_only => InvalidParameter,
        "Refresh token rotation is enabled for the client: use GetTokensFromRefreshToken.";
    /// The text of an unknown DEVICE_KEY; the JavaScript client retries without it on the word "device" (5.3).
    device_does_not_exist => ResourceNotFound, "Device does not exist.";
    // Users.
    user_does_not_exist => UserNotFound, "User does not exist.";
    username_client_combination_not_found => UserNotFound, "Username/client id combination not found.";
    user_already_exists => UsernameExists, "User already exists";
    user_account_already_exists => UsernameExists, "User account already exists";
    sign_up_not_permitted => NotAuthorized, "SignUp is not permitted for this user pool";
    unauthorized_attribute_write => NotAuthorized, "A client attempted to write unauthorized attribute";
    username_should_be_an_email => InvalidParameter, "Username should be an email.";
    username_should_be_a_phone_number => InvalidParameter, "Username should be a phone number.";
    username_should_be_either => InvalidParameter, "Username should be either an email or a phone number.";
    username_of_email_format => InvalidParameter,
        "Username cannot be of email format, since user pool is configured for email alias.";
    username_of_phone_format => InvalidParameter,
        "Username cannot be of phone number format, since user pool is configured for phone number alias.";
    invalid_email_format => InvalidParameter, "Invalid email address format.";
    invalid_phone_format => InvalidParameter, "Invalid phone number format.";
    user_is_already_confirmed => InvalidParameter, "User is already confirmed.";
    resend_without_auto_verification => InvalidParameter, "Cannot resend codes. Auto verification not turned on.";
    /// Of our wording: the reference has none (2.8).
    preferred_username_at_sign_up => InvalidParameter,
        "preferred_username cannot be set before the user is confirmed, since it is an alias of the user pool.";
    attribute_cannot_be_verified => InvalidParameter,
        "Invalid attribute name. Only phone_number and email can be verified.";
    /// A name that the schema has for developers only. Reference: 4.3.
    attribute_for_developers => InvalidParameter,
        "Attributes did not conform to the schema: User: The attribute User is not defined in schema.";
    // Codes.
    code_mismatch => CodeMismatch, "Invalid verification code provided, please try again.";
    code_expired => ExpiredCode, "Invalid code provided, please request a code again.";
    attempt_limit_exceeded => LimitExceeded, "Attempt limit exceeded, please try after some time.";
    /// A text message. Reference: 4.3.
    no_sms_configuration => InvalidParameter,
        "Unable to send the message. User pool does not have SMS configuration to send messages.";
    // Second factors (6).
    software_token_not_offered => SoftwareTokenMFANotFound, "Software Token MFA has not been enabled by the userPool";
    software_token_not_set_up => InvalidParameter, "User has not set up software token mfa";
    software_token_not_verified => InvalidParameter, "User has not verified software token mfa";
    software_token_code_mismatch => EnableSoftwareTokenMFA, "Code mismatch and fail enable Software Token MFA";
    /// VerifySoftwareToken, whose model has no LimitExceeded.
    too_many_guesses => TooManyRequests, "Attempt limit exceeded, please try after some time.";
    /// This and what follows are of our wording.
    several_preferred_factors => InvalidParameter, "Only one MFA method can be preferred.";
    preferred_factor_not_enabled => InvalidParameter, "An MFA method must be enabled to be preferred.";
    required_factor => InvalidParameter, "An MFA method cannot be turned off in a user pool that requires MFA.";
    passkey_needs_another_factor => InvalidParameter,
        "WebAuthn MFA requires another enabled MFA method and MULTI_FACTOR_WITH_USER_VERIFICATION in the user pool.";
    mfa_option_not_supported => InvalidParameter, "MFAOptions can only have SMS with phone_number.";
    // Passwords.
    password_in_history => PasswordHistoryPolicyViolation, "Password has previously been used";
    contact_administrator => NotAuthorized, "Contact administrator to reset password.";
    cannot_reset_in_current_state => NotAuthorized, "User password cannot be reset in the current state.";
    no_verified_recovery => InvalidParameter,
        "Cannot reset password for the user as there is no registered/verified email or phone_number";
    // Tokens.
    invalid_access_token => NotAuthorized, "Invalid Access Token";
    access_token_expired => NotAuthorized, "Access Token has expired";
    access_token_revoked => NotAuthorized, "Access Token has been revoked";
    access_token_lacks_scopes => NotAuthorized, "Access Token does not have required scopes";
    access_token_signature => NotAuthorized, "Could not verify signature for Access Token";
    invalid_refresh_token => NotAuthorized, "Invalid Refresh Token";
    /// The same of GetTokensFromRefreshToken. Reference: 5.7.
    invalid_refresh_token_to_rotate => NotAuthorized, "Invalid Refresh Token.";
    refresh_token_revoked => NotAuthorized, "Refresh Token has been revoked";
    refresh_token_expired => NotAuthorized, "Refresh Token has expired";
    refresh_token_reused => RefreshTokenReuse, "Refresh Token has been reused";
    /// RevokeToken: the client, its secret, or whose token it is (8.6).
    client_not_authorized => Unauthorized, "Unauthorized client.";
    token_type_not_supported => UnsupportedTokenType, "Only refresh tokens can be revoked.";
    revocation_not_enabled => UnsupportedOperation, "Token revocation is not enabled for the client.";
    // Devices (10). Amplify reads InvalidParameter of these calls as tracking that is off.
    device_tracking_off => InvalidParameter, "Device tracking is not configured for the user pool.";
    device_key_exists => DeviceKeyExists, "Device already exists.";
    /// Of our wording: the reference has none.
    device_verifier_not_valid => InvalidParameter, "DeviceSecretVerifierConfig is not a valid salt and verifier.";
    /// AdminGetDevice and AdminListDevices have no UserNotFound (their model).
    user_of_devices_does_not_exist => ResourceNotFound, "User does not exist.";
    // Sessions (15.2). Of our wording: the reference has none.
    session_tracking_off => InvalidParameter, "User session tracking is not enabled for the user pool.";
    session_does_not_exist => ResourceNotFound, "Session does not exist.";
    current_session => InvalidParameter, "The session of the access token cannot be revoked.";
    // Groups.
    group_exists => GroupExists, "A group with the name already exists.";
    /// Of our wording: the reference has the limit and no sentence (9), the model no LimitExceeded for the operation.
    too_many_groups => InvalidParameter, "A user cannot be in more than 100 groups.";
    group_not_found => ResourceNotFound, "Group not found.";
    // Pools.
    deletion_protected => InvalidParameter,
        "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.";
    changed_meanwhile => ConcurrentModification, "The resource was modified by another request; try again.";
    // Lists.
    invalid_pagination_token => InvalidParameter, "Invalid pagination token given.";
    requested_attributes_do_not_exist => InvalidParameter, "One or more requested attributes do not exist.";
    filter_not_understood => InvalidParameter, "Error while parsing filter.";
    filter_attribute_not_searchable => InvalidParameter, "Input fails to satisfy the constraints.";
}

/// In a call whose model has no LimitExceeded.
pub(crate) fn without_limit_exceeded(error: ApiError) -> ApiError {
    match error.code() {
        Code::LimitExceeded => ApiError::new(Code::TooManyRequests, error.message()),
        _ => error,
    }
}

#[track_caller]
pub(crate) fn invalid_parameter(text: impl Into<String>) -> ApiError {
    ApiError::new(Code::InvalidParameter, text)
}

#[track_caller]
pub(crate) fn pool_does_not_exist(pool: &str) -> ApiError {
    ApiError::new(Code::ResourceNotFound, format!("User pool {pool} does not exist."))
}

#[track_caller]
pub(crate) fn client_does_not_exist(client: &str) -> ApiError {
    ApiError::new(
        Code::ResourceNotFound,
        format!("User pool client {client} does not exist."),
    )
}

#[track_caller]
pub(crate) fn missing_parameter(name: &str) -> ApiError {
    ApiError::new(Code::InvalidParameter, format!("Missing required parameter {name}"))
}

/// `flow` as `AuthFlowType` spells it. Reference: 3.4.
#[track_caller]
pub(crate) fn flow_not_enabled(flow: &str) -> ApiError {
    ApiError::new(Code::InvalidParameter, format!("{flow} is not enabled for the client."))
}

/// GetTokensFromRefreshToken, which takes the secret itself.
#[track_caller]
pub(crate) fn client_secret_wrong(client: &str) -> ApiError {
    ApiError::new(
        Code::NotAuthorized,
        format!("Unable to verify the client secret for client {client}"),
    )
}

#[track_caller]
pub(crate) fn secret_hash_missing(client: &str) -> ApiError {
    ApiError::new(
        Code::NotAuthorized,
        format!("Client {client} is configured with secret but SECRET_HASH was not received"),
    )
}

#[track_caller]
pub(crate) fn secret_hash_wrong(client: &str) -> ApiError {
    ApiError::new(
        Code::NotAuthorized,
        format!("Unable to verify secret hash for client {client}"),
    )
}

/// Reference: user-pools 4.4.
#[track_caller]
pub(crate) fn cannot_be_confirmed(status: Status) -> ApiError {
    ApiError::new(
        Code::NotAuthorized,
        format!("User cannot be confirmed. Current status is {status}"),
    )
}

/// `attribute` is `email` or `phone_number`. SignUp, AdminCreateUser in username-attribute pools. Reference: 4.3, 4.5.
#[track_caller]
pub(crate) fn account_with_given(attribute: &str) -> ApiError {
    ApiError::new(
        Code::UsernameExists,
        format!("An account with the given {attribute} already exists."),
    )
}

/// A changed attribute of a username-attribute pool. Reference: 4.8.
#[track_caller]
pub(crate) fn alias_with_given(attribute: &str) -> ApiError {
    ApiError::new(
        Code::AliasExists,
        format!("An account with the given {attribute} already exists."),
    )
}

/// Confirmation or verification in alias pools. Reference: 4.4.
#[track_caller]
pub(crate) fn alias_exists(attribute: &str) -> ApiError {
    ApiError::new(
        Code::AliasExists,
        format!("An account with the {attribute} already exists."),
    )
}

/// Updates that break the schema: clauses `<name>: <rule>`. Reference: 4.8.
#[track_caller]
pub(crate) fn nonconforming_update(clauses: &[String]) -> ApiError {
    invalid_parameter(ended("user.", clauses))
}

/// `sub` for everybody, the verified flags in the answer to NEW_PASSWORD_REQUIRED. Reference: 4.8, 5.5.
#[track_caller]
pub(crate) fn attribute_not_mutable(name: &str) -> ApiError {
    invalid_parameter(format!("Cannot modify the non-mutable attribute {name}"))
}

/// Reference: 4.8.
#[track_caller]
pub(crate) fn attribute_value_null(name: &str) -> ApiError {
    invalid_parameter(format!("Attribute value for {name} must not be null"))
}

/// Required attributes that a user has; several of them are named a line each, which the reference leaves open. Reference:
/// 4.8.
#[track_caller]
pub(crate) fn cannot_delete_required(names: &[&str]) -> ApiError {
    let text = lines("", names, "Required attribute cannot be deleted.");
    invalid_parameter(format!("Invalid user attributes: {}", text.trim_end()))
}

/// `attribute` is what the username stands for, and was given as something else. The sentence is known of email alone,
/// from one report.
#[track_caller]
pub(crate) fn attribute_is_the_username(attribute: &str) -> ApiError {
    invalid_parameter(format!(
        "User {attribute} should be empty or same as username since username attribute is {attribute}"
    ))
}

/// Reference: 2.4, 4.8.
#[track_caller]
pub(crate) fn attributes_cannot_be_updated(names: &[&str]) -> ApiError {
    invalid_parameter(lines("user.", names, "Attribute cannot be updated."))
}

/// An update of attributes that the pool lacks. Reference: 4.8.
#[track_caller]
pub(crate) fn attributes_not_in_schema(names: &[&str]) -> ApiError {
    invalid_parameter(lines("user.", names, NOT_IN_SCHEMA))
}

/// DeleteUserAttributes and its Admin twin. Reference: 4.8.
#[track_caller]
pub(crate) fn cannot_delete_unknown(names: &[&str]) -> ApiError {
    invalid_parameter(format!(
        "Invalid user attributes: {}",
        lines("user.", names, NOT_IN_SCHEMA)
    ))
}

const NOT_IN_SCHEMA: &str = "Attribute does not exist in the schema.";

fn lines(before: &str, names: &[&str], text: &str) -> String {
    names
        .iter()
        .flat_map(|name| [before, *name, ": ", text, "\n"])
        .collect()
}

fn ended(before: &str, clauses: &[String]) -> String {
    clauses.iter().flat_map(|clause| [before, clause, "\n"]).collect()
}

/// A verified flag for an address that the user does not have. Of our wording: the reference has none.
#[track_caller]
pub(crate) fn verified_without_value(attribute: &str) -> ApiError {
    invalid_parameter(format!("{attribute} is required to set {attribute}_verified to true."))
}

/// A code or an invitation for an attribute that the user does not have. Of our wording (4.5, 4.8).
#[track_caller]
pub(crate) fn user_has_no(attribute: &str) -> ApiError {
    invalid_parameter(format!("User has no {attribute} attribute to send a message to."))
}

/// A factor that the user has no means for, or the pool not. The software token so for administrators alone. Reference: 6.3.
#[track_caller]
pub(crate) fn no_delivery_config(factor: Factor) -> ApiError {
    invalid_parameter(format!("User does not have delivery config set to turn on {factor}"))
}

#[track_caller]
pub(crate) fn resend_not_possible(username: &str) -> ApiError {
    ApiError::new(
        Code::UnsupportedUserState,
        format!("Resend not possible. {username} status is not FORCE_CHANGE_PASSWORD"),
    )
}

/// NEW_PASSWORD_REQUIRED: an attribute that already has a value. Reference: 5.5.
#[track_caller]
pub(crate) fn cannot_modify_provided(attribute: &str) -> ApiError {
    ApiError::new(
        Code::NotAuthorized,
        format!("Cannot modify an already provided {attribute}"),
    )
}

/// NEW_PASSWORD_REQUIRED: a required attribute that is still missing. Reference: 5.5.
#[track_caller]
pub(crate) fn required_attribute_missing(attribute: &str) -> ApiError {
    ApiError::new(
        Code::InvalidParameter,
        format!("Invalid attributes given, {attribute} is missing"),
    )
}
