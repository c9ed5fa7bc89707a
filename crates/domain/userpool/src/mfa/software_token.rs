//! How an authenticator app becomes a user's second factor: a secret is made, and the app shows by its first code that it has
//! it. By access token (`ops::mfa`) or in the midst of a sign-in (`signin::set_up`). Reference: user-pools 6.2.

use kernel::{ApiError, Cx, Sub, Timestamp};
use store::{
    Stop, Store, Tx,
    records::{
        factor::Factor,
        software_tokens::{self, SoftwareToken},
        users::User,
    },
};
use vault::{Keyring, SecretText, totp::Seed};

use crate::{
    errors,
    pool::Pool,
    user::{
        directory,
        limits::{self, Capped},
    },
};

/// What the app showed, and what its owner calls it.
pub(crate) struct FirstCode {
    pub code: String,
    pub name: Option<String>,
}

/// What the first code does beside proving the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TurnOn {
    /// Sign-in asked for a factor: this is it from now on.
    Yes,
    /// The user says so later.
    No,
}

/// A secret as the user types it, and as it is stored. Errors: SoftwareTokenMFANotFound (the pool has none).
pub(crate) fn new_secret(
    keyring: &Keyring,
    cx: &Cx,
    pool: &Pool,
    sub: &Sub,
) -> Result<(SecretText, Vec<u8>), ApiError> {
    offered(pool)?;
    let seed = Seed::random(cx.rng());
    let sealed = seed.seal(keyring, &place(pool, sub), cx.rng())?;
    Ok((seed.base32(), sealed))
}

/// The secret that waits, if the code is right for it; None: it is wrong.
///
/// Errors: SoftwareTokenMFANotFound (the pool has none), InvalidParameter (nothing waits).
pub(crate) async fn judged(
    (store, keyring): (&Store, &Keyring),
    cx: &Cx,
    (pool, sub): (&Pool, &Sub),
    first: &FirstCode,
) -> Result<Option<SoftwareToken>, ApiError> {
    offered(pool)?;
    let (id, of) = (pool.id.clone(), sub.clone());
    let waiting = store.look_up(move |r| software_tokens::waiting(r, &id, &of)).await?;
    let waiting = waiting.ok_or_else(errors::software_token_not_set_up)?;
    let seed = Seed::open(keyring, &place(pool, sub), &waiting)?;
    Ok(seed.step_of(&first.code, cx.now()).map(|step| SoftwareToken {
        secret: waiting,
        name: first.name.clone().filter(|name| !name.is_empty()),
        last_step: Some(step),
    }))
}

/// What was [`judged`] right is in force from now on, in the place of what was; its code has counted. Guesses are counted.
/// `before` is the user as stored.
///
/// Errors: EnableSoftwareTokenMFA (it was wrong), TooManyRequests. [`Stop::Raced`] if another secret waits since.
pub(crate) fn register(
    tx: &mut Tx<'_>,
    before: &User,
    proved: Option<&SoftwareToken>,
    turn_on: TurnOn,
    now: Timestamp,
) -> Result<(), Stop> {
    limits::count(tx, &before.pool, &before.sub, Capped::VerifySoftwareToken, now)?;
    let token = proved.ok_or_else(errors::software_token_code_mismatch)?;
    if !software_tokens::verify(tx, &before.pool, &before.sub, token)? {
        return Err(Stop::Raced);
    }
    let mut after = User {
        modified: now,
        ..before.clone()
    };
    after.doc.mfa.has_token = true;
    if turn_on == TurnOn::Yes {
        after.doc.mfa.enabled.insert(Factor::SoftwareToken);
    }
    directory::save(tx, before, &after)
}

/// Where a user's secret belongs.
fn place<'a>(pool: &'a Pool, sub: &'a Sub) -> [&'a str; 2] {
    [pool.id.as_str(), sub.as_str()]
}

/// Errors: SoftwareTokenMFANotFound.
fn offered(pool: &Pool) -> Result<(), ApiError> {
    if pool.mfa.factors.contains(&Factor::SoftwareToken) {
        Ok(())
    } else {
        Err(errors::software_token_not_offered())
    }
}
