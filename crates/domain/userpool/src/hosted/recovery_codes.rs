//! Recovery codes of somebody who has signed in at a browser.

use kernel::{Cx, Result};
use store::{
    Read, Stop,
    records::{
        recovery_codes,
        users::{self, User},
    },
};

use super::{Browser, Place};
use crate::{
    UserPools, errors,
    mfa::{factors, recovery},
    user::standing::{may_go_on, signs_in_here},
};

impl UserPools {
    /// Ten new codes, which are shown this once, in the place of those that the user had. Whoever has them gets past the second factor:
    /// let a page ask for a sign-in of a moment ago before.
    ///
    /// Errors: UserNotFound (gone meanwhile, or may not go on), InvalidParameter (the user has no second factor).
    pub async fn make_recovery_codes(&self, cx: &Cx, place: &Place, browser: &Browser) -> Result<Vec<String>> {
        let of = (&browser.user.pool, &browser.user.sub);
        let made = recovery::make(&self.keyring, cx.rng(), of);
        let (place, user, digests) = (place.clone(), browser.user.clone(), made.digests);
        let kept = self.store.write(move |tx| {
            if !has_second_factor(&place, &present(tx, &user)?) {
                return Err(errors::hosted::recovery_without_second_factor().into());
            }
            Ok(recovery_codes::replace(tx, &user.pool, &user.sub, &digests)?)
        });
        kept.await?;
        Ok(made.shown)
    }

    /// How many of the codes were not used. None: the user has no second factor, and so no use of any. Errors: internal.
    pub async fn recovery_codes_left(&self, place: &Place, browser: &Browser) -> Result<Option<u32>> {
        let (of, user) = (place.clone(), browser.user.clone());
        let left = self.store.look_up(move |r| {
            let Some(stored) = users::by_sub(r, &user.pool, &user.sub)? else {
                return Ok(None);
            };
            let left = recovery_codes::left(r, &user.pool, &user.sub)?;
            Ok(has_second_factor(&of, &stored).then_some(left))
        });
        Ok(left.await?)
    }
}

/// The user as stored. Errors: UserNotFound.
fn present(r: &mut impl Read, user: &User) -> Result<User, Stop> {
    let stored = users::by_sub(r, &user.pool, &user.sub)?.filter(|stored| may_go_on(stored).is_ok());
    Ok(stored.ok_or_else(errors::user_does_not_exist)?)
}

/// Of a user of a provider none is asked for. Reference: oauth-and-federation 10.4.
fn has_second_factor(place: &Place, user: &User) -> bool {
    signs_in_here(user) && !factors::active(&place.pool.mfa, user).is_empty()
}
