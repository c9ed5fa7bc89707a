//! `ListUserSessions` and `AdminListUserSessions`. Reference: user-pools 15.2.

use api::cognito_idp::{
    AdminListUserSessionsRequest, AdminListUserSessionsResponse, ListUserSessionsRequest, ListUserSessionsResponse,
    SessionDescriptionType,
};
use kernel::{Cx, Result};
use store::records::{
    sessions::{self, Session},
    sso_sessions,
    users::User,
};
use vault::Page;

use crate::{UserPools, errors, ops::access_token::Access, pages, pool::Pool, session::tracked, user::directory};

/// All sessions of a user stand on one page, unless they were begun before the pool tracked any.
const PAGE: i32 = 125;

/// Whose sessions are listed.
struct Asked<'a> {
    pool: &'a Pool,
    user: User,
    /// The `event_id` of the caller's own session, of a user.
    current: Option<String>,
}

impl UserPools {
    /// Errors: those of every access token (8.5), InvalidParameter (sessions are not tracked; the page).
    pub async fn list_user_sessions(
        &self,
        cx: &Cx,
        input: ListUserSessionsRequest,
    ) -> Result<ListUserSessionsResponse> {
        let access = self.access(cx, &input.access_token).await?;
        self.list_user_sessions_by(cx, access, input).await
    }

    /// The same of somebody who is known already.
    pub(crate) async fn list_user_sessions_by(
        &self,
        cx: &Cx,
        access: Access,
        input: ListUserSessionsRequest,
    ) -> Result<ListUserSessionsResponse> {
        let place = ["ListUserSessions", access.user.pool.as_str(), access.user.sub.as_str()];
        let page = pages::open(&self.keyring, cx, &place, Some(PAGE), input.next_token.as_deref())?;
        let asked = Asked {
            pool: &access.pool,
            user: access.user.clone(),
            current: access.event,
        };
        let (sessions, next_token) = self.sessions(cx, &page, asked).await?;
        Ok(ListUserSessionsResponse {
            sessions: Some(sessions),
            next_token,
        })
    }

    /// Errors: UserNotFound, InvalidParameter (sessions are not tracked; the page).
    pub async fn admin_list_user_sessions(
        &self,
        cx: &Cx,
        input: AdminListUserSessionsRequest,
    ) -> Result<AdminListUserSessionsResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        let place = ["AdminListUserSessions", pool.id.as_str(), &input.username];
        let page = pages::open(&self.keyring, cx, &place, Some(PAGE), input.next_token.as_deref())?;
        let asked = Asked {
            pool: &pool,
            user: directory::find(&self.store, &pool, &input.username).await?,
            current: None,
        };
        let (sessions, next_token) = self.sessions(cx, &page, asked).await?;
        Ok(AdminListUserSessionsResponse {
            sessions: Some(sessions),
            next_token,
        })
    }

    /// The oldest of a page first. Errors: InvalidParameter where sessions are not tracked.
    async fn sessions(
        &self,
        cx: &Cx,
        page: &Page,
        asked: Asked<'_>,
    ) -> Result<(Vec<SessionDescriptionType>, Option<String>)> {
        if asked.pool.sessions.is_none() {
            return Err(errors::session_tracking_off());
        }
        let (pool, sub) = (asked.pool.id.clone(), asked.user.sub.clone());
        let (after, limit, now) = (page.after(), page.limit(), cx.now());
        let is_first = after.is_empty();
        let (listed, browsers) = self
            .store
            .read(move |r| {
                let listed = sessions::of_user(r, (&pool, &sub), now, &after, limit)?;
                let browsers = if is_first {
                    sso_sessions::of_user(r, (&pool, &sub), now, "", PAGE.into())?
                } else {
                    Vec::new()
                };
                Ok((listed, browsers))
            })
            .await?;
        let (mut listed, next) = page.cut(&self.keyring, cx, listed, |session| session.family.clone())?;
        listed.retain(|session| !session.is_over(&asked.user));
        listed.sort_by_key(|session: &Session| session.created);
        let shown = listed
            .into_iter()
            .map(|session| tracked::described(session, asked.current.as_deref()));
        // Those of browsers, which are few, stand before the first page.
        let browsers = browsers.into_iter().map(tracked::described_browser);
        Ok((browsers.chain(shown).collect(), next))
    }
}
