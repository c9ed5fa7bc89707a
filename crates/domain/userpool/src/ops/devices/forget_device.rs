//! `ForgetDevice` and `AdminForgetDevice`: the device proves nothing any more, and no refresh token of a sign-in with it gives tokens.
//! Reference: user-pools 5.7, 10.

use api::cognito_idp::{AdminForgetDeviceRequest, ForgetDeviceRequest};
use kernel::{Cx, Result};

use crate::{UserPools, device::kept, errors, ops::access_token::Access, user::directory};

impl UserPools {
    /// Errors: those of every access token (8.5), InvalidParameter (devices are not tracked), ResourceNotFound.
    pub async fn forget_device(&self, cx: &Cx, input: ForgetDeviceRequest) -> Result<()> {
        let access = self
            .access(cx, input.access_token.as_deref().unwrap_or_default())
            .await?;
        self.forget_device_by(cx, access, input).await
    }

    /// The same of somebody who is known already.
    pub(crate) async fn forget_device_by(&self, cx: &Cx, access: Access, input: ForgetDeviceRequest) -> Result<()> {
        kept::tracking(&access.pool)?;
        let (of, key, now) = (kept::of(&access.user), kept::key(&input.device_key)?, cx.now());
        let forgotten = self.store.write(move |tx| Ok(kept::forget(tx, &of, &key, now)?));
        if forgotten.await? {
            Ok(())
        } else {
            Err(errors::device_does_not_exist())
        }
    }

    /// Errors: UserNotFound, InvalidParameter (devices are not tracked), ResourceNotFound.
    pub async fn admin_forget_device(&self, cx: &Cx, input: AdminForgetDeviceRequest) -> Result<()> {
        let pool = self.pool(&input.user_pool_id).await?;
        kept::tracking(&pool)?;
        let (key, username, now) = (kept::key(&input.device_key)?, input.username, cx.now());
        let forgotten = self.store.write(move |tx| {
            let user = directory::existing(tx, &pool, &username)?;
            Ok(kept::forget(tx, &kept::of(&user), &key, now)?)
        });
        if forgotten.await? {
            Ok(())
        } else {
            Err(errors::device_does_not_exist())
        }
    }
}
