//! Counted attempts of one user: failed passwords for the lockout, and what is capped by the hour.

use kernel::{PoolId, Sub, Timestamp};

use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempts {
    pub count: i64,
    /// What the counter means by it: the window's start, or the last failure.
    pub since: Timestamp,
}

record! { $ Attempts from attempts as attempts_columns: [pool, sub, kind] () count, since }

pub fn find(r: &mut impl Read, pool: &PoolId, sub: &Sub, kind: &str) -> Result<Option<Attempts>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            attempts_columns!(),
            " FROM attempts WHERE pool = $1 AND sub = $2 AND kind = $3"
        ),
        (pool, sub, kind),
    )
}

pub fn put(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub, kind: &str, attempts: Attempts) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO attempts (pool, sub, kind, count, since) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (pool, sub, kind) DO UPDATE SET count = excluded.count, since = excluded.since",
        (pool, sub, kind, attempts.count, attempts.since),
    )?;
    Ok(())
}

pub fn clear(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub, kind: &str) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM attempts WHERE pool = $1 AND sub = $2 AND kind = $3",
        (pool, sub, kind),
    )?;
    Ok(())
}

/// Forgets a hundred counters of a pool that began before `before`. Returns how many.
pub fn sweep(tx: &mut Tx<'_>, pool: &PoolId, before: Timestamp) -> Result<u64, StoreError> {
    tx.exec(
        "DELETE FROM attempts WHERE pool = $1 AND (sub, kind) IN
         (SELECT sub, kind FROM attempts WHERE pool = $1 AND since < $2 LIMIT 100)",
        (pool, before),
    )
}
