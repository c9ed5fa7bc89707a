//! `ForgotPassword`: a code to a verified address; the password stays until the code comes back. Reference: user-pools
//! 4.7, 17.2.

use std::sync::Arc;

use api::cognito_idp::{ForgotPasswordRequest, ForgotPasswordResponse};
use kernel::{ApiError, Cx, Result};
use store::{records::users::User, retrying};

use crate::{
    UserPools,
    attempts::Capped,
    codes::Purpose,
    delivery_target::{self, NoRecovery, Target},
    errors, names,
    settings::Pool,
};

impl UserPools {
    /// Errors: NotAuthorized (disabled, temporary password, administrators only), InvalidParameter (nothing verified,
    /// no text messages), LimitExceeded, CodeDeliveryFailure, UserNotFound or what stands in for it.
    pub async fn forgot_password(&self, cx: &Cx, input: ForgotPasswordRequest) -> Result<ForgotPasswordResponse> {
        let (pool, client) = self.client(cx, &input.client_id).await?;
        client.check_secret_hash(&input.username, input.secret_hash.as_deref())?;
        // Whether there is such a user or not.
        if client.hides_users() && delivery_target::only_administrators_recover(&pool) {
            return Err(errors::contact_administrator());
        }
        let sent = retrying(|| async {
            let (of, name) = (Arc::clone(&pool), input.username.clone());
            let user = self.store.read(move |r| names::find(r, &of, &name)).await?;
            let (purpose, capped) = (Purpose::ForgotPassword, Capped::ForgotPassword);
            match reachable(&pool, user.as_ref()) {
                Ok((user, target)) => self.send_code(cx, &pool, user, purpose, capped, &target).await,
                Err(_) if client.hides_users() => {
                    let (typed, user) = (&input.username, user.as_ref());
                    Ok(self.simulate_code(cx, &pool, typed, user, purpose, capped).await?)
                }
                Err(refusal) => Err(refusal.into()),
            }
        });
        Ok(ForgotPasswordResponse {
            code_delivery_details: Some(sent.await?),
        })
    }
}

/// The user and where the code goes.
fn reachable<'a>(pool: &Pool, user: Option<&'a User>) -> Result<(&'a User, Target), ApiError> {
    let user = user.ok_or_else(errors::username_client_combination_not_found)?;
    if !user.enabled {
        return Err(errors::user_is_disabled());
    }
    if matches!(user.status.as_str(), "FORCE_CHANGE_PASSWORD" | "EXTERNAL_PROVIDER") {
        return Err(errors::cannot_reset_in_current_state());
    }
    match delivery_target::for_recovery(pool, user) {
        Ok(target) => Ok((user, target)),
        Err(NoRecovery::AdministratorOnly) => Err(errors::contact_administrator()),
        Err(NoRecovery::NothingVerified) => Err(errors::no_verified_recovery()),
        Err(NoRecovery::NoTexts) => Err(errors::no_sms_configuration()),
    }
}
