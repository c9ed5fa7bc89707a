//! Sign-in names: unique in their pool by being the key, on every engine. Names are stored as `userpool` normalises them.

use kernel::{PoolId, Sub};

use super::users::{User, user_columns};
use crate::{Read, StoreError, Tx};

/// The user that a sign-in name belongs to.
pub fn find(r: &mut impl Read, pool: &PoolId, name: &str) -> Result<Option<User>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            user_columns!("u."),
            " FROM names n JOIN users u ON u.pool = n.pool AND u.sub = n.sub WHERE n.pool = $1 AND n.name = $2"
        ),
        (pool, name),
    )
}

/// Who holds a name, and as what (`username`, `email`, `phone_number`, `preferred_username`).
pub fn holder(r: &mut impl Read, pool: &PoolId, name: &str) -> Result<Option<(Sub, String)>, StoreError> {
    r.one(
        "SELECT sub, kind FROM names WHERE pool = $1 AND name = $2",
        (pool, name),
    )
}

/// False if another user holds the name. Claiming one's own name again is fine.
pub fn claim(tx: &mut Tx<'_>, pool: &PoolId, name: &str, kind: &str, sub: &Sub) -> Result<bool, StoreError> {
    let claimed = tx.exec(
        "INSERT INTO names (pool, name, kind, sub) VALUES ($1, $2, $3, $4) ON CONFLICT (pool, name) DO NOTHING",
        (pool, name, kind, sub),
    )?;
    Ok(claimed == 1 || holder(tx, pool, name)?.is_some_and(|(holder, _)| holder == *sub))
}

/// Gives up a name, if `sub` holds it as `kind`.
pub fn release(tx: &mut Tx<'_>, pool: &PoolId, name: &str, kind: &str, sub: &Sub) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM names WHERE pool = $1 AND name = $2 AND kind = $3 AND sub = $4",
        (pool, name, kind, sub),
    )?;
    Ok(())
}
