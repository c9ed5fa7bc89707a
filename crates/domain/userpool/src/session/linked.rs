//! A browser's session and the token sessions that were born from it: `RevokeAssociatedSessions`. Reference: user-pools 15.2.

use kernel::{PoolId, Sub, Timestamp};
use store::{
    Read, StoreError, Tx,
    records::{logouts, sessions, sso_sessions},
};

/// Families that are looked at in one go.
const BATCH: i64 = 100;

/// Browsers' sessions of a user: nobody has as many.
const MOST: i64 = 1000;

/// Whether a user has a browser's session of this id, though it be over by its time.
pub(crate) fn is_there(r: &mut impl Read, whose: (&PoolId, &Sub), id: &str) -> Result<bool, StoreError> {
    let logins = sso_sessions::of_user(r, whose, Timestamp::from_millis(0), "", MOST)?;
    Ok(logins.iter().any(|login| login.doc.id == id))
}

/// Ends a browser's session, by the id that lists have, and its clients are to hear of it. False: the user has none of this id.
pub(crate) fn end_browser(
    tx: &mut Tx<'_>,
    (pool, sub): (&PoolId, &Sub),
    id: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let logins = sso_sessions::of_user(tx, (pool, sub), now, "", MOST)?;
    match logins.iter().find(|login| login.doc.id == id) {
        Some(login) => {
            logouts::end(tx, (pool, sub), id, now)?;
            sso_sessions::delete(tx, pool, &login.login)
        }
        None => Ok(false),
    }
}

/// Ends all token sessions that were born from it.
pub(crate) fn end_children(
    tx: &mut Tx<'_>,
    (pool, sub): (&PoolId, &Sub),
    id: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut after = String::new();
    loop {
        let families = sessions::of_user(tx, (pool, sub), now, &after, BATCH)?;
        for family in &families {
            if family.doc.hosted.as_ref().is_some_and(|hosted| hosted.login == id) {
                sessions::revoke(tx, pool, &family.family)?;
            }
        }
        match families.last() {
            Some(last) => after.clone_from(&last.family),
            None => return Ok(()),
        }
    }
}
