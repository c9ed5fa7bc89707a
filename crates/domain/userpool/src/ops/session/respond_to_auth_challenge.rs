//! `RespondToAuthChallenge`: the next step of a sign-in. Reference: user-pools 5.5, 5.6.

use api::cognito_idp::{RespondToAuthChallengeRequest, RespondToAuthChallengeResponse};
use kernel::{Cx, Result};

use crate::{
    UserPools,
    signin::{Door, Visit, parameters::Printed},
};

impl UserPools {
    /// Errors: NotAuthorized (proof, session), those of the step.
    pub async fn respond_to_auth_challenge(
        &self,
        cx: &Cx,
        input: RespondToAuthChallengeRequest,
    ) -> Result<RespondToAuthChallengeResponse> {
        let (pool, client) = self.client(cx, &input.client_id).await?;
        let visit = Visit {
            pool,
            client,
            door: Door::Public,
        };
        let printed = self
            .respond(
                cx,
                &visit,
                input.challenge_name,
                input.challenge_responses,
                input.session,
            )
            .await?;
        let Printed {
            challenge_name,
            session,
            challenge_parameters,
            authentication_result,
            available_challenges,
        } = printed;
        Ok(RespondToAuthChallengeResponse {
            challenge_name,
            session,
            challenge_parameters,
            authentication_result,
            available_challenges,
        })
    }
}
