//! Somebody who signs in for the first time since they were elsewhere: a function vouches for them, and they become a user with the
//! password that they typed. Reference: user-pools 16.3.

use std::sync::Arc;

use kernel::{ApiError, Cx, Result, Sub, Timestamp};
use store::Stop;

use super::visit::Visit;
use crate::{
    UserPools, errors,
    password::lockout::Guess,
    trigger::{Claim, Fault, Functions},
    user::{migration::Arrival, names, unknown},
};

impl UserPools {
    /// Nothing happens where the name is somebody's, or the pool has no function for it, or the function knows nobody.
    ///
    /// Errors: UserNotFound, or what stands in for it, if a function refuses, which counts as a wrong password; those of
    /// [`UserPools::arrival`].
    pub(super) async fn migrate(&self, cx: &Cx, visit: &Visit, typed: &str, password: &str) -> Result<()> {
        let stranger = unknown::stand_in(&self.keyring, &visit.pool, typed, cx.now());
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
        match self.arrival(scene, Claim::Password(password)).await {
            Ok(Some(arrival)) => self.settle_in(visit, typed, arrival).await,
            Ok(None) => self.count_guess(visit, &stranger.sub, now).await,
            Err(Fault::Refused(why)) => {
                self.count_guess(visit, &stranger.sub, now).await?;
                Err(told(visit, why))
            }
            Err(Fault::Failed(error)) => Err(error),
        }
    }

    async fn count_guess(&self, visit: &Visit, sub: &Sub, now: Timestamp) -> Result<()> {
        let (pool, sub) = (visit.pool.id.clone(), sub.clone());
        self.store
            .write(move |tx| Guess::Password.count_failure(tx, &pool, &sub, now))
            .await?;
        Ok(())
    }

    async fn settle_in(&self, visit: &Visit, typed: &str, arrival: Arrival) -> Result<()> {
        let arrival = Arc::new(arrival);
        let (arriving, pool, name) = (Arc::clone(&arrival), visit.pool.clone(), typed.to_owned());
        let stored = self.store.write(move |tx| arriving.store(tx, &pool, &name));
        match stored.await {
            Ok(()) => self.greeted(&arrival),
            // Another sign-in was quicker.
            Err(Stop::Raced) => {}
            Err(stop) => return Err(stop.into()),
        }
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
