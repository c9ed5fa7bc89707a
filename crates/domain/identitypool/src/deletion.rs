//! The rest of deleted pools. A pool is gone with its row; its identities are deleted in batches after that, which goes on
//! after a restart.

use kernel::{ApiError, IdentityPoolId};
use store::{
    Courtesy, Scope,
    records::{identity_pools, versions},
};

use crate::{IdentityPools, errors};

/// There are few at any time.
const MOST: i64 = 1000;

impl IdentityPools {
    /// Deletes what is left of deleted pools, of those too whose deletion was interrupted by a stop of the process or a database
    /// out of reach. Answers how many pools.
    pub async fn finish_deletions(&self) -> Result<u64, ApiError> {
        let (mut outcome, mut finished) = (Ok(()), 0);
        for id in self.store.read(|r| identity_pools::deleted(r, MOST)).await? {
            // One that can't be deleted now keeps no other from it.
            outcome = outcome.and(self.purge(&id).await);
            finished += 1;
        }
        outcome.map(|()| finished)
    }

    /// Makes the pool and its identities unreachable; [`Self::purge`] does the rest. Errors: ResourceNotFound.
    pub(crate) async fn remove(&self, id: &IdentityPoolId) -> Result<(), ApiError> {
        let gone = id.clone();
        let removed = self.store.write(move |tx| {
            if !identity_pools::delete(tx, &gone)? {
                return Err(errors::pool_not_found(&gone).into());
            }
            versions::bump(tx, Scope::pool(&gone))?;
            Ok(())
        });
        removed.await?;
        Ok(())
    }

    /// Deletes what is left of a pool that is no more, a hundred identities a transaction; nothing if there is nothing left.
    /// Others' writes come first.
    pub(crate) async fn purge(&self, id: &IdentityPoolId) -> Result<(), ApiError> {
        let mut pace = Courtesy::default();
        loop {
            let gone = id.clone();
            let step = self.store.write(move |tx| Ok(identity_pools::purge(tx, &gone)?));
            if !pace.turn(step).await? {
                return Ok(());
            }
        }
    }
}
