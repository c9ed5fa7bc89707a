//! `CreateUserPoolClient`. Reference: user-pools 3.1. A tag `_custom_id_:<ClientName>` of the pool pins the client's id.

use api::cognito_idp::{
    CreateUserPoolClientRequest, CreateUserPoolClientResponse, GetUserPoolClientSessionConfigurationResponse,
};
use kernel::{ClientId, Cx, Result};
use store::records::{client_secrets, clients, pools};

use crate::{
    UserPools,
    client::{
        Client, input,
        loaded::Confidentiality,
        secret::{Owner, Secret, Secrets},
        view,
    },
    errors,
    pool::{stored, tags},
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

        let now = cx.now();
        let owner = Owner {
            pool: &pool.id,
            client: &id,
        };
        let seal = |secret: String| owner.sealed(&self.keyring, (&secret, now), &Secrets::default(), cx.rng());
        let secret = secret.map(seal).transpose()?;
        let doc = stored::client_doc(&settings, &GetUserPoolClientSessionConfigurationResponse::default());
        let row = clients::Client {
            pool: pool.id.clone(),
            client: id,
            created: now,
            modified: now,
            version: 1,
            doc,
        };
        let client = Client::load(row.clone(), secret.iter().cloned().collect(), &self.keyring)?;
        self.store
            .write(move |tx| {
                if pools::by_id(tx, &row.pool)?.is_none() {
                    return Err(errors::pool_does_not_exist(row.pool.as_str()).into());
                }
                if !clients::insert(tx, &row)? {
                    return Err(errors::settings::client_id_taken(row.client.as_str()).into());
                }
                if let Some(secret) = &secret {
                    client_secrets::insert(tx, &row.pool, secret)?;
                }
                Ok(stored::touch(tx, &row.pool)?)
            })
            .await?;
        Ok(CreateUserPoolClientResponse {
            user_pool_client: Some(view::described(&pool.id, &client)),
        })
    }
}
