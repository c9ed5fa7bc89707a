//! The device that a sign-in names, as it is known. Reference: user-pools 5.4, 10.

use kernel::{DeviceKey, Sub};
use store::{
    Read, StoreError,
    records::devices::{self, Device, DeviceStatus, DevicesOf},
};

use super::visit::{Door, Visit};

/// What is known of the device that a sign-in names.
#[derive(Clone)]
pub(super) enum Named {
    /// None is named.
    None,
    /// No device of this user, or the pool tracks none.
    Unknown,
    Known(Box<Device>),
}

impl Named {
    pub fn find(r: &mut impl Read, visit: &Visit, sub: &Sub) -> Result<Self, StoreError> {
        let Some(key) = visit.device_of(sub) else {
            return Ok(Self::None);
        };
        // A browser that is forgotten is as any: nobody there could take back what it names.
        let unknown = match visit.door {
            Door::Hosted => Self::None,
            Door::Public | Door::Admin => Self::Unknown,
        };
        let Some(key) = DeviceKey::parse(key).filter(|_| visit.pool.devices.is_some()) else {
            return Ok(unknown);
        };
        let of = DevicesOf {
            pool: visit.pool.id.clone(),
            sub: sub.clone(),
        };
        let found = devices::find(r, &of, &key)?;
        Ok(found.map_or(unknown, |device| Self::Known(Box::new(device))))
    }

    pub fn key(&self) -> Option<&DeviceKey> {
        match self {
            Self::Known(device) => Some(&device.key),
            Self::None | Self::Unknown => None,
        }
    }

    pub fn is_remembered(&self) -> bool {
        self.remembered().is_some()
    }

    pub fn remembered(&self) -> Option<&Device> {
        match self {
            Self::Known(device) if device.status == DeviceStatus::Remembered => Some(device),
            _ => None,
        }
    }
}

/// Whether a visit is by a device that is known as this user's.
pub(crate) fn is_known_device(r: &mut impl Read, visit: &Visit, sub: &Sub) -> Result<bool, StoreError> {
    Ok(Named::find(r, visit, sub)?.key().is_some())
}
