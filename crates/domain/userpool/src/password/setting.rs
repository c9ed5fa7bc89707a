//! Passwords are set here, in the transaction that changes the user. Reference: user-pools 4.5, 4.6.

use kernel::Timestamp;
use store::{
    Read, Stop, StoreError, Tx,
    records::passwords::{self, Password},
};

use super::kept::Owner;
use crate::{
    code::ending::{self, Event},
    pool::Pool,
};

/// Sets a password in the place of the one that was read (`version` None: there was none).
/// [`Stop::Raced`] if another request changed it meanwhile.
pub(crate) fn replace(tx: &mut Tx<'_>, owner: &Owner, version: Option<i64>, new: &Password) -> Result<(), Stop> {
    if !is_still(tx, owner, version)? {
        return Err(Stop::Raced);
    }
    Ok(set(tx, owner, new)?)
}

/// Sets the password of a user who was there before, whatever it was: every way to do so comes by here.
pub(crate) fn set(tx: &mut Tx<'_>, owner: &Owner, new: &Password) -> Result<(), StoreError> {
    passwords::put(tx, &owner.pool, &owner.sub, new)?;
    ending::end(tx, &owner.pool, &owner.sub, Event::PasswordSet)
}

/// Whether the password (`version` None: there is none) is the one that was read.
fn is_still(r: &mut impl Read, owner: &Owner, version: Option<i64>) -> Result<bool, StoreError> {
    Ok(passwords::of_user(r, &owner.pool, &owner.sub)?.map(|row| row.version) == version)
}

/// When a temporary password that is set now stops working. Reference: user-pools 4.5.
pub(crate) fn temporary_until(pool: &Pool, now: Timestamp) -> Timestamp {
    now.plus(pool.password_policy.temporary_validity)
}
