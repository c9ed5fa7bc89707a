//! The version of everything that is cached for one pool or one account.

use crate::{Read, StoreError, Tx};

/// Zero for a scope in which nothing was ever changed.
pub fn version(r: &mut impl Read, scope: &str) -> Result<i64, StoreError> {
    let row = r.value("SELECT version FROM versions WHERE scope = $1", (scope,))?;
    Ok(row.unwrap_or(0))
}

/// Called by every write to settings, in its transaction.
pub fn bump(tx: &mut Tx<'_>, scope: &str) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO versions (scope, version) VALUES ($1, 1)
         ON CONFLICT (scope) DO UPDATE SET version = versions.version + 1",
        (scope,),
    )?;
    Ok(())
}
