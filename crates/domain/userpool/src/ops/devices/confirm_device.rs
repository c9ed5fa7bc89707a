//! `ConfirmDevice`: the device that the sign-in handed out a key for shows what it will prove itself by, and is tracked from then on.
//! Reference: user-pools 10.

use api::cognito_idp::{ConfirmDeviceRequest, ConfirmDeviceResponse};
use kernel::{Cx, Result};
use store::records::devices::{Device, DeviceStatus};

use crate::{
    UserPools,
    device::{kept, secret::DeviceSecret},
    errors,
    pool::tracking::Remember,
};

impl UserPools {
    /// A token confirms the device of its own sign-in alone.
    ///
    /// Errors: those of every access token (8.5), InvalidParameter (devices are not tracked; the verifier), ResourceNotFound (not
    /// this sign-in's device, or forgotten), DeviceKeyExists.
    pub async fn confirm_device(&self, cx: &Cx, input: ConfirmDeviceRequest) -> Result<ConfirmDeviceResponse> {
        let access = self.access(cx, &input.access_token).await?;
        let tracking = kept::tracking(&access.pool)?;
        let key = access.device.filter(|key| key.as_str() == input.device_key);
        let key = key.ok_or_else(errors::device_does_not_exist)?;
        let of = kept::of(&access.user);
        let secret = DeviceSecret::given(input.device_secret_verifier_config)?;
        let now = cx.now();
        let device = Device {
            secret: secret.seal(&self.keyring, &of, &key, cx.rng())?,
            key,
            name: input.device_name,
            status: match tracking.remember {
                Remember::Always => DeviceStatus::Remembered,
                Remember::OnPrompt => DeviceStatus::NotRemembered,
            },
            created: now,
            modified: now,
            authenticated: now,
            last_ip: cx.source_ip.map(|ip| ip.to_string()),
        };
        self.store.write(move |tx| kept::keep(tx, &of, &device)).await?;
        Ok(ConfirmDeviceResponse {
            user_confirmation_necessary: Some(tracking.remember == Remember::OnPrompt),
        })
    }
}
