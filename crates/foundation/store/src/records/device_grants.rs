//! Devices that wait for somebody to allow them: RFC 8628. Their codes are kept as digests alone.

use kernel::{ClientId, PoolId, Sub, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    authorization_codes,
    document::{document, written},
};
use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone, Debug)]
pub struct DeviceGrant {
    /// SHA-256 of the device code, in hexadecimal.
    pub device: String,
    /// HMAC of the code that people enter, in hexadecimal.
    pub user_code: String,
    pub client: ClientId,
    pub expires: Timestamp,
    /// Seconds that the device leaves between two polls.
    pub pause: i64,
    pub denied: bool,
    /// Digest of the cookie of the browser at which the code was entered last.
    pub browser: Option<String>,
    /// Who allowed it.
    pub sub: Option<Sub>,
    pub doc: Doc,
}

/// What a device asks for, and what it is to have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doc {
    pub scope: String,
    /// Whose API the access token is for (RFC 8707).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// What it was allowed by: the same as of a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed: Option<authorization_codes::Doc>,
}

record! { $ DeviceGrant from device_grants as device_grant_columns:
    [pool] (device)
    user_code, client, expires, pause, denied, browser, sub, doc
}

document! { Doc }

/// False if the code that people enter is another's.
pub fn insert(tx: &mut Tx<'_>, pool: &PoolId, grant: &DeviceGrant) -> Result<bool, StoreError> {
    let inserted = tx.exec(
        "INSERT INTO device_grants (pool, device, user_code, client, expires, pause, denied, doc)
         VALUES ($1, $2, $3, $4, $5, $6, FALSE, $7) ON CONFLICT (pool, user_code) DO NOTHING",
        (
            pool,
            grant.device.as_str(),
            grant.user_code.as_str(),
            &grant.client,
            grant.expires,
            grant.pause,
            written(&grant.doc)?,
        ),
    )?;
    Ok(inserted == 1)
}

/// How many of a client have not expired.
pub fn count(r: &mut impl Read, pool: &PoolId, client: &ClientId, now: Timestamp) -> Result<i64, StoreError> {
    let count = r.value(
        "SELECT COUNT(*) FROM device_grants WHERE pool = $1 AND client = $2 AND expires > $3",
        (pool, client, now),
    )?;
    Ok(count.unwrap_or(0))
}

pub fn find(r: &mut impl Read, pool: &PoolId, device: &str) -> Result<Option<DeviceGrant>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            device_grant_columns!(),
            " FROM device_grants WHERE pool = $1 AND device = $2"
        ),
        (pool, device),
    )
}

pub fn by_user_code(r: &mut impl Read, pool: &PoolId, user_code: &str) -> Result<Option<DeviceGrant>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            device_grant_columns!(),
            " FROM device_grants WHERE pool = $1 AND user_code = $2"
        ),
        (pool, user_code),
    )
}

/// The code was entered at a browser. False if it is answered already, or gone.
pub fn enter(tx: &mut Tx<'_>, pool: &PoolId, device: &str, browser: &str) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE device_grants SET browser = $3 WHERE pool = $1 AND device = $2 AND denied = FALSE AND sub IS NULL",
        (pool, device, browser),
    )?;
    Ok(changed == 1)
}

/// Somebody allows it, at the browser where the code was entered last. False as [`enter`].
pub fn allow(
    tx: &mut Tx<'_>,
    (pool, device): (&PoolId, &str),
    browser: &str,
    (sub, doc): (&Sub, &Doc),
) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE device_grants SET sub = $4, doc = $5
         WHERE pool = $1 AND device = $2 AND browser = $3 AND denied = FALSE AND sub IS NULL",
        (pool, device, browser, sub, written(doc)?),
    )?;
    Ok(changed == 1)
}

/// The same, where they deny it.
pub fn deny(tx: &mut Tx<'_>, (pool, device): (&PoolId, &str), browser: &str) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE device_grants SET denied = TRUE
         WHERE pool = $1 AND device = $2 AND browser = $3 AND denied = FALSE AND sub IS NULL",
        (pool, device, browser),
    )?;
    Ok(changed == 1)
}

/// It polls too often: from now on it is to leave so many seconds. It never becomes less.
pub fn slow_down(tx: &mut Tx<'_>, pool: &PoolId, device: &str, pause: i64) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE device_grants SET pause = $3 WHERE pool = $1 AND device = $2 AND pause < $3",
        (pool, device, pause),
    )?;
    Ok(())
}

/// An allowed one is traded, and gone. False if it was before.
pub fn spend(tx: &mut Tx<'_>, pool: &PoolId, device: &str) -> Result<bool, StoreError> {
    let deleted = tx.exec(
        "DELETE FROM device_grants WHERE pool = $1 AND device = $2 AND sub IS NOT NULL",
        (pool, device),
    )?;
    Ok(deleted == 1)
}

/// Forgets a hundred of a pool that expired before `before`. Returns how many.
pub fn sweep(tx: &mut Tx<'_>, pool: &PoolId, before: Timestamp) -> Result<u64, StoreError> {
    tx.exec(
        "DELETE FROM device_grants WHERE pool = $1 AND device IN
         (SELECT device FROM device_grants WHERE pool = $1 AND expires < $2 LIMIT 100)",
        (pool, before),
    )
}
