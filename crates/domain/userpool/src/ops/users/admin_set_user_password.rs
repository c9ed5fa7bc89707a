//! `AdminSetUserPassword`: permanent, or temporary with a new term, which ends all sessions. No message goes out. Reference:
//! user-pools 4.6.

use std::sync::Arc;

use api::cognito_idp::{AdminSetUserPasswordRequest, AdminSetUserPasswordResponse};
use kernel::{Cx, Result};
use store::{
    Stop,
    records::{passwords, status::Status, users},
    retrying,
};

use crate::{
    UserPools, errors,
    password::{hashing::Holder, kept::Owner, policy::Audience, setting},
    session::sign_out,
    user::{attributes, names},
};

impl UserPools {
    /// Errors: UserNotFound, InvalidPassword, PasswordHistoryPolicyViolation, InvalidParameter (a name of the user is another's).
    pub async fn admin_set_user_password(
        &self,
        cx: &Cx,
        input: AdminSetUserPasswordRequest,
    ) -> Result<AdminSetUserPasswordResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        pool.password_policy.check(&input.password, Audience::Administrator)?;
        let (now, wall) = (cx.now(), cx.wall());
        let (status, temporary_until) = if input.permanent == Some(true) {
            (Status::Confirmed, None)
        } else {
            (Status::ForceChangePassword, Some(setting::temporary_until(&pool, now)))
        };
        let set = retrying(|| async {
            let (of, name) = (Arc::clone(&pool), input.username.clone());
            let found = self
                .store
                .read(move |r| {
                    let Some(user) = names::find(r, &of, &name)? else {
                        return Ok(None);
                    };
                    let current = passwords::of_user(r, &of.id, &user.sub)?;
                    Ok(Some((user, current)))
                })
                .await?;
            let (user, current) = found.ok_or_else(errors::user_does_not_exist)?;
            let (owner, version) = (Owner::of(&user), current.as_ref().map(|row| row.version));
            let holder = Holder {
                owner: &owner,
                current: current.as_ref(),
            };
            let new = self.passwords.make(cx, &pool, holder, input.password.clone()).await?;
            let of = Arc::clone(&pool);
            self.store
                .write(move |tx| {
                    let Some(before) = users::by_sub(tx, &owner.pool, &owner.sub)? else {
                        return Err(errors::user_does_not_exist().into());
                    };
                    let mut user = before.clone();
                    user.status = status;
                    user.doc.temporary_until = temporary_until;
                    user.modified = now;
                    if status == Status::ForceChangePassword {
                        sign_out::end_all(&mut user, wall);
                    }
                    // What a user of a provider is to sign in by may be another's.
                    attributes::may_save(tx, &of, &before, &user).map_err(told)?;
                    setting::replace(tx, &owner, version, &new)?;
                    attributes::save(tx, &of, &before, &user)?;
                    if user.doc.sign_outs > before.doc.sign_outs {
                        sign_out::signed_out(tx, &of, &user, now)?;
                    }
                    Ok(())
                })
                .await
        });
        set.await?;
        self.ring_logouts(&pool);
        Ok(AdminSetUserPasswordResponse {})
    }
}

fn told(stop: Stop) -> Stop {
    match stop {
        Stop::Refused(why) => errors::linking::without_alias_exists(why).into(),
        stop => stop,
    }
}
