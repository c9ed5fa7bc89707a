//! `ListDevices` and `AdminListDevices`, by key. Reference: user-pools 10.

use api::cognito_idp::{
    AdminListDevicesRequest, AdminListDevicesResponse, DeviceType, ListDevicesRequest, ListDevicesResponse,
};
use kernel::{Cx, Result};
use store::records::{
    devices::{self, Device, DeviceStatus},
    users::User,
};
use vault::Page;

use crate::{
    UserPools,
    device::{kept, view},
    errors,
    ops::access_token::Access,
    pages,
    pool::Pool,
    user::names,
};

impl UserPools {
    /// Users see what is remembered; administrators see all.
    ///
    /// Errors: those of every access token (8.5), InvalidParameter (devices are not tracked; the page).
    pub async fn list_devices(&self, cx: &Cx, input: ListDevicesRequest) -> Result<ListDevicesResponse> {
        let access = self.access(cx, &input.access_token).await?;
        self.list_devices_by(cx, access, input).await
    }

    /// The same of somebody who is known already.
    pub(crate) async fn list_devices_by(
        &self,
        cx: &Cx,
        access: Access,
        input: ListDevicesRequest,
    ) -> Result<ListDevicesResponse> {
        kept::tracking(&access.pool)?;
        let of = kept::of(&access.user);
        let place = ["ListDevices", of.pool.as_str(), of.sub.as_str()];
        let page = pages::open(
            &self.keyring,
            cx,
            &place,
            input.limit,
            input.pagination_token.as_deref(),
        )?;
        let (after, limit) = (page.after(), page.limit());
        let hidden = Some(DeviceStatus::NotRemembered);
        let listed = self.store.read(move |r| devices::list(r, &of, hidden, &after, limit));
        let listed = listed.await?;
        let (devices, pagination_token) = self.shown(cx, &page, (&access.pool, &access.user), listed)?;
        Ok(ListDevicesResponse {
            devices: Some(devices),
            pagination_token,
        })
    }

    /// Errors: InvalidParameter (devices are not tracked; the page), ResourceNotFound.
    pub async fn admin_list_devices(
        &self,
        cx: &Cx,
        input: AdminListDevicesRequest,
    ) -> Result<AdminListDevicesResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        kept::tracking(&pool)?;
        let place = ["AdminListDevices", pool.id.as_str(), &input.username];
        let page = pages::open(
            &self.keyring,
            cx,
            &place,
            input.limit,
            input.pagination_token.as_deref(),
        )?;
        let (after, limit) = (page.after(), page.limit());
        let (of, username) = (pool.clone(), input.username);
        let found = self
            .store
            .read(move |r| {
                let Some(user) = names::find(r, &of, &username)? else {
                    return Ok(None);
                };
                let listed = devices::list(r, &kept::of(&user), None, &after, limit)?;
                Ok(Some((user, listed)))
            })
            .await?;
        let (user, listed) = found.ok_or_else(errors::user_of_devices_does_not_exist)?;
        let (devices, pagination_token) = self.shown(cx, &page, (&pool, &user), listed)?;
        Ok(AdminListDevicesResponse {
            devices: Some(devices),
            pagination_token,
        })
    }

    /// Errors: internal.
    fn shown(
        &self,
        cx: &Cx,
        page: &Page,
        (pool, user): (&Pool, &User),
        listed: Vec<Device>,
    ) -> Result<(Vec<DeviceType>, Option<String>)> {
        let (listed, next) = page.cut(&self.keyring, cx, listed, |device| device.key.to_string())?;
        let devices = listed.into_iter().map(|device| view::described(pool, user, device));
        Ok((devices.collect(), next))
    }
}
