//! `GetDevice` and `AdminGetDevice`. Reference: user-pools 10.

use api::cognito_idp::{AdminGetDeviceRequest, AdminGetDeviceResponse, GetDeviceRequest, GetDeviceResponse};
use kernel::{Cx, Result};
use store::records::devices::{self, DeviceStatus};

use crate::{
    UserPools,
    device::{kept, view},
    errors,
    user::names,
};

impl UserPools {
    /// Users see what is remembered; administrators see all.
    ///
    /// Errors: those of every access token (8.5), InvalidParameter (devices are not tracked), ResourceNotFound.
    pub async fn get_device(&self, cx: &Cx, input: GetDeviceRequest) -> Result<GetDeviceResponse> {
        let access = self
            .access(cx, input.access_token.as_deref().unwrap_or_default())
            .await?;
        kept::tracking(&access.pool)?;
        let (of, key) = (kept::of(&access.user), kept::key(&input.device_key)?);
        let found = self.store.look_up(move |r| devices::find(r, &of, &key)).await?;
        let device = found
            .filter(|device| device.status == DeviceStatus::Remembered)
            .ok_or_else(errors::device_does_not_exist)?;
        Ok(GetDeviceResponse {
            device: view::described(&access.pool, &access.user, device),
        })
    }

    /// Errors: InvalidParameter (devices are not tracked), ResourceNotFound (of the user too).
    pub async fn admin_get_device(&self, _cx: &Cx, input: AdminGetDeviceRequest) -> Result<AdminGetDeviceResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        kept::tracking(&pool)?;
        let key = kept::key(&input.device_key)?;
        let (of, username) = (pool.clone(), input.username);
        let found = self
            .store
            .look_up(move |r| {
                let Some(user) = names::find(r, &of, &username)? else {
                    return Ok(None);
                };
                let device = devices::find(r, &kept::of(&user), &key)?;
                Ok(Some((user, device)))
            })
            .await?;
        let (user, device) = found.ok_or_else(errors::user_of_devices_does_not_exist)?;
        let device = device.ok_or_else(errors::device_does_not_exist)?;
        Ok(AdminGetDeviceResponse {
            device: view::described(&pool, &user, device),
        })
    }
}
