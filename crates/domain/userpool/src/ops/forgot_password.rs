//! `ForgotPassword`: a code to a verified address; the password stays until the code comes back. Reference: user-pools
//! 4.7, 17.2.

use std::sync::Arc;

use api::cognito_idp::{CodeDeliveryDetailsType, ForgotPasswordRequest, ForgotPasswordResponse};
use kernel::{ApiError, Cx, Result};
use store::{done, records::users::User, refuse};

use crate::{
    UserPools,
    attempts::{self, Capped},
    codes::Purpose,
    delivery_target::{self, NoRecovery, Target},
    dispatch::{self, TRIES},
    errors, names,
    settings::{Client, Pool},
};

impl UserPools {
    /// Errors: NotAuthorized (disabled, temporary password, administrators only), InvalidParameter (nothing verified),
    /// LimitExceeded, CodeDeliveryFailure, UserNotFound or what stands in for it.
    pub async fn forgot_password(&self, cx: &Cx, input: ForgotPasswordRequest) -> Result<ForgotPasswordResponse> {
        let (pool, client) = self.client(cx, &input.client_id).await?;
        client.check_secret_hash(&input.username, input.secret_hash.as_deref())?;
        // Whether there is such a user or not.
        if client.hides_users() && delivery_target::only_administrators_recover(&pool) {
            return Err(errors::contact_administrator());
        }
        for _ in 0..TRIES {
            let (of, name) = (Arc::clone(&pool), input.username.clone());
            let user = self.store.read(move |r| names::find(r, &of, &name)).await?;
            let sent = if let Some((user, target)) = reachable(&pool, &client, user)? {
                self.send_recovery(cx, &pool, user, &target).await?
            } else {
                let (purpose, capped) = (Purpose::ForgotPassword, Capped::ForgotPassword);
                Some(
                    self.simulate_dispatch(cx, &pool, &input.username, purpose, capped)
                        .await?,
                )
            };
            if sent.is_some() {
                return Ok(ForgotPasswordResponse {
                    code_delivery_details: sent,
                });
            }
        }
        Err(errors::user_changed_meanwhile())
    }

    /// None if somebody else changed the user meanwhile.
    async fn send_recovery(
        &self,
        cx: &Cx,
        pool: &Pool,
        user: User,
        target: &Target,
    ) -> Result<Option<CodeDeliveryDetailsType>> {
        let dispatch = self.dispatch(cx, pool, &user, Purpose::ForgotPassword, target)?;
        let (enqueued, now) = (dispatch.clone(), cx.now());
        let stored = self
            .store
            .write(move |tx| {
                if !dispatch::is_unchanged(tx, &user)? {
                    return done(false);
                }
                if let Some(refusal) = attempts::count(tx, &user.pool, &user.sub, Capped::ForgotPassword, now)? {
                    return refuse(refusal);
                }
                enqueued.enqueue(tx, &user)?;
                done(true)
            })
            .await??;
        Ok(stored.then(|| self.sent(dispatch)))
    }
}

/// The user and where the code goes; None where the caller is to be shown a simulated answer.
fn reachable(pool: &Pool, client: &Client, user: Option<User>) -> Result<Option<(User, Target)>, ApiError> {
    let refusal = match user {
        None => errors::username_client_combination_not_found(),
        Some(user) if !user.enabled => errors::user_is_disabled(),
        Some(user) if matches!(user.status.as_str(), "FORCE_CHANGE_PASSWORD" | "EXTERNAL_PROVIDER") => {
            return Err(errors::cannot_reset_in_current_state());
        }
        Some(user) => match delivery_target::for_recovery(pool, &user) {
            Ok(target) => return Ok(Some((user, target))),
            Err(NoRecovery::AdministratorOnly) => return Err(errors::contact_administrator()),
            Err(NoRecovery::NothingVerified) => errors::no_verified_recovery(),
        },
    };
    if client.hides_users() { Ok(None) } else { Err(refusal) }
}
