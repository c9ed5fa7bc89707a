//! `RespondToAuthChallenge`: the next step of a sign-in; `AdminRespondToAuthChallenge`: of one that a server began. Reference:
//! user-pools 5.1, 5.5, 5.6.

use std::{collections::BTreeMap, sync::Arc};

use api::cognito_idp::{
    AdminRespondToAuthChallengeRequest, AdminRespondToAuthChallengeResponse, ChallengeNameType,
    RespondToAuthChallengeRequest, RespondToAuthChallengeResponse,
};
use kernel::{Cx, Result};

use super::{parameters, printed::Printed, visits};
use crate::{UserPools, signin::Visit};

impl UserPools {
    /// Errors: NotAuthorized (proof, session), those of the step.
    pub async fn respond_to_auth_challenge(
        &self,
        cx: &Cx,
        input: RespondToAuthChallengeRequest,
    ) -> Result<RespondToAuthChallengeResponse> {
        let place = self.client(&input.client_id).await?;
        let visit = visits::public(place, input.client_metadata, input.user_context_data);
        let printed = self
            .respond(
                cx,
                visit,
                input.challenge_name,
                input.challenge_responses,
                input.session,
            )
            .await?;
        Ok(printed.into())
    }

    /// Errors: as RespondToAuthChallenge.
    pub async fn admin_respond_to_auth_challenge(
        &self,
        cx: &Cx,
        input: AdminRespondToAuthChallengeRequest,
    ) -> Result<AdminRespondToAuthChallengeResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let client = Arc::clone(pool.client(&input.client_id)?);
        let visit = visits::admin((pool, client), input.client_metadata, input.context_data);
        let printed = self
            .respond(
                cx,
                visit,
                input.challenge_name,
                input.challenge_responses,
                input.session,
            )
            .await?;
        Ok(printed.into())
    }

    async fn respond(
        &self,
        cx: &Cx,
        visit: Visit,
        challenge: ChallengeNameType,
        responses: Option<BTreeMap<String, String>>,
        session: Option<String>,
    ) -> Result<Printed> {
        let (username, answer) = parameters::answer(&visit, challenge, responses, session)?;
        let client = Arc::clone(&visit.client);
        let reply = self.answer_challenge(cx, visit, &username, answer).await?;
        self.printed(cx, &client, reply).await
    }
}
