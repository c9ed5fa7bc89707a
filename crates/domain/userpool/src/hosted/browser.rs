//! The browser's session, found by its cookie. Reference: oauth-and-federation 4.

use std::time::Duration;

use kernel::{ApiError, Cx, PoolId, Timestamp};
use store::records::{
    logouts,
    sso_sessions::{self, Login},
    users::{self, User},
};

use super::Place;
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

    /// The session's id, as tokens say it (`sid`).
    pub fn id(&self) -> &str {
        &self.login.doc.id
    }

    pub fn age(&self) -> Duration {
        self.age
    }

    /// The identity provider that they signed in by. None: the pool itself.
    pub fn provider(&self) -> Option<&str> {
        self.login
            .doc
            .external
            .as_ref()
            .map(|external| external.provider.as_str())
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
        let found = self.held(cx, &place.pool.id, cookie).await?;
        Ok(found.filter(|Browser { user, login, age }| {
            let is_over = place.switches().sso_ends_with_sign_out && login.doc.sign_outs < user.doc.sign_outs;
            *age < validity(&place.pool, &place.client) && !is_over && may_go_on(user).is_ok()
        }))
    }

    /// A session of the pool's, whatever client it may be good for. Errors: internal.
    pub async fn held(&self, cx: &Cx, pool: &PoolId, cookie: &str) -> Result<Option<Browser>, ApiError> {
        let (pool, login) = (pool.clone(), digest(cookie));
        let found = self
            .store
            .look_up(move |r| {
                let Some(login) = sso_sessions::find(r, &pool, &login)? else {
                    return Ok(None);
                };
                Ok(users::by_sub(r, &pool, &login.sub)?.map(|user| (login, user)))
            })
            .await?;
        let holds = found.filter(|(login, _)| cx.now() < login.expires);
        Ok(holds.map(|(login, user)| Browser {
            age: cx.now().since(login.created),
            user,
            login,
        }))
    }

    /// The session ends, whoever's it is, and its clients are to hear of it. Errors: internal.
    pub async fn end_browser(&self, cx: &Cx, pool: &PoolId, cookie: &str) -> Result<(), ApiError> {
        let (of, login, now) = (pool.clone(), digest(cookie), cx.now());
        self.store
            .write(move |tx| {
                if let Some(ended) = sso_sessions::find(tx, &of, &login)? {
                    logouts::end(tx, (&of, &ended.sub), &ended.doc.id, now)?;
                    sso_sessions::delete(tx, &of, &login)?;
                }
                Ok(())
            })
            .await?;
        if let Some(pool) = self.load(pool).await? {
            self.ring_logouts(&pool);
        }
        Ok(())
    }

    /// Somebody has signed in where a browser showed another cookie, whose session is over. Was it theirs, in a pool whose clients hear
    /// of ends, the session goes on under its name: that one app wants them asked again logs them out of no other.
    ///
    /// Errors: internal.
    pub async fn succeed(
        &self,
        cx: &Cx,
        place: &Place,
        signed_in: &LoggedIn,
        before: &str,
    ) -> Result<Browser, ApiError> {
        let mut browser = Browser::of(signed_in);
        if !place.pool.switches.backchannel_logout {
            self.end_browser(cx, &place.pool.id, before).await?;
            return Ok(browser);
        }
        let (pool, before, now) = (place.pool.id.clone(), digest(before), cx.now());
        let login = browser.login.clone();
        let doc = self
            .store
            .write(move |tx| {
                let Some(former) = sso_sessions::find(tx, &pool, &before)? else {
                    return Ok(None);
                };
                sso_sessions::delete(tx, &pool, &before)?;
                if former.sub != login.sub || former.doc.sign_outs < login.doc.sign_outs {
                    logouts::end(tx, (&pool, &former.sub), &former.doc.id, now)?;
                    return Ok(None);
                }
                let doc = sso_sessions::Doc {
                    id: former.doc.id,
                    ..login.doc.clone()
                };
                sso_sessions::update(tx, &pool, &login.login, &doc)?;
                Ok(Some(doc))
            })
            .await?;
        match doc {
            Some(doc) => browser.login.doc = doc,
            None => self.ring_logouts(&place.pool),
        }
        Ok(browser)
    }
}
