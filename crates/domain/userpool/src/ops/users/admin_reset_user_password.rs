//! `AdminResetUserPassword`: the password stops working, a code for a new one goes out. Reference: user-pools 4.7.

use std::sync::Arc;

use api::cognito_idp::{AdminResetUserPasswordRequest, AdminResetUserPasswordResponse};
use kernel::{ApiError, Cx, Result};
use store::{
    Stop,
    records::{
        status::Status,
        users::{self, User},
    },
    retrying,
};

use crate::{
    UserPools,
    code::{
        Purpose, Target,
        sending::Errand,
        target::{self, NoRecovery},
    },
    errors,
    pool::Pool,
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
            let user = directory::find(&self.store, &pool, &input.username).await?;
            let target = reachable(&pool, &user)?;
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
            let (enqueued, of) = (dispatch.clone(), Arc::clone(&pool));
            self.store
                .write(move |tx| {
                    // The function may have changed the user, and would each time.
                    let Some(user) = users::by_sub(tx, &user.pool, &user.sub)? else {
                        return Err(Stop::Raced);
                    };
                    if reachable(&of, &user)? != target {
                        return Err(Stop::Raced);
                    }
                    let user = User {
                        status: Status::ResetRequired,
                        modified: now,
                        ..user
                    };
                    users::update(tx, &user)?;
                    Ok(enqueued.enqueue(tx, &user)?)
                })
                .await?;
            Ok(dispatch)
        });
        self.codes.sent(dispatch.await?);
        Ok(AdminResetUserPasswordResponse {})
    }
}

/// Where the code goes. Errors: NotAuthorized (disabled, in another state), InvalidParameter (nothing verified).
fn reachable(pool: &Pool, user: &User) -> Result<Target, ApiError> {
    if !user.enabled {
        return Err(errors::user_is_disabled());
    }
    if !matches!(user.status, Status::Confirmed | Status::ResetRequired) {
        return Err(errors::cannot_reset_in_current_state());
    }
    target::for_recovery(pool, user).map_err(|reason| match reason {
        NoRecovery::NothingVerified | NoRecovery::AdministratorOnly => errors::no_verified_recovery(),
        NoRecovery::NoTexts => errors::no_sms_configuration(),
    })
}
