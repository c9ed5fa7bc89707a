//! `InitiateAuth`: a user begins to sign in, or an app wants further tokens; `AdminInitiateAuth`: a server does so for a user.
//! Reference: user-pools 5.1, 5.2, 5.7, 17.1.

use std::sync::Arc;

use api::cognito_idp::{
    AdminInitiateAuthRequest, AdminInitiateAuthResponse, AuthFlowType, AuthenticationResultType, InitiateAuthRequest,
    InitiateAuthResponse, NewDeviceMetadataType,
};
use kernel::{ApiError, Cx, Result};

use super::{
    answer::{Printed, given_out},
    request::{self, Parameters, factor, given, take},
    step_up::{self, Claim},
};
use crate::{
    UserPools,
    client::{Client, Flow},
    device::secret::group_key,
    errors,
    pool::{PasswordStore, first_factors},
    session::{Grant, issue, issue::Subject, rotation::Rotation},
    signin::{
        Door, SignedIn, Visit,
        protocol::{Reply, Start},
    },
};

/// What InitiateAuth says.
struct Beginning {
    flow: AuthFlowType,
    parameters: Option<Parameters>,
    session: Option<String>,
}

/// What InitiateAuth asks for.
enum Begin {
    SignIn(Start, Option<Claim>),
    Refresh { token: String, secret_hash: Option<String> },
}

impl UserPools {
    /// Errors: NotAuthorized, UserNotFound, UserNotConfirmed, PasswordResetRequired, InvalidParameter (flow, parameters).
    pub async fn initiate_auth(&self, cx: &Cx, input: InitiateAuthRequest) -> Result<InitiateAuthResponse> {
        let place = self.client(&input.client_id).await?;
        let visit = request::public_visit(place, input.client_metadata, input.user_context_data).beginning();
        let beginning = Beginning {
            flow: input.auth_flow,
            parameters: input.auth_parameters,
            session: input.session,
        };
        Ok(self.initiate(cx, visit, beginning).await?.into())
    }

    /// Errors: as InitiateAuth.
    pub async fn admin_initiate_auth(
        &self,
        cx: &Cx,
        input: AdminInitiateAuthRequest,
    ) -> Result<AdminInitiateAuthResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let client = Arc::clone(pool.client(&input.client_id)?);
        let visit = request::admin_visit((pool, client), input.client_metadata, input.context_data).beginning();
        let beginning = Beginning {
            flow: input.auth_flow,
            parameters: input.auth_parameters,
            session: input.session,
        };
        Ok(self.initiate(cx, visit, beginning).await?.into())
    }

    async fn initiate(&self, cx: &Cx, mut visit: Visit, beginning: Beginning) -> Result<Printed> {
        visit.device = request::device(beginning.parameters.as_ref());
        match begin(&visit, beginning)? {
            Begin::SignIn(mut start, claim) => {
                if let (
                    Start::Choice {
                        step_up: Some(step_up), ..
                    },
                    Some(claim),
                ) = (&mut start, claim)
                {
                    step_up.credit = self.credit(cx, &visit, claim).await?;
                }
                let client = Arc::clone(&visit.client);
                let reply = self.begin_sign_in(cx, visit, start).await?;
                self.printed(cx, &client, reply).await
            }
            Begin::Refresh { token, secret_hash } => {
                if visit.client.rotates() {
                    return Err(errors::refresh_by_rotation_only());
                }
                if !visit.client.allows(Flow::Refresh) {
                    return Err(errors::flow_not_enabled("REFRESH_TOKEN_AUTH"));
                }
                let refresh = self.refresh_token(&visit, &token, Rotation::Never).await?;
                // Hashed with the username that the tokens carry, whatever name was typed at sign-in (reference 3.2).
                visit
                    .client
                    .check_secret_hash(&refresh.user.username, secret_hash.as_deref())?;
                Ok(self.refresh(cx, &visit, refresh, Rotation::Never).await?.into())
            }
        }
    }

    /// What the API answers: the challenge, or the tokens of somebody who has signed in. Errors: internal.
    pub(super) async fn printed(&self, cx: &Cx, client: &Client, reply: Reply) -> Result<Printed> {
        let SignedIn {
            user,
            groups,
            session,
            overrides,
            turn,
        } = match reply {
            Reply::Challenge(challenge) => return Ok(challenge.into()),
            Reply::SignedIn(signed_in) => *signed_in,
            Reply::LoggedIn(_) => return Err(ApiError::internal("a sign-in of the API ended as one of hosted login")),
        };
        let grant = Grant::of_session(client, &session.row);
        let subject = Subject {
            user: &user,
            groups: &groups,
            session: &session.row,
            overrides: &overrides,
            nonce: None,
            key: None,
        };
        let tokens = issue::granted(&self.tokens, cx, &grant, &subject, turn).await?;
        let new_device = session.new_device.map(|key| NewDeviceMetadataType {
            device_group_key: Some(group_key(&user.pool, &key)),
            device_key: Some(key.to_string()),
        });
        let tokens = AuthenticationResultType {
            new_device_metadata: new_device,
            ..given_out(client, tokens, Some(session.refresh_token))
        };
        Ok(tokens.into())
    }
}

/// Checked in this order: the door, the username, the secret hash, whether the client has the flow, the rest.
///
/// Errors: InvalidParameter (flow, missing parameter), NotAuthorized (secret hash).
fn begin(visit: &Visit, beginning: Beginning) -> Result<Begin> {
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
    if flow == AuthFlowType::UserAuth {
        return choice(visit, username, parameters, session);
    }
    Ok(Begin::SignIn(start(visit, flow, username, parameters)?, None))
}

fn start(visit: &Visit, flow: AuthFlowType, username: String, mut parameters: Parameters) -> Result<Start> {
    let allowed = |flow| visit.client.allows(flow);
    match flow {
        AuthFlowType::UserSrpAuth if !allowed(Flow::Srp) => Err(errors::srp_not_enabled()),
        AuthFlowType::UserSrpAuth => Ok(Start::Srp {
            username,
            srp_a: public_value(visit, &mut parameters)?,
        }),

        AuthFlowType::UserPasswordAuth if !allowed(Flow::Password) => Err(errors::password_flow_not_enabled()),
        AuthFlowType::AdminNoSrpAuth | AuthFlowType::AdminUserPasswordAuth if !allowed(Flow::AdminPassword) => {
            Err(errors::admin_flow_not_enabled())
        }
        AuthFlowType::UserPasswordAuth | AuthFlowType::AdminNoSrpAuth | AuthFlowType::AdminUserPasswordAuth => {
            Ok(Start::Password {
                username,
                password: take(&mut parameters, "PASSWORD")?,
                step_up: None,
            })
        }

        AuthFlowType::CustomAuth if !allowed(Flow::Custom) => Err(errors::flow_not_enabled("CUSTOM_AUTH")),
        AuthFlowType::CustomAuth if !visit.pool.lambdas.define_challenges() => {
            Err(errors::custom_auth_not_configured())
        }
        AuthFlowType::CustomAuth => Ok(Start::Custom {
            username,
            srp_a: srp_first(visit, &mut parameters)?,
        }),
        AuthFlowType::UserAuth | AuthFlowType::RefreshTokenAuth | AuthFlowType::RefreshToken => {
            Err(errors::initiate_auth_method_not_supported())
        }
    }
}

/// The public value of SRP where CUSTOM_AUTH begins with it: the challenge that the client names is SRP_A, or none.
///
/// Errors: InvalidParameter (the pool's passwords take no SRP; the value is missing).
fn srp_first(visit: &Visit, parameters: &mut Parameters) -> Result<Option<String>> {
    let is_named = parameters.get("CHALLENGE_NAME").is_some_and(|name| name == "SRP_A");
    if !is_named && !parameters.contains_key("SRP_A") {
        return Ok(None);
    }
    public_value(visit, parameters).map(Some)
}

/// Errors: InvalidParameter (the pool's passwords take no SRP; the value is missing).
fn public_value(visit: &Visit, parameters: &mut Parameters) -> Result<String> {
    match visit.pool.password_store {
        PasswordStore::Argon2id => Err(errors::srp_forbidden_by_pool()),
        PasswordStore::SrpVerifier => take(parameters, "SRP_A"),
    }
}

/// USER_AUTH. Errors: InvalidParameter, FeatureUnavailableInTier (the pool's plan has come down since the client got the flow).
fn choice(visit: &Visit, username: String, mut parameters: Parameters, session: Option<String>) -> Result<Begin> {
    if !visit.client.allows(Flow::Choice) {
        return Err(errors::flow_not_enabled("USER_AUTH"));
    }
    first_factors::check_plan(&visit.pool.settings)?;
    let (step_up, claim) = match step_up::asked(&visit.pool, &mut parameters)? {
        Some((step_up, claim)) => (Some(step_up), claim),
        None => (None, None),
    };
    let start = match session {
        // To sign in with less than was asked for would be worse than not at all.
        Some(_) if step_up.is_some() => return Err(errors::acr_out_of_reach()),
        Some(session) => Start::SignedUp { username, session },
        None => Start::Choice {
            username,
            preferred: parameters.get("PREFERRED_CHALLENGE").map(|name| factor(name)),
            given: given(&mut parameters),
            step_up,
        },
    };
    Ok(Begin::SignIn(start, claim))
}
