//! App clients that registered themselves where anybody's may, which nobody but their use keeps alive. Reference: RFC 7591.

use kernel::{ClientId, PoolId, Timestamp};

use super::{clients, versions};
use crate::{Read, Scope, StoreError, Tx};

/// Of a client that is inserted in this transaction.
pub fn insert(
    tx: &mut Tx<'_>,
    (pool, client): (&PoolId, &ClientId),
    created: Timestamp,
    expires: Timestamp,
) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO registrations (pool, client, created, expires) VALUES ($1, $2, $3, $4)",
        (pool, client, created, expires),
    )?;
    Ok(())
}

/// How many of a pool came after `since` and are there still.
pub fn count(r: &mut impl Read, pool: &PoolId, since: Timestamp) -> Result<i64, StoreError> {
    let count = r.value(
        "SELECT COUNT(*) FROM registrations WHERE pool = $1 AND created > $2",
        (pool, since),
    )?;
    Ok(count.unwrap_or(0))
}

/// Until when a client is kept. None: for ever.
pub fn expiry(r: &mut impl Read, pool: &PoolId, client: &ClientId) -> Result<Option<Timestamp>, StoreError> {
    r.value(
        "SELECT expires FROM registrations WHERE pool = $1 AND client = $2",
        (pool, client),
    )
}

pub fn keep_until(tx: &mut Tx<'_>, pool: &PoolId, client: &ClientId, expires: Timestamp) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE registrations SET expires = $3 WHERE pool = $1 AND client = $2",
        (pool, client, expires),
    )?;
    Ok(())
}

/// The client is kept from now on.
pub fn adopt(tx: &mut Tx<'_>, pool: &PoolId, client: &ClientId) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM registrations WHERE pool = $1 AND client = $2",
        (pool, client),
    )?;
    Ok(())
}

/// Deletes a hundred clients of a pool that were kept until before `now`. Returns how many.
pub fn sweep(tx: &mut Tx<'_>, pool: &PoolId, now: Timestamp) -> Result<u64, StoreError> {
    let over = tx.values::<ClientId>(
        "SELECT client FROM registrations WHERE pool = $1 AND expires < $2 LIMIT 100",
        (pool, now),
    )?;
    let mut swept = 0;
    for client in &over {
        swept += u64::from(clients::delete(tx, pool, client)?);
    }
    if !over.is_empty() {
        versions::bump(tx, Scope::pool(pool))?;
    }
    Ok(swept)
}
