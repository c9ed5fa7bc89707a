//! The spine of a set-up: a user who must have a second factor and has none enrols an authenticator app before the sign-in goes
//! on. MFA_SETUP, AssociateSoftwareToken, VerifySoftwareToken and the answer to MFA_SETUP hand each other the session.
//! Reference: user-pools 5.6, 6.2.

use kernel::{Cx, Result, Timestamp};
use store::{
    Stop, Tx,
    records::{
        factor::Factor,
        passwords, software_tokens,
        users::{self, User},
    },
    retrying,
};
use vault::SecretText;

use super::{
    named::Named,
    next::{Next, Step, next},
    state::{SetUp, State},
};
use crate::{
    UserPools, errors,
    mfa::software_token::{self, FirstCode, TurnOn},
};

impl UserPools {
    /// A secret for the app of whoever set-up is under way, and the session that goes on.
    ///
    /// Errors: NotAuthorized (the session; nothing is to be set up any more), SoftwareTokenMFANotFound (the pool has none).
    pub(crate) async fn associate_in_sign_in(&self, cx: &Cx, session: &str) -> Result<(SecretText, String)> {
        let state = self.set_up_under_way(cx, session).await?;
        let (secret, sealed) = software_token::new_secret(&self.keyring, cx, &state.visit.pool, &state.sub)?;
        let (of, now) = (state.going_on(&state.asked, None), cx.now());
        self.store
            .write(move |tx| {
                awaiting(tx, &of, now)?;
                Ok(software_tokens::put(tx, &of.visit.pool.id, &of.sub, &sealed)?)
            })
            .await?;
        Ok((secret, self.set_up_session(cx, state, SetUp::Offered)?))
    }

    /// The app's first code: the app is the user's second factor from now on, and the session that goes on says that it was
    /// shown.
    ///
    /// Errors: NotAuthorized (the session; nothing is to be set up any more), those of
    /// [`software_token::judged`] and [`software_token::register`].
    pub(crate) async fn enrol_in_sign_in(&self, cx: &Cx, session: &str, first: &FirstCode) -> Result<String> {
        let state = self.set_up_under_way(cx, session).await?;
        let enrolled = retrying(|| async {
            let whose = (&*state.visit.pool, &state.sub);
            let proved = software_token::judged((&self.store, &self.keyring), cx, whose, first).await?;
            let (of, now) = (state.going_on(&state.asked, None), cx.now());
            self.store
                .write(move |tx| {
                    let user = awaiting(tx, &of, now)?;
                    software_token::register(tx, &user, proved.as_ref(), TurnOn::Yes, now)
                })
                .await
        });
        enrolled.await?;
        self.set_up_session(cx, state, SetUp::Verified)
    }
}

/// The user as stored, of whom the set-up is still awaited: somebody who knows the password and began before the user had a
/// second factor sets up nothing in its place.
///
/// Errors: NotAuthorized.
fn awaiting(tx: &mut Tx<'_>, state: &State, now: Timestamp) -> Result<User, Stop> {
    let pool = &state.visit.pool.id;
    let user = users::by_sub(tx, pool, &state.sub)?.ok_or_else(errors::invalid_session)?;
    let set_at = passwords::of_user(tx, pool, &state.sub)?.map(|row| row.set_at);
    let device = Named::find(tx, &state.visit, &state.sub)?;
    match next(state, &user, &device, now) {
        Ok(Next::Ask(Step::SetUpSecondFactor(factors)))
            if factors.contains(&Factor::SoftwareToken) && !state.is_outdated(set_at) =>
        {
            Ok(user)
        }
        _ => Err(errors::invalid_session().into()),
    }
}
