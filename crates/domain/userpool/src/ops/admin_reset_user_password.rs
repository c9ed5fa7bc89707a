//! `AdminResetUserPassword`: the password stops working, a code for a new one goes out. Reference: user-pools 4.7.

use api::cognito_idp::{AdminResetUserPasswordRequest, AdminResetUserPasswordResponse, UserStatusType};
use kernel::{Cx, Result};
use store::records::users;

use crate::{
    UserPools,
    codes::Purpose,
    delivery_target::{self, NoRecovery},
    dispatch::TRIES,
    errors,
};

impl UserPools {
    /// Errors: UserNotFound, NotAuthorized (disabled, neither CONFIRMED nor RESET_REQUIRED), InvalidParameter (nothing
    /// verified), CodeDeliveryFailure.
    pub async fn admin_reset_user_password(
        &self,
        cx: &Cx,
        input: AdminResetUserPasswordRequest,
    ) -> Result<AdminResetUserPasswordResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let now = cx.now();
        for _ in 0..TRIES {
            let mut user = self.user(&pool, &input.username).await?;
            if !user.enabled {
                return Err(errors::user_is_disabled());
            }
            if !matches!(user.status.as_str(), "CONFIRMED" | "RESET_REQUIRED") {
                return Err(errors::cannot_reset_in_current_state());
            }
            let target = delivery_target::for_recovery(&pool, &user).map_err(|reason| match reason {
                NoRecovery::NothingVerified | NoRecovery::AdministratorOnly => errors::no_verified_recovery(),
                NoRecovery::NoTexts => errors::no_sms_configuration(),
            })?;
            let dispatch = self.dispatch(cx, &pool, &user, Purpose::ForgotPassword, &target)?;
            UserStatusType::ResetRequired.as_str().clone_into(&mut user.status);
            user.modified = now;
            let enqueued = dispatch.clone();
            let stored = self
                .store
                .write(move |tx| {
                    if !users::update(tx, &user)? {
                        return Ok(false);
                    }
                    enqueued.enqueue(tx, &user)?;
                    Ok(true)
                })
                .await?;
            if stored {
                self.sent(dispatch);
                return Ok(AdminResetUserPasswordResponse {});
            }
        }
        Err(errors::user_changed_meanwhile())
    }
}
