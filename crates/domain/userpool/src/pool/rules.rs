//! What a pool's settings default to and which are refused. Reference: user-pools 2.2, 2.6, 2.8, 15.

use std::collections::{BTreeMap, BTreeSet};

use api::cognito_idp::{
    AccountRecoverySettingType, AcrLevelConfigType, AdminCreateUserConfigType, AdvancedSecurityModeType,
    AliasAttributeType, AuthFactorType, DcrConfigurationType, DeletionProtectionType, EncryptionKeyType, OAuthFlowType,
    PasswordPolicyType, PreTokenGenerationLambdaVersionType, RecoveryOptionNameType, RecoveryOptionType,
    SignInPolicyType, SmsConfigurationType, StatusType, UserAttributeUpdateSettingsType, UserPoolMfaType,
    UserPoolPolicyType, UserPoolTierType, UserPoolType, VerifiedAttributeType,
};
use kernel::{ApiError, Region};

use super::{first_factors::FirstFactors, message_rules, trigger_rules};
use crate::errors::settings as errors;

/// What a request asked for, with the defaults filled in. `region` is the pool's.
///
/// Errors: InvalidParameter, FeatureUnavailableInTier.
pub(super) fn completed(asked: UserPoolType, region: &Region) -> Result<UserPoolType, ApiError> {
    let tier = asked.user_pool_tier.unwrap_or(UserPoolTierType::Essentials);
    check_tier(tier, &asked)?;
    check_sign_in_names(&asked)?;
    check_second_factors(&asked)?;
    check_verification(&asked)?;
    check_sms_senders(asked.sms_configuration.as_ref())?;
    check_encryption(&asked)?;
    let lambdas = trigger_rules::completed(asked.lambda_config.clone().unwrap_or_default(), region)?;
    let (policies, admin_create_user_config) =
        passwords(tier, asked.policies.clone(), asked.admin_create_user_config.clone())?;
    Ok(message_rules::mirrored(UserPoolType {
        policies: Some(policies),
        admin_create_user_config: Some(admin_create_user_config),
        deletion_protection: Some(asked.deletion_protection.unwrap_or(DeletionProtectionType::Inactive)),
        lambda_config: Some(lambdas),
        mfa_configuration: Some(asked.mfa_configuration.unwrap_or(UserPoolMfaType::Off)),
        email_configuration: Some(message_rules::email(asked.email_configuration.clone(), region)?),
        user_attribute_update_settings: Some(update_settings(&asked)),
        account_recovery_setting: Some(recovery(asked.account_recovery_setting.clone())?),
        acr_configuration: Some(acr_levels(asked.acr_configuration.clone())?),
        dcr_configuration: asked.dcr_configuration.clone().map(client_registration),
        user_pool_tags: Some(asked.user_pool_tags.clone().unwrap_or_default()),
        user_pool_tier: Some(tier),
        ..asked
    }))
}

/// An empty list is as good as none, and is not shown.
pub(crate) fn given<T>(list: Option<Vec<T>>) -> Option<Vec<T>> {
    list.filter(|list| !list.is_empty())
}

/// Never absent: pools of older versions have none stored. Reference: user-pools 2.2.
pub(super) fn update_settings(settings: &UserPoolType) -> UserAttributeUpdateSettingsType {
    let mut shown = settings.user_attribute_update_settings.clone().unwrap_or_default();
    shown
        .attributes_require_verification_before_update
        .get_or_insert_default();
    shown
}

/// What only the higher plans have.
fn check_tier(tier: UserPoolTierType, asked: &UserPoolType) -> Result<(), ApiError> {
    let policies = asked.policies.as_ref();
    let history = policies
        .and_then(|p| p.password_policy.as_ref()?.password_history_size)
        .is_some_and(|size| size > 0);
    let passwordless = FirstFactors::of(asked).passwordless();
    let threats = asked
        .user_pool_add_ons
        .as_ref()
        .is_some_and(|a| a.advanced_security_mode != AdvancedSecurityModeType::Off);
    let customizes_access_tokens = asked
        .lambda_config
        .as_ref()
        .and_then(|lambdas| lambdas.pre_token_generation_config.as_ref())
        .is_some_and(|config| config.lambda_version != PreTokenGenerationLambdaVersionType::V10);
    let registers = asked
        .dcr_configuration
        .as_ref()
        .is_some_and(|config| config.enable_status != Some(StatusType::Disabled));
    let lite = tier == UserPoolTierType::Lite;
    // The names of the first, the third and that of registration are ours.
    let refused = [
        (history && lite, "Password History"),
        (passwordless && lite, "Passwordless Sign-In"),
        (asked.acr_configuration.is_some() && lite, "ACR Configuration"),
        (registers && lite, "Dynamic Client Registration"),
        (
            customizes_access_tokens && lite,
            "Token Customization with Pre-Token Generation Lambda V2_0",
        ),
        (threats && tier != UserPoolTierType::Plus, "Threat Protection"),
    ];
    match refused.into_iter().find(|(refused, _)| *refused) {
        Some((_, feature)) => Err(errors::feature_to_disable(tier, feature)),
        None => Ok(()),
    }
}

fn check_sign_in_names(asked: &UserPoolType) -> Result<(), ApiError> {
    if asked.alias_attributes.is_some() && asked.username_attributes.is_some() {
        return Err(errors::alias_and_username_attributes());
    }
    let schema = asked.schema_attributes.as_deref().unwrap_or_default();
    let preferred_username = |name: Option<&str>| name == Some("preferred_username");
    let required = schema
        .iter()
        .any(|a| preferred_username(a.name.as_deref()) && a.required == Some(true));
    let alias = asked
        .alias_attributes
        .as_ref()
        .is_some_and(|list| list.contains(&AliasAttributeType::PreferredUsername));
    if required && alias {
        Err(errors::preferred_username_required())
    } else {
        Ok(())
    }
}

fn check_second_factors(asked: &UserPoolType) -> Result<(), ApiError> {
    match asked.mfa_configuration {
        None | Some(UserPoolMfaType::Off) => Ok(()),
        Some(_) if asked.sms_configuration.is_none() => Err(errors::sms_configuration_for_mfa()),
        Some(_) => Ok(()),
    }
}

/// In this order: the live service's.
fn check_verification(asked: &UserPoolType) -> Result<(), ApiError> {
    let settings = asked.user_attribute_update_settings.as_ref();
    let wanted = settings
        .and_then(|s| s.attributes_require_verification_before_update.as_deref())
        .unwrap_or_default();
    let verified = asked.auto_verified_attributes.as_deref().unwrap_or_default();
    if !wanted.iter().all(|attribute| verified.contains(attribute)) {
        return Err(errors::update_without_verification());
    }
    if verified.contains(&VerifiedAttributeType::PhoneNumber) && asked.sms_configuration.is_none() {
        return Err(errors::sms_configuration_for_verification());
    }
    Ok(())
}

/// Reference: user-pools 15.4.
pub(super) fn check_sms_senders(asked: Option<&SmsConfigurationType>) -> Result<(), ApiError> {
    let both = asked
        .is_some_and(|sms| sms.eums_sms.is_some() && sms.sns_caller_arn.as_ref().is_some_and(|arn| !arn.is_empty()));
    if both { Err(errors::two_sms_senders()) } else { Ok(()) }
}

fn check_encryption(asked: &UserPoolType) -> Result<(), ApiError> {
    let key = asked.key_configuration.as_ref();
    let lacks =
        key.is_some_and(|k| k.key_type == Some(EncryptionKeyType::CustomerManagedKey) && k.kms_key_arn.is_none());
    if lacks { Err(errors::kms_key_missing()) } else { Ok(()) }
}

fn only_password() -> SignInPolicyType {
    SignInPolicyType {
        allowed_first_auth_factors: Some(vec![AuthFactorType::Password]),
    }
}

/// Days, both for the policy and for its mirror in AdminCreateUserConfig. 0 is no choice.
const TEMPORARY_PASSWORD_DAYS: i32 = 7;

fn passwords(
    tier: UserPoolTierType,
    policies: Option<UserPoolPolicyType>,
    config: Option<AdminCreateUserConfigType>,
) -> Result<(UserPoolPolicyType, AdminCreateUserConfigType), ApiError> {
    let UserPoolPolicyType {
        password_policy,
        sign_in_policy,
    } = policies.unwrap_or_default();
    let config = config.unwrap_or_default();
    let days = match (
        password_policy
            .as_ref()
            .and_then(|p| p.temporary_password_validity_days),
        config.unused_account_validity_days,
    ) {
        (Some(_), Some(_)) => return Err(errors::two_validities_of_temporary_passwords()),
        (days, unused) => days
            .or(unused)
            .filter(|days| *days > 0)
            .unwrap_or(TEMPORARY_PASSWORD_DAYS),
    };
    // Without a policy everything is required; in a policy what is absent is not.
    let password_policy = password_policy.map_or_else(
        || PasswordPolicyType {
            require_uppercase: Some(true),
            require_lowercase: Some(true),
            require_numbers: Some(true),
            require_symbols: Some(true),
            ..PasswordPolicyType::default()
        },
        |policy| PasswordPolicyType {
            require_uppercase: Some(policy.require_uppercase == Some(true)),
            require_lowercase: Some(policy.require_lowercase == Some(true)),
            require_numbers: Some(policy.require_numbers == Some(true)),
            require_symbols: Some(policy.require_symbols == Some(true)),
            ..policy
        },
    );
    let password_policy = PasswordPolicyType {
        minimum_length: Some(password_policy.minimum_length.unwrap_or(8)),
        temporary_password_validity_days: Some(days),
        ..password_policy
    };
    let has_password = |policy: &SignInPolicyType| {
        let factors = policy.allowed_first_auth_factors.as_ref();
        factors.is_none_or(|factors| factors.contains(&AuthFactorType::Password))
    };
    if !sign_in_policy.as_ref().is_none_or(has_password) {
        return Err(errors::password_must_be_a_first_factor());
    }
    let policies = UserPoolPolicyType {
        password_policy: Some(password_policy),
        // The plan without a choice has no policy of it either.
        sign_in_policy: (tier != UserPoolTierType::Lite).then(|| {
            sign_in_policy
                .filter(|policy| policy.allowed_first_auth_factors.is_some())
                .unwrap_or_else(only_password)
        }),
    };
    let config = AdminCreateUserConfigType {
        allow_admin_create_user_only: Some(config.allow_admin_create_user_only == Some(true)),
        unused_account_validity_days: Some(days),
        invite_message_template: config.invite_message_template,
    };
    Ok((policies, config))
}

fn recovery(asked: Option<AccountRecoverySettingType>) -> Result<AccountRecoverySettingType, ApiError> {
    use RecoveryOptionNameType as Name;
    let Some(mechanisms) = asked.and_then(|setting| setting.recovery_mechanisms) else {
        let option = |priority, name| RecoveryOptionType { priority, name };
        let both = vec![option(1, Name::VerifiedEmail), option(2, Name::VerifiedPhoneNumber)];
        return Ok(AccountRecoverySettingType {
            recovery_mechanisms: Some(both),
        });
    };
    if mechanisms.len() > 1 && mechanisms.iter().any(|m| m.name == Name::AdminOnly) {
        return Err(errors::admin_only_recovery_with_others());
    }
    let priorities: BTreeSet<i32> = mechanisms.iter().map(|m| m.priority).collect();
    let email = mechanisms.iter().filter(|m| m.name == Name::VerifiedEmail).count();
    let phone = mechanisms
        .iter()
        .filter(|m| m.name == Name::VerifiedPhoneNumber)
        .count();
    if priorities.len() < mechanisms.len() || email > 1 || phone > 1 {
        return Err(errors::repeated_recovery_mechanisms());
    }
    Ok(AccountRecoverySettingType {
        recovery_mechanisms: Some(mechanisms),
    })
}

/// All four levels, by name. Reference: user-pools 15.1.
fn acr_levels(
    asked: Option<BTreeMap<String, AcrLevelConfigType>>,
) -> Result<BTreeMap<String, AcrLevelConfigType>, ApiError> {
    let defaults: BTreeMap<String, AcrLevelConfigType> = (1..=4)
        .map(|n| {
            (
                format!("Level{n}"),
                AcrLevelConfigType {
                    acr_value: format!("urn:cognito:loa:{n}"),
                },
            )
        })
        .collect();
    let mut levels = defaults.clone();
    levels.extend(asked.unwrap_or_default());
    let values: BTreeSet<&str> = levels.values().map(|level| level.acr_value.as_str()).collect();
    // Not even a default that another level gave up: old tokens still carry it.
    let reused = levels
        .iter()
        .any(|(name, level)| defaults.iter().any(|(other, d)| other != name && d == level));
    if values.len() < levels.len() || reused {
        Err(errors::acr_values_not_unique())
    } else {
        Ok(levels)
    }
}

/// Reference: user-pools 15.4.
fn client_registration(asked: DcrConfigurationType) -> DcrConfigurationType {
    DcrConfigurationType {
        enable_status: Some(asked.enable_status.unwrap_or(StatusType::Enabled)),
        open_dcr_enabled: Some(asked.open_dcr_enabled == Some(true)),
        authenticated_grant_types: given(asked.authenticated_grant_types)
            .or_else(|| Some(vec![OAuthFlowType::Code, OAuthFlowType::ClientCredentials])),
        open_dcr_grant_types: given(asked.open_dcr_grant_types).or_else(|| Some(vec![OAuthFlowType::Code])),
        allowed_scopes: given(asked.allowed_scopes),
    }
}
