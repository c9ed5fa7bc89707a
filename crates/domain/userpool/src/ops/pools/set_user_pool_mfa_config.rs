//! `SetUserPoolMfaConfig`: whether sign-in asks for a second factor, and which ones there are. Reference: user-pools 6.1.

use api::cognito_idp::{SetUserPoolMfaConfigRequest, SetUserPoolMfaConfigResponse};
use kernel::{Cx, Result};
use store::retrying;

use crate::{
    UserPools,
    errors::settings::TagsBy,
    pool::{mfa_rules, stored::told, view},
};

impl UserPools {
    /// Errors: ResourceNotFound, InvalidParameter, FeatureUnavailableInTier, ConcurrentModification, those of the role that
    /// sends text messages.
    pub async fn set_user_pool_mfa_config(
        &self,
        cx: &Cx,
        input: SetUserPoolMfaConfigRequest,
    ) -> Result<SetUserPoolMfaConfigResponse> {
        // What the pool has already was looked at when it came.
        let texts = input.sms_mfa_configuration.as_ref();
        let named = texts.and_then(|texts| texts.sms_configuration.as_ref());
        let set = retrying(|| async {
            let before = self.stored(&input.user_pool_id).await?;
            let (after, blocks) = mfa_rules::configured(&before.settings, input.clone())?;
            self.check_sms_role(cx, &before.id, named).await?;
            self.save_settings(cx, &before, (&after, &blocks), TagsBy::Settings)
                .await?;
            Ok(view::mfa(&after, &blocks))
        });
        let set = set.await.map_err(told)?;
        Ok(SetUserPoolMfaConfigResponse {
            sms_mfa_configuration: set.sms_mfa_configuration,
            software_token_mfa_configuration: set.software_token_mfa_configuration,
            email_mfa_configuration: set.email_mfa_configuration,
            mfa_configuration: set.mfa_configuration,
            web_authn_configuration: set.web_authn_configuration,
        })
    }
}
