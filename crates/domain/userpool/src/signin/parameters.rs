//! The wire's side of sign-in: AuthParameters and ChallengeResponses in, challenges out. Reference: user-pools 3.2, 3.4, 5.2, 5.5.

use std::collections::BTreeMap;

use api::cognito_idp::{AuthFlowType, AuthenticationResultType, ChallengeNameType};

use super::{Answer, Claim, Door, Factor, Given, Result, Start, Step, Visit};
use crate::{client::Flow, errors, pool::PasswordStore};

type Parameters = BTreeMap<String, String>;

/// What InitiateAuth asks for.
pub(crate) enum Begin {
    SignIn(Start),
    Refresh { token: String, secret_hash: Option<String> },
}

/// Checked in this order: the door, the username, the secret hash, whether the client has the flow, the rest.
///
/// Errors: InvalidParameter (flow, missing parameter), NotAuthorized (secret hash).
pub(crate) fn begin(
    visit: &Visit,
    flow: AuthFlowType,
    parameters: Option<Parameters>,
    session: Option<String>,
) -> Result<Begin> {
    let mut parameters = parameters.unwrap_or_default();
    let wrong_door = match flow {
        AuthFlowType::AdminNoSrpAuth | AuthFlowType::AdminUserPasswordAuth => visit.door == Door::Public,
        AuthFlowType::UserPasswordAuth => visit.door == Door::Admin,
        _ => false,
    };
    if wrong_door {
        return Err(errors::initiate_auth_method_not_supported());
    }
    if matches!(flow, AuthFlowType::RefreshTokenAuth | AuthFlowType::RefreshToken) {
        let token = take(&mut parameters, "REFRESH_TOKEN")?;
        return Ok(Begin::Refresh {
            token,
            secret_hash: parameters.remove("SECRET_HASH"),
        });
    }
    let username = take(&mut parameters, "USERNAME")?;
    visit
        .client
        .check_secret_hash(&username, parameters.get("SECRET_HASH").map(String::as_str))?;
    start(visit, flow, username, parameters, session).map(Begin::SignIn)
}

fn start(
    visit: &Visit,
    flow: AuthFlowType,
    username: String,
    mut parameters: Parameters,
    session: Option<String>,
) -> Result<Start> {
    let allowed = |flow| visit.client.allows(flow);
    match flow {
        AuthFlowType::UserSrpAuth if !allowed(Flow::Srp) => Err(errors::srp_not_enabled()),
        AuthFlowType::UserSrpAuth if visit.pool.password_store == PasswordStore::Argon2id => {
            Err(errors::srp_forbidden_by_pool())
        }
        AuthFlowType::UserSrpAuth => Ok(Start::Srp {
            username,
            srp_a: take(&mut parameters, "SRP_A")?,
        }),

        AuthFlowType::UserPasswordAuth if !allowed(Flow::Password) => Err(errors::password_flow_not_enabled()),
        AuthFlowType::AdminNoSrpAuth | AuthFlowType::AdminUserPasswordAuth if !allowed(Flow::AdminPassword) => {
            Err(errors::admin_flow_not_enabled())
        }
        AuthFlowType::UserPasswordAuth | AuthFlowType::AdminNoSrpAuth | AuthFlowType::AdminUserPasswordAuth => {
            Ok(Start::Password {
                username,
                password: take(&mut parameters, "PASSWORD")?,
            })
        }

        AuthFlowType::UserAuth if !allowed(Flow::Choice) => Err(errors::flow_not_enabled("USER_AUTH")),
        // To sign in with less than was asked for would be worse than not at all.
        AuthFlowType::UserAuth if parameters.contains_key("TARGET_ACR_VALUES") => {
            Err(errors::invalid_parameter("TARGET_ACR_VALUES is not supported."))
        }
        AuthFlowType::UserAuth => Ok(Start::Choice {
            username,
            preferred: parameters.get("PREFERRED_CHALLENGE").map(|name| factor(name)),
            given: given(&mut parameters),
            session,
        }),

        AuthFlowType::CustomAuth if !allowed(Flow::Custom) => Err(errors::flow_not_enabled("CUSTOM_AUTH")),
        AuthFlowType::CustomAuth => Err(errors::custom_auth_not_configured()),
        AuthFlowType::RefreshTokenAuth | AuthFlowType::RefreshToken => {
            Err(errors::initiate_auth_method_not_supported())
        }
    }
}

/// The USERNAME of an answer, which the secret hash must be of, and the answer.
///
/// Errors: InvalidParameter (missing parameter), NotAuthorized (secret hash; a challenge that no session here awaits).
pub(crate) fn answer(
    visit: &Visit,
    challenge: ChallengeNameType,
    responses: Option<Parameters>,
    session: Option<String>,
) -> Result<(String, Answer)> {
    let mut responses = responses.unwrap_or_default();
    let username = take(&mut responses, "USERNAME")?;
    visit
        .client
        .check_secret_hash(&username, responses.get("SECRET_HASH").map(String::as_str))?;
    if challenge == ChallengeNameType::PasswordVerifier {
        let claim = Claim {
            secret_block: take(&mut responses, "PASSWORD_CLAIM_SECRET_BLOCK")?,
            signature: take(&mut responses, "PASSWORD_CLAIM_SIGNATURE")?,
            timestamp: take(&mut responses, "TIMESTAMP")?,
            device_key: responses.remove("DEVICE_KEY"),
        };
        return Ok((username, Answer::PasswordVerifier { claim, session }));
    }
    let session = session.ok_or_else(|| errors::missing_parameter("Session"))?;
    let answer = match challenge {
        ChallengeNameType::SelectChallenge => {
            let factor = factor(&take(&mut responses, "ANSWER")?);
            Answer::Choice {
                session,
                factor,
                given: given(&mut responses),
            }
        }
        ChallengeNameType::Password => Answer::Choice {
            session,
            factor: Factor::Password,
            given: given(&mut responses),
        },
        ChallengeNameType::PasswordSrp => Answer::Choice {
            session,
            factor: Factor::PasswordSrp,
            given: given(&mut responses),
        },
        ChallengeNameType::NewPasswordRequired => {
            let password = take(&mut responses, "NEW_PASSWORD")?;
            let attribute = |(name, value): (String, String)| {
                name.strip_prefix("userAttributes.")
                    .map(|name| (name.to_owned(), value))
            };
            Answer::NewPassword {
                session,
                password,
                attributes: responses.into_iter().filter_map(attribute).collect(),
            }
        }
        _ => return Err(errors::invalid_session()),
    };
    Ok((username, answer))
}

fn take(parameters: &mut Parameters, name: &str) -> Result<String> {
    parameters.remove(name).ok_or_else(|| errors::missing_parameter(name))
}

fn given(parameters: &mut Parameters) -> Given {
    Given {
        password: parameters.remove("PASSWORD"),
        srp_a: parameters.remove("SRP_A"),
    }
}

fn factor(name: &str) -> Factor {
    match name {
        "PASSWORD" => Factor::Password,
        "PASSWORD_SRP" => Factor::PasswordSrp,
        _ => Factor::Other,
    }
}

/// The members that the four responses have in common.
#[derive(Default)]
pub(crate) struct Printed {
    pub challenge_name: Option<ChallengeNameType>,
    pub session: Option<String>,
    pub challenge_parameters: Option<Parameters>,
    pub authentication_result: Option<AuthenticationResultType>,
    pub available_challenges: Option<Vec<ChallengeNameType>>,
}

impl From<AuthenticationResultType> for Printed {
    fn from(tokens: AuthenticationResultType) -> Self {
        Self {
            authentication_result: Some(tokens),
            challenge_parameters: Some(Parameters::new()),
            ..Self::default()
        }
    }
}

impl From<Step> for Printed {
    fn from(step: Step) -> Self {
        match step {
            Step::Done(tokens) => (*tokens).into(),
            Step::PasswordVerifier {
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
            Step::Asked {
                factor,
                session,
                available,
            } => Self {
                session: Some(session),
                available_challenges: names(available),
                ..challenge(name(factor), [])
            },
            Step::SelectChallenge { available, session } => Self {
                session: Some(session),
                available_challenges: names(available),
                ..challenge(ChallengeNameType::SelectChallenge, [])
            },
            Step::NewPasswordRequired {
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
        }
    }
}

fn challenge<const N: usize>(name: ChallengeNameType, parameters: [(&str, String); N]) -> Printed {
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

fn names(available: Vec<Factor>) -> Option<Vec<ChallengeNameType>> {
    (!available.is_empty()).then(|| available.into_iter().map(name).collect())
}

fn name(factor: Factor) -> ChallengeNameType {
    match factor {
        Factor::PasswordSrp => ChallengeNameType::PasswordSrp,
        Factor::Password | Factor::Other => ChallengeNameType::Password,
    }
}
