//! Authenticator apps: the sealed secret that a user's app and we share. A secret that waits for its first code stands
//! beside the one in force, which goes on working until then. Reference: user-pools 6.2.

use kernel::{PoolId, Sub};

use crate::{Read, StoreError, Tx, record::record};

/// A secret that a code has proved to be in the user's app.
#[derive(Clone)]
pub struct SoftwareToken {
    /// Sealed, bound to pool and user.
    pub secret: Vec<u8>,
    /// What the user calls the device that the app runs on.
    pub name: Option<String>,
    /// The step (of 30 seconds) of the last code that counted. None: not kept.
    pub last_step: Option<i64>,
}

record! { $ SoftwareToken from software_tokens as token_columns: [pool, sub] () secret, name, last_step }

/// A secret that waits for its first code, in place of another that did.
pub fn put(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub, secret: &[u8]) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO software_tokens (pool, sub, waiting) VALUES ($1, $2, $3)
         ON CONFLICT (pool, sub) DO UPDATE SET waiting = excluded.waiting",
        (pool, sub, secret),
    )?;
    Ok(())
}

/// The one in force.
pub fn find(r: &mut impl Read, pool: &PoolId, sub: &Sub) -> Result<Option<SoftwareToken>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            token_columns!(),
            " FROM software_tokens WHERE pool = $1 AND sub = $2 AND secret IS NOT NULL"
        ),
        (pool, sub),
    )
}

/// The secret that waits for its first code.
pub fn waiting(r: &mut impl Read, pool: &PoolId, sub: &Sub) -> Result<Option<Vec<u8>>, StoreError> {
    r.value(
        "SELECT waiting FROM software_tokens WHERE pool = $1 AND sub = $2 AND waiting IS NOT NULL",
        (pool, sub),
    )
}

/// A code that was right for `token.secret`, which still has to be the one that waits: it is in force from now on.
pub fn verify(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub, token: &SoftwareToken) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE software_tokens SET secret = waiting, waiting = NULL, name = $4, last_step = $5
         WHERE pool = $1 AND sub = $2 AND waiting = $3",
        (
            pool,
            sub,
            token.secret.as_slice(),
            token.name.as_deref(),
            token.last_step,
        ),
    )?;
    Ok(changed == 1)
}

/// A code counts once: false if one of this step or of a later one has counted, in parallel too, or there is no token in force.
pub fn use_step(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub, step: i64) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE software_tokens SET last_step = $3
         WHERE pool = $1 AND sub = $2 AND secret IS NOT NULL AND (last_step IS NULL OR last_step < $3)",
        (pool, sub, step),
    )?;
    Ok(changed == 1)
}

/// Both secrets.
pub fn delete(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub) -> Result<bool, StoreError> {
    let deleted = tx.exec("DELETE FROM software_tokens WHERE pool = $1 AND sub = $2", (pool, sub))?;
    Ok(deleted == 1)
}
