//! The rest of deleted pools. A pool is gone with its row; its users are deleted in batches after that, which goes on after
//! a restart and ends before another pool may have the id.

use kernel::{ApiError, PoolId};
use store::{
    Courtesy, Store,
    records::pools::{self, Progress},
};

use crate::UserPools;

/// How many unfinished deletions are looked up at once.
const BATCH: i64 = 100;

impl UserPools {
    /// Deletes what is left of deleted pools, of those too whose deletion was interrupted by a stop of the process or a database
    /// out of reach. Answers how many pools.
    pub async fn finish_deletions(&self) -> Result<u64, ApiError> {
        let mut finished = 0;
        loop {
            let unfinished = self.store.read(|r| pools::deleted(r, BATCH)).await?;
            if unfinished.is_empty() {
                return Ok(finished);
            }
            let mut outcome = Ok(());
            for pool in unfinished {
                // One that can't be deleted now keeps no other from it.
                outcome = outcome.and(purge(&self.store, &pool).await);
                finished += 1;
            }
            outcome?;
        }
    }
}

/// Deletes what is left of a deleted pool; nothing if there is nothing left. Others' writes come first.
pub(crate) async fn purge(store: &Store, id: &PoolId) -> Result<(), ApiError> {
    let (mut courtesy, mut place) = (Courtesy::default(), Progress::default());
    loop {
        let pool = id.clone();
        let step = store.write(move |tx| Ok(pools::purge(tx, &pool, &place)?));
        match courtesy.turn(step).await? {
            Some(next) => place = next,
            None => return Ok(()),
        }
    }
}
