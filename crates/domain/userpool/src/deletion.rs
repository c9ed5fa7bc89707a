//! The rest of deleted pools. A pool is gone with its row; its users are deleted in batches after that, which goes on after
//! a restart and ends before another pool may have the id.

use kernel::{ApiError, PoolId};
use store::{done, records::pools};

use crate::UserPools;

/// How many unfinished deletions are looked up at once.
const BATCH: i64 = 100;

impl UserPools {
    /// Finishes deletions that a stop of the process interrupted: called at its start.
    pub async fn finish_deletions(&self) -> Result<(), ApiError> {
        loop {
            let unfinished = self.store.read(|r| pools::deleted(r, BATCH)).await?;
            if unfinished.is_empty() {
                return Ok(());
            }
            for pool in unfinished {
                self.purge(&pool).await?;
            }
        }
    }

    /// Deletes what is left of a deleted pool; nothing if there is nothing left.
    pub(crate) async fn purge(&self, id: &PoolId) -> Result<(), ApiError> {
        loop {
            let pool = id.clone();
            if !self.store.write(move |tx| done(pools::purge(tx, &pool)?)).await?? {
                return Ok(());
            }
        }
    }
}
