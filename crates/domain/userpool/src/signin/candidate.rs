//! Who is trying to sign in: all that a password check needs, in one read.

use kernel::{Cx, Sub};
use store::records::{
    attempts::Attempts,
    passwords::{self, Password},
    users::User,
};

use super::{Result, Visit, gate};
use crate::{
    UserPools, errors,
    password::{kept::Owner, lockout},
    pool::{Pool, SignInNames},
    user::{names, unknown},
};

pub(super) struct Candidate {
    /// What a password is checked for and failures are counted against: made up where there is no user.
    pub owner: Owner,
    /// None: nobody has the name and the client doesn't say so.
    pub user: Option<User>,
    /// `USER_ID_FOR_SRP`.
    pub user_id: String,
    pub password: Option<Password>,
}

struct Found {
    user: User,
    password: Option<Password>,
    failures: Option<Attempts>,
}

impl UserPools {
    /// The candidate of this name, who may try now.
    ///
    /// Errors: UserNotFound, UserNotConfirmed, PasswordResetRequired (unless the client hides users; reference 5.2, 17.2),
    /// NotAuthorized during a lock.
    pub(super) async fn candidate(&self, cx: &Cx, visit: &Visit, name: &str) -> Result<Candidate> {
        match self.found(cx, visit, name).await? {
            Some(found) => found.admitted(cx, visit),
            None if visit.client.hides_users() => {
                let sub = unknown::stand_in_sub(&self.keyring, &visit.pool, name);
                self.nobody(cx, visit, sub, name).await
            }
            None => Err(errors::user_does_not_exist()),
        }
    }

    /// The candidate who was given a challenge as `sub` and now answers under `name`. A name that is another user's, or
    /// nobody's, gets a candidate who fails.
    pub(super) async fn returning(&self, cx: &Cx, visit: &Visit, name: &str, sub: &Sub) -> Result<Candidate> {
        match self.found(cx, visit, name).await? {
            Some(found) if found.user.sub == *sub => found.admitted(cx, visit),
            _ => self.nobody(cx, visit, sub.clone(), name).await,
        }
    }

    async fn found(&self, cx: &Cx, visit: &Visit, name: &str) -> Result<Option<Found>> {
        let (pool, name, now) = (visit.pool.clone(), name.to_owned(), cx.now());
        let found = self
            .store
            .look_up(move |r| {
                let Some(user) = names::find(r, &pool, &name)? else {
                    return Ok(None);
                };
                Ok(Some(Found {
                    password: passwords::of_user(r, &pool.id, &user.sub)?,
                    failures: lockout::failures(r, &pool.id, &user.sub, now)?,
                    user,
                }))
            })
            .await?;
        Ok(found)
    }

    /// Nobody's failures count and lock as a user's do: a lock must not tell who exists.
    async fn nobody(&self, cx: &Cx, visit: &Visit, sub: Sub, name: &str) -> Result<Candidate> {
        let pool = &visit.pool;
        let user_id = if shows_a_sub(pool, name) {
            unknown::stand_in_sub(&self.keyring, pool, name).to_string()
        } else {
            names::spelled(pool, "username", name)
        };
        let owner = Owner {
            pool: pool.id.clone(),
            sub,
            username: names::normal(pool, name),
        };
        let (counted, now) = (owner.clone(), cx.now());
        let failures = self
            .store
            .look_up(move |r| lockout::failures(r, &counted.pool, &counted.sub, now))
            .await?;
        if lockout::is_locked(failures, now) {
            return Err(errors::password_attempts_exceeded());
        }
        Ok(Candidate {
            owner,
            user: None,
            user_id,
            password: None,
        })
    }
}

impl Found {
    fn admitted(self, cx: &Cx, visit: &Visit) -> Result<Candidate> {
        if lockout::is_locked(self.failures, cx.now()) {
            return Err(errors::password_attempts_exceeded());
        }
        gate::before_password(&self.user, visit.client.hides_users())?;
        Ok(Candidate {
            owner: Owner::of(&self.user),
            user_id: self.user.username.clone(),
            user: Some(self.user),
            password: self.password,
        })
    }
}

/// Whether a user who signs in under such a name would be shown to have another username: one shaped like a UUID.
///
/// Cognito shows a UUID for every unknown name (reference 17.2) and so gives unknown usernames away, for a known one is
/// repeated as it is; we answer as for a known user.
fn shows_a_sub(pool: &Pool, name: &str) -> bool {
    match pool.sign_in_names {
        SignInNames::Username => false,
        SignInNames::Attributes { .. } => true,
        SignInNames::Aliases {
            email, phone_number, ..
        } => (email && names::is_email(name)) || (phone_number && names::is_phone_number(name)),
    }
}
