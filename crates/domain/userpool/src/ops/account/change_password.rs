//! `ChangePassword`: a signed-in user, by the password so far. Tokens stay valid. Reference: user-pools 4.6.

use api::cognito_idp::{ChangePasswordRequest, ChangePasswordResponse};
use kernel::{Cx, Result};
use store::{
    Stop,
    records::{passwords, users},
};

use crate::{
    UserPools, errors,
    ops::access_token::Access,
    password::{
        hashing::{Checked, Holder},
        kept::Owner,
        policy::Audience,
        setting,
    },
    user::{
        limits::{self, Capped},
        standing::signs_in_here,
    },
};

impl UserPools {
    /// Errors: those of every access token (8.5), InvalidPassword, LimitExceeded, NotAuthorized (a user of a provider, wrong password so far),
    /// PasswordHistoryPolicyViolation.
    pub async fn change_password(&self, cx: &Cx, input: ChangePasswordRequest) -> Result<ChangePasswordResponse> {
        let access = self.access(cx, &input.access_token).await?;
        self.change_password_by(cx, access, input).await
    }

    /// The same of somebody who is known already.
    pub(crate) async fn change_password_by(
        &self,
        cx: &Cx,
        access: Access,
        input: ChangePasswordRequest,
    ) -> Result<ChangePasswordResponse> {
        if !signs_in_here(&access.user) {
            return Err(errors::linking::not_authorized_to_change_password());
        }
        let pool = access.pool;
        pool.password_policy.check(&input.proposed_password, Audience::User)?;

        let (owner, now) = (Owner::of(&access.user), cx.now());
        let counted = owner.clone();
        let current = self
            .store
            .write(move |tx| {
                limits::count(tx, &counted.pool, &counted.sub, Capped::ChangePassword, now)?;
                Ok(passwords::of_user(tx, &counted.pool, &counted.sub)?)
            })
            .await?;
        let holder = Holder {
            owner: &owner,
            current: current.as_ref(),
        };
        if current.is_some() {
            let previous = input
                .previous_password
                .ok_or_else(errors::incorrect_username_or_password)?;
            if let Checked::Wrong = self.passwords.check(cx, &pool, holder, previous).await? {
                return Err(errors::incorrect_username_or_password());
            }
        }

        let version = current.as_ref().map(|row| row.version);
        let new = self.passwords.make(cx, &pool, holder, input.proposed_password).await?;
        self.store
            .write(move |tx| {
                let Some(mut user) = users::by_sub(tx, &owner.pool, &owner.sub)? else {
                    return Err(errors::user_does_not_exist().into());
                };
                // Somebody else set a password meanwhile: the one that was checked is not the user's any more.
                setting::replace(tx, &owner, version, &new).map_err(|stop| match stop {
                    Stop::Raced => errors::incorrect_username_or_password().into(),
                    stop => stop,
                })?;
                user.modified = now;
                users::update(tx, &user)?;
                Ok(())
            })
            .await?;
        Ok(ChangePasswordResponse {})
    }
}
