//! The rest of deleted pools. A pool is gone with its row; its users are deleted in batches after that, which goes on after
//! a restart and ends before another pool may have the id.

use kernel::{ApiError, PoolId};
use store::{
    Courtesy, Store,
    records::pools::{self, Place},
};

use crate::UserPools;

/// How many unfinished deletions are looked up at once.
const BATCH: i64 = 100;

impl UserPools {
    /// Finishes deletions that were interrupted, by a stop of the process or a database out of reach: called at its start and
    /// from time to time.
    pub async fn finish_deletions(&self) -> Result<(), ApiError> {
        loop {
            let unfinished = self.store.read(|r| pools::deleted(r, BATCH)).await?;
            if unfinished.is_empty() {
                return Ok(());
            }
            let mut outcome = Ok(());
            for pool in unfinished {
                // One that can't be deleted now keeps no other from it.
                outcome = outcome.and(purge(&self.store, &pool).await);
            }
            outcome?;
        }
    }
}

/// Deletes what is left of a deleted pool; nothing if there is nothing left. Others' writes come first.
pub(crate) async fn purge(store: &Store, id: &PoolId) -> Result<(), ApiError> {
    let (mut courtesy, mut place) = (Courtesy::default(), Place::default());
    loop {
        let pool = id.clone();
        let step = store.write(move |tx| Ok(pools::purge(tx, &pool, &place)?));
        match courtesy.turn(step).await? {
            Some(next) => place = next,
            None => return Ok(()),
        }
    }
}
