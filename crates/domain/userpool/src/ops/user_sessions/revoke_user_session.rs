//! `RevokeUserSession` and `AdminRevokeUserSession`: one sign-in ends, its refresh and access tokens with it; or a browser's at hosted
//! login. With `RevokeAssociatedSessions` LINKED the browser's session and all that was born from it end together. Reference:
//! user-pools 15.2.

use std::sync::Arc;

use api::cognito_idp::{
    AdminRevokeUserSessionRequest, AdminRevokeUserSessionResponse, RevokeAssociatedSessionsType,
    RevokeUserSessionRequest, RevokeUserSessionResponse,
};
use kernel::{Cx, Result, Timestamp};
use store::{
    Stop, Tx,
    records::{sessions, users::User},
};

use crate::{
    UserPools, errors,
    ops::access_token::Access,
    session::{
        linked,
        tracked::{self, SessionOf},
    },
    user::directory,
};

impl UserPools {
    /// Errors: those of every access token (8.5), InvalidParameter (sessions are not tracked; the caller's own), ResourceNotFound.
    pub async fn revoke_user_session(
        &self,
        cx: &Cx,
        input: RevokeUserSessionRequest,
    ) -> Result<RevokeUserSessionResponse> {
        let access = self.access(cx, &input.access_token).await?;
        self.revoke_user_session_by(cx, access, input).await
    }

    /// The same of somebody who is known already.
    pub(crate) async fn revoke_user_session_by(
        &self,
        cx: &Cx,
        access: Access,
        input: RevokeUserSessionRequest,
    ) -> Result<RevokeUserSessionResponse> {
        if access.pool.sessions.is_none() {
            return Err(errors::session_tracking_off());
        }
        let session = tracked::session_of(&input.session_id).ok_or_else(errors::session_does_not_exist)?;
        let linked = Linked::of(input.revoke_associated_sessions);
        let (user, own, now) = (access.user, access.event, cx.now());
        self.store
            .write(move |tx| revoke(tx, (&user, own.as_deref()), (&session, linked), now))
            .await?;
        self.ring_logouts(&access.pool);
        Ok(RevokeUserSessionResponse {})
    }

    /// Errors: UserNotFound, InvalidParameter (sessions are not tracked), ResourceNotFound.
    pub async fn admin_revoke_user_session(
        &self,
        cx: &Cx,
        input: AdminRevokeUserSessionRequest,
    ) -> Result<AdminRevokeUserSessionResponse> {
        let pool = self.pool(&input.user_pool_id).await?;
        if pool.sessions.is_none() {
            return Err(errors::session_tracking_off());
        }
        let (username, id, now) = (input.username, input.session_id, cx.now());
        let linked = Linked::of(input.revoke_associated_sessions);
        let of = Arc::clone(&pool);
        let revoked = self.store.write(move |tx| {
            let user = directory::existing(tx, &of, &username)?;
            let session = tracked::session_of(&id).ok_or_else(errors::session_does_not_exist)?;
            revoke(tx, (&user, None), (&session, linked), now)
        });
        revoked.await?;
        self.ring_logouts(&pool);
        Ok(AdminRevokeUserSessionResponse {})
    }
}

/// Whether what belongs together ends together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Linked {
    Yes,
    No,
}

impl Linked {
    fn of(asked: Option<RevokeAssociatedSessionsType>) -> Self {
        match asked {
            Some(RevokeAssociatedSessionsType::Linked) => Self::Yes,
            Some(RevokeAssociatedSessionsType::None) | None => Self::No,
        }
    }
}

/// `own` is the `event_id` of the caller's session, of a user.
///
/// Errors: ResourceNotFound for what is not this user's, or over; InvalidParameter for the caller's own.
fn revoke(
    tx: &mut Tx<'_>,
    (user, own): (&User, Option<&str>),
    (session, linked): (&SessionOf, Linked),
    now: Timestamp,
) -> Result<(), Stop> {
    let whose = (&user.pool, &user.sub);
    let browser = match session {
        SessionOf::Token(family) => {
            let found = sessions::by_family(tx, &user.pool, family)?;
            let live =
                found.filter(|session| session.sub == user.sub && !session.is_over(user) && session.expires > now);
            let session = live.ok_or_else(errors::session_does_not_exist)?;
            if own == Some(session.doc.event_id.as_str()) {
                return Err(errors::current_session().into());
            }
            sessions::revoke(tx, &user.pool, family)?;
            let browser = session.doc.hosted.map(|hosted| hosted.login);
            if let (Some(browser), Linked::Yes) = (&browser, linked) {
                linked::end_browser(tx, whose, browser, now)?;
            }
            browser
        }
        SessionOf::Browser(id) => {
            if !linked::end_browser(tx, whose, id, now)? {
                return Err(errors::session_does_not_exist().into());
            }
            Some(id.clone())
        }
    };
    if let (Some(browser), Linked::Yes) = (browser, linked) {
        linked::end_children(tx, whose, &browser, now)?;
    }
    Ok(())
}
