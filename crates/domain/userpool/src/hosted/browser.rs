//! The browser's session, found by its cookie. Reference: oauth-and-federation 4.

use std::time::Duration;

use kernel::{ApiError, Cx, Timestamp};
use store::records::{
    sso_sessions::{self, Login},
    users::{self, User},
};

use super::{Place, tags};
use crate::{
    UserPools,
    session::login::{digest, validity},
    signin::LoggedIn,
    user::standing::may_go_on,
};

/// Somebody who has signed in at this browser, as they are now.
pub struct Browser {
    pub(crate) user: User,
    pub(crate) login: Login,
    /// How long ago the sign-in was, by the clock that expires things.
    age: Duration,
}

impl Browser {
    /// Of a sign-in that has just ended.
    pub fn of(signed_in: &LoggedIn) -> Self {
        Self {
            user: signed_in.user.clone(),
            login: signed_in.login.row.begun_by(&signed_in.user),
            age: Duration::ZERO,
        }
    }

    /// What the browser is to show next time.
    pub fn cookie(signed_in: &LoggedIn) -> &str {
        &signed_in.login.cookie
    }

    /// How long the browser may keep it: each client decides how long it is good.
    pub fn cookie_life(signed_in: &LoggedIn) -> Duration {
        let row = &signed_in.login.row;
        row.expires.since(row.created)
    }

    /// What the user is called on a page.
    pub fn name(&self) -> &str {
        let attributes = &self.user.doc.attributes;
        let shown = attributes.get("email").or_else(|| attributes.get("phone_number"));
        shown.filter(|value| !value.is_empty()).unwrap_or(&self.user.username)
    }

    /// The user's id, which the tokens are of.
    pub fn sub(&self) -> &str {
        self.user.sub.as_str()
    }

    pub fn age(&self) -> Duration {
        self.age
    }

    /// The level that the sign-in reached, as the pool calls it.
    pub fn acr(&self) -> Option<&str> {
        self.login.doc.acr.as_deref()
    }

    pub fn auth_time(&self) -> Timestamp {
        self.login.doc.auth_time
    }
}

impl UserPools {
    /// None: there is no such session for this client any more, or its user may not go on. Errors: internal.
    pub async fn browser(&self, cx: &Cx, place: &Place, cookie: &str) -> Result<Option<Browser>, ApiError> {
        let (pool, login) = (place.pool.id.clone(), digest(cookie));
        let found = self
            .store
            .look_up(move |r| {
                let Some(login) = sso_sessions::find(r, &pool, &login)? else {
                    return Ok(None);
                };
                Ok(users::by_sub(r, &pool, &login.sub)?.map(|user| (login, user)))
            })
            .await?;
        let Some((login, user)) = found else {
            return Ok(None);
        };
        let age = cx.now().since(login.created);
        let is_over = place.tag(tags::STRICT) == Some("true") && login.doc.sign_outs < user.doc.sign_outs;
        let holds = age < validity(&place.pool, &place.client) && !is_over && may_go_on(&user).is_ok();
        Ok(holds.then_some(Browser { user, login, age }))
    }

    /// The session ends, whoever's it is. Errors: internal.
    pub async fn end_browser(&self, pool: &kernel::PoolId, cookie: &str) -> Result<(), ApiError> {
        let (pool, login) = (pool.clone(), digest(cookie));
        self.store
            .write(move |tx| {
                sso_sessions::delete(tx, &pool, &login)?;
                Ok(())
            })
            .await?;
        Ok(())
    }
}
