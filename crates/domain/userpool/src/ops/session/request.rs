//! What the calls of sign-in say, as the machine takes it: by which door they come, AuthParameters and ChallengeResponses.
//! Reference: user-pools 3.2, 3.4, 5.1, 5.2, 5.5.

use std::{collections::BTreeMap, sync::Arc};

use api::cognito_idp::{AuthFlowType, ChallengeNameType, ContextDataType, UserContextDataType};
use kernel::Result;

use crate::{
    client::{Client, Flow},
    errors,
    pool::{PasswordStore, Pool},
    signin::{
        Door, Visit,
        protocol::{Answer, Claim, FirstFactor, Given, Start},
        visit::Context,
    },
};

type Parameters = BTreeMap<String, String>;

/// By the user's own client.
pub(in crate::ops) fn public_visit(
    (pool, client): (Arc<Pool>, Arc<Client>),
    metadata: Option<Parameters>,
    context: Option<UserContextDataType>,
) -> Visit {
    let context = context.map(|data| Context {
        ip_address: data.ip_address,
        encoded_data: data.encoded_data,
    });
    Visit {
        pool,
        client,
        door: Door::Public,
        metadata: metadata.unwrap_or_default(),
        context: context.unwrap_or_default(),
    }
}

/// By a server, for its user.
pub(in crate::ops) fn admin_visit(
    (pool, client): (Arc<Pool>, Arc<Client>),
    metadata: Option<Parameters>,
    context: Option<ContextDataType>,
) -> Visit {
    let context = context.map(|data| Context {
        ip_address: Some(data.ip_address),
        encoded_data: data.encoded_data,
    });
    Visit {
        pool,
        client,
        door: Door::Admin,
        metadata: metadata.unwrap_or_default(),
        context: context.unwrap_or_default(),
    }
}

/// What InitiateAuth says.
pub(super) struct Beginning {
    pub flow: AuthFlowType,
    pub parameters: Option<Parameters>,
    pub session: Option<String>,
}

/// What RespondToAuthChallenge says.
pub(super) struct Response {
    pub challenge: ChallengeNameType,
    pub responses: Option<Parameters>,
    pub session: Option<String>,
}

/// What InitiateAuth asks for.
pub(super) enum Begin {
    SignIn(Start),
    Refresh { token: String, secret_hash: Option<String> },
}

/// Checked in this order: the door, the username, the secret hash, whether the client has the flow, the rest.
///
/// Errors: InvalidParameter (flow, missing parameter), NotAuthorized (secret hash).
pub(super) fn begin(visit: &Visit, beginning: Beginning) -> Result<Begin> {
    let Beginning {
        flow,
        parameters,
        session,
    } = beginning;
    let mut parameters = parameters.unwrap_or_default();
    let wrong_door = match flow {
        AuthFlowType::AdminNoSrpAuth | AuthFlowType::AdminUserPasswordAuth => visit.door != Door::Admin,
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
        AuthFlowType::UserAuth => Ok(match session {
            Some(session) => Start::SignedUp { username, session },
            None => Start::Choice {
                username,
                preferred: parameters.get("PREFERRED_CHALLENGE").map(|name| factor(name)),
                given: given(&mut parameters),
            },
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
pub(super) fn answer(visit: &Visit, response: Response) -> Result<(String, Answer)> {
    let Response {
        challenge,
        responses,
        session,
    } = response;
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
            factor: FirstFactor::Password,
            given: given(&mut responses),
        },
        ChallengeNameType::PasswordSrp => Answer::Choice {
            session,
            factor: FirstFactor::PasswordSrp,
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

fn factor(name: &str) -> FirstFactor {
    match name {
        "PASSWORD" => FirstFactor::Password,
        "PASSWORD_SRP" => FirstFactor::PasswordSrp,
        _ => FirstFactor::Other,
    }
}
