//! `RespondToAuthChallenge`: the next step of a sign-in; `AdminRespondToAuthChallenge`: of one that a server began. Reference:
//! user-pools 5.1, 5.5, 5.6.

use std::sync::Arc;

use api::cognito_idp::{
    AdminRespondToAuthChallengeRequest, AdminRespondToAuthChallengeResponse, RespondToAuthChallengeRequest,
    RespondToAuthChallengeResponse,
};
use kernel::{Cx, Result};

use super::{
    answer::Printed,
    request::{self, Response},
};
use crate::{UserPools, signin::Visit};

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

    async fn respond(&self, cx: &Cx, visit: Visit, response: Response) -> Result<Printed> {
        let (username, answer) = request::answer(&visit, response)?;
        let client = Arc::clone(&visit.client);
        let reply = self.answer_challenge(cx, visit, &username, answer).await?;
        self.printed(cx, &client, reply).await
    }
}
