//! What a pool's settings mean: parsed once where a pool is loaded.

use std::collections::BTreeSet;

use api::cognito_idp::{
    AliasAttributeType, DefaultEmailOptionType, GetUserPoolMfaConfigResponse, MessageTemplateType,
    RecoveryOptionNameType, RecoveryOptionType, UserPoolMfaType, UserPoolType, UsernameAttributeType,
    VerificationMessageTemplateType, VerifiedAttributeType,
};
use store::records::{address::Address, factor::Factor};

/// What a user may sign in with, beside the username. Reference: user-pools 2.8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignInNames {
    Username,
    Aliases {
        email: bool,
        phone_number: bool,
        preferred_username: bool,
    },
    Attributes {
        email: bool,
        phone_number: bool,
    },
}

impl SignInNames {
    pub fn of(settings: &UserPoolType) -> Self {
        if let Some(attributes) = settings.username_attributes.as_ref().filter(|a| !a.is_empty()) {
            return Self::Attributes {
                email: attributes.contains(&UsernameAttributeType::Email),
                phone_number: attributes.contains(&UsernameAttributeType::PhoneNumber),
            };
        }
        match settings.alias_attributes.as_ref().filter(|a| !a.is_empty()) {
            Some(aliases) => Self::Aliases {
                email: aliases.contains(&AliasAttributeType::Email),
                phone_number: aliases.contains(&AliasAttributeType::PhoneNumber),
                preferred_username: aliases.contains(&AliasAttributeType::PreferredUsername),
            },
            None => Self::Username,
        }
    }

    /// Whether people may sign in by their mail address, as the name or an alias.
    pub fn by_mail(self) -> bool {
        match self {
            Self::Username => false,
            Self::Attributes { email, .. } | Self::Aliases { email, .. } => email,
        }
    }
}

/// How passwords are kept. The tag `poolhouse:password-store=argon2id` forbids SRP and with it the verifiers it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PasswordStore {
    SrpVerifier,
    Argon2id,
}

pub(crate) const PASSWORD_STORE_TAG: &str = "poolhouse:password-store";

impl PasswordStore {
    pub fn of(settings: &UserPoolType) -> Self {
        let tags = settings.user_pool_tags.as_ref();
        match tags.and_then(|tags| tags.get(PASSWORD_STORE_TAG)).map(String::as_str) {
            Some("argon2id") => Self::Argon2id,
            _ => Self::SrpVerifier,
        }
    }
}

/// Which addresses a pool has its users prove. Reference: user-pools 4.3, 4.8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verification {
    /// A code is sent at sign-up and after a change.
    pub automatic: Vec<Address>,
    /// A changed address counts only when its code has been given.
    pub before_update: Vec<Address>,
}

impl Verification {
    pub fn of(settings: &UserPoolType) -> Self {
        let update = settings.user_attribute_update_settings.as_ref();
        Self {
            automatic: addresses(settings.auto_verified_attributes.as_deref()),
            before_update: addresses(
                update.and_then(|update| update.attributes_require_verification_before_update.as_deref()),
            ),
        }
    }
}

fn addresses(listed: Option<&[VerifiedAttributeType]>) -> Vec<Address> {
    let address = |attribute: &VerifiedAttributeType| match attribute {
        VerifiedAttributeType::Email => Address::Email,
        VerifiedAttributeType::PhoneNumber => Address::Phone,
    };
    listed.unwrap_or_default().iter().map(address).collect()
}

/// Who helps a user who forgot the password. Reference: user-pools 4.7.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Recovery {
    /// Administrators alone.
    Administrators,
    /// A code to a verified address, the first that the user has.
    Code(Vec<Address>),
    /// Nothing is set: a code, to the phone before the mail address.
    Unset,
}

impl Recovery {
    pub fn of(settings: &UserPoolType) -> Self {
        let setting = settings.account_recovery_setting.as_ref();
        let mut mechanisms: Vec<&RecoveryOptionType> = setting
            .and_then(|setting| setting.recovery_mechanisms.as_ref())
            .into_iter()
            .flatten()
            .collect();
        mechanisms.sort_by_key(|mechanism| mechanism.priority);
        if mechanisms.is_empty() {
            return Self::Unset;
        }
        let mut addresses = Vec::new();
        for mechanism in mechanisms {
            match mechanism.name {
                RecoveryOptionNameType::VerifiedEmail => addresses.push(Address::Email),
                RecoveryOptionNameType::VerifiedPhoneNumber => addresses.push(Address::Phone),
                RecoveryOptionNameType::AdminOnly => return Self::Administrators,
            }
        }
        Self::Code(addresses)
    }

    /// The addresses in the order in which they are tried. None: administrators alone.
    pub fn addresses(&self) -> Option<&[Address]> {
        match self {
            Self::Administrators => None,
            Self::Code(addresses) => Some(addresses),
            Self::Unset => Some(&[Address::Phone, Address::Email]),
        }
    }
}

/// A pool's texts of one kind. What is absent is Cognito's default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Template {
    pub subject: Option<String>,
    pub mail: Option<String>,
    pub text: Option<String>,
}

/// What a pool's messages say and from whom they come. Reference: user-pools 2.6, 4.5.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Messages {
    pub verification: Template,
    /// The mail of a sign-up. None: it holds a code.
    pub by_link: Option<Template>,
    pub invitation: Template,
    pub from: Option<String>,
    pub reply_to: Option<String>,
    /// Whether the pool is set up for text messages. Reference: 4.3.
    pub sends_texts: bool,
}

impl Messages {
    pub fn of(settings: &UserPoolType) -> Self {
        let VerificationMessageTemplateType {
            default_email_option,
            sms_message,
            email_message,
            email_subject,
            email_message_by_link,
            email_subject_by_link,
        } = settings.verification_message_template.clone().unwrap_or_default();
        let invitation = settings.admin_create_user_config.as_ref();
        let invitation: MessageTemplateType = invitation
            .and_then(|config| config.invite_message_template.clone())
            .unwrap_or_default();
        let email = settings.email_configuration.as_ref();
        let confirms_by_link = default_email_option == Some(DefaultEmailOptionType::ConfirmWithLink);
        Self {
            by_link: confirms_by_link.then_some(Template {
                subject: email_subject_by_link,
                mail: email_message_by_link,
                text: None,
            }),
            verification: Template {
                subject: email_subject.or_else(|| settings.email_verification_subject.clone()),
                mail: email_message.or_else(|| settings.email_verification_message.clone()),
                text: sms_message.or_else(|| settings.sms_verification_message.clone()),
            },
            invitation: Template {
                subject: invitation.email_subject,
                mail: invitation.email_message,
                text: invitation.sms_message,
            },
            from: email.and_then(|email| email.from.clone()),
            reply_to: email.and_then(|email| email.reply_to_email_address.clone()),
            sends_texts: settings.sms_configuration.is_some(),
        }
    }
}

/// Whether sign-in asks for a second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum MfaMode {
    #[default]
    Off,
    /// Of those who turned one on.
    Optional,
    /// Of everybody.
    On,
}

/// What a pool wants and offers as second factors. Reference: user-pools 6.1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MfaSettings {
    pub mode: MfaMode,
    pub factors: BTreeSet<Factor>,
    /// What the messages with codes say.
    pub message: Template,
}

impl MfaSettings {
    /// `blocks`: see [`super::stored`].
    pub fn of(settings: &UserPoolType, blocks: &GetUserPoolMfaConfigResponse) -> Self {
        let token = blocks.software_token_mfa_configuration.as_ref();
        let email = blocks.email_mfa_configuration.as_ref();
        let offers = |factor: &Factor| match factor {
            Factor::Sms => settings.sms_configuration.is_some(),
            Factor::SoftwareToken => token.is_some_and(|token| token.enabled == Some(true)),
            Factor::Email => email.is_some(),
        };
        Self {
            mode: match settings.mfa_configuration {
                None | Some(UserPoolMfaType::Off) => MfaMode::Off,
                Some(UserPoolMfaType::Optional) => MfaMode::Optional,
                Some(UserPoolMfaType::On) => MfaMode::On,
            },
            factors: Factor::ALL.into_iter().filter(offers).collect(),
            message: Template {
                subject: email.and_then(|email| email.subject.clone()),
                mail: email.and_then(|email| email.message.clone()),
                text: settings.sms_authentication_message.clone(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use api::cognito_idp::{
        AccountRecoverySettingType, EmailMfaConfigType, SmsConfigurationType, SoftwareTokenMfaConfigType,
    };

    use super::*;

    #[test]
    fn who_helps_is_ordered_by_priority() {
        use RecoveryOptionNameType::{AdminOnly, VerifiedEmail, VerifiedPhoneNumber};
        let cases: [(&[(i32, RecoveryOptionNameType)], Recovery); 4] = [
            (&[], Recovery::Unset),
            (&[(1, AdminOnly)], Recovery::Administrators),
            (&[(1, VerifiedEmail)], Recovery::Code(vec![Address::Email])),
            (
                &[(2, VerifiedEmail), (1, VerifiedPhoneNumber)],
                Recovery::Code(vec![Address::Phone, Address::Email]),
            ),
        ];
        for (mechanisms, expected) in cases {
            let mechanisms = mechanisms
                .iter()
                .map(|(priority, name)| RecoveryOptionType {
                    priority: *priority,
                    name: *name,
                })
                .collect();
            let settings = UserPoolType {
                account_recovery_setting: Some(AccountRecoverySettingType {
                    recovery_mechanisms: Some(mechanisms),
                }),
                ..UserPoolType::default()
            };
            assert_eq!(Recovery::of(&settings), expected);
        }
        assert_eq!(Recovery::of(&UserPoolType::default()), Recovery::Unset);
    }

    #[test]
    fn a_pool_offers_what_it_is_set_up_for() {
        let email = EmailMfaConfigType {
            message: Some("{####} it is".to_owned()),
            subject: None,
        };
        let token = |enabled| SoftwareTokenMfaConfigType { enabled };
        let all = UserPoolType {
            mfa_configuration: Some(UserPoolMfaType::On),
            sms_configuration: Some(SmsConfigurationType::default()),
            sms_authentication_message: Some("{####}".to_owned()),
            ..UserPoolType::default()
        };
        let blocks = GetUserPoolMfaConfigResponse {
            software_token_mfa_configuration: Some(token(Some(true))),
            email_mfa_configuration: Some(email),
            ..GetUserPoolMfaConfigResponse::default()
        };
        let mfa = MfaSettings::of(&all, &blocks);
        assert_eq!((mfa.mode, mfa.factors), (MfaMode::On, BTreeSet::from(Factor::ALL)));
        let (text, mail) = (mfa.message.text, mfa.message.mail);
        assert_eq!(
            (text.as_deref(), mail.as_deref()),
            (Some("{####}"), Some("{####} it is"))
        );

        let none = MfaSettings::of(&UserPoolType::default(), &GetUserPoolMfaConfigResponse::default());
        assert_eq!(none, MfaSettings::default());
        for enabled in [None, Some(false)] {
            let off = GetUserPoolMfaConfigResponse {
                software_token_mfa_configuration: Some(token(enabled)),
                ..GetUserPoolMfaConfigResponse::default()
            };
            assert_eq!(MfaSettings::of(&UserPoolType::default(), &off), none);
        }
    }
}
