//! `GetTokensFromRefreshToken`: further tokens; with rotation another refresh token too. Reference: user-pools 5.7.

use api::cognito_idp::{GetTokensFromRefreshTokenRequest, GetTokensFromRefreshTokenResponse};
use kernel::{Cx, Result};

use super::request;
use crate::{UserPools, client::Flow, errors, session::rotation::Rotation, signin::Visit};

impl UserPools {
    /// Errors: NotAuthorized (secret, token, disabled user), RefreshTokenReuse, InvalidParameter (the client may not).
    pub async fn get_tokens_from_refresh_token(
        &self,
        cx: &Cx,
        input: GetTokensFromRefreshTokenRequest,
    ) -> Result<GetTokensFromRefreshTokenResponse> {
        let (pool, client) = self.client(&input.client_id).await?;
        if !client.has_secret(input.client_secret.as_deref()) {
            return Err(errors::client_secret_wrong(&input.client_id));
        }
        let visit = Visit {
            device: input.device_key,
            ..request::public_visit((pool, client), input.client_metadata, None)
        };
        if !visit.client.rotates() && !visit.client.allows(Flow::Refresh) {
            return Err(errors::flow_not_enabled("REFRESH_TOKEN_AUTH"));
        }
        let rotation = Rotation::AsConfigured;
        let refresh = self.refresh_token(&visit, &input.refresh_token, rotation).await?;
        let tokens = self.refresh(cx, &visit, refresh, rotation).await?;
        Ok(GetTokensFromRefreshTokenResponse {
            authentication_result: Some(tokens),
        })
    }
}
