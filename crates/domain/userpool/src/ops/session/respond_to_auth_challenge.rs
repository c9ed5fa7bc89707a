//! `RespondToAuthChallenge`: the next step of a sign-in; `AdminRespondToAuthChallenge`: of one that a server began. Reference:
//! user-pools 5.1, 5.5, 5.6.

use std::sync::Arc;

use api::cognito_idp::{
    AdminRespondToAuthChallengeRequest, AdminRespondToAuthChallengeResponse, ChallengeNameType,
    RespondToAuthChallengeRequest, RespondToAuthChallengeResponse,
};
use kernel::{Cx, Result};
use store::records::factor::Factor;

use super::{
    answer::Printed,
    request::{self, Parameters, factor, given, take},
};
use crate::{
    UserPools, errors,
    signin::{
        SentBy, Visit,
        protocol::{Answer, Claim, FirstFactor, Given},
    },
};

/// What RespondToAuthChallenge says.
struct Response {
    challenge: ChallengeNameType,
    responses: Option<Parameters>,
    session: Option<String>,
}

impl UserPools {
    /// Errors: NotAuthorized (proof, session), those of the step.
    pub async fn respond_to_auth_challenge(
        &self,
        cx: &Cx,
        input: RespondToAuthChallengeRequest,
    ) -> Result<RespondToAuthChallengeResponse> {
        let place = self.client(&input.client_id).await?;
        let visit = request::public_visit(place, input.client_metadata, input.user_context_data);
        let response = Response {
            challenge: input.challenge_name,
            responses: input.challenge_responses,
            session: input.session,
        };
        Ok(self.respond(cx, visit, response).await?.into())
    }

    /// Errors: as RespondToAuthChallenge.
    pub async fn admin_respond_to_auth_challenge(
        &self,
        cx: &Cx,
        input: AdminRespondToAuthChallengeRequest,
    ) -> Result<AdminRespondToAuthChallengeResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let client = Arc::clone(pool.client(&input.client_id)?);
        let visit = request::admin_visit((pool, client), input.client_metadata, input.context_data);
        let response = Response {
            challenge: input.challenge_name,
            responses: input.challenge_responses,
            session: input.session,
        };
        Ok(self.respond(cx, visit, response).await?.into())
    }

    async fn respond(&self, cx: &Cx, mut visit: Visit, response: Response) -> Result<Printed> {
        visit.device = request::device(response.responses.as_ref());
        let (username, answer) = answer(&visit, response)?;
        let client = Arc::clone(&visit.client);
        let reply = Box::pin(self.answer_challenge(cx, visit, &username, answer)).await?;
        self.printed(cx, &client, reply).await
    }
}

/// The USERNAME of an answer, which the secret hash must be of, and the answer.
///
/// Errors: InvalidParameter (missing parameter), NotAuthorized (secret hash; a challenge that no session here awaits).
fn answer(visit: &Visit, response: Response) -> Result<(String, Answer)> {
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
        let claim = claim(&mut responses)?;
        return Ok((username, Answer::PasswordVerifier { claim, session }));
    }
    let session = session.ok_or_else(|| errors::missing_parameter("Session"))?;
    let answer = match challenge {
        ChallengeNameType::SelectChallenge => {
            let factor = factor(&take(&mut responses, "ANSWER")?);
            match given(&mut responses) {
                // Chosen before, and answered now under the same name. Reference: 5.8.
                Given {
                    credential: Some(credential),
                    ..
                } if factor == FirstFactor::WebAuthn => Answer::Passkey {
                    session,
                    credential,
                    step_up: None,
                },
                given => Answer::Choice { session, factor, given },
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
        _ => second_factor(challenge, responses, session)?,
    };
    Ok((username, answer))
}

/// Errors: InvalidParameter (missing parameter).
fn claim(responses: &mut Parameters) -> Result<Claim> {
    Ok(Claim {
        secret_block: take(responses, "PASSWORD_CLAIM_SECRET_BLOCK")?,
        signature: take(responses, "PASSWORD_CLAIM_SIGNATURE")?,
        timestamp: take(responses, "TIMESTAMP")?,
    })
}

/// Errors: InvalidParameter (missing parameter), NotAuthorized (a challenge that no session here awaits).
fn second_factor(challenge: ChallengeNameType, mut responses: Parameters, session: String) -> Result<Answer> {
    let sent = |sent, digits| Answer::Code {
        session: session.clone(),
        sent,
        digits,
    };
    Ok(match challenge {
        ChallengeNameType::EmailOtp => sent(SentBy::EmailOtp, take(&mut responses, "EMAIL_OTP_CODE")?),
        ChallengeNameType::SmsOtp => sent(SentBy::SmsOtp, take(&mut responses, "SMS_OTP_CODE")?),
        ChallengeNameType::SmsMfa => sent(SentBy::SmsMfa, take(&mut responses, "SMS_MFA_CODE")?),
        ChallengeNameType::SoftwareTokenMfa => Answer::Totp {
            digits: take(&mut responses, "SOFTWARE_TOKEN_MFA_CODE")?,
            session,
        },
        ChallengeNameType::CustomChallenge => Answer::Custom {
            answer: take(&mut responses, "ANSWER")?,
            session,
        },
        ChallengeNameType::SelectMfaType => Answer::SecondFactor {
            factor: second_factor_named(&take(&mut responses, "ANSWER")?),
            session,
        },
        ChallengeNameType::DeviceSrpAuth => Answer::DeviceSrp {
            srp_a: take(&mut responses, "SRP_A")?,
            session,
        },
        ChallengeNameType::DevicePasswordVerifier => Answer::DeviceVerifier {
            claim: claim(&mut responses)?,
            session,
        },
        ChallengeNameType::WebAuthn => Answer::Passkey {
            credential: take(&mut responses, "CREDENTIAL")?,
            session,
            step_up: None,
        },
        ChallengeNameType::MfaSetup => Answer::SetUp {
            session,
            // Amplify's, where the user sets up codes by mail.
            email: responses.remove("EMAIL"),
        },
        _ => return Err(errors::invalid_session()),
    })
}

/// The documents call the e-mail code EMAIL_MFA too. Reference: 5.5.
fn second_factor_named(name: &str) -> Option<Factor> {
    Factor::ALL
        .into_iter()
        .find(|factor| factor.as_str() == name)
        .or((name == "EMAIL_MFA").then_some(Factor::Email))
}
