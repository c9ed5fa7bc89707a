//! `ConfirmForgotPassword`: the code from ForgotPassword or AdminResetUserPassword sets a new password. Reference:
//! user-pools 4.7, 17.2.

use std::sync::Arc;

use api::cognito_idp::{ConfirmForgotPasswordRequest, ConfirmForgotPasswordResponse};
use kernel::{ApiError, Cx, Result};
use store::records::{
    passwords::{self, Password},
    status::Status,
    users::{self, User},
};

use super::send_code::Asker;
use crate::{
    UserPools,
    code::{Purpose, kept},
    errors, lasting,
    password::{hashing::Holder, kept::Owner, policy::Audience, setting},
    trigger::Source,
    user::{
        limits::{self, Capped},
        names, unknown,
    },
};

impl UserPools {
    /// Errors: InvalidPassword, CodeMismatch, ExpiredCode, LimitExceeded, PasswordHistoryPolicyViolation, NotAuthorized
    /// (disabled, temporary password), UserNotConfirmed, UserNotFound or what stands in for it; those of the function, when the
    /// password is set.
    pub async fn confirm_forgot_password(
        &self,
        cx: &Cx,
        input: ConfirmForgotPasswordRequest,
    ) -> Result<ConfirmForgotPasswordResponse> {
        let (pool, client) = self.client(&input.client_id).await?;
        client.check_secret_hash(&input.username, input.secret_hash.as_deref())?;
        pool.password_policy.check(&input.password, Audience::Answering)?;

        // The code first: nobody without it makes us hash.
        let code = input.confirmation_code.clone();
        let asker = Asker {
            pool: Arc::clone(&pool),
            client,
            name: input.username,
            metadata: input.client_metadata,
        };
        let (user, current) = self.admit(cx, &asker, input.confirmation_code).await?;
        let owner = Owner::of(&user);
        let version = current.as_ref().map(|row| row.version);
        let holder = Holder {
            owner: &owner,
            current: current.as_ref(),
        };
        let new = self.passwords.make(cx, &pool, holder, input.password).await?;

        let (keyring, now) = (Arc::clone(&self.keyring), cx.now());
        let (this, own_cx) = (self.clone(), cx.clone());
        lasting::to_its_end(async move {
            let confirmed = this.store.write(move |tx| {
                let Some(mut user) = users::by_sub(tx, &owner.pool, &owner.sub)? else {
                    return Err(errors::code_mismatch().into());
                };
                // Again, in the transaction that acts on it: setting the password ends the code, so it sets one.
                kept::judge(tx, &keyring, (&user, Purpose::ForgotPassword), &code, now)?.told()?;
                setting::replace(tx, &owner, version, &new)?;
                user.status = Status::Confirmed;
                user.doc.temporary_until = None;
                user.modified = now;
                users::update(tx, &user)?;
                Ok(user)
            });
            let (source, confirmed) = (Source::ConfirmForgotPassword, confirmed.await?);
            let scene = asker.scene(&own_cx, &confirmed);
            this.functions.post_confirmation(scene, source).await?;
            Ok(ConfirmForgotPasswordResponse {})
        })
        .await
    }

    /// The user whose code this is, and the password to be replaced. The attempt is counted, right or wrong.
    async fn admit(&self, cx: &Cx, asker: &Asker, code: String) -> Result<(User, Option<Password>)> {
        let (pool, client, name) = (Arc::clone(&asker.pool), Arc::clone(&asker.client), asker.name.clone());
        let (keyring, now) = (Arc::clone(&self.keyring), cx.now());
        Ok(self
            .store
            .write(move |tx| {
                let Some(user) = names::find(tx, &pool, &name)? else {
                    if !client.hides_users() {
                        return Err(errors::username_client_combination_not_found().into());
                    }
                    return unknown::refuse_recovery_code(tx, &keyring, &pool, &name, now);
                };
                if !user.enabled && !client.hides_users() {
                    return Err(errors::user_is_disabled().into());
                }
                limits::count(tx, &pool.id, &user.sub, Capped::ForgotPassword, now)?;
                let judged = kept::judge(tx, &keyring, (&user, Purpose::ForgotPassword), &code, now)?;
                // Whoever has not the code hears of the code alone: no state tells that there is a user.
                if client.hides_users() {
                    judged.told()?;
                    may_recover(&user)?;
                } else {
                    may_recover(&user)?;
                    judged.told()?;
                }
                let current = passwords::of_user(tx, &pool.id, &user.sub)?;
                Ok((user, current))
            })
            .await?)
    }
}

/// Whether the user's state lets a code set a password. Errors: NotAuthorized, UserNotConfirmed.
fn may_recover(user: &User) -> Result<(), ApiError> {
    if !user.enabled {
        return Err(errors::user_is_disabled());
    }
    match user.status {
        Status::Unconfirmed => Err(errors::user_is_not_confirmed()),
        Status::ForceChangePassword | Status::ExternalProvider => Err(errors::cannot_reset_in_current_state()),
        Status::Confirmed | Status::ResetRequired => Ok(()),
    }
}
