//! The end of sessions. Reference: user-pools 4.9, 8.6.

use kernel::Timestamp;
use store::{
    StoreError, Tx,
    records::users::{self, User},
};

/// Ends every session of a user, however many: refresh tokens and access tokens alike. `wall` is true time (see `issue`).
pub(crate) fn sign_out(tx: &mut Tx<'_>, user: &User, wall: Timestamp) -> Result<(), StoreError> {
    let mut user = user.clone();
    end_all(&mut user, wall);
    users::update(tx, &user)?;
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
