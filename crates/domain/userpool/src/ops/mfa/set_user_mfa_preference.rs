//! `SetUserMFAPreference`: users turn second factors on and off and prefer one; `AdminSetUserMFAPreference`: an administrator
//! does. Reference: user-pools 6.3.

use std::sync::Arc;

use api::cognito_idp::{
    AdminSetUserMFAPreferenceRequest, AdminSetUserMFAPreferenceResponse, SetUserMFAPreferenceRequest,
    SetUserMFAPreferenceResponse,
};
use kernel::{Cx, Result};
use store::records::users::{self, User};

use crate::{
    UserPools, errors,
    mfa::preference::{self, Asker, Wishes},
    ops::access_token::Access,
    user::{directory, standing::may_register_factor},
};

impl UserPools {
    /// Errors: those of every access token (8.5), NotAuthorized (a user of a provider), InvalidParameter.
    pub async fn set_user_mfa_preference(
        &self,
        cx: &Cx,
        input: SetUserMFAPreferenceRequest,
    ) -> Result<SetUserMFAPreferenceResponse> {
        let access = self.access(cx, &input.access_token).await?;
        let wishes = Wishes::of(
            input.sms_mfa_settings,
            input.software_token_mfa_settings,
            input.email_mfa_settings,
            input.web_authn_mfa_settings,
        );
        self.grant_to_caller(cx, access, wishes).await?;
        Ok(SetUserMFAPreferenceResponse {})
    }

    /// Errors: UserNotFound, InvalidParameter.
    pub async fn admin_set_user_mfa_preference(
        &self,
        cx: &Cx,
        input: AdminSetUserMFAPreferenceRequest,
    ) -> Result<AdminSetUserMFAPreferenceResponse> {
        let wishes = Wishes::of(
            input.sms_mfa_settings,
            input.software_token_mfa_settings,
            input.email_mfa_settings,
            input.web_authn_mfa_settings,
        );
        let pool = self.pool(&input.user_pool_id).await?;
        let of = Arc::clone(&pool);
        directory::change(&self.store, cx, &pool, &input.username, move |user| {
            preference::grant(&of, Asker::Administrator, user, &wishes)
        })
        .await?;
        Ok(AdminSetUserMFAPreferenceResponse {})
    }

    /// What somebody wants who is known already. Errors: NotAuthorized (a user of a provider), InvalidParameter, UserNotFound (deleted meanwhile).
    pub(crate) async fn grant_to_caller(&self, cx: &Cx, access: Access, wishes: Wishes) -> Result<()> {
        let (pool, sub, now) = (access.pool, access.user.sub, cx.now());
        let granted = self.store.write(move |tx| {
            let before = users::by_sub(tx, &pool.id, &sub)?.ok_or_else(errors::user_does_not_exist)?;
            let mut after = User {
                modified: now,
                ..before.clone()
            };
            may_register_factor(&before)?;
            preference::grant(&pool, Asker::User, &mut after, &wishes)?;
            directory::save(tx, &before, &after)
        });
        Ok(granted.await?)
    }
}
