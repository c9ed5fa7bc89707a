//! `ResendConfirmationCode`: a new code for a user who is not confirmed; it replaces the one before. Reference:
//! user-pools 4.4, 17.2.

use std::sync::Arc;

use api::cognito_idp::{ResendConfirmationCodeRequest, ResendConfirmationCodeResponse, UserStatusType};
use kernel::{ApiError, Cx, Result};
use store::{records::users::User, retrying};

use crate::{
    UserPools,
    attempts::Capped,
    codes::Purpose,
    delivery_target::{self, Target},
    errors, names,
    settings::Pool,
};

impl UserPools {
    /// Errors: InvalidParameter (confirmed, nowhere to send), LimitExceeded, CodeDeliveryFailure, UserNotFound or what stands
    /// in for it.
    pub async fn resend_confirmation_code(
        &self,
        cx: &Cx,
        input: ResendConfirmationCodeRequest,
    ) -> Result<ResendConfirmationCodeResponse> {
        let (pool, client) = self.client(cx, &input.client_id).await?;
        client.check_secret_hash(&input.username, input.secret_hash.as_deref())?;
        let sent = retrying(|| async {
            let (of, name) = (Arc::clone(&pool), input.username.clone());
            let user = self.store.read(move |r| names::find(r, &of, &name)).await?;
            let (purpose, capped) = (Purpose::SignUp, Capped::ResendConfirmationCode);
            match reachable(&pool, user.as_ref()) {
                Ok((user, target)) => self.send_code(cx, &pool, user, purpose, capped, &target).await,
                Err(_) if client.hides_users() => {
                    let (typed, user) = (&input.username, user.as_ref());
                    Ok(self.simulate_code(cx, &pool, typed, user, purpose, capped).await?)
                }
                Err(refusal) => Err(refusal.into()),
            }
        });
        Ok(ResendConfirmationCodeResponse {
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
    if user.status != UserStatusType::Unconfirmed.as_str() {
        return Err(errors::user_is_already_confirmed());
    }
    let target = delivery_target::for_sign_up(pool, user);
    Ok((user, target.ok_or_else(errors::resend_without_auto_verification)?))
}
