//! `SetUserSettings` and `AdminSetUserSettings`: text messages are turned on as second factor, or off by an empty list. The
//! older form, which knows no other. Reference: user-pools 6.3.

use std::sync::Arc;

use api::cognito_idp::{
    AdminSetUserSettingsRequest, AdminSetUserSettingsResponse, DeliveryMediumType, MFAOptionType,
    SetUserSettingsRequest, SetUserSettingsResponse,
};
use kernel::{ApiError, Cx, Result};
use store::records::{address::Address, factor::Factor};

use crate::{
    UserPools, errors,
    mfa::preference::{self, Asker, Wish, Wishes},
    user::directory,
};

impl UserPools {
    /// Errors: those of every access token (8.5), InvalidParameter.
    pub async fn set_user_settings(&self, cx: &Cx, input: SetUserSettingsRequest) -> Result<SetUserSettingsResponse> {
        let access = self.access(cx, &input.access_token).await?;
        self.grant_to_caller(cx, access, wishes(&input.mfa_options)?).await?;
        Ok(SetUserSettingsResponse {})
    }

    /// Errors: UserNotFound, InvalidParameter.
    pub async fn admin_set_user_settings(
        &self,
        cx: &Cx,
        input: AdminSetUserSettingsRequest,
    ) -> Result<AdminSetUserSettingsResponse> {
        let wishes = wishes(&input.mfa_options)?;
        let pool = self.pool(&input.user_pool_id).await?;
        let of = Arc::clone(&pool);
        directory::change(&self.store, cx, &pool, &input.username, move |user| {
            preference::grant(&of, Asker::Administrator, user, &wishes)
        })
        .await?;
        Ok(AdminSetUserSettingsResponse {})
    }
}

fn wishes(options: &[MFAOptionType]) -> Result<Wishes, ApiError> {
    let by_text = |option: &MFAOptionType| {
        option.delivery_medium == Some(DeliveryMediumType::Sms)
            && option.attribute_name.as_deref() == Some(Address::Phone.attribute())
    };
    if !options.iter().all(by_text) {
        return Err(errors::mfa_option_not_supported());
    }
    let sms = Wish {
        factor: Factor::Sms,
        enabled: Some(!options.is_empty()),
        preferred: None,
    };
    Ok(Wishes {
        factors: vec![sms],
        passkey: None,
    })
}
