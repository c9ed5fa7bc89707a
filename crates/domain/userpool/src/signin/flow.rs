//! The two entrances: a sign-in begins, a challenge is answered.

use std::collections::BTreeMap;

use api::cognito_idp::{AuthFlowType, ChallengeNameType};
use kernel::Cx;

use super::{
    Answer, Factor, Given, Result, Rotation, Start, Step, Visit,
    parameters::{self, Begin, Printed},
    secret_block::Session,
    ticket,
};
use crate::{UserPools, client::Flow, errors};

impl UserPools {
    /// InitiateAuth and AdminInitiateAuth.
    pub(crate) async fn initiate(
        &self,
        cx: &Cx,
        visit: &Visit,
        flow: AuthFlowType,
        given: Option<BTreeMap<String, String>>,
        session: Option<String>,
    ) -> Result<Printed> {
        match parameters::begin(visit, flow, given, session)? {
            Begin::SignIn(start) => Ok(self.start_sign_in(cx, visit, start).await?.into()),
            Begin::Refresh { token, secret_hash } => {
                if visit.client.rotates() {
                    return Err(errors::refresh_by_rotation_only());
                }
                if !visit.client.allows(Flow::Refresh) {
                    return Err(errors::flow_not_enabled("REFRESH_TOKEN_AUTH"));
                }
                let refresh = self.refresh_token(visit, &token, Rotation::Never).await?;
                // Hashed with the username that the tokens carry, whatever name was typed at sign-in (reference 3.2).
                visit
                    .client
                    .check_secret_hash(&refresh.user.username, secret_hash.as_deref())?;
                Ok(self.refresh(cx, visit, refresh, Rotation::Never).await?.into())
            }
        }
    }

    /// RespondToAuthChallenge and AdminRespondToAuthChallenge.
    pub(crate) async fn respond(
        &self,
        cx: &Cx,
        visit: &Visit,
        challenge: ChallengeNameType,
        responses: Option<BTreeMap<String, String>>,
        session: Option<String>,
    ) -> Result<Printed> {
        let (username, answer) = parameters::answer(visit, challenge, responses, session)?;
        Ok(self.answer_challenge(cx, visit, &username, answer).await?.into())
    }

    /// Errors: those of the first factor (reference 5.2), the refusals of `gate`.
    pub(crate) async fn start_sign_in(&self, cx: &Cx, visit: &Visit, start: Start) -> Result<Step> {
        self.cpu.admit()?;
        match start {
            Start::Srp { username, srp_a } => {
                let candidate = self.candidate(cx, visit, &username).await?;
                self.srp_challenge(cx, visit, &candidate, &srp_a, ticket::nonce(cx), Session::None)
                    .await
            }
            Start::Password { username, password } => {
                let candidate = self.candidate(cx, visit, &username).await?;
                self.try_password(cx, visit, candidate, password, None).await
            }
            Start::Choice {
                username,
                session: Some(session),
                ..
            } => self.first_sign_in(cx, visit, &username, &session).await,
            Start::Choice {
                username,
                preferred,
                given,
                session: None,
            } => self.offer_choice(cx, visit, &username, preferred, given).await,
        }
    }

    /// `username` is what the answer says, which must be whom the challenge was for.
    ///
    /// Errors: NotAuthorized in the forms of reference 5.6, those of the step.
    pub(crate) async fn answer_challenge(
        &self,
        cx: &Cx,
        visit: &Visit,
        username: &str,
        answer: Answer,
    ) -> Result<Step> {
        self.cpu.admit()?;
        match answer {
            Answer::PasswordVerifier { claim, session } => {
                self.srp_prove(cx, visit, username, claim, session.as_deref()).await
            }
            Answer::Choice { session, factor, given } => {
                self.choose(cx, visit, username, &session, factor, given).await
            }
            Answer::NewPassword {
                session,
                password,
                attributes,
            } => {
                self.answer_new_password(cx, visit, username, &session, password, attributes)
                    .await
            }
        }
    }
}

impl Given {
    /// The parameter that a factor needs, under its name on the wire. Errors: InvalidParameter if it is missing.
    pub fn parameter(self, factor: Factor) -> Result<String> {
        match factor {
            Factor::Password => self.password.ok_or_else(|| errors::missing_parameter("PASSWORD")),
            Factor::PasswordSrp => self.srp_a.ok_or_else(|| errors::missing_parameter("SRP_A")),
            Factor::Other => Err(errors::challenge_not_available()),
        }
    }

    pub fn has(&self, factor: Factor) -> bool {
        match factor {
            Factor::Password => self.password.is_some(),
            Factor::PasswordSrp => self.srp_a.is_some(),
            Factor::Other => false,
        }
    }
}
