//! Users by the names that requests give them.

use std::sync::Arc;

use kernel::{ApiError, Cx};
use store::{
    Read, Stop, Store, Tx,
    records::users::{self, User},
};

use super::names;
use crate::{code::ending, errors, mfa::recovery, pool::Pool};

/// The user that an administrator's request names. Errors: UserNotFound.
pub(crate) async fn find(store: &Store, pool: &Arc<Pool>, name: &str) -> Result<User, ApiError> {
    let (pool, name) = (Arc::clone(pool), name.to_owned());
    let user = store.look_up(move |r| names::find(r, &pool, &name)).await?;
    user.ok_or_else(errors::user_does_not_exist)
}

/// The same where the transaction goes on. Errors: UserNotFound.
pub(crate) fn existing(r: &mut impl Read, pool: &Pool, name: &str) -> Result<User, Stop> {
    Ok(names::find(r, pool, name)?.ok_or_else(errors::user_does_not_exist)?)
}

/// Reads a user by name and stores what `act` makes of it, in one transaction. `act` may refuse.
///
/// Errors: UserNotFound, and those of `act`.
pub(crate) async fn change<F>(store: &Store, cx: &Cx, pool: &Arc<Pool>, name: &str, act: F) -> Result<User, ApiError>
where
    F: Fn(&mut User) -> Result<(), ApiError> + Send + 'static,
{
    let (pool, name, now) = (Arc::clone(pool), name.to_owned(), cx.now());
    let changed = store.write(move |tx| {
        let before = existing(tx, &pool, &name)?;
        let mut user = before.clone();
        act(&mut user)?;
        user.modified = now;
        save(tx, &before, &user)?;
        Ok(user)
    });
    Ok(changed.await?)
}

/// Writes a user who was `before` and keeps the names, and ends the codes that the change ends.
/// [`Stop::Raced`] if somebody else changed the user since `before` was read.
pub(crate) fn save(tx: &mut Tx<'_>, before: &User, after: &User) -> Result<(), Stop> {
    if !users::update(tx, after)? {
        return Err(Stop::Raced);
    }
    recovery::follow(tx, before, after)?;
    Ok(ending::follow(tx, before, after)?)
}
