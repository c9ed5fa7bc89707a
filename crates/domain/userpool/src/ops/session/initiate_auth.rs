//! `InitiateAuth`: a user begins to sign in, or an app wants further tokens. Reference: user-pools 5.1, 5.2, 5.7.

use api::cognito_idp::{InitiateAuthRequest, InitiateAuthResponse};
use kernel::{Cx, Result};

use crate::{
    UserPools,
    signin::{Door, Visit, parameters::Printed},
};

impl UserPools {
    /// Errors: NotAuthorized, UserNotFound, UserNotConfirmed, PasswordResetRequired, InvalidParameter (flow, parameters).
    pub async fn initiate_auth(&self, cx: &Cx, input: InitiateAuthRequest) -> Result<InitiateAuthResponse> {
        let (pool, client) = self.client(cx, &input.client_id).await?;
        let visit = Visit {
            pool,
            client,
            door: Door::Public,
        };
        let printed = self
            .initiate(cx, &visit, input.auth_flow, input.auth_parameters, input.session)
            .await?;
        let Printed {
            challenge_name,
            session,
            challenge_parameters,
            authentication_result,
            available_challenges,
        } = printed;
        Ok(InitiateAuthResponse {
            challenge_name,
            session,
            challenge_parameters,
            authentication_result,
            available_challenges,
        })
    }
}
