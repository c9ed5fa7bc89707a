//! `InitiateAuth`: a user begins to sign in, or an app wants further tokens; `AdminInitiateAuth`: a server does so for a user.
//! Reference: user-pools 5.1, 5.2, 5.7, 17.1.

use std::sync::Arc;

use api::cognito_idp::{
    AdminInitiateAuthRequest, AdminInitiateAuthResponse, InitiateAuthRequest, InitiateAuthResponse,
};
use kernel::{Cx, Result};

use super::{
    answer::Printed,
    request::{self, Begin, Beginning},
};
use crate::{UserPools, client::Flow, errors, session::rotation::Rotation, signin::Visit};

impl UserPools {
    /// Errors: NotAuthorized, UserNotFound, UserNotConfirmed, PasswordResetRequired, InvalidParameter (flow, parameters).
    pub async fn initiate_auth(&self, cx: &Cx, input: InitiateAuthRequest) -> Result<InitiateAuthResponse> {
        let place = self.client(&input.client_id).await?;
        let visit = request::public_visit(place, input.client_metadata, input.user_context_data);
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
        let visit = request::admin_visit((pool, client), input.client_metadata, input.context_data);
        let beginning = Beginning {
            flow: input.auth_flow,
            parameters: input.auth_parameters,
            session: input.session,
        };
        Ok(self.initiate(cx, visit, beginning).await?.into())
    }

    async fn initiate(&self, cx: &Cx, visit: Visit, beginning: Beginning) -> Result<Printed> {
        match request::begin(&visit, beginning)? {
            Begin::SignIn(start) => {
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
}
