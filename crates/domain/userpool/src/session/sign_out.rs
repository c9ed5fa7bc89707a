//! The end of sessions. Reference: user-pools 4.9, 8.6.

use kernel::{Cx, Timestamp};
use store::{
    StoreError, Tx,
    records::{
        logouts,
        users::{self, User},
    },
};

use crate::pool::Pool;

/// When something ends.
#[derive(Clone, Copy)]
pub(crate) struct At {
    /// True time (see `issue`).
    pub wall: Timestamp,
    pub now: Timestamp,
}

impl At {
    pub fn of(cx: &Cx) -> Self {
        Self {
            wall: cx.wall(),
            now: cx.now(),
        }
    }
}

/// Ends every session of a user, however many: refresh tokens and access tokens alike.
pub(crate) fn sign_out(tx: &mut Tx<'_>, pool: &Pool, user: &User, at: At) -> Result<(), StoreError> {
    let mut user = user.clone();
    end_all(&mut user, at.wall);
    users::update(tx, &user)?;
    signed_out(tx, pool, &user, at.now)
}

/// What follows [`end_all`]: browsers' sessions end with the others where the pool says so, and their clients are to hear of it.
pub(crate) fn signed_out(tx: &mut Tx<'_>, pool: &Pool, user: &User, now: Timestamp) -> Result<(), StoreError> {
    if pool.switches.sso_ends_with_sign_out {
        logouts::end_all(tx, (&pool.id, &user.sub), now)?;
    }
    Ok(())
}

/// The same of a user who is about to be stored.
pub(crate) fn end_all(user: &mut User, wall: Timestamp) {
    user.doc.sign_outs += 1;
    end_access_tokens(user, wall);
}

/// Ends the access tokens that were issued up to now, and leaves refresh tokens: what disabling a user does.
pub(crate) fn end_access_tokens(user: &mut User, wall: Timestamp) {
    user.doc.signed_out_before = Some(wall);
}
