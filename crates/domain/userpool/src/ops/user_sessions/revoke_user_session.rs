//! `RevokeUserSession` and `AdminRevokeUserSession`: one sign-in ends, its refresh and access tokens with it. Sessions of the API have
//! none that they came through, so `RevokeAssociatedSessions` says nothing of them. Reference: user-pools 15.2.

use api::cognito_idp::{
    AdminRevokeUserSessionRequest, AdminRevokeUserSessionResponse, RevokeUserSessionRequest, RevokeUserSessionResponse,
};
use kernel::{Cx, Result, Timestamp};
use store::{
    Stop, Tx,
    records::{sessions, users::User},
};

use crate::{UserPools, errors, session::tracked, user::directory};

impl UserPools {
    /// Errors: those of every access token (8.5), InvalidParameter (sessions are not tracked; the caller's own), ResourceNotFound.
    pub async fn revoke_user_session(
        &self,
        cx: &Cx,
        input: RevokeUserSessionRequest,
    ) -> Result<RevokeUserSessionResponse> {
        let access = self.access(cx, &input.access_token).await?;
        if access.pool.sessions.is_none() {
            return Err(errors::session_tracking_off());
        }
        let family = tracked::family(&input.session_id).ok_or_else(errors::session_does_not_exist)?;
        let (user, own, now) = (access.user, access.event, cx.now());
        self.store
            .write(move |tx| revoke(tx, (&user, own.as_deref()), &family, now))
            .await?;
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
        let revoked = self.store.write(move |tx| {
            let user = directory::existing(tx, &pool, &username)?;
            let family = tracked::family(&id).ok_or_else(errors::session_does_not_exist)?;
            revoke(tx, (&user, None), &family, now)
        });
        revoked.await?;
        Ok(AdminRevokeUserSessionResponse {})
    }
}

/// `own` is the `event_id` of the caller's session, of a user.
///
/// Errors: ResourceNotFound for what is not this user's, or over; InvalidParameter for the caller's own.
fn revoke(tx: &mut Tx<'_>, (user, own): (&User, Option<&str>), family: &str, now: Timestamp) -> Result<(), Stop> {
    let found = sessions::by_family(tx, &user.pool, family)?;
    let live = found.filter(|session| session.sub == user.sub && !session.is_over(user) && session.expires > now);
    let session = live.ok_or_else(errors::session_does_not_exist)?;
    if own == Some(session.doc.event_id.as_str()) {
        return Err(errors::current_session().into());
    }
    sessions::revoke(tx, &user.pool, family)?;
    Ok(())
}
