//! How an authenticator app becomes a user's second factor: a secret is made, and the app shows by its first code that it has
//! it. By access token or in the midst of a sign-in. Reference: user-pools 6.2.

use kernel::{ApiError, Cx, PoolId, Sub};
use store::{
    Stop,
    records::{
        factor::Factor,
        software_tokens::{self, SoftwareToken},
        users::{self, User},
    },
    retrying,
};
use vault::{SecretText, totp::Seed};

use crate::{
    UserPools, errors,
    pool::Pool,
    user::{
        directory,
        limits::{self, Capped},
    },
};

/// Who enrols an app.
#[derive(Clone, Copy)]
pub(crate) struct Enrolling<'a> {
    pub pool: &'a Pool,
    pub sub: &'a Sub,
}

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

/// Where a user's secret belongs.
pub(crate) fn place<'a>(pool: &'a PoolId, sub: &'a Sub) -> [&'a str; 2] {
    [pool.as_str(), sub.as_str()]
}

impl UserPools {
    /// A new secret, which replaces another that no app has shown a code of. One in force goes on working.
    ///
    /// Errors: SoftwareTokenMFANotFound (the pool has none), `gone` (the user).
    pub(crate) async fn associate(
        &self,
        cx: &Cx,
        Enrolling { pool, sub }: Enrolling<'_>,
        gone: fn() -> ApiError,
    ) -> Result<SecretText, ApiError> {
        offered(pool)?;
        let seed = Seed::random(cx.rng());
        let sealed = seed.seal(&self.keyring, &place(&pool.id, sub), cx.rng())?;
        let (id, sub) = (pool.id.clone(), sub.clone());
        self.store
            .write(move |tx| {
                if users::by_sub(tx, &id, &sub)?.is_none() {
                    return Err(gone().into());
                }
                Ok(software_tokens::put(tx, &id, &sub, &sealed)?)
            })
            .await?;
        Ok(seed.base32())
    }

    /// The secret that waits is in force from now on, if the code is right for it; the code has counted then. Guesses are
    /// counted.
    ///
    /// Errors: SoftwareTokenMFANotFound (the pool has none), InvalidParameter (no secret waits), EnableSoftwareTokenMFA (wrong),
    /// TooManyRequests, UserNotFound.
    pub(crate) async fn enrol(
        &self,
        cx: &Cx,
        who: Enrolling<'_>,
        first: &FirstCode,
        turn_on: TurnOn,
    ) -> Result<(), ApiError> {
        offered(who.pool)?;
        let enrolled = retrying(|| self.try_to_enrol(cx, who, first, turn_on));
        Ok(enrolled.await?)
    }

    async fn try_to_enrol(
        &self,
        cx: &Cx,
        Enrolling { pool, sub }: Enrolling<'_>,
        first: &FirstCode,
        turn_on: TurnOn,
    ) -> Result<(), Stop> {
        let (id, of, now) = (pool.id.clone(), sub.clone(), cx.now());
        let waiting = self
            .store
            .look_up(move |r| software_tokens::waiting(r, &id, &of))
            .await?
            .ok_or_else(errors::software_token_not_set_up)?;
        let seed = Seed::open(&self.keyring, &place(&pool.id, sub), &waiting).map_err(ApiError::from)?;
        let proved = seed.step_of(&first.code, now).map(|step| SoftwareToken {
            secret: waiting,
            name: first.name.clone(),
            last_step: Some(step),
        });
        let (id, sub) = (pool.id.clone(), sub.clone());
        self.store
            .write(move |tx| {
                let before = users::by_sub(tx, &id, &sub)?.ok_or_else(errors::user_does_not_exist)?;
                limits::count(tx, &id, &sub, Capped::VerifySoftwareToken, now)?;
                let Some(token) = &proved else {
                    return Err(errors::software_token_code_mismatch().into());
                };
                if !software_tokens::verify(tx, &id, &sub, token)? {
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
                directory::save(tx, &before, &after)
            })
            .await
    }
}

/// Errors: SoftwareTokenMFANotFound.
fn offered(pool: &Pool) -> Result<(), ApiError> {
    if pool.mfa.factors.contains(&Factor::SoftwareToken) {
        Ok(())
    } else {
        Err(errors::software_token_not_offered())
    }
}
