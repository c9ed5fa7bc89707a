//! Strings that may be used once: challenge answers. A row says "used"; it goes when the string has expired.

use kernel::{PoolId, Timestamp};

use crate::{Read, StoreError, Tx};

/// False if it was spent before.
pub fn spend(tx: &mut Tx<'_>, pool: &PoolId, nonce: &str, expires: Timestamp) -> Result<bool, StoreError> {
    let inserted = tx.exec(
        "INSERT INTO spent (pool, nonce, expires) VALUES ($1, $2, $3) ON CONFLICT (pool, nonce) DO NOTHING",
        (pool, nonce, expires),
    )?;
    Ok(inserted == 1)
}

/// It counts again: what spent it came to nothing.
pub fn give_back(tx: &mut Tx<'_>, pool: &PoolId, nonce: &str) -> Result<(), StoreError> {
    tx.exec("DELETE FROM spent WHERE pool = $1 AND nonce = $2", (pool, nonce))?;
    Ok(())
}

/// Whether it was spent, and not swept since.
pub fn is_spent(r: &mut impl Read, pool: &PoolId, nonce: &str) -> Result<bool, StoreError> {
    let row = r.value::<String>("SELECT nonce FROM spent WHERE pool = $1 AND nonce = $2", (pool, nonce))?;
    Ok(row.is_some())
}

/// Forgets a hundred expired ones of a pool. Returns how many.
pub fn sweep(tx: &mut Tx<'_>, pool: &PoolId, now: Timestamp) -> Result<u64, StoreError> {
    tx.exec(
        "DELETE FROM spent WHERE pool = $1 AND nonce IN
         (SELECT nonce FROM spent WHERE pool = $1 AND expires < $2 LIMIT 100)",
        (pool, now),
    )
}
