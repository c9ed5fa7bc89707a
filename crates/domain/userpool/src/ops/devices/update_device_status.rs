//! `UpdateDeviceStatus` and `AdminUpdateDeviceStatus`: a device is remembered, and stands in for a second factor, or is not.
//! Reference: user-pools 10.

use api::cognito_idp::{
    AdminUpdateDeviceStatusRequest, AdminUpdateDeviceStatusResponse, DeviceRememberedStatusType,
    UpdateDeviceStatusRequest, UpdateDeviceStatusResponse,
};
use kernel::{Cx, DeviceKey, Result, Timestamp};
use store::{
    Stop, Tx,
    records::devices::{self, DeviceStatus, DevicesOf},
};

use crate::{UserPools, device::kept, errors, user::directory};

/// What a request changes.
struct Change {
    key: DeviceKey,
    /// None: nothing.
    status: Option<DeviceStatus>,
    at: Timestamp,
}

impl UserPools {
    /// Errors: those of every access token (8.5), InvalidParameter (devices are not tracked), ResourceNotFound.
    pub async fn update_device_status(
        &self,
        cx: &Cx,
        input: UpdateDeviceStatusRequest,
    ) -> Result<UpdateDeviceStatusResponse> {
        let access = self.access(cx, &input.access_token).await?;
        kept::tracking(&access.pool)?;
        let of = kept::of(&access.user);
        let change = Change::of(cx, &input.device_key, input.device_remembered_status)?;
        self.store.write(move |tx| change.make(tx, &of)).await?;
        Ok(UpdateDeviceStatusResponse {})
    }

    /// Errors: UserNotFound, InvalidParameter (devices are not tracked), ResourceNotFound.
    pub async fn admin_update_device_status(
        &self,
        cx: &Cx,
        input: AdminUpdateDeviceStatusRequest,
    ) -> Result<AdminUpdateDeviceStatusResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        kept::tracking(&pool)?;
        let change = Change::of(cx, &input.device_key, input.device_remembered_status)?;
        let changed = self.store.write(move |tx| {
            let user = directory::existing(tx, &pool, &input.username)?;
            change.make(tx, &kept::of(&user))
        });
        changed.await?;
        Ok(AdminUpdateDeviceStatusResponse {})
    }
}

impl Change {
    fn of(cx: &Cx, key: &str, status: Option<DeviceRememberedStatusType>) -> Result<Self> {
        Ok(Self {
            key: kept::key(key)?,
            status: status.map(|status| match status {
                DeviceRememberedStatusType::Remembered => DeviceStatus::Remembered,
                DeviceRememberedStatusType::NotRemembered => DeviceStatus::NotRemembered,
            }),
            at: cx.now(),
        })
    }

    fn make(&self, tx: &mut Tx<'_>, of: &DevicesOf) -> Result<(), Stop> {
        let found = match self.status {
            Some(status) => devices::set_status(tx, of, &self.key, status, self.at)?,
            None => devices::find(tx, of, &self.key)?.is_some(),
        };
        if found {
            Ok(())
        } else {
            Err(errors::device_does_not_exist().into())
        }
    }
}
