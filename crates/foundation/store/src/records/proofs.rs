//! What clients signed and may show once: by the digest of whose it is and its `jti`.

use kernel::{PoolId, Timestamp};

use crate::{StoreError, Tx};

/// False if it was shown before.
pub fn show(tx: &mut Tx<'_>, pool: &PoolId, proof: &str, expires: Timestamp) -> Result<bool, StoreError> {
    let inserted = tx.exec(
        "INSERT INTO proofs (pool, proof, expires) VALUES ($1, $2, $3) ON CONFLICT (pool, proof) DO NOTHING",
        (pool, proof, expires),
    )?;
    Ok(inserted == 1)
}

/// Forgets a hundred of a pool that expired before `before`. Returns how many.
pub fn sweep(tx: &mut Tx<'_>, pool: &PoolId, before: Timestamp) -> Result<u64, StoreError> {
    tx.exec(
        "DELETE FROM proofs WHERE pool = $1 AND proof IN
         (SELECT proof FROM proofs WHERE pool = $1 AND expires < $2 LIMIT 100)",
        (pool, before),
    )
}
