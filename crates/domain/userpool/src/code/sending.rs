//! A code on its way: drawn and put into a letter before the write, kept and enqueued in it, announced after it.

use std::sync::Arc;

use delivery::{Channel, Delivery, Letter, Message};
use kernel::{ApiError, ClientId, Cx, PoolId, Sub};
use store::{
    Stop, Store, StoreError, Tx,
    records::{
        address::Address,
        users::{self, User},
    },
};
use vault::Keyring;

use super::{Purpose, Target, kept::Fresh, link, message, target::whatever_the_state};
use crate::{
    errors,
    pool::Pool,
    trigger::{Caller, Scene, Source, Telling, Wording},
    user::{
        limits::{self, Capped},
        unknown,
    },
};

/// Who sends codes, and the letters of other kinds too.
#[derive(Clone)]
pub(crate) struct Codes {
    store: Store,
    keyring: Arc<Keyring>,
    delivery: Delivery,
}

/// Digits of a code, but for those of a sign-in.
const LENGTH: usize = 6;

/// Whom a code is for, and what it is to prove.
#[derive(Clone, Copy)]
pub(crate) struct Errand<'a> {
    pub user: &'a User,
    pub purpose: Purpose,
    pub target: &'a Target,
    /// The client through which a newcomer signs up: where the pool confirms by link, their mail holds one.
    pub signs_up_by: Option<&'a ClientId>,
    pub telling: &'a Telling,
}

/// Cloned into the transaction; the original is for [`Codes::sent`].
#[derive(Clone)]
pub(crate) struct Dispatch {
    fresh: Fresh,
    letter: Letter,
    target: Target,
}

impl Dispatch {
    /// The user's code for this purpose is this one from now on, and its letter goes out if the transaction commits.
    pub fn enqueue(&self, tx: &mut Tx<'_>, user: &User) -> Result<(), StoreError> {
        self.fresh.keep(tx, &user.pool, &user.sub)?;
        self.letter.enqueue(tx)
    }

    /// The same for a code that is not sent: nobody knows it, and answers to it are those to a wrong one. `sub` may be of
    /// nobody.
    fn pretend(&self, tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub) -> Result<(), StoreError> {
        self.fresh.keep(tx, pool, sub)
    }
}

impl Codes {
    pub fn new(store: Store, keyring: Arc<Keyring>, delivery: Delivery) -> Self {
        Self {
            store,
            keyring,
            delivery,
        }
    }

    /// What carries a code or a temporary password, ready to be enqueued: a message as `worded` has it, or a sender's event.
    ///
    /// Errors, of messages: InvalidParameter for a text message of a pool without `SmsConfiguration`; CodeDeliveryFailure where there
    /// is no way to send; LimitExceeded where the pool has sent as many as it may. Then nothing of the request may be stored.
    pub async fn letter(
        &self,
        cx: &Cx,
        pool: &Pool,
        (telling, code): (&Telling, &str),
        worded: impl FnOnce(&Wording) -> Message + Send,
    ) -> Result<Letter, ApiError> {
        let message = match telling {
            Telling::Worded(wording) => worded(wording),
            Telling::Handed(handed) => {
                return self.delivery.prepare_event(cx, &handed.event(code), handed.note(code));
            }
        };
        if message.channel == Channel::Sms && !pool.sends_texts() {
            return Err(errors::no_sms_configuration());
        }
        // Apart, so that calls without a message don't carry its future.
        Box::pin(self.delivery.prepare(cx, message)).await
    }

    /// So many digits, unless the code for the address is known beforehand.
    pub fn digits(&self, cx: &Cx, target: &Target, length: usize) -> String {
        let known = self.delivery.known_code(target.channel(), &target.address);
        known.map_or_else(|| kernel::decimal(cx.rng(), length), str::to_owned)
    }

    /// Errors: those of [`Codes::letter`].
    pub async fn dispatch(&self, cx: &Cx, pool: &Pool, errand: Errand<'_>) -> Result<Dispatch, ApiError> {
        let Errand {
            user,
            purpose,
            target,
            signs_up_by,
            telling,
        } = errand;
        let digits = self.digits(cx, target, LENGTH);
        let fresh = Fresh::of(&self.keyring, (user, purpose), target, &digits, cx.now());
        let is_sign_up_mail = purpose == Purpose::SignUp && target.kind == Address::Email;
        let client = signs_up_by.filter(|_| is_sign_up_mail);
        let link = client.map(|client| link::address(cx, client, &user.username, &digits));
        let worded = |wording: &Wording| message::verification(pool, target, (&user.username, &digits), wording, link);
        Ok(Dispatch {
            letter: self.letter(cx, pool, (telling, &digits), worded).await?,
            fresh,
            target: target.clone(),
        })
    }

    /// Sends a user a code that they asked for: where it went. `target_of`: where it goes by what the user is; [`Stop::Raced`] if that
    /// is elsewhere by the time that all is ready. Whoever is asked for words meanwhile may have changed the user, and be asked again
    /// each time.
    ///
    /// Errors: LimitExceeded, those of [`Codes::letter`].
    pub async fn send(
        &self,
        cx: &Cx,
        pool: &Pool,
        errand: Errand<'_>,
        target_of: impl Fn(&User) -> Option<Target> + Send + 'static,
    ) -> Result<Target, Stop> {
        let dispatch = self.dispatch(cx, pool, errand).await?;
        let (enqueued, user, now) = (dispatch.clone(), errand.user.clone(), cx.now());
        let capped = Capped::asking_for(errand.purpose);
        self.store
            .write(move |tx| {
                let present = users::by_sub(tx, &user.pool, &user.sub)?;
                if present.and_then(|present| target_of(&present)).as_ref() != Some(&enqueued.target) {
                    return Err(Stop::Raced);
                }
                limits::count(tx, &user.pool, &user.sub, capped, now)?;
                Ok(enqueued.enqueue(tx, &user)?)
            })
            .await?;
        Ok(self.sent(dispatch))
    }

    /// As if a code had been sent to somebody of the name that was typed. `user` is who has it but gets none.
    ///
    /// Errors: LimitExceeded and CodeDeliveryFailure, as of [`Codes::send`].
    pub async fn simulate(
        &self,
        cx: &Cx,
        pool: &Pool,
        (typed, user): (&str, Option<&User>),
        purpose: Purpose,
    ) -> Result<Target, ApiError> {
        let now = cx.now();
        let stand_in = unknown::stand_in(&self.keyring, pool, typed, now);
        let target = user
            .and_then(|user| whatever_the_state(pool, user, purpose))
            .unwrap_or_else(|| unknown::guessed_target(&self.keyring, pool, typed, purpose));
        let scene = Scene {
            cx,
            pool,
            user: &stand_in,
            caller: Caller::Nobody,
            metadata: None,
        };
        let errand = Errand {
            user: &stand_in,
            purpose,
            target: &target,
            signs_up_by: None,
            telling: &Telling::pretended(scene, Source::MessageSentAgain, &target),
        };
        let dispatch = self.dispatch(cx, pool, errand).await?;
        let counted = user.unwrap_or(&stand_in).sub.clone();
        let capped = Capped::asking_for(purpose);
        self.store
            .write(move |tx| {
                limits::count(tx, &stand_in.pool, &counted, capped, now)?;
                // ConfirmForgotPassword tells whether a code was asked for.
                if purpose == Purpose::ForgotPassword {
                    dispatch.pretend(tx, &stand_in.pool, &counted)?;
                }
                Ok(())
            })
            .await?;
        Ok(target)
    }

    /// After the commit: where the code went.
    pub fn sent(&self, dispatch: Dispatch) -> Target {
        self.posted(dispatch.letter);
        dispatch.target
    }

    /// After the commit: a letter that was enqueued in it.
    pub fn posted(&self, letter: Letter) {
        self.delivery.sent(letter);
    }
}
