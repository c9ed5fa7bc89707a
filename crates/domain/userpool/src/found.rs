//! Pools and their clients, found by what requests name, as their settings are now.

use std::sync::Arc;

use kernel::{ApiError, ClientId, PoolId};
use store::{Scope, records::clients};

use crate::{
    UserPools,
    client::Client,
    errors,
    pool::{Pool, Rows},
};

impl UserPools {
    /// The pool of a request that names one. Errors: ResourceNotFound.
    pub(crate) async fn pool(&self, id: &str) -> Result<Arc<Pool>, ApiError> {
        let found = match PoolId::parse(id) {
            Some(id) => self.load(&id).await?,
            None => None,
        };
        found.ok_or_else(|| errors::pool_does_not_exist(id))
    }

    /// The pool and client of a request that names a client alone. Errors: ResourceNotFound.
    pub(crate) async fn client(&self, id: &str) -> Result<(Arc<Pool>, Arc<Client>), ApiError> {
        let found = self.find_client(id).await?;
        found.ok_or_else(|| errors::client_does_not_exist(id))
    }

    /// The same where there may be none.
    pub(crate) async fn find_client(&self, id: &str) -> Result<Option<(Arc<Pool>, Arc<Client>)>, ApiError> {
        let Some(id) = ClientId::parse(id) else {
            return Ok(None);
        };
        if let Some(owner) = self.owners.get(&id)
            && let Some(pool) = self.load(&owner).await?
            && let Some(client) = pool.clients.get(&id)
        {
            return Ok(Some((Arc::clone(&pool), Arc::clone(client))));
        }
        let wanted = id.clone();
        let Some(owner) = self.store.read(move |r| clients::owner(r, &wanted)).await? else {
            return Ok(None);
        };
        let Some(pool) = self.load(&owner).await? else {
            return Ok(None);
        };
        let client = pool.clients.get(&id).map(Arc::clone);
        if client.is_some() {
            self.owners.remember(id, owner);
        }
        Ok(client.map(|client| (pool, client)))
    }

    pub(crate) async fn load(&self, id: &PoolId) -> Result<Option<Arc<Pool>>, ApiError> {
        let (pool, keyring, base) = (id.clone(), Arc::clone(&self.keyring), Arc::clone(&self.login_base));
        let loaded = self
            .pools
            .load(
                id,
                || Scope::pool(id),
                move |r| {
                    let rows = Rows::read(r, &pool)?;
                    let pool = rows.map(|rows| Pool::load(rows, &keyring)).transpose()?;
                    Ok(pool.map(|pool| pool.beneath(&base)))
                },
            )
            .await?;
        Ok(loaded)
    }
}
