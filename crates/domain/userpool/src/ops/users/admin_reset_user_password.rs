//! `AdminResetUserPassword`: the password stops working, a code for a new one goes out. Reference: user-pools 4.7.

use api::cognito_idp::{AdminResetUserPasswordRequest, AdminResetUserPasswordResponse};
use kernel::{Cx, Result};
use store::{
    Stop,
    records::{status::Status, users},
    retrying,
};

use crate::{
    UserPools,
    code::{
        Purpose,
        sending::Errand,
        target::{self, NoRecovery},
    },
    errors,
    trigger::{Caller, Scene, Source},
    user::directory,
};

impl UserPools {
    /// Errors: UserNotFound, NotAuthorized (disabled, neither CONFIRMED nor RESET_REQUIRED), InvalidParameter (nothing
    /// verified), CodeDeliveryFailure, LimitExceeded, those of the function.
    pub async fn admin_reset_user_password(
        &self,
        cx: &Cx,
        input: AdminResetUserPasswordRequest,
    ) -> Result<AdminResetUserPasswordResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let now = cx.now();
        let dispatch = retrying(|| async {
            let mut user = directory::find(&self.store, &pool, &input.username).await?;
            if !user.enabled {
                return Err(errors::user_is_disabled().into());
            }
            if !matches!(user.status, Status::Confirmed | Status::ResetRequired) {
                return Err(errors::cannot_reset_in_current_state().into());
            }
            let target = target::for_recovery(&pool, &user).map_err(|reason| match reason {
                NoRecovery::NothingVerified | NoRecovery::AdministratorOnly => errors::no_verified_recovery(),
                NoRecovery::NoTexts => errors::no_sms_configuration(),
            })?;
            let scene = Scene {
                cx,
                pool: &pool,
                user: &user,
                caller: Caller::NotApplicable,
                metadata: input.client_metadata.as_ref(),
            };
            let source = Source::MessageOfForgottenPassword;
            let telling = self.functions.telling(scene, source, &target).await?;
            let errand = Errand {
                user: &user,
                purpose: Purpose::ForgotPassword,
                target: &target,
                signs_up_by: None,
                telling: &telling,
            };
            let dispatch = self.codes.dispatch(cx, &pool, errand).await?;
            user.status = Status::ResetRequired;
            user.modified = now;
            let enqueued = dispatch.clone();
            self.store
                .write(move |tx| {
                    if !users::update(tx, &user)? {
                        return Err(Stop::Raced);
                    }
                    Ok(enqueued.enqueue(tx, &user)?)
                })
                .await?;
            Ok(dispatch)
        });
        self.codes.sent(dispatch.await?);
        Ok(AdminResetUserPasswordResponse {})
    }
}
