//! Who is trying to sign in: all that a password check needs, in one read.

use api::cognito_idp::AuthFactorType;
use kernel::{ApiError, Cx, Sub, Timestamp};
use store::{
    Reader, Store, StoreError,
    records::{
        attempts::Attempts,
        passkeys::{self, Passkey},
        passwords::{self, Password},
        status::Status,
        users::{self, User},
    },
};
use vault::Keyring;

use super::{named::Named, visit::Visit};
use crate::{
    client::Client,
    errors,
    password::{
        hashing::Holder,
        kept::Owner,
        lockout::{Counted, Guess},
    },
    pool::{Pool, SignInNames},
    user::{names, unknown},
};

pub(super) struct Candidate {
    /// What a password is checked for and failures are counted against: made up where there is no user.
    pub owner: Owner,
    /// None: nobody has the name and the client doesn't say so.
    pub user: Option<User>,
    /// Whether the name is the one that the sign-in is of: nobody has one, too. What is answered under another is refused.
    pub has_own_name: bool,
    /// `USER_ID_FOR_SRP`.
    pub user_id: String,
    pub password: Option<Password>,
    /// Whether wrong passwords have locked it. Who shows something else is not stopped: a stranger who knows a name could else
    /// keep its user out. Reference: 5.10.
    pub password_is_locked: bool,
    /// The password that this call is about, if it is wrong.
    pub guess: Counted,
    pub device: Named,
    /// Where the pool lets users sign in with them.
    pub passkeys: Vec<Passkey>,
}

impl Candidate {
    /// The same with a guess that was counted while there was no user: who has become one since is another to count against.
    pub fn guessed(&mut self, guess: Counted) {
        if self.user.is_none() {
            self.guess = guess;
        }
    }

    /// Asked before a password is looked at, or SRP's proof of one; a guess that was let in is not stopped by the lock that it began.
    ///
    /// Errors: NotAuthorized.
    pub fn may_try_password(&self) -> Result<(), ApiError> {
        if self.password_is_locked && self.guess == Counted::Not {
            return Err(errors::password_attempts_exceeded());
        }
        Ok(())
    }

    /// What a user is told before the password is compared, in clients that don't hide users.
    ///
    /// Errors: UserNotConfirmed, PasswordResetRequired. Reference: 5.2, 17.2.
    pub fn before_password(&self, client: &Client) -> Result<(), ApiError> {
        match &self.user {
            Some(user) => before_password(user, client.hides_users()),
            None => Ok(()),
        }
    }

    /// Whether the right password is one: in clients that hide users, that of a reset user is as wrong as any. Reference: 4.7, 17.2.
    pub fn has_good_password(&self, client: &Client) -> bool {
        let is_reset = |user: &User| user.status == Status::ResetRequired;
        !(client.hides_users() && self.user.as_ref().is_some_and(is_reset))
    }

    pub fn password_set_at(&self) -> Option<Timestamp> {
        self.password.as_ref().map(|row| row.set_at)
    }

    pub fn holder(&self) -> Holder<'_> {
        Holder {
            owner: &self.owner,
            current: self.password.as_ref(),
        }
    }
}

/// Finds candidates for one visit.
pub(super) struct Candidates<'a> {
    pub store: &'a Store,
    pub keyring: &'a Keyring,
    pub cx: &'a Cx,
    pub visit: &'a Visit,
}

struct Found {
    user: User,
    password: Option<Password>,
    passkeys: Vec<Passkey>,
    failures: Option<Attempts>,
    device: Named,
}

impl Candidates<'_> {
    /// The candidate of this name. Errors: UserNotFound (unless the client hides users; reference 17.2).
    pub async fn named(&self, name: &str) -> Result<Candidate, ApiError> {
        let own = name.to_owned();
        match self.found(move |r, pool| names::find(r, pool, &own)).await? {
            Some(found) => Ok(self.somebody(found)),
            None if self.visit.client.hides_users() => {
                let sub = unknown::stand_in_sub(self.keyring, &self.visit.pool, name);
                self.nobody(sub, name).await
            }
            None => Err(errors::user_does_not_exist()),
        }
    }

    /// The candidate who was given a challenge as `sub` and now answers under `name`. A name that is another user's, or
    /// nobody's, gets a candidate who fails.
    pub async fn returning(&self, name: &str, sub: &Sub) -> Result<Candidate, ApiError> {
        let (own, of) = (name.to_owned(), sub.clone());
        match self.found(move |r, pool| names::find_again(r, pool, &own, &of)).await? {
            Some(found) => Ok(self.somebody(found)),
            None => self.nobody(sub.clone(), name).await,
        }
    }

    /// The candidate whom a passkey names. Whoever is not there is somebody who fails.
    pub async fn called(&self, sub: Sub) -> Result<Candidate, ApiError> {
        let of = sub.clone();
        if let Some(found) = self.found(move |r, pool| users::by_sub(r, &pool.id, &of)).await? {
            return Ok(self.somebody(found));
        }
        let name = sub.to_string();
        self.nobody(sub, &name).await
    }

    async fn found<F>(&self, find: F) -> Result<Option<Found>, ApiError>
    where
        F: Fn(&mut Reader<'_>, &Pool) -> Result<Option<User>, StoreError> + Send + 'static,
    {
        let (visit, now) = (self.visit.clone(), self.cx.now());
        let found = self
            .store
            .look_up(move |r| {
                let pool = &visit.pool;
                let Some(user) = find(r, pool)? else {
                    return Ok(None);
                };
                Ok(Some(Found {
                    device: Named::find(r, &visit, &user.sub)?,
                    password: passwords::of_user(r, &pool.id, &user.sub)?,
                    failures: Guess::Password.failures(r, &pool.id, &user.sub, now)?,
                    passkeys: if pool.first_factors.allows(AuthFactorType::WebAuthn) {
                        passkeys::of_user(r, &pool.id, &user.sub)?
                    } else {
                        Vec::new()
                    },
                    user,
                }))
            })
            .await?;
        Ok(found)
    }

    fn somebody(&self, found: Found) -> Candidate {
        let Found {
            user,
            password,
            passkeys,
            failures,
            device,
        } = found;
        Candidate {
            owner: Owner::of(&user),
            has_own_name: true,
            user_id: user.username.clone(),
            user: Some(user),
            password,
            password_is_locked: Guess::Password.is_locked(failures, self.cx.now()),
            guess: Counted::Not,
            device,
            passkeys,
        }
    }

    /// Nobody's failures count and lock as a user's do: a lock must not tell who exists.
    async fn nobody(&self, sub: Sub, name: &str) -> Result<Candidate, ApiError> {
        let pool = &self.visit.pool;
        let stand_in = unknown::stand_in_sub(self.keyring, pool, name);
        // Under what it was shown, too.
        let has_own_name = sub == stand_in || sub.as_str() == name;
        let user_id = if shows_a_sub(pool, name) {
            stand_in.to_string()
        } else {
            names::spelled(pool, "username", name)
        };
        let owner = Owner {
            pool: pool.id.clone(),
            sub,
            username: names::normal(pool, name),
        };
        let (counted, now) = (owner.clone(), self.cx.now());
        let failures = self
            .store
            .look_up(move |r| Guess::Password.failures(r, &counted.pool, &counted.sub, now))
            .await?;
        Ok(Candidate {
            owner,
            user: None,
            has_own_name,
            user_id,
            password: None,
            password_is_locked: Guess::Password.is_locked(failures, now),
            guess: Counted::Not,
            device: Named::None,
            passkeys: unknown::passkeys(self.keyring, pool, (&self.visit.passkeys, name)),
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

/// What a user is told before the password is compared: a state that sign-in can't get past. Clients that hide users hear
/// of the one from `next`, when the password was right, or the answer would tell who exists, and of the other not at all.
///
/// Errors: UserNotConfirmed, PasswordResetRequired.
fn before_password(user: &User, hidden: bool) -> Result<(), ApiError> {
    match user.status {
        Status::Unconfirmed if !hidden => Err(errors::user_is_not_confirmed()),
        Status::ResetRequired if !hidden => Err(errors::password_reset_required()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::somebody::somebody;

    #[test]
    fn what_is_told_before_the_password_is_looked_at() {
        let cases = [
            (Status::Unconfirmed, false, "User is not confirmed."),
            (Status::Unconfirmed, true, ""),
            (Status::ResetRequired, false, "Password reset required for the user"),
            (Status::ResetRequired, true, ""),
            (Status::Confirmed, false, ""),
            (Status::ForceChangePassword, false, ""),
        ];
        for (status, hidden, expected) in cases {
            let told = before_password(&somebody(status), hidden);
            assert_eq!(
                told.map_or_else(|e| e.message().to_owned(), |()| String::new()),
                expected,
                "{status} {hidden}"
            );
        }
    }
}
