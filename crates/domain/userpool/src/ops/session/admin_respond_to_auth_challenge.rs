//! `AdminRespondToAuthChallenge`: the next step of a sign-in that a server began. Reference: user-pools 5.1, 5.5, 5.6.

use api::cognito_idp::{AdminRespondToAuthChallengeRequest, AdminRespondToAuthChallengeResponse};
use kernel::{Cx, Result};

use crate::{
    UserPools,
    signin::{Door, Visit, parameters::Printed},
};

impl UserPools {
    /// Errors: as RespondToAuthChallenge.
    pub async fn admin_respond_to_auth_challenge(
        &self,
        cx: &Cx,
        input: AdminRespondToAuthChallengeRequest,
    ) -> Result<AdminRespondToAuthChallengeResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let client = pool.client(&input.client_id)?.clone();
        let visit = Visit {
            pool,
            client,
            door: Door::Admin,
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
        Ok(AdminRespondToAuthChallengeResponse {
            challenge_name,
            session,
            challenge_parameters,
            authentication_result,
            available_challenges,
        })
    }
}
