//! How the answers to the calls of sign-in look: a challenge, or tokens. Reference: user-pools 5.1, 5.5, 8.

use std::collections::BTreeMap;

use api::cognito_idp::{
    AdminInitiateAuthResponse, AdminRespondToAuthChallengeResponse, AuthenticationResultType, ChallengeNameType,
    InitiateAuthResponse, RespondToAuthChallengeResponse,
};
use store::records::{address::Address, factor::Factor};
use tokens::UserTokens;

use crate::{
    client::Client,
    signin::{
        SentBy,
        protocol::{Challenge, FirstFactor},
    },
};

type Parameters = BTreeMap<String, String>;

/// The tokens of an app, for a user. An access token's life is the one that apps are told.
pub(super) fn given_out(
    client: &Client,
    tokens: UserTokens,
    refresh_token: Option<String>,
) -> AuthenticationResultType {
    AuthenticationResultType {
        id_token: tokens.id,
        access_token: Some(tokens.access),
        refresh_token,
        expires_in: i32::try_from(client.lifetimes.access_token.as_secs()).ok(),
        token_type: Some("Bearer".to_owned()),
        new_device_metadata: None,
    }
}

/// The members that the four responses have in common.
#[derive(Default)]
pub(super) struct Printed {
    challenge_name: Option<ChallengeNameType>,
    session: Option<String>,
    challenge_parameters: Option<Parameters>,
    authentication_result: Option<AuthenticationResultType>,
    available_challenges: Option<Vec<ChallengeNameType>>,
}

macro_rules! printed_as {
    ($($response:ident)+) => {
        $(impl From<Printed> for $response {
            fn from(printed: Printed) -> Self {
                Self {
                    challenge_name: printed.challenge_name,
                    session: printed.session,
                    challenge_parameters: printed.challenge_parameters,
                    authentication_result: printed.authentication_result,
                    available_challenges: printed.available_challenges,
                }
            }
        })+
    };
}

printed_as! { InitiateAuthResponse AdminInitiateAuthResponse RespondToAuthChallengeResponse AdminRespondToAuthChallengeResponse }

impl From<AuthenticationResultType> for Printed {
    fn from(tokens: AuthenticationResultType) -> Self {
        Self {
            authentication_result: Some(tokens),
            challenge_parameters: Some(Parameters::new()),
            ..Self::default()
        }
    }
}

impl From<Challenge> for Printed {
    fn from(asked: Challenge) -> Self {
        match asked {
            Challenge::PasswordVerifier {
                salt,
                srp_b,
                secret_block,
                user_id,
                session,
                available,
            } => Self {
                session,
                available_challenges: names(available),
                ..challenge(
                    ChallengeNameType::PasswordVerifier,
                    [
                        ("SALT", salt),
                        ("SECRET_BLOCK", secret_block),
                        ("SRP_B", srp_b),
                        ("USERNAME", user_id.clone()),
                        ("USER_ID_FOR_SRP", user_id),
                    ],
                )
            },
            Challenge::Chosen {
                factor,
                session,
                available,
            } => Self {
                session: Some(session),
                available_challenges: names(available),
                ..challenge(name(factor), [])
            },
            Challenge::Select { available, session } => Self {
                session: Some(session),
                available_challenges: names(available),
                ..challenge(ChallengeNameType::SelectChallenge, [])
            },
            Challenge::NewPasswordRequired {
                user_id,
                required,
                attributes,
                session,
            } => {
                let required: Vec<String> = required
                    .into_iter()
                    .map(|name| format!("userAttributes.{name}"))
                    .collect();
                Self {
                    session: Some(session),
                    ..challenge(
                        ChallengeNameType::NewPasswordRequired,
                        [
                            ("USER_ID_FOR_SRP", user_id),
                            ("requiredAttributes", serde_json::json!(required).to_string()),
                            ("userAttributes", serde_json::json!(attributes).to_string()),
                        ],
                    )
                }
            }
            asked => by_device(asked),
        }
    }
}

/// What a device is asked.
fn by_device(asked: Challenge) -> Printed {
    let (session, printed) = match asked {
        Challenge::DeviceSrp {
            device_key,
            user_id,
            session,
        } => {
            let parameters = [("DEVICE_KEY", device_key), ("USERNAME", user_id)];
            (session, challenge(ChallengeNameType::DeviceSrpAuth, parameters))
        }
        Challenge::DeviceVerifier {
            salt,
            srp_b,
            secret_block,
            device_key,
            user_id,
            session,
        } => {
            let parameters = [
                ("SALT", salt),
                ("SECRET_BLOCK", secret_block),
                ("SRP_B", srp_b),
                ("DEVICE_KEY", device_key),
                ("USERNAME", user_id),
            ];
            (
                session,
                challenge(ChallengeNameType::DevicePasswordVerifier, parameters),
            )
        }
        other => return second_factor(other),
    };
    Printed {
        session: Some(session),
        ..printed
    }
}

/// What is asked by a code or of a passkey, or about second factors.
fn second_factor(asked: Challenge) -> Printed {
    let (session, printed) = match asked {
        Challenge::Code {
            sent,
            target,
            user_id,
            session,
            available,
            ..
        } => {
            let name = match sent {
                SentBy::EmailOtp => ChallengeNameType::EmailOtp,
                SentBy::SmsOtp => ChallengeNameType::SmsOtp,
                SentBy::SmsMfa => ChallengeNameType::SmsMfa,
            };
            let medium = match target.kind {
                Address::Email => "EMAIL",
                Address::Phone => "SMS",
            };
            let told = user_id.map(|id| ("USER_ID_FOR_SRP", id));
            let parameters = [
                ("CODE_DELIVERY_DELIVERY_MEDIUM", medium.to_owned()),
                ("CODE_DELIVERY_DESTINATION", target.masked()),
            ];
            let printed = Printed {
                available_challenges: names(available),
                ..challenge(name, parameters.into_iter().chain(told))
            };
            (session, printed)
        }
        Challenge::Passkey {
            options,
            session,
            available,
        } => {
            let parameters = [("CREDENTIAL_REQUEST_OPTIONS", options)];
            let printed = Printed {
                available_challenges: names(available),
                ..challenge(ChallengeNameType::WebAuthn, parameters)
            };
            (session, printed)
        }
        Challenge::Totp {
            name, user_id, session, ..
        } => {
            let named = name.map(|name| ("FRIENDLY_DEVICE_NAME", name));
            let parameters = [("USER_ID_FOR_SRP", user_id)].into_iter().chain(named);
            (session, challenge(ChallengeNameType::SoftwareTokenMfa, parameters))
        }
        Challenge::Custom {
            parameters,
            user_id,
            session,
        } => {
            let shown = parameters.iter().map(|(name, value)| (name.as_str(), value.clone()));
            let parameters = shown.chain([("USERNAME", user_id)]);
            (session, challenge(ChallengeNameType::CustomChallenge, parameters))
        }
        Challenge::SelectSecondFactor {
            factors,
            user_id,
            session,
        } => {
            let parameters = [("MFAS_CAN_CHOOSE", list(&factors)), ("USER_ID_FOR_SRP", user_id)];
            (session, challenge(ChallengeNameType::SelectMfaType, parameters))
        }
        Challenge::SetUpSecondFactor {
            factors,
            user_id,
            session,
        } => {
            let parameters = [("MFAS_CAN_SETUP", list(&factors)), ("USER_ID_FOR_SRP", user_id)];
            (session, challenge(ChallengeNameType::MfaSetup, parameters))
        }
        first => return first.into(),
    };
    Printed {
        session: Some(session),
        ..printed
    }
}

/// A list in a parameter, which is a text: JSON.
fn list(factors: &[Factor]) -> String {
    let names: Vec<&str> = factors.iter().map(|factor| factor.as_str()).collect();
    serde_json::json!(names).to_string()
}

fn challenge<'a>(name: ChallengeNameType, parameters: impl IntoIterator<Item = (&'a str, String)>) -> Printed {
    let parameters = parameters
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    Printed {
        challenge_name: Some(name),
        challenge_parameters: Some(parameters),
        ..Printed::default()
    }
}

fn names(available: Vec<FirstFactor>) -> Option<Vec<ChallengeNameType>> {
    (!available.is_empty()).then(|| available.into_iter().map(name).collect())
}

fn name(factor: FirstFactor) -> ChallengeNameType {
    match factor {
        FirstFactor::PasswordSrp => ChallengeNameType::PasswordSrp,
        FirstFactor::EmailOtp => ChallengeNameType::EmailOtp,
        FirstFactor::SmsOtp => ChallengeNameType::SmsOtp,
        FirstFactor::WebAuthn => ChallengeNameType::WebAuthn,
        FirstFactor::Password | FirstFactor::Other => ChallengeNameType::Password,
    }
}
