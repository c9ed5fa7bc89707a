//! One-time codes, kept as HMAC. One a purpose and user: the newest replaces the older.

use kernel::{PoolId, Sub, Timestamp};

use super::address::Address;
use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone)]
pub struct Code {
    pub mac: Vec<u8>,
    /// Where it went.
    pub target: Address,
    pub created: Timestamp,
    pub expires: Timestamp,
}

record! { $ Code from codes as code_columns: [pool, sub, purpose] () mac, target, created, expires }

pub fn put(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub, purpose: &str, code: &Code) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO codes (pool, sub, purpose, mac, target, created, expires) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (pool, sub, purpose) DO UPDATE SET mac = excluded.mac, target = excluded.target,
         created = excluded.created, expires = excluded.expires",
        (
            pool,
            sub,
            purpose,
            code.mac.as_slice(),
            code.target,
            code.created,
            code.expires,
        ),
    )?;
    Ok(())
}

pub fn find(r: &mut impl Read, pool: &PoolId, sub: &Sub, purpose: &str) -> Result<Option<Code>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            code_columns!(),
            " FROM codes WHERE pool = $1 AND sub = $2 AND purpose = $3"
        ),
        (pool, sub, purpose),
    )
}

/// Spent in the transaction that acts on it, so that two racing answers can't both count: false for the second.
pub fn spend(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub, purpose: &str) -> Result<bool, StoreError> {
    let deleted = tx.exec(
        "DELETE FROM codes WHERE pool = $1 AND sub = $2 AND purpose = $3",
        (pool, sub, purpose),
    )?;
    Ok(deleted == 1)
}

/// Forgets a hundred codes of a pool that expired before `before`. Returns how many.
pub fn sweep(tx: &mut Tx<'_>, pool: &PoolId, before: Timestamp) -> Result<u64, StoreError> {
    tx.exec(
        "DELETE FROM codes WHERE pool = $1 AND (sub, purpose) IN
         (SELECT sub, purpose FROM codes WHERE pool = $1 AND expires < $2 LIMIT 100)",
        (pool, before),
    )
}
