//! CreateUserPool and UpdateUserPool become settings. Reference: user-pools 2.2, 2.5, 2.6.

use api::cognito_idp::{
    CreateUserPoolRequest, GetUserPoolMfaConfigResponse, PasswordPolicyType, UpdateUserPoolRequest, UserPoolPolicyType,
    UserPoolType,
};
use kernel::{ApiError, Region};

use super::{
    mfa_rules,
    rules::{self, given},
    schema_input,
};

/// The members that both requests have under one name, and that are taken as they come.
macro_rules! asked {
    ($input:ident) => {
        UserPoolType {
            deletion_protection: $input.deletion_protection,
            lambda_config: $input.lambda_config,
            auto_verified_attributes: given($input.auto_verified_attributes),
            sms_verification_message: $input.sms_verification_message,
            email_verification_message: $input.email_verification_message,
            email_verification_subject: $input.email_verification_subject,
            verification_message_template: $input.verification_message_template,
            sms_authentication_message: $input.sms_authentication_message,
            user_attribute_update_settings: $input.user_attribute_update_settings,
            mfa_configuration: $input.mfa_configuration,
            device_configuration: $input.device_configuration,
            email_configuration: $input.email_configuration,
            sms_configuration: $input.sms_configuration,
            user_pool_tags: $input.user_pool_tags,
            admin_create_user_config: $input.admin_create_user_config,
            user_pool_add_ons: $input.user_pool_add_ons,
            dcr_configuration: $input.dcr_configuration,
            account_recovery_setting: $input.account_recovery_setting,
            user_pool_tier: $input.user_pool_tier,
            key_configuration: $input.key_configuration,
            issuer_configuration: $input.issuer_configuration,
            acr_configuration: $input.acr_configuration,
            policies: $input.policies,
            ..UserPoolType::default()
        }
    };
}

/// Errors: InvalidParameter, FeatureUnavailableInTier.
pub(crate) fn created(input: CreateUserPoolRequest, region: &Region) -> Result<UserPoolType, ApiError> {
    let asked = UserPoolType {
        name: Some(input.pool_name),
        schema_attributes: Some(schema_input::of_new_pool(input.schema.unwrap_or_default())?),
        alias_attributes: given(input.alias_attributes),
        username_attributes: given(input.username_attributes),
        username_configuration: input.username_configuration,
        ..asked!(input)
    };
    rules::completed(asked, region)
}

/// What is omitted goes back to its default, but for the name, DcrConfiguration, each half of Policies,
/// UserAttributeUpdateSettings, MfaConfiguration, the tags, and what can't change after creation.
///
/// Errors: InvalidParameter, FeatureUnavailableInTier.
pub(crate) fn updated(
    (before, mfa_blocks): (&UserPoolType, &GetUserPoolMfaConfigResponse),
    mut input: UpdateUserPoolRequest,
    region: &Region,
) -> Result<UserPoolType, ApiError> {
    let policies = policies_after(before, &input);
    let before = before.clone();
    // What is kept was checked when it was sent: then, not now, it wanted an SMS configuration beside it. Nor is that wanted
    // beside another factor: Terraform names the mode at each update.
    let unchecked = match input.mfa_configuration {
        None => before.mfa_configuration,
        Some(_) if mfa_rules::needs_no_texts(mfa_blocks) => input.mfa_configuration.take(),
        Some(_) => None,
    };
    let name = input.pool_name;
    let asked = asked!(input);
    let asked = UserPoolType {
        name: name.or(before.name),
        dcr_configuration: asked.dcr_configuration.or(before.dcr_configuration),
        schema_attributes: before.schema_attributes,
        alias_attributes: before.alias_attributes,
        username_attributes: before.username_attributes,
        username_configuration: before.username_configuration,
        policies: Some(policies),
        user_attribute_update_settings: asked
            .user_attribute_update_settings
            .filter(|s| s.attributes_require_verification_before_update.is_some())
            .or(before.user_attribute_update_settings),
        // Terraform changes tags by TagResource alone, and its next plan is empty.
        user_pool_tags: asked.user_pool_tags.or(before.user_pool_tags),
        ..asked
    };
    let after = rules::completed(asked, region)?;
    Ok(UserPoolType {
        mfa_configuration: unchecked.or(after.mfa_configuration),
        ..after
    })
}

/// Each half stays for itself. What is kept of the password policy leaves the validity of temporary passwords to
/// AdminCreateUserConfig, where that names one: only two that were both sent contradict each other.
fn policies_after(before: &UserPoolType, input: &UpdateUserPoolRequest) -> UserPoolPolicyType {
    let kept = before.policies.clone().unwrap_or_default();
    let sent = input.policies.clone().unwrap_or_default();
    let config = input.admin_create_user_config.as_ref();
    let days_sent = config.is_some_and(|config| config.unused_account_validity_days.is_some());
    let kept_passwords = kept.password_policy.map(|policy| PasswordPolicyType {
        temporary_password_validity_days: policy.temporary_password_validity_days.filter(|_| !days_sent),
        ..policy
    });
    UserPoolPolicyType {
        password_policy: sent.password_policy.or(kept_passwords),
        sign_in_policy: sent.sign_in_policy.or(kept.sign_in_policy),
    }
}
