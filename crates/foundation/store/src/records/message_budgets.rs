//! How many messages a pool's nodes have taken to send in a window of time.

use kernel::{PoolId, Timestamp};

use crate::{Read, StoreError, Tx};

/// How many are taken of the window that began at `since`.
pub fn taken(r: &mut impl Read, pool: &PoolId, channel: &str, since: Timestamp) -> Result<i64, StoreError> {
    let row = r.one::<(Timestamp, i64)>(
        "SELECT since, taken FROM message_budgets WHERE pool = $1 AND channel = $2",
        (pool, channel),
    )?;
    Ok(row.filter(|(begun, _)| *begun == since).map_or(0, |(_, taken)| taken))
}

pub fn put(tx: &mut Tx<'_>, pool: &PoolId, channel: &str, since: Timestamp, taken: i64) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO message_budgets (pool, channel, since, taken) VALUES ($1, $2, $3, $4)
         ON CONFLICT (pool, channel) DO UPDATE SET since = excluded.since, taken = excluded.taken",
        (pool, channel, since, taken),
    )?;
    Ok(())
}
