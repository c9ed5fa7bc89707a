//! User pools: pools, app clients, users, groups, sign-in. It decides what Cognito decides; it knows no HTTP and no SQL.
//! Start at [`ops`] for the table of operations; `signin` is the one state machine behind every way to sign in; `settings`
//! is what a pool is.

mod access;
mod attempts;
mod attributes;
mod changes;
mod client_owners;
mod codes;
mod deletion;
mod delivery_target;
mod dispatch;
mod enrolment;
mod errors;
mod existence;
mod filter;
mod group_view;
mod messages;
mod names;
pub mod ops;
mod pages;
mod password_policy;
mod passwords;
mod revision;
mod search;
mod settings;
mod signin;
mod sweep;
mod tags;
mod user_view;

use std::sync::Arc;

use client_owners::ClientOwners;
use delivery::Delivery;
use kernel::{ApiError, ClientId, CpuPool, Cx, PoolId};
use settings::{Client, Pool};
use store::{
    Cache, Scope, Store, Wake,
    records::{clients, pools},
};
use tokens::Tokens;
use vault::Keyring;

/// The service. Cheap to clone: everything in it is shared.
#[derive(Clone)]
pub struct UserPools {
    store: Store,
    keyring: Arc<Keyring>,
    cpu: CpuPool,
    tokens: Tokens,
    delivery: Delivery,
    pools: Arc<Cache<PoolId, Pool>>,
    owners: Arc<ClientOwners>,
    deletions: Wake,
}

impl UserPools {
    pub fn new(store: Store, keyring: Arc<Keyring>, cpu: CpuPool, tokens: Tokens, delivery: Delivery) -> Self {
        let pools = Arc::new(Cache::new(store.clone()));
        Self {
            store,
            keyring,
            cpu,
            tokens,
            delivery,
            pools,
            owners: Arc::default(),
            deletions: Wake::default(),
        }
    }

    /// Rung when a pool was deleted: see [`UserPools::finish_deletions`].
    pub fn deletions(&self) -> &Wake {
        &self.deletions
    }

    /// Forgets what is cached: the store was emptied under us (reset in dev).
    pub fn forget(&self) {
        self.pools.clear();
        self.owners.clear();
    }

    /// The pool of a request that names one. Errors: ResourceNotFound.
    pub(crate) async fn pool(&self, id: &str) -> Result<Arc<Pool>, ApiError> {
        self.load(&PoolId::new(id))
            .await?
            .ok_or_else(|| errors::pool_does_not_exist(id))
    }

    /// The pool and client of a request that names a client alone. Errors: ResourceNotFound.
    pub(crate) async fn client(&self, _cx: &Cx, id: &str) -> Result<(Arc<Pool>, Arc<Client>), ApiError> {
        let id = ClientId::new(id);
        if let Some(owner) = self.owners.of(&id)
            && let Some(pool) = self.load(&owner).await?
            && let Some(client) = pool.clients.get(&id)
        {
            return Ok((Arc::clone(&pool), Arc::clone(client)));
        }
        let wanted = id.clone();
        let owner = self.store.read(move |r| clients::owner(r, &wanted)).await?;
        let owner = owner.ok_or_else(|| errors::client_does_not_exist(id.as_str()))?;
        let pool = self
            .load(&owner)
            .await?
            .ok_or_else(|| errors::client_does_not_exist(id.as_str()))?;
        let client = Arc::clone(pool.client(id.as_str())?);
        self.owners.remember(id, owner);
        Ok((pool, client))
    }

    pub(crate) async fn load(&self, id: &PoolId) -> Result<Option<Arc<Pool>>, ApiError> {
        let (pool, keyring) = (id.clone(), Arc::clone(&self.keyring));
        let loaded = self
            .pools
            .load(
                id,
                || Scope::pool(id),
                move |r| {
                    let Some(row) = pools::by_id(r, &pool)? else {
                        return Ok(None);
                    };
                    Pool::load(row, clients::all(r, &pool)?, &keyring).map(Some)
                },
            )
            .await?;
        Ok(loaded)
    }
}

#[cfg(test)]
mod tests;
