//! User pools: pools, app clients, users, groups, sign-in. It decides what Cognito decides; it knows no HTTP and no SQL.
//! Start at [`ops`] for the table of operations; `signin` is the one state machine behind every way to sign in; each
//! other folder is a noun: `pool` and `client` are settings, `user`, `password`, `code` and `group` what operations act on.

mod client;
mod code;
mod errors;
mod group;
mod jobs;
pub mod ops;
mod pages;
mod password;
mod pool;
mod signin;
mod user;

use std::sync::Arc;

use client::{Client, owners::ClientOwners};
use code::sending::Codes;
use delivery::Delivery;
use kernel::{ApiError, ClientId, CpuPool, Cx, PoolId};
use password::hashing::Passwords;
use pool::Pool;
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
    codes: Codes,
    passwords: Passwords,
    pools: Arc<Cache<PoolId, Pool>>,
    owners: Arc<ClientOwners>,
    deletions: Wake,
}

impl UserPools {
    pub fn new(store: Store, keyring: Arc<Keyring>, cpu: CpuPool, tokens: Tokens, delivery: Delivery) -> Self {
        let pools = Arc::new(Cache::new(store.clone()));
        Self {
            codes: Codes::new(store.clone(), Arc::clone(&keyring), delivery),
            passwords: Passwords::new(Arc::clone(&keyring), cpu.clone()),
            store,
            keyring,
            cpu,
            tokens,
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
