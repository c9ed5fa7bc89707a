//! LambdaConfig, parsed where the pool is loaded. Reference: user-pools 16.

use std::collections::BTreeMap;

use api::cognito_idp::{PreTokenGenerationLambdaVersionType, UserPoolType};

use super::source::Trigger;

/// The function of each trigger that has one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lambdas {
    arns: BTreeMap<Trigger, String>,
    pre_token: Version,
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

impl Lambdas {
    pub fn of(settings: &UserPoolType) -> Self {
        let Some(config) = &settings.lambda_config else {
            return Self::default();
        };
        let versioned = config.pre_token_generation_config.as_ref();
        let pre_token = versioned.map(|config| config.lambda_arn.clone());
        let pre_token = pre_token.or_else(|| config.pre_token_generation.clone());
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
        }
    }

    pub fn arn(&self, trigger: Trigger) -> Option<&str> {
        self.arns.get(&trigger).map(String::as_str)
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
