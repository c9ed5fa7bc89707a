//! Devices as they are kept, from ConfirmDevice to ForgetDevice. Reference: user-pools 10.

use std::time::Duration;

use kernel::{ApiError, DeviceKey, Timestamp};
use store::{
    Stop, StoreError, Tx,
    records::{
        devices::{self, Device, DevicesOf},
        spent,
        users::{self, User},
    },
};

use crate::{
    errors,
    pool::{Pool, tracking::DeviceTracking},
};

/// No access token lives longer. Reference: user-pools 3.5.
const LONGEST_ACCESS_TOKEN: Duration = Duration::from_secs(24 * 3600);

/// Errors: InvalidParameter where devices are not tracked.
pub(crate) fn tracking(pool: &Pool) -> Result<DeviceTracking, ApiError> {
    pool.devices.ok_or_else(errors::device_tracking_off)
}

pub(crate) fn of(user: &User) -> DevicesOf {
    DevicesOf {
        pool: user.pool.clone(),
        sub: user.sub.clone(),
    }
}

/// The key that a request names. Errors: ResourceNotFound.
pub(crate) fn key(named: &str) -> Result<DeviceKey, ApiError> {
    DeviceKey::parse(named).ok_or_else(errors::device_does_not_exist)
}

/// Keeps a device that its user confirms, unless it was forgotten: the access tokens of its sign-in outlive it and can't bring
/// it back, or whoever has a lost device could.
///
/// Errors: ResourceNotFound (forgotten), DeviceKeyExists, UserNotFound (deleted meanwhile).
pub(crate) fn keep(tx: &mut Tx<'_>, of: &DevicesOf, device: &Device) -> Result<(), Stop> {
    if users::by_sub(tx, &of.pool, &of.sub)?.is_none() {
        return Err(errors::user_does_not_exist().into());
    }
    if spent::is_spent(tx, &of.pool, &forgotten(&device.key))? {
        return Err(errors::device_does_not_exist().into());
    }
    if devices::insert(tx, of, device)? {
        Ok(())
    } else {
        Err(errors::device_key_exists().into())
    }
}

/// False if the user has no such device.
pub(crate) fn forget(tx: &mut Tx<'_>, of: &DevicesOf, key: &DeviceKey, now: Timestamp) -> Result<bool, StoreError> {
    if !devices::delete(tx, of, key)? {
        return Ok(false);
    }
    spent::spend(tx, &of.pool, &forgotten(key), now.plus(LONGEST_ACCESS_TOKEN))?;
    Ok(true)
}

fn forgotten(key: &DeviceKey) -> String {
    format!("forgotten-device {key}")
}
