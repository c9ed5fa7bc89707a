//! `UpdateUserPoolClient` replaces all settings; whether there is a secret was fixed at creation. Reference: user-pools 3.1.

use api::cognito_idp::{UpdateUserPoolClientRequest, UpdateUserPoolClientResponse};
use kernel::{Cx, Result};

use crate::{UserPools, settings};

impl UserPools {
    /// Errors: ResourceNotFound, InvalidParameter, InvalidOAuthFlow, ScopeDoesNotExist, FeatureUnavailableInTier,
    /// ConcurrentModification.
    pub async fn update_user_pool_client(
        &self,
        cx: &Cx,
        input: UpdateUserPoolClientRequest,
    ) -> Result<UpdateUserPoolClientResponse> {
        let pool = self.stored(&input.user_pool_id).await?;
        let before = pool.client(&input.client_id)?;
        let after = settings::client::updated(&pool, before, input)?;
        let client = self.save_client(cx, &pool.id, before, after).await?;
        Ok(UpdateUserPoolClientResponse {
            user_pool_client: Some(settings::client::described(&pool.id, &client)),
        })
    }
}
