//! What has expired and is looked at by nobody any more: sessions, used challenges, codes, counters.

use std::time::Duration;

use kernel::{ApiError, PoolId, Timestamp};
use store::{
    StoreError, Tx, done,
    records::{attempts, codes, pools, sessions, spent},
};

use crate::UserPools;

const BATCH: i64 = 100;

/// How long the expired is kept. Longer than any token that refers to it lives, and than any window of a counter.
const KEPT: Duration = Duration::from_secs(2 * 24 * 3600);

/// Deletes a few hundred of a pool's rows that are older than a time; returns how many.
type Sweep = fn(&mut Tx<'_>, &PoolId, Timestamp) -> Result<u64, StoreError>;

const SWEEPS: [Sweep; 4] = [sessions::sweep, spent::sweep, codes::sweep, attempts::sweep];

impl UserPools {
    /// Goes through all pools once. Returns how many rows went.
    pub async fn sweep(&self, now: Timestamp) -> Result<u64, ApiError> {
        let (mut after, mut swept) = (String::new(), 0);
        loop {
            let from = after.clone();
            let ids = self.store.read(move |r| pools::ids(r, &from, BATCH)).await?;
            let Some(last) = ids.last() else { return Ok(swept) };
            after = last.to_string();
            for pool in ids {
                for sweep in SWEEPS {
                    swept += self.sweep_all(&pool, sweep, now.minus(KEPT)).await?;
                }
            }
        }
    }

    /// In small transactions, so that sign-ins get their turn between them.
    async fn sweep_all(&self, pool: &PoolId, sweep: Sweep, before: Timestamp) -> Result<u64, ApiError> {
        let mut swept = 0;
        loop {
            let pool = pool.clone();
            match self.store.write(move |tx| done(sweep(tx, &pool, before)?)).await?? {
                0 => return Ok(swept),
                some => swept += some,
            }
        }
    }
}
