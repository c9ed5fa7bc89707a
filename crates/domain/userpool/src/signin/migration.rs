//! Somebody who signs in for the first time since they were elsewhere: a function vouches for them, and they become a user with the
//! password that they typed. Reference: user-pools 16.3.

use kernel::{ApiError, Cx, Result, Sub, Timestamp};
use store::records::{factor::Factor, passwords};

use super::visit::Visit;
use crate::{
    UserPools, errors,
    password::{hashing::Holder, kept::Owner, lockout::Guess},
    trigger::{Functions, Migrated, Vouched},
    user::{
        attribute_rules::{GivenAttribute, Occasion},
        creation, names, unknown,
    },
};

impl UserPools {
    /// Nothing happens where the name is somebody's, or the pool has no function for it, or the function knows nobody.
    ///
    /// Errors: UserNotFound, or what stands in for it, if the function refuses, which counts as a wrong
    /// password; InvalidLambdaResponse, UnexpectedLambda; those of
    /// AdminCreateUser if its answer makes no user.
    pub(super) async fn migrate(&self, cx: &Cx, visit: &Visit, typed: &str, password: &str) -> Result<()> {
        let mut stranger = unknown::stand_in(&self.keyring, &visit.pool, typed, cx.now());
        typed.clone_into(&mut stranger.username);
        let scene = visit.opening_scene(cx, &stranger);
        if !Functions::migrates(scene) {
            return Ok(());
        }
        let (pool, name, sub) = (visit.pool.clone(), typed.to_owned(), stranger.sub.clone());
        let now = cx.now();
        let found = self.store.look_up(move |r| {
            let failures = Guess::Password.failures(r, &pool.id, &sub, now)?;
            Ok((names::find(r, &pool, &name)?, failures))
        });
        match found.await? {
            (Some(_), _) => return Ok(()),
            (None, failures) if Guess::Password.is_locked(failures, now) => {
                return Err(errors::password_attempts_exceeded());
            }
            (None, _) => {}
        }
        match self.functions.user_migration(scene, password).await? {
            Vouched::For(migrated) => self.settle_in(cx, visit, (typed, password), migrated).await,
            Vouched::Unknown => self.count_guess(visit, &stranger.sub, now).await,
            Vouched::Refused(why) => {
                self.count_guess(visit, &stranger.sub, now).await?;
                Err(told(visit, why))
            }
        }
    }

    async fn count_guess(&self, visit: &Visit, sub: &Sub, now: Timestamp) -> Result<()> {
        let (pool, sub) = (visit.pool.id.clone(), sub.clone());
        self.store
            .write(move |tx| Guess::Password.count_failure(tx, &pool, &sub, now))
            .await?;
        Ok(())
    }

    /// The password is taken as it is: the policy is for those that are chosen here.
    async fn settle_in(
        &self,
        cx: &Cx,
        visit: &Visit,
        (typed, password): (&str, &str),
        migrated: Migrated,
    ) -> Result<()> {
        let pool = visit.pool.clone();
        let given: Vec<GivenAttribute> = migrated
            .attributes
            .into_iter()
            .map(|(name, value)| GivenAttribute {
                name,
                value: Some(value),
            })
            .collect();
        let mut user = creation::newcomer(cx, &pool, Occasion::Creation, typed, &given)?;
        user.status = migrated.status;
        if migrated.by_text_message {
            user.doc.mfa.enabled.insert(Factor::Sms);
        }
        let owner = Owner::of(&user);
        let password = self
            .passwords
            .make(cx, &pool, Holder::new(&owner), password.to_owned())
            .await?;
        let (contest, name) = (migrated.contest, typed.to_owned());
        self.store
            .write(move |tx| {
                // Another sign-in was quicker.
                if names::find(tx, &pool, &name)?.is_some() {
                    return Ok(());
                }
                // No call of sign-in has a word for it.
                if names::taken(tx, &pool, None, &user, contest)?.is_some() {
                    return Err(errors::triggers::unrecognizable_output().into());
                }
                creation::store(tx, &pool, Occasion::Creation, &user, contest)?;
                Ok(passwords::put(tx, &pool.id, &user.sub, &password)?)
            })
            .await?;
        Ok(())
    }
}

/// What the function itself says is for the log: who asks hears that there is no such user, or what stands in for it.
fn told(visit: &Visit, error: ApiError) -> ApiError {
    if visit.client.hides_users() {
        errors::incorrect_username_or_password().because(error)
    } else {
        errors::triggers::migration_failed(visit.client.id.as_str()).because(error)
    }
}
