//! LambdaConfig, parsed where the pool is loaded. Reference: user-pools 16.

use std::collections::BTreeMap;

use api::cognito_idp::{PreTokenGenerationLambdaVersionType, UserPoolType};
use delivery::Channel;

use super::source::Trigger;

/// The function of each trigger that has one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lambdas {
    arns: BTreeMap<Trigger, String>,
    pre_token: Version,
    /// The KMS key of what senders are told.
    key: Option<String>,
}

/// The form of the pre token generation event. Reference: user-pools 16.3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Version {
    #[default]
    V1,
    V2,
    V3,
}

impl Version {
    /// As an event says it.
    pub const fn number(self) -> &'static str {
        match self {
            Self::V1 => "1",
            Self::V2 => "2",
            Self::V3 => "3",
        }
    }
}

/// A function that sends by itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sender<'a> {
    pub trigger: Trigger,
    pub function: &'a str,
    pub key: &'a str,
}

impl Lambdas {
    pub fn of(settings: &UserPoolType) -> Self {
        let Some(config) = &settings.lambda_config else {
            return Self::default();
        };
        let versioned = config.pre_token_generation_config.as_ref();
        let pre_token = versioned.map(|config| config.lambda_arn.clone());
        let pre_token = pre_token.or_else(|| config.pre_token_generation.clone());
        let mail_sender = config
            .custom_email_sender
            .as_ref()
            .map(|sender| sender.lambda_arn.clone());
        let text_sender = config
            .custom_sms_sender
            .as_ref()
            .map(|sender| sender.lambda_arn.clone());
        let inbound = config
            .inbound_federation
            .as_ref()
            .map(|inbound| inbound.lambda_arn.clone());
        let members = [
            (Trigger::PreSignUp, &config.pre_sign_up),
            (Trigger::PostConfirmation, &config.post_confirmation),
            (Trigger::CustomMessage, &config.custom_message),
            (Trigger::PreAuthentication, &config.pre_authentication),
            (Trigger::PostAuthentication, &config.post_authentication),
            (Trigger::PreTokenGeneration, &pre_token),
            (Trigger::DefineAuthChallenge, &config.define_auth_challenge),
            (Trigger::CreateAuthChallenge, &config.create_auth_challenge),
            (
                Trigger::VerifyAuthChallengeResponse,
                &config.verify_auth_challenge_response,
            ),
            (Trigger::UserMigration, &config.user_migration),
            (Trigger::CustomEmailSender, &mail_sender),
            (Trigger::CustomSmsSender, &text_sender),
            (Trigger::InboundFederation, &inbound),
        ];
        let set = members.into_iter().filter_map(|(trigger, arn)| {
            let arn = arn.as_ref().filter(|arn| !arn.is_empty())?;
            Some((trigger, arn.clone()))
        });
        Self {
            arns: set.collect(),
            pre_token: match versioned.map(|config| config.lambda_version) {
                None | Some(PreTokenGenerationLambdaVersionType::V10) => Version::V1,
                Some(PreTokenGenerationLambdaVersionType::V20) => Version::V2,
                Some(PreTokenGenerationLambdaVersionType::V30) => Version::V3,
            },
            key: config.kms_key_id.clone(),
        }
    }

    pub fn arn(&self, trigger: Trigger) -> Option<&str> {
        self.arns.get(&trigger).map(String::as_str)
    }

    /// Who sends a medium's messages in our stead, and the ARN of the key that codes are encrypted by. A pool of an older version
    /// may have a sender without a key, which nothing is sent by.
    pub fn sender(&self, channel: Channel) -> Option<Sender<'_>> {
        let trigger = match channel {
            Channel::Email => Trigger::CustomEmailSender,
            Channel::Sms => Trigger::CustomSmsSender,
        };
        Some(Sender {
            trigger,
            function: self.arn(trigger)?,
            key: self.key.as_deref()?,
        })
    }

    pub fn version(&self, trigger: Trigger) -> Version {
        match trigger {
            Trigger::PreTokenGeneration => self.pre_token,
            _ => Version::V1,
        }
    }

    /// Whether a function hears of a right answer before it is written.
    pub fn hear_of_sign_in(&self) -> bool {
        let told = [
            Trigger::PreTokenGeneration,
            Trigger::PostAuthentication,
            Trigger::CustomMessage,
        ];
        told.into_iter().any(|trigger| self.arns.contains_key(&trigger))
    }

    /// Whether CUSTOM_AUTH has the three functions that it needs. Reference: user-pools 5.9.
    pub fn define_challenges(&self) -> bool {
        [
            Trigger::DefineAuthChallenge,
            Trigger::CreateAuthChallenge,
            Trigger::VerifyAuthChallengeResponse,
        ]
        .into_iter()
        .all(|trigger| self.arns.contains_key(&trigger))
    }
}
