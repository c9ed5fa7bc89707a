//! Settings are printed as DescribeUserPool prints them. Reference: user-pools 2.2, 6.1.

use api::cognito_idp::{GetUserPoolMfaConfigResponse, SmsMfaConfigType, UserPoolMfaType, UserPoolType};
use kernel::Arn;

use super::{Pool, rules};
use crate::domain::DomainKind;

/// As DescribeUserPool and CreateUserPool answer.
pub(crate) fn described(pool: &Pool, users: i64) -> UserPoolType {
    UserPoolType {
        id: Some(pool.id.to_string()),
        arn: Some(Arn::user_pool(&pool.id, &pool.account).to_string()),
        creation_date: Some(pool.created),
        last_modified_date: Some(pool.modified),
        estimated_number_of_users: Some(i32::try_from(users).unwrap_or(i32::MAX)),
        user_attribute_update_settings: Some(rules::update_settings(&pool.settings)),
        domain: pool.domain(DomainKind::Prefix).map(str::to_owned),
        custom_domain: pool.domain(DomainKind::Custom).map(str::to_owned),
        ..pool.settings.clone()
    }
}

/// As GetUserPoolMfaConfig answers: the blocks that are configured. `blocks`: see [`super::stored`]. Reference: user-pools 6.1.
pub(crate) fn mfa(settings: &UserPoolType, blocks: &GetUserPoolMfaConfigResponse) -> GetUserPoolMfaConfigResponse {
    GetUserPoolMfaConfigResponse {
        mfa_configuration: Some(settings.mfa_configuration.unwrap_or(UserPoolMfaType::Off)),
        sms_mfa_configuration: settings
            .sms_configuration
            .clone()
            .map(|sms_configuration| SmsMfaConfigType {
                sms_authentication_message: settings.sms_authentication_message.clone(),
                sms_configuration: Some(sms_configuration),
            }),
        ..blocks.clone()
    }
}
