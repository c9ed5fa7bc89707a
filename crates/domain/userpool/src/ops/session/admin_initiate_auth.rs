//! `AdminInitiateAuth`: a server signs a user in. Reference: user-pools 5.1, 5.2, 17.1.

use api::cognito_idp::{AdminInitiateAuthRequest, AdminInitiateAuthResponse};
use kernel::{Cx, Result};

use crate::{
    UserPools,
    signin::{Door, Visit, parameters::Printed},
};

impl UserPools {
    /// Errors: as InitiateAuth.
    pub async fn admin_initiate_auth(
        &self,
        cx: &Cx,
        input: AdminInitiateAuthRequest,
    ) -> Result<AdminInitiateAuthResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let client = pool.client(&input.client_id)?.clone();
        let visit = Visit {
            pool,
            client,
            door: Door::Admin,
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
        Ok(AdminInitiateAuthResponse {
            challenge_name,
            session,
            challenge_parameters,
            authentication_result,
            available_challenges,
        })
    }
}
