//! Which pool a client id belongs to, remembered: most calls name a client alone. Who looks here then looks into the pool,
//! whose settings are current, so a client that is gone, or pinned to another pool since, is not found by mistake.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use kernel::{ClientId, PoolId};

/// Beyond this many all are forgotten and looked up again.
const CAPACITY: usize = 100_000;

#[derive(Default)]
pub(crate) struct ClientOwners(RwLock<HashMap<ClientId, PoolId>>);

impl ClientOwners {
    pub fn of(&self, client: &ClientId) -> Option<PoolId> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(client)
            .cloned()
    }

    pub fn remember(&self, client: ClientId, pool: PoolId) {
        let mut owners = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if owners.len() >= CAPACITY {
            owners.clear();
        }
        owners.insert(client, pool);
    }

    pub fn clear(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
