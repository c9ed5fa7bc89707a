//! `ConfirmForgotPassword`: the code from ForgotPassword or AdminResetUserPassword sets a new password. Reference:
//! user-pools 4.7, 17.2.

use std::sync::Arc;

use api::cognito_idp::{ConfirmForgotPasswordRequest, ConfirmForgotPasswordResponse, UserStatusType};
use kernel::{ApiError, Cx, Result};
use store::{
    Stop,
    records::{
        passwords::{self as rows, Password},
        users::{self, User},
    },
};

use crate::{
    UserPools,
    attempts::{self, Capped},
    codes::{self, Purpose},
    errors, existence, names,
    password_policy::{self, Audience},
    passwords::{self, Owner},
    settings::{Client, Pool},
};

impl UserPools {
    /// Errors: InvalidPassword, CodeMismatch, ExpiredCode, LimitExceeded, PasswordHistoryPolicyViolation, NotAuthorized
    /// (disabled, temporary password), UserNotConfirmed, UserNotFound or what stands in for it.
    pub async fn confirm_forgot_password(
        &self,
        cx: &Cx,
        input: ConfirmForgotPasswordRequest,
    ) -> Result<ConfirmForgotPasswordResponse> {
        let (pool, client) = self.client(cx, &input.client_id).await?;
        client.check_secret_hash(&input.username, input.secret_hash.as_deref())?;
        password_policy::check(&pool.password_policy(), &input.password, Audience::Answering)?;

        // The code first: nobody without it makes us hash.
        let code = input.confirmation_code.clone();
        let (user, current) = self
            .admit(cx, &pool, &client, input.username, input.confirmation_code)
            .await?;
        let owner = Owner::of(&user);
        let version = current.as_ref().map(|row| row.version);
        let new = self.new_password(cx, &pool, &owner, input.password, current).await?;

        let (keyring, now) = (Arc::clone(&self.keyring), cx.now());
        self.store
            .write(move |tx| {
                let Some(mut user) = users::by_sub(tx, &owner.pool, &owner.sub)? else {
                    return Err(errors::code_mismatch().into());
                };
                // Again, in the transaction that acts on it: setting the password ends the code, so it sets one.
                if let Err(refusal) = codes::check(tx, &keyring, &user, Purpose::ForgotPassword, &code, now)? {
                    return Err(refusal.told().into());
                }
                if !passwords::replace(tx, &owner, version, &new)? {
                    return Err(Stop::Raced);
                }
                UserStatusType::Confirmed.as_str().clone_into(&mut user.status);
                user.doc.temporary_until = None;
                user.modified = now;
                users::update(tx, &user)?;
                Ok(())
            })
            .await?;
        Ok(ConfirmForgotPasswordResponse {})
    }

    /// The user whose code this is, and the password to be replaced. The attempt is counted, right or wrong.
    async fn admit(
        &self,
        cx: &Cx,
        pool: &Arc<Pool>,
        client: &Arc<Client>,
        name: String,
        code: String,
    ) -> Result<(User, Option<Password>)> {
        let (pool, client) = (Arc::clone(pool), Arc::clone(client));
        let (keyring, now) = (Arc::clone(&self.keyring), cx.now());
        Ok(self
            .store
            .write(move |tx| {
                let Some(user) = names::find(tx, &pool, &name)? else {
                    if !client.hides_users() {
                        return Err(errors::username_client_combination_not_found().into());
                    }
                    return Err(existence::refuse_recovery_code(tx, &keyring, &pool, &name, now)?.into());
                };
                if !user.enabled && !client.hides_users() {
                    return Err(errors::user_is_disabled().into());
                }
                attempts::count(tx, &pool.id, &user.sub, Capped::ForgotPassword, now)?;
                let checked = codes::check(tx, &keyring, &user, Purpose::ForgotPassword, &code, now)?;
                match (state_refusal(&user), checked) {
                    (None, Ok(_)) => {}
                    // Whoever has not the code hears of the code alone: no state tells that there is a user.
                    (_, Err(refusal)) if client.hides_users() => return Err(refusal.told().into()),
                    (Some(refusal), _) => return Err(refusal.into()),
                    (None, Err(refusal)) => return Err(refusal.told().into()),
                }
                let current = rows::of_user(tx, &pool.id, &user.sub)?;
                Ok((user, current))
            })
            .await?)
    }
}

fn state_refusal(user: &User) -> Option<ApiError> {
    if !user.enabled {
        return Some(errors::user_is_disabled());
    }
    match user.status.as_str() {
        "UNCONFIRMED" => Some(errors::user_is_not_confirmed()),
        "FORCE_CHANGE_PASSWORD" | "EXTERNAL_PROVIDER" => Some(errors::cannot_reset_in_current_state()),
        _ => None,
    }
}
