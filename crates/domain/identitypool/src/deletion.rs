//! The rest of deleted pools. A pool is gone with its row; its identities are deleted in batches after that, which goes on
//! after a restart: until it is done the pool's id stands in a list.

use std::collections::BTreeSet;

use kernel::{ApiError, IdentityPoolId};
use store::{
    Read, StoreError, Tx, cache, done,
    records::{facts, identity_pools, versions},
    refuse,
};

use crate::{IdentityPools, errors};

/// The ids, with a space between. There are few at any time: a deletion ends with the call unless the process is stopped.
const LIST: &str = "deleted identity pools";

fn unfinished(r: &mut impl Read) -> Result<BTreeSet<IdentityPoolId>, StoreError> {
    let list = facts::fact(r, LIST)?.unwrap_or_default();
    Ok(list.split_whitespace().map(IdentityPoolId::new).collect())
}

fn write(tx: &mut Tx<'_>, ids: &BTreeSet<IdentityPoolId>) -> Result<(), StoreError> {
    let ids: Vec<&str> = ids.iter().map(IdentityPoolId::as_str).collect();
    facts::set_fact(tx, LIST, &ids.join(" "))
}

fn begin(tx: &mut Tx<'_>, id: &IdentityPoolId) -> Result<(), StoreError> {
    let mut ids = unfinished(tx)?;
    ids.insert(id.clone());
    write(tx, &ids)
}

fn end(tx: &mut Tx<'_>, id: &IdentityPoolId) -> Result<(), StoreError> {
    let mut ids = unfinished(tx)?;
    if ids.remove(id) { write(tx, &ids) } else { Ok(()) }
}

impl IdentityPools {
    /// Finishes deletions that a stop of the process interrupted: called at its start.
    pub async fn finish_deletions(&self) -> Result<(), ApiError> {
        for id in self.store.read(|r| unfinished(r)).await? {
            self.purge(&id).await?;
        }
        Ok(())
    }

    /// Makes the pool and its identities unreachable; [`Self::purge`] does the rest. Errors: ResourceNotFound.
    pub(crate) async fn remove(&self, id: &IdentityPoolId) -> Result<(), ApiError> {
        let gone = id.clone();
        let removed = self.store.write(move |tx| {
            if !identity_pools::delete(tx, &gone)? {
                return refuse(errors::pool_not_found(&gone));
            }
            begin(tx, &gone)?;
            versions::bump(tx, &cache::pool_scope(&gone))?;
            done(())
        });
        removed.await??;
        self.pools.invalidate(id);
        Ok(())
    }

    /// Deletes what is left of a pool that is no more, a few hundred identities a transaction; nothing if there is nothing
    /// left.
    pub(crate) async fn purge(&self, id: &IdentityPoolId) -> Result<(), ApiError> {
        loop {
            let gone = id.clone();
            let purge = move |tx: &mut Tx<'_>| {
                let more = identity_pools::purge(tx, &gone)?;
                if !more {
                    end(tx, &gone)?;
                }
                done(more)
            };
            if !self.store.write(purge).await?? {
                return Ok(());
            }
        }
    }
}
