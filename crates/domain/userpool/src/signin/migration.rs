//! Somebody who signs in for the first time since they were elsewhere: a function vouches for them, and they become a user with the
//! password that they typed. Reference: user-pools 16.3.

use std::sync::Arc;

use kernel::{ApiError, Code, Cx, Result, Sub, Timestamp};
use store::Stop;

use super::visit::Visit;
use crate::{
    UserPools,
    password::lockout::{Counted, Guess, Reserved},
    trigger::{Claim, Fault, Functions},
    user::{
        migration::{self, Arrival},
        names, unknown,
    },
};

/// A guess at somebody who may be elsewhere, counted before the function hears of it.
struct Guessed {
    typed: String,
    /// Whom it is counted against while there is no user.
    sub: Sub,
    reserved: Reserved,
}

impl UserPools {
    /// Nothing happens where the pool has no function for it, or the name is somebody's, or could be nobody's. A guess that is counted
    /// was wrong: what is answered is what is answered of a name that nobody has.
    ///
    /// Errors: NotAuthorized (locked, before the function was asked or by the time it answers); in clients that don't hide users those
    /// of [`migration::told`] and [`UserPools::arrival`].
    pub(super) async fn migrate(&self, cx: &Cx, visit: &Visit, typed: &str, password: &str) -> Result<Counted> {
        let stranger = unknown::stand_in(&self.keyring, &visit.pool, typed, cx.now());
        let scene = visit.opening_scene(cx, &stranger);
        if !Functions::migrates(scene) || !names::is_possible(&visit.pool, typed) {
            return Ok(Counted::Not);
        }
        let Some(reserved) = self.reserved(visit, typed, &stranger.sub, cx.now()).await? else {
            return Ok(Counted::Not);
        };
        // Apart, so that sign-ins of users don't carry its future.
        let fault = match Box::pin(self.arrival(scene, Claim::Password(password))).await {
            Ok(Some(arrival)) => {
                let (typed, sub) = (typed.to_owned(), stranger.sub.clone());
                let guessed = Guessed { typed, sub, reserved };
                match self.settle_in(visit, guessed, arrival, cx.now()).await {
                    // An alias is somebody's.
                    Err(error) if error.code() == Code::InvalidLambdaResponse => Fault::Failed(error),
                    settled => return settled.map(|()| Counted::Not),
                }
            }
            Ok(None) => return Ok(Counted::Already),
            Err(fault) => fault,
        };
        let error = migration::told(&visit.client, fault);
        if visit.client.hides_users() && !is_ours(&error) {
            return Ok(Counted::Already);
        }
        Err(error)
    }

    /// The guess, counted. None: somebody has the name. Errors: NotAuthorized (locked).
    async fn reserved(&self, visit: &Visit, typed: &str, sub: &Sub, now: Timestamp) -> Result<Option<Reserved>> {
        let (pool, name) = (Arc::clone(&visit.pool), typed.to_owned());
        let found = self.store.look_up(move |r| names::find(r, &pool, &name));
        if found.await?.is_some() {
            return Ok(None);
        }
        let (pool, name, sub) = (Arc::clone(&visit.pool), typed.to_owned(), sub.clone());
        let reserved = self.store.write(move |tx| match names::find(tx, &pool, &name)? {
            Some(_) => Ok(None),
            None => Guess::Password.reserve(tx, &pool.id, &sub, now).map(Some),
        });
        Ok(reserved.await?)
    }

    /// Errors: NotAuthorized (others have locked the name meanwhile), those of [`Arrival::store`].
    async fn settle_in(&self, visit: &Visit, guessed: Guessed, arrival: Arrival, now: Timestamp) -> Result<()> {
        let arrival = Arc::new(arrival);
        let (arriving, pool) = (Arc::clone(&arrival), Arc::clone(&visit.pool));
        let stored = self.store.write(move |tx| {
            let Guessed { typed, sub, reserved } = &guessed;
            reserved.unlocked(tx, &pool.id, sub, now)?;
            arriving.store(tx, &pool, typed)?;
            Ok(Guess::Password.clear_failures(tx, &pool.id, sub)?)
        });
        match stored.await {
            Ok(()) => self.greeted(&arrival),
            // Another sign-in was quicker.
            Err(Stop::Raced) => {}
            Err(stop) => return Err(stop.into()),
        }
        Ok(())
    }
}

/// Says nothing of the function, nor of the name.
fn is_ours(error: &ApiError) -> bool {
    matches!(error.code(), Code::InternalError | Code::TooManyRequests)
}
