//! A user's devices, from ConfirmDevice on. What a sign-in only hands out a key for is no row: it is the sign-in's own family that
//! names it, so that those who confirm nothing leave nothing.

use kernel::{DeviceKey, PoolId, Sub, Timestamp};

use crate::{
    Read, StoreError, Tx, Value,
    column::{Cell, FromColumn},
    record::record,
};

#[derive(Clone)]
pub struct Device {
    pub key: DeviceKey,
    /// Salt and SRP verifier under seal.
    pub secret: Vec<u8>,
    pub name: Option<String>,
    pub status: DeviceStatus,
    pub created: Timestamp,
    pub modified: Timestamp,
    /// When the user last signed in with it.
    pub authenticated: Timestamp,
    pub last_ip: Option<String>,
}

/// Whether a device stands in for a second factor. Stored as AWS spells it. Reference: user-pools 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceStatus {
    Remembered,
    NotRemembered,
}

impl DeviceStatus {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Remembered => "remembered",
            Self::NotRemembered => "not_remembered",
        }
    }
}

impl FromColumn for DeviceStatus {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        let text = String::from_column(cell)?;
        let all = [Self::Remembered, Self::NotRemembered];
        let found = all.into_iter().find(|status| status.as_str() == text);
        found.ok_or_else(|| "a device's status wanted".to_owned())
    }
}

impl From<DeviceStatus> for Value {
    fn from(status: DeviceStatus) -> Self {
        Self::from(status.as_str())
    }
}

/// Where the devices of one user are kept.
#[derive(Clone, Debug)]
pub struct DevicesOf {
    pub pool: PoolId,
    pub sub: Sub,
}

record! { $ Device from devices as device_columns:
    [pool, sub] (key = "device") secret, name, status, created, modified, authenticated, last_ip
}

/// False if the user has a device of this key.
pub fn insert(tx: &mut Tx<'_>, of: &DevicesOf, device: &Device) -> Result<bool, StoreError> {
    let inserted = tx.exec(
        "INSERT INTO devices (pool, sub, device, secret, name, status, created, modified, authenticated, last_ip)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (pool, sub, device) DO NOTHING",
        (
            &of.pool,
            &of.sub,
            &device.key,
            device.secret.as_slice(),
            device.name.as_deref(),
            device.status,
            device.created,
            device.modified,
            device.authenticated,
            device.last_ip.as_deref(),
        ),
    )?;
    Ok(inserted == 1)
}

pub fn find(r: &mut impl Read, of: &DevicesOf, key: &DeviceKey) -> Result<Option<Device>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            device_columns!(),
            " FROM devices WHERE pool = $1 AND sub = $2 AND device = $3"
        ),
        (&of.pool, &of.sub, key),
    )
}

/// A user's devices by key, without those of the status that is `hidden`: those after `after`, at most `limit`.
pub fn list(
    r: &mut impl Read,
    of: &DevicesOf,
    hidden: Option<DeviceStatus>,
    after: &str,
    limit: i64,
) -> Result<Vec<Device>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            device_columns!(),
            " FROM devices WHERE pool = $1 AND sub = $2 AND device > $3 AND status <> $4 ORDER BY device LIMIT $5"
        ),
        (&of.pool, &of.sub, after, hidden.map_or("", DeviceStatus::as_str), limit),
    )
}

/// False if there is no such device.
pub fn set_status(
    tx: &mut Tx<'_>,
    of: &DevicesOf,
    key: &DeviceKey,
    status: DeviceStatus,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE devices SET status = $4, modified = $5 WHERE pool = $1 AND sub = $2 AND device = $3",
        (&of.pool, &of.sub, key, status, at),
    )?;
    Ok(changed == 1)
}

/// The user signed in with it, from an address where one is known. False if there is no such device.
pub fn used(
    tx: &mut Tx<'_>,
    of: &DevicesOf,
    key: &DeviceKey,
    at: Timestamp,
    ip: Option<&str>,
) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE devices SET authenticated = $4, last_ip = COALESCE($5, last_ip)
         WHERE pool = $1 AND sub = $2 AND device = $3",
        (&of.pool, &of.sub, key, at, ip),
    )?;
    Ok(changed == 1)
}

/// False if there is no such device.
pub fn delete(tx: &mut Tx<'_>, of: &DevicesOf, key: &DeviceKey) -> Result<bool, StoreError> {
    let deleted = tx.exec(
        "DELETE FROM devices WHERE pool = $1 AND sub = $2 AND device = $3",
        (&of.pool, &of.sub, key),
    )?;
    Ok(deleted == 1)
}
