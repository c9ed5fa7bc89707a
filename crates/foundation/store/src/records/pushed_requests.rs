//! Authorization requests that clients pushed (RFC 9126): a browser comes with each once.

use kernel::{ClientId, PoolId, Timestamp};

use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone, Debug)]
pub struct PushedRequest {
    /// SHA-256 of its name, in hexadecimal.
    pub request: String,
    pub client: ClientId,
    pub expires: Timestamp,
    /// A browser has come with it.
    pub used: bool,
    /// As a form has them.
    pub parameters: String,
}

record! { $ PushedRequest from pushed_requests as pushed_columns: [pool] (request) client, expires, used, parameters }

pub fn insert(tx: &mut Tx<'_>, pool: &PoolId, pushed: &PushedRequest) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO pushed_requests (pool, request, client, expires, used, parameters) VALUES ($1, $2, $3, $4, FALSE, $5)",
        (
            pool,
            pushed.request.as_str(),
            &pushed.client,
            pushed.expires,
            pushed.parameters.as_str(),
        ),
    )?;
    Ok(())
}

pub fn find(r: &mut impl Read, pool: &PoolId, request: &str) -> Result<Option<PushedRequest>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            pushed_columns!(),
            " FROM pushed_requests WHERE pool = $1 AND request = $2"
        ),
        (pool, request),
    )
}

/// A browser comes with it, and has until `expires`. False if one has before, or it is gone.
pub fn take(tx: &mut Tx<'_>, pool: &PoolId, request: &str, expires: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE pushed_requests SET used = TRUE, expires = $3 WHERE pool = $1 AND request = $2 AND used = FALSE",
        (pool, request, expires),
    )?;
    Ok(changed == 1)
}

pub fn delete(tx: &mut Tx<'_>, pool: &PoolId, request: &str) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM pushed_requests WHERE pool = $1 AND request = $2",
        (pool, request),
    )?;
    Ok(())
}

/// Forgets a hundred of a pool that expired before `before`. Returns how many.
pub fn sweep(tx: &mut Tx<'_>, pool: &PoolId, before: Timestamp) -> Result<u64, StoreError> {
    tx.exec(
        "DELETE FROM pushed_requests WHERE pool = $1 AND request IN
         (SELECT request FROM pushed_requests WHERE pool = $1 AND expires < $2 LIMIT 100)",
        (pool, before),
    )
}
