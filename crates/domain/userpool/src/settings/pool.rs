//! CreateUserPool and UpdateUserPool become settings; settings are printed as DescribeUserPool prints them. Reference:
//! user-pools 2.2, 2.5, 2.6.

use api::cognito_idp::{
    CreateUserPoolRequest, GetUserPoolMfaConfigResponse, SmsMfaConfigType, UpdateUserPoolRequest, UserPoolMfaType,
    UserPoolType,
};
use kernel::{ApiError, Arn};

use super::{Pool, given, pool_rules, schema_input};

/// Errors: InvalidParameter, FeatureUnavailableInTier.
pub(crate) fn created(input: CreateUserPoolRequest) -> Result<UserPoolType, ApiError> {
    pool_rules::completed(UserPoolType {
        name: Some(input.pool_name),
        policies: input.policies,
        deletion_protection: input.deletion_protection,
        lambda_config: input.lambda_config,
        schema_attributes: Some(schema_input::of_new_pool(input.schema.unwrap_or_default())?),
        auto_verified_attributes: given(input.auto_verified_attributes),
        alias_attributes: given(input.alias_attributes),
        username_attributes: given(input.username_attributes),
        sms_verification_message: input.sms_verification_message,
        email_verification_message: input.email_verification_message,
        email_verification_subject: input.email_verification_subject,
        verification_message_template: input.verification_message_template,
        sms_authentication_message: input.sms_authentication_message,
        user_attribute_update_settings: input.user_attribute_update_settings,
        mfa_configuration: input.mfa_configuration,
        device_configuration: input.device_configuration,
        email_configuration: input.email_configuration,
        sms_configuration: input.sms_configuration,
        user_pool_tags: input.user_pool_tags,
        admin_create_user_config: input.admin_create_user_config,
        user_pool_add_ons: input.user_pool_add_ons,
        dcr_configuration: input.dcr_configuration,
        username_configuration: input.username_configuration,
        account_recovery_setting: input.account_recovery_setting,
        user_pool_tier: input.user_pool_tier,
        key_configuration: input.key_configuration,
        issuer_configuration: input.issuer_configuration,
        acr_configuration: input.acr_configuration,
        ..UserPoolType::default()
    })
}

/// What is omitted goes back to its default, but for the name, DcrConfiguration, and what can't change after creation.
///
/// Errors: InvalidParameter, FeatureUnavailableInTier.
pub(crate) fn updated(before: &UserPoolType, input: UpdateUserPoolRequest) -> Result<UserPoolType, ApiError> {
    let before = before.clone();
    pool_rules::completed(UserPoolType {
        name: input.pool_name.or(before.name),
        dcr_configuration: input.dcr_configuration.or(before.dcr_configuration),
        schema_attributes: before.schema_attributes,
        alias_attributes: before.alias_attributes,
        username_attributes: before.username_attributes,
        username_configuration: before.username_configuration,
        policies: input.policies,
        deletion_protection: input.deletion_protection,
        lambda_config: input.lambda_config,
        auto_verified_attributes: given(input.auto_verified_attributes),
        sms_verification_message: input.sms_verification_message,
        email_verification_message: input.email_verification_message,
        email_verification_subject: input.email_verification_subject,
        verification_message_template: input.verification_message_template,
        sms_authentication_message: input.sms_authentication_message,
        user_attribute_update_settings: input.user_attribute_update_settings,
        mfa_configuration: input.mfa_configuration,
        device_configuration: input.device_configuration,
        email_configuration: input.email_configuration,
        sms_configuration: input.sms_configuration,
        user_pool_tags: input.user_pool_tags,
        admin_create_user_config: input.admin_create_user_config,
        user_pool_add_ons: input.user_pool_add_ons,
        account_recovery_setting: input.account_recovery_setting,
        user_pool_tier: input.user_pool_tier,
        key_configuration: input.key_configuration,
        issuer_configuration: input.issuer_configuration,
        acr_configuration: input.acr_configuration,
        ..UserPoolType::default()
    })
}

/// As DescribeUserPool and CreateUserPool answer.
pub(crate) fn described(pool: &Pool, users: i64) -> UserPoolType {
    UserPoolType {
        id: Some(pool.id.to_string()),
        arn: Some(Arn::user_pool(&pool.id, &pool.account).to_string()),
        creation_date: Some(pool.created),
        last_modified_date: Some(pool.modified),
        estimated_number_of_users: Some(i32::try_from(users).unwrap_or(i32::MAX)),
        ..pool.settings.clone()
    }
}

/// As GetUserPoolMfaConfig answers: the blocks that are configured. Reference: user-pools 6.1.
pub(crate) fn described_mfa(pool: &Pool) -> GetUserPoolMfaConfigResponse {
    let settings = &pool.settings;
    GetUserPoolMfaConfigResponse {
        mfa_configuration: Some(settings.mfa_configuration.unwrap_or(UserPoolMfaType::Off)),
        sms_mfa_configuration: settings
            .sms_configuration
            .clone()
            .map(|sms_configuration| SmsMfaConfigType {
                sms_authentication_message: settings.sms_authentication_message.clone(),
                sms_configuration: Some(sms_configuration),
            }),
        ..GetUserPoolMfaConfigResponse::default()
    }
}
