//! A user's password: the sealed SRP salt and verifier (or argon2id hash) and the sealed history.

use kernel::{PoolId, Sub, Timestamp};

use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone)]
pub struct Password {
    pub secret: Vec<u8>,
    pub history: Option<Vec<u8>>,
    pub set_at: Timestamp,
    pub version: i64,
}

record! { $ Password from passwords as password_columns: [pool, sub] () secret, history, set_at, version }

pub fn of_user(r: &mut impl Read, pool: &PoolId, sub: &Sub) -> Result<Option<Password>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            password_columns!(),
            " FROM passwords WHERE pool = $1 AND sub = $2"
        ),
        (pool, sub),
    )
}

/// Sets the password whatever it was.
pub fn put(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub, password: &Password) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO passwords (pool, sub, secret, history, set_at, version) VALUES ($1, $2, $3, $4, $5, 1)
         ON CONFLICT (pool, sub) DO UPDATE SET secret = excluded.secret, history = excluded.history,
         set_at = excluded.set_at, version = passwords.version + 1",
        (
            pool,
            sub,
            password.secret.as_slice(),
            password.history.as_deref(),
            password.set_at,
        ),
    )?;
    Ok(())
}

pub fn delete(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub) -> Result<(), StoreError> {
    tx.exec("DELETE FROM passwords WHERE pool = $1 AND sub = $2", (pool, sub))?;
    Ok(())
}

/// Replaces how the same password is kept, if it is still the one that was read.
pub fn reseal(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub, secret: &[u8], version: i64) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE passwords SET secret = $3, version = version + 1 WHERE pool = $1 AND sub = $2 AND version = $4",
        (pool, sub, secret, version),
    )?;
    Ok(changed == 1)
}
