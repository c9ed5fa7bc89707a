//! `CreateUserPoolClient`. Reference: user-pools 3.1. A tag `_custom_id_:<ClientName>` of the pool pins the client's id.

use std::sync::Arc;

use api::cognito_idp::{CreateUserPoolClientRequest, CreateUserPoolClientResponse};
use kernel::{ClientId, Cx, Result};

use crate::{
    UserPools,
    client::{
        input,
        loaded::Confidentiality,
        new::{Keep, NewClient},
        registered::Registered,
        secret::Secret,
        view,
    },
    errors,
    pool::tags,
};

impl UserPools {
    /// Errors: ResourceNotFound, InvalidParameter (the id is taken, too), InvalidOAuthFlow, ScopeDoesNotExist,
    /// FeatureUnavailableInTier.
    pub async fn create_user_pool_client(
        &self,
        cx: &Cx,
        input: CreateUserPoolClientRequest,
    ) -> Result<CreateUserPoolClientResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let secret = match (input.generate_secret == Some(true), &input.client_secret) {
            (true, Some(_)) => return Err(errors::settings::two_sources_of_a_secret()),
            (true, None) => Some(Secret::generated(cx.rng())),
            (false, given) => given.clone(),
        };
        let kind = if secret.is_some() {
            Confidentiality::Confidential
        } else {
            Confidentiality::Public
        };
        let id = tags::pinned_client(pool.settings.user_pool_tags.as_ref(), &input.client_name)?
            .unwrap_or_else(|| ClientId::random(cx.rng()));
        let settings = input::created(&pool, kind, input)?;

        let new = Arc::new(NewClient::begin(
            &self.keyring,
            cx,
            (&pool, id),
            (&settings, &Registered::default()),
            secret.as_deref(),
        )?);
        let stored = Arc::clone(&new);
        self.store.write(move |tx| stored.insert(tx, Keep::ForEver)).await?;
        Ok(CreateUserPoolClientResponse {
            user_pool_client: Some(view::described(&pool.id, &new.client)),
        })
    }
}
