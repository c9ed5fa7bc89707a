//! SetUserPoolMfaConfig becomes settings, and what they may not be. Reference: user-pools 2.6, 6.1.

use api::cognito_idp::{
    EmailMfaConfigType, EmailSendingAccountType, GetUserPoolMfaConfigResponse, RecoveryOptionNameType,
    SetUserPoolMfaConfigRequest, SmsMfaConfigType, UserPoolMfaType, UserPoolTierType, UserPoolType,
};
use kernel::ApiError;

use super::{passkeys, rules};
use crate::errors::settings as errors;

/// The settings of a pool whose were `before`, with the blocks that DescribeUserPool does not show. What is absent is set no
/// more; how the pool sends text messages stays, for messages of other kinds need it too.
///
/// Errors: InvalidParameter, FeatureUnavailableInTier.
pub(crate) fn configured(
    before: &UserPoolType,
    input: SetUserPoolMfaConfigRequest,
) -> Result<(UserPoolType, GetUserPoolMfaConfigResponse), ApiError> {
    let mode = input.mfa_configuration.unwrap_or(UserPoolMfaType::Off);
    let sms = input.sms_mfa_configuration;
    let blocks = GetUserPoolMfaConfigResponse {
        software_token_mfa_configuration: input.software_token_mfa_configuration,
        email_mfa_configuration: input.email_mfa_configuration,
        web_authn_configuration: input.web_authn_configuration,
        ..GetUserPoolMfaConfigResponse::default()
    };
    let wants_any = sms.is_some() || needs_no_texts(&blocks);
    if mode == UserPoolMfaType::Off && wants_any {
        return Err(errors::factor_without_mfa());
    }
    if mode != UserPoolMfaType::Off && !wants_any {
        return Err(errors::mfa_without_factor());
    }
    let mut after = UserPoolType {
        mfa_configuration: Some(mode),
        ..before.clone()
    };
    if mode != UserPoolMfaType::Off {
        texts(&mut after, sms)?;
    }
    if blocks.email_mfa_configuration.is_some() && before.user_pool_tier == Some(UserPoolTierType::Lite) {
        return Err(errors::feature_not_available(UserPoolTierType::Lite, EMAIL_MFA));
    }
    check_email(&after, blocks.email_mfa_configuration.as_ref())?;
    passkeys::check(&after, blocks.web_authn_configuration.as_ref())?;
    Ok((after, blocks))
}

/// What UpdateUserPool leaves of the blocks, when the pool's settings are `after`, and CreateUserPool, before which there are none.
/// Without MFA no factor is configured.
///
/// Errors: InvalidParameter, FeatureUnavailableInTier.
pub(crate) fn kept(
    after: &UserPoolType,
    before: &GetUserPoolMfaConfigResponse,
) -> Result<GetUserPoolMfaConfigResponse, ApiError> {
    passkeys::check_kept(after, before.web_authn_configuration.as_ref())?;
    if after.mfa_configuration == Some(UserPoolMfaType::Off) {
        return Ok(GetUserPoolMfaConfigResponse {
            web_authn_configuration: before.web_authn_configuration.clone(),
            ..GetUserPoolMfaConfigResponse::default()
        });
    }
    if before.email_mfa_configuration.is_some() && after.user_pool_tier == Some(UserPoolTierType::Lite) {
        return Err(errors::feature_to_disable(UserPoolTierType::Lite, EMAIL_MFA));
    }
    check_email(after, before.email_mfa_configuration.as_ref())?;
    Ok(before.clone())
}

/// Whether there is a factor that sends no text messages.
pub(super) fn needs_no_texts(blocks: &GetUserPoolMfaConfigResponse) -> bool {
    let token = blocks.software_token_mfa_configuration.as_ref();
    token.is_some_and(|token| token.enabled == Some(true)) || blocks.email_mfa_configuration.is_some()
}

/// The name is ours.
const EMAIL_MFA: &str = "Email MFA";

fn texts(after: &mut UserPoolType, asked: Option<SmsMfaConfigType>) -> Result<(), ApiError> {
    let Some(asked) = asked else {
        return match after.sms_configuration {
            Some(_) => Err(errors::sms_mfa_must_stay()),
            None => Ok(()),
        };
    };
    rules::check_sms_senders(asked.sms_configuration.as_ref())?;
    after.sms_authentication_message = asked.sms_authentication_message;
    after.sms_configuration = asked.sms_configuration.or(after.sms_configuration.take());
    if after.sms_configuration.is_none() {
        return Err(errors::sms_configuration_for_mfa());
    }
    Ok(())
}

/// Mails with codes go out under the pool's own name, and a mailbox alone must not be both factors.
fn check_email(settings: &UserPoolType, email: Option<&EmailMfaConfigType>) -> Result<(), ApiError> {
    if email.is_none() {
        return Ok(());
    }
    let sender = settings.email_configuration.as_ref();
    if sender.and_then(|sender| sender.email_sending_account) != Some(EmailSendingAccountType::Developer) {
        return Err(errors::email_mfa_without_sender());
    }
    let recovery = settings.account_recovery_setting.as_ref();
    let mechanisms = recovery.and_then(|recovery| recovery.recovery_mechanisms.as_deref());
    let by_mail_alone = mechanisms.is_some_and(|mechanisms| {
        !mechanisms.is_empty()
            && mechanisms
                .iter()
                .all(|mechanism| mechanism.name == RecoveryOptionNameType::VerifiedEmail)
    });
    if by_mail_alone {
        Err(errors::email_mfa_with_email_recovery())
    } else {
        Ok(())
    }
}
