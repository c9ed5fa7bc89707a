//! A code on its way: drawn and put into a letter before the write, kept and enqueued in it, announced after it.

use api::cognito_idp::CodeDeliveryDetailsType;
use delivery::{Channel, Letter, Message};
use kernel::{ApiError, Cx, PoolId, Sub};
use store::{
    Read, Stop, StoreError, Tx,
    records::users::{self, User},
};

use crate::{
    UserPools,
    attempts::{self, Capped},
    codes::{Fresh, Purpose},
    delivery_target::Target,
    errors, messages,
    settings::Pool,
};

/// Cloned into the transaction; the original is for [`UserPools::sent`].
#[derive(Clone)]
pub(crate) struct Dispatch {
    fresh: Fresh,
    letter: Letter,
    details: CodeDeliveryDetailsType,
}

impl Dispatch {
    /// The user's code for this purpose is this one from now on, and its letter goes out if the transaction commits.
    pub fn enqueue(&self, tx: &mut Tx<'_>, user: &User) -> Result<(), StoreError> {
        self.fresh.keep(tx, &user.pool, &user.sub)?;
        self.letter.enqueue(tx)
    }

    /// The same for a code that is not sent: nobody knows it, and answers to it are those to a wrong one. `sub` may be of
    /// nobody.
    pub fn pretend(&self, tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub) -> Result<(), StoreError> {
        self.fresh.keep(tx, pool, sub)
    }

    /// What the caller is shown of where the code went.
    pub fn details(&self) -> CodeDeliveryDetailsType {
        self.details.clone()
    }
}

impl UserPools {
    /// A message ready to be enqueued.
    ///
    /// Errors: InvalidParameter for a text message of a pool without `SmsConfiguration`; CodeDeliveryFailure where there is
    /// no way to send. Then nothing of the request may be stored.
    pub(crate) fn letter(&self, cx: &Cx, pool: &Pool, message: Message) -> Result<Letter, ApiError> {
        if message.channel == Channel::Sms && !pool.sends_texts() {
            return Err(errors::no_sms_configuration());
        }
        self.delivery.prepare(cx, message)
    }

    /// Errors: those of [`UserPools::letter`].
    pub(crate) fn dispatch(
        &self,
        cx: &Cx,
        pool: &Pool,
        user: &User,
        purpose: Purpose,
        target: &Target,
    ) -> Result<Dispatch, ApiError> {
        let fresh = Fresh::draw(&self.keyring, user, purpose, target, cx.now(), cx.rng());
        let message = messages::verification(pool, target, &user.username, &fresh.digits);
        Ok(Dispatch {
            letter: self.letter(cx, pool, message)?,
            fresh,
            details: target.details(),
        })
    }

    /// Sends a user a code that they asked for. [`Stop::Raced`] if somebody else changed the user meanwhile.
    ///
    /// Errors: LimitExceeded, those of [`UserPools::letter`].
    pub(crate) async fn send_code(
        &self,
        cx: &Cx,
        pool: &Pool,
        user: &User,
        purpose: Purpose,
        capped: Capped,
        target: &Target,
    ) -> Result<CodeDeliveryDetailsType, Stop> {
        let dispatch = self.dispatch(cx, pool, user, purpose, target)?;
        let (enqueued, user, now) = (dispatch.clone(), user.clone(), cx.now());
        self.store
            .write(move |tx| {
                if !is_unchanged(tx, &user)? {
                    return Err(Stop::Raced);
                }
                attempts::count(tx, &user.pool, &user.sub, capped, now)?;
                Ok(enqueued.enqueue(tx, &user)?)
            })
            .await?;
        Ok(self.sent(dispatch))
    }

    /// After the commit.
    pub(crate) fn sent(&self, dispatch: Dispatch) -> CodeDeliveryDetailsType {
        self.delivery.sent(dispatch.letter);
        dispatch.details
    }
}

/// Whether nobody changed the user since it was read.
pub(crate) fn is_unchanged(r: &mut impl Read, user: &User) -> Result<bool, StoreError> {
    Ok(users::by_sub(r, &user.pool, &user.sub)?.is_some_and(|now| now.version == user.version))
}
