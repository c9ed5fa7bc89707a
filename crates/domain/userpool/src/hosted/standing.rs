//! An access token that is worth something still: what is asked of each that an endpoint is shown, before what only that one asks.
//! Reference: oauth-and-federation 6.4, 6.5; user-pools 8.5.

use kernel::{ApiError, Cx};
use store::records::users::User;
use tokens::{AccessToken, Unverified};

use crate::{UserPools, pool::Pool, user::standing::may_go_on};

/// An access token, and whom it stands for now.
pub(super) struct StandingAccess {
    pub token: AccessToken,
    /// None: a client has it for itself.
    pub user: Option<User>,
}

impl UserPools {
    /// One of the pool's own, of a client that there is, in time, and of a user who may go on. Whether it is bound to a key is the caller's
    /// to check. None: it is worth nothing, for whatever reason. Errors: internal.
    pub(super) async fn standing_access(
        &self,
        cx: &Cx,
        pool: &Pool,
        token: &str,
    ) -> Result<Option<StandingAccess>, ApiError> {
        let token = match self.tokens.verify_any_access(cx, token).await {
            Ok(token) => token,
            Err(Unverified::Refused(_)) => return Ok(None),
            Err(Unverified::Internal(error)) => return Err(error),
        };
        let is_here = token.bearer.pool == pool.id && pool.clients.contains_key(&token.client);
        if !is_here || token.expires_at <= cx.now().secs() {
            return Ok(None);
        }
        // What a client has for itself ends with its time, or with the client.
        if token.bearer.is_client(&token.client) {
            return Ok(Some(StandingAccess { token, user: None }));
        }
        let standing = self.tokens.standing(&token.bearer).await?;
        let user = standing
            .user
            .filter(|user| !standing.revoked && may_go_on(user).is_ok());
        Ok(user.map(|user| StandingAccess {
            token,
            user: Some(user),
        }))
    }
}
