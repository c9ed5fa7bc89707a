//! The version of everything that is cached for one pool, one account or one bucket.

use crate::{Read, Scope, StoreError, Tx};

/// Zero for a scope in which nothing was ever changed.
pub(crate) fn version(r: &mut impl Read, scope: &Scope) -> Result<i64, StoreError> {
    let row = r.value("SELECT version FROM versions WHERE scope = $1", (scope.as_str(),))?;
    Ok(row.unwrap_or(0))
}

/// Called by every write to what is cached, in its transaction: what is cached of the scope is read anew, on this node as soon as
/// the transaction is committed, on others within a second.
pub fn bump(tx: &mut Tx<'_>, scope: Scope) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO versions (scope, version) VALUES ($1, 1)
         ON CONFLICT (scope) DO UPDATE SET version = versions.version + 1",
        (scope.as_str(),),
    )?;
    tx.moved.push(scope);
    Ok(())
}
