//! What has expired and is looked at by nobody any more: sessions, used challenges, codes, counters.

use std::time::Duration;

use kernel::{ApiError, PoolId, Timestamp};
use store::{
    Courtesy, StoreError, Tx,
    records::{
        attempts, authorization_codes, codes, device_grants, logouts, pools, proofs, pushed_requests, registrations,
        sessions, spent, sso_sessions,
    },
};

use crate::{UserPools, user::limits::LONGEST_WINDOW};

const BATCH: i64 = 100;

/// How long the expired is kept: longer than any token lives that refers to it.
const KEPT: Duration = Duration::from_secs(2 * 24 * 3600);

/// Deletes a hundred of a pool's rows that are older than a time; returns how many.
type Sweep = fn(&mut Tx<'_>, &PoolId, Timestamp) -> Result<u64, StoreError>;

/// Counters go as soon as they mean nothing, codes soon after: guessers of names make many (`user::unknown`), and who has one that
/// has run out is told so.
const SWEEPS: [(Sweep, Duration); 11] = [
    (sessions::sweep, KEPT),
    (spent::sweep, KEPT),
    (sso_sessions::sweep, KEPT),
    (authorization_codes::sweep, KEPT),
    (logouts::sweep, KEPT),
    (pushed_requests::sweep, Duration::ZERO),
    (proofs::sweep, Duration::ZERO),
    (registrations::sweep, Duration::ZERO),
    (codes::sweep, LONGEST_WINDOW),
    (device_grants::sweep, LONGEST_WINDOW),
    (attempts::sweep, LONGEST_WINDOW),
];

impl UserPools {
    /// Goes through all pools once. Returns how many rows went.
    pub async fn sweep(&self, now: Timestamp) -> Result<u64, ApiError> {
        let (mut after, mut swept) = (String::new(), 0);
        let mut pace = Courtesy::default();
        loop {
            let from = after.clone();
            let ids = self.store.read(move |r| pools::ids(r, &from, BATCH)).await?;
            let Some(last) = ids.last() else { return Ok(swept) };
            after = last.to_string();
            for pool in ids {
                for (sweep, kept) in SWEEPS {
                    swept += self.sweep_all(&mut pace, &pool, sweep, now.minus(kept)).await?;
                }
            }
        }
    }

    async fn sweep_all(
        &self,
        pace: &mut Courtesy,
        pool: &PoolId,
        sweep: Sweep,
        before: Timestamp,
    ) -> Result<u64, ApiError> {
        let mut swept = 0;
        loop {
            let pool = pool.clone();
            let step = self.store.write(move |tx| Ok(sweep(tx, &pool, before)?));
            match pace.turn(step).await? {
                0 => return Ok(swept),
                some => swept += some,
            }
        }
    }
}
