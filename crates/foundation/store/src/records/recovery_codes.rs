//! Recovery codes, kept as HMAC: a user has a set of them or none, and each counts once.

use kernel::{PoolId, Sub};

use crate::{Read, StoreError, Tx};

/// A user's whole set, in the place of what was.
pub fn replace(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub, digests: &[[u8; 32]]) -> Result<(), StoreError> {
    clear(tx, pool, sub)?;
    for digest in digests {
        tx.exec(
            "INSERT INTO recovery_codes (pool, sub, digest) VALUES ($1, $2, $3)",
            (pool, sub, digest.as_slice()),
        )?;
    }
    Ok(())
}

pub fn clear(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub) -> Result<(), StoreError> {
    tx.exec("DELETE FROM recovery_codes WHERE pool = $1 AND sub = $2", (pool, sub))?;
    Ok(())
}

/// Those that were not used.
pub fn of_user(r: &mut impl Read, pool: &PoolId, sub: &Sub) -> Result<Vec<Vec<u8>>, StoreError> {
    r.values(
        "SELECT digest FROM recovery_codes WHERE pool = $1 AND sub = $2 ORDER BY digest",
        (pool, sub),
    )
}

/// How many were not used.
pub fn left(r: &mut impl Read, pool: &PoolId, sub: &Sub) -> Result<u32, StoreError> {
    let counted = r.value::<i64>(
        "SELECT COUNT(*) FROM recovery_codes WHERE pool = $1 AND sub = $2",
        (pool, sub),
    )?;
    Ok(u32::try_from(counted.unwrap_or_default()).unwrap_or(u32::MAX))
}

/// Used in the transaction that acts on it, so that two racing answers can't both count: false for the second.
pub fn take(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub, digest: &[u8]) -> Result<bool, StoreError> {
    let deleted = tx.exec(
        "DELETE FROM recovery_codes WHERE pool = $1 AND sub = $2 AND digest = $3",
        (pool, sub, digest),
    )?;
    Ok(deleted == 1)
}
