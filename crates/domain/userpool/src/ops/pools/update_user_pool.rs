//! `UpdateUserPool` replaces nearly all settings. Reference: user-pools 2.5, 2.6.

use api::cognito_idp::{UpdateUserPoolRequest, UpdateUserPoolResponse};
use kernel::{Cx, Result};

use crate::{
    UserPools, domain,
    errors::settings::TagsBy,
    pool::{input, mfa_rules, stored::told},
};

impl UserPools {
    /// Errors: ResourceNotFound, InvalidParameter, FeatureUnavailableInTier, UserPoolTagging, ConcurrentModification, those of
    /// the role that sends text messages.
    pub async fn update_user_pool(&self, cx: &Cx, input: UpdateUserPoolRequest) -> Result<UpdateUserPoolResponse> {
        let before = self.stored(&input.user_pool_id).await?;
        let after = input::updated((&before.settings, &before.mfa_blocks), input, &before.id.region())?;
        domain::rules::check_plan(&before, after.user_pool_tier)?;
        let mfa_blocks = mfa_rules::kept(&after, &before.mfa_blocks)?;
        self.check_sms_role(cx, &before.id, after.sms_configuration.as_ref())
            .await?;
        self.save_settings(cx, &before, (&after, &mfa_blocks), TagsBy::Settings)
            .await
            .map_err(told)?;
        Ok(UpdateUserPoolResponse {})
    }
}
