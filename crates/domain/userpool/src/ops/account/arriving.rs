//! Somebody who forgot the password that they had elsewhere: a function vouches for them, and they become a user with the code that
//! is sent to them. Reference: user-pools 4.7, 16.3.

use std::sync::Arc;

use kernel::Cx;
use store::Stop;

use super::send_code::{Addressee, Asker};
use crate::{
    UserPools,
    code::{Target, sending::Errand},
    errors,
    trigger::{Claim, Functions},
    user::{
        limits::{self, Capped},
        migration::{self, Arrival},
        names, unknown,
    },
};

impl UserPools {
    /// The function is asked about a name as often as a user of that name might ask for a code, and of none that could be nobody's.
    ///
    /// Errors: UserNotFound (nobody knows them; a function refuses), LimitExceeded, those of [`UserPools::arrival`].
    pub(super) async fn arriving(&self, cx: &Cx, asker: &Asker) -> Result<Addressee, Stop> {
        let now = cx.now();
        let stranger = unknown::stand_in(&self.keyring, &asker.pool, &asker.name, now);
        let scene = asker.scene(cx, &stranger);
        if !Functions::migrates(scene) || !names::is_possible(&asker.pool, &asker.name) {
            return Err(errors::username_client_combination_not_found().into());
        }
        // Where users are hidden the answer that waits was counted when it was made.
        if !asker.client.hides_users() {
            let (pool, sub) = (asker.pool.id.clone(), stranger.sub.clone());
            self.store
                .write(move |tx| limits::count(tx, &pool, &sub, Capped::ForgotPassword, now))
                .await?;
        }
        match self.arrival(scene, Claim::Forgotten).await {
            Ok(Some(arrival)) => Ok(Addressee::Arriving(Arc::new(arrival))),
            Ok(None) => Err(errors::username_client_combination_not_found().into()),
            Err(fault) => Err(migration::told(&asker.client, fault).into()),
        }
    }

    /// Stores the user with the code. Errors: those of [`Arrival::store`] and of [`crate::code::sending::Codes::letter`].
    pub(super) async fn send_to_arrival(
        &self,
        cx: &Cx,
        asker: &Asker,
        arrival: &Arc<Arrival>,
        errand: Errand<'_>,
    ) -> Result<Target, Stop> {
        let dispatch = self.codes.dispatch(cx, &asker.pool, errand).await?;
        let (enqueued, arriving) = (dispatch.clone(), Arc::clone(arrival));
        let (pool, name, now) = (Arc::clone(&asker.pool), asker.name.clone(), cx.now());
        self.store
            .write(move |tx| {
                let user = &arriving.user;
                arriving.store(tx, &pool, &name)?;
                limits::count(tx, &user.pool, &user.sub, Capped::ForgotPassword, now)?;
                Ok(enqueued.enqueue(tx, user)?)
            })
            .await?;
        Ok(self.codes.sent(dispatch))
    }
}
