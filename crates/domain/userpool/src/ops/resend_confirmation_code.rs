//! `ResendConfirmationCode`: a new code for a user who is not confirmed; it replaces the one before. Reference:
//! user-pools 4.4, 17.2.

use api::cognito_idp::{ResendConfirmationCodeRequest, ResendConfirmationCodeResponse, UserStatusType};
use kernel::{Cx, Result};
use store::{done, refuse};

use crate::{
    UserPools,
    attempts::{self, Capped},
    codes::Purpose,
    delivery_target,
    dispatch::{self, TRIES},
    errors, names,
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
        let (capped, now) = (Capped::ResendConfirmationCode, cx.now());
        for _ in 0..TRIES {
            let (of, name) = (pool.clone(), input.username.clone());
            let found = self.store.read(move |r| names::find(r, &of, &name)).await?;
            let user = match found {
                Some(user) if user.enabled => user,
                _ if client.hides_users() => {
                    let details = self
                        .simulate_dispatch(cx, &pool, &input.username, Purpose::SignUp, capped)
                        .await?;
                    return Ok(ResendConfirmationCodeResponse {
                        code_delivery_details: Some(details),
                    });
                }
                Some(_) => return Err(errors::user_is_disabled()),
                None => return Err(errors::username_client_combination_not_found()),
            };
            if user.status != UserStatusType::Unconfirmed.as_str() {
                return Err(errors::user_is_already_confirmed());
            }
            let target = delivery_target::for_sign_up(&pool, &user);
            let target = target.ok_or_else(errors::resend_without_auto_verification)?;
            let dispatch = self.dispatch(cx, &pool, &user, Purpose::SignUp, &target)?;
            let enqueued = dispatch.clone();
            let stored = self
                .store
                .write(move |tx| {
                    if !dispatch::is_unchanged(tx, &user)? {
                        return done(false);
                    }
                    if let Some(refusal) = attempts::count(tx, &user.pool, &user.sub, capped, now)? {
                        return refuse(refusal);
                    }
                    enqueued.enqueue(tx, &user)?;
                    done(true)
                })
                .await??;
            if stored {
                return Ok(ResendConfirmationCodeResponse {
                    code_delivery_details: Some(self.sent(dispatch)),
                });
            }
        }
        Err(errors::user_changed_meanwhile())
    }
}
