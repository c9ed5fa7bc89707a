//! The version of everything that is cached for one pool, one account or one bucket.

use kernel::Timestamp;

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

/// Versions that a scope can have in a millisecond: one that begins anew then begins above all that a namesake ever had.
const A_MILLISECOND: i64 = 1000;

/// The scope of something new that may have had a namesake: whoever has still cached that one must not take it for this.
pub fn begin(tx: &mut Tx<'_>, scope: Scope, at: Timestamp) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO versions (scope, version) VALUES ($1, $2)
         ON CONFLICT (scope) DO UPDATE SET version = excluded.version",
        (scope.as_str(), at.millis().saturating_mul(A_MILLISECOND)),
    )?;
    tx.moved.push(scope);
    Ok(())
}

/// What the scope was of is gone, and its version with it: what is cached of it is read anew, and not found. One that never
/// had a version gets one, for none at all is what may be cached.
pub fn end(tx: &mut Tx<'_>, scope: Scope) -> Result<(), StoreError> {
    if tx.exec("DELETE FROM versions WHERE scope = $1", (scope.as_str(),))? == 0 {
        return bump(tx, scope);
    }
    tx.moved.push(scope);
    Ok(())
}
