//! `UpdateUserPoolClient` replaces all settings; whether there is a secret was fixed at creation. Reference: user-pools 3.1.

use api::cognito_idp::{UpdateUserPoolClientRequest, UpdateUserPoolClientResponse, UserPoolClientType};
use kernel::{Cx, PoolId, Result};
use store::{
    Stop,
    records::{clients, registrations},
};

use crate::{
    UserPools,
    client::{Client, input, view},
    errors,
    pool::stored::{self, told},
};

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
        let after = input::updated(&pool, before, input)?;
        let client = self.save_client(cx, &pool.id, before, after).await?;
        Ok(UpdateUserPoolClientResponse {
            user_pool_client: Some(view::described(&pool.id, &client)),
        })
    }

    /// Replaces the settings of a client that [`UserPools::stored`] gave, and returns it as it is now.
    ///
    /// Errors: ResourceNotFound (deleted since), ConcurrentModification (changed since).
    pub(crate) async fn save_client(
        &self,
        cx: &Cx,
        pool: &PoolId,
        before: &Client,
        after: UserPoolClientType,
    ) -> Result<Client> {
        let now = cx.now();
        let revision = clients::Revision {
            doc: stored::client_doc(&after, &before.sso_session, &before.registered),
            of: before.version,
            at: now,
        };
        self.revise_client(pool, before, revision).await?;
        Ok(before.updated(after, now))
    }

    /// Writes what a client of [`UserPools::stored`] becomes. Errors: as above.
    pub(crate) async fn revise_client(
        &self,
        pool: &PoolId,
        before: &Client,
        revision: clients::Revision,
    ) -> Result<()> {
        let (id, client) = (pool.clone(), before.id.clone());
        let saved = self.store.write(move |tx| {
            if !clients::update(tx, &id, &client, &revision)? {
                return match clients::by_id(tx, &id, &client)? {
                    Some(_) => Err(Stop::Raced),
                    None => Err(errors::client_does_not_exist(client.as_str()).into()),
                };
            }
            // Whoever registered it, an administrator stands for it now.
            registrations::adopt(tx, &id, &client)?;
            Ok(stored::touch(tx, &id)?)
        });
        saved.await.map_err(told)
    }
}
