//! `GetClientToken`: a client's token for itself. The model wants a signature, the live service looks at none. Reference: user-pools
//! 15.4; oauth-and-federation 6.2.

use api::cognito_idp::{ClientAuthenticationResultType, GetClientTokenRequest, GetClientTokenResponse};
use kernel::{Cx, Result};

use crate::{
    UserPools,
    client::Flow,
    errors,
    session::client_token::{Asking, NoClientToken},
};

impl UserPools {
    /// Errors: ResourceNotFound, NotAuthorized (secret; the function), InvalidParameter (flow, scopes), TooManyRequests.
    pub async fn get_client_token(&self, cx: &Cx, input: GetClientTokenRequest) -> Result<GetClientTokenResponse> {
        let (pool, client) = self.client(&input.client_id).await?;
        if !client.has_secret(Some(&input.secret)) {
            return Err(errors::exchange::client_or_secret_invalid());
        }
        if !client.allows(Flow::ClientToken) {
            return Err(errors::flow_not_enabled("CLIENT_TOKEN_AUTH"));
        }
        let asking = Asking {
            pool: &pool,
            client: &client,
            scopes: input.scopes.as_deref().filter(|scopes| !scopes.is_empty()),
            metadata: input.client_metadata.as_ref(),
            key: None,
        };
        let token = self.client_token(cx, asking).await.map_err(|none| match none {
            NoClientToken::Scope(scope) => errors::exchange::scope_not_granted(&scope),
            NoClientToken::Failed(error) => errors::exchange::without_lambda_errors(error),
        })?;
        Ok(GetClientTokenResponse {
            client_authentication_result: Some(ClientAuthenticationResultType {
                access_token: Some(token.access_token),
                expires_in: i32::try_from(token.seconds).ok(),
                token_type: Some("Bearer".to_owned()),
            }),
        })
    }
}
