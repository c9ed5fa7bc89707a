//! Whom an access token stands for: what every operation with an `AccessToken` member begins with. Reference: user-pools 8.5.

use std::sync::Arc;

use kernel::{ApiError, Cx, DeviceKey, Timestamp};
use store::records::users::User;
use tokens::{AccessToken, Refusal};

use crate::{
    UserPools,
    client::Client,
    errors,
    pool::Pool,
    session::grant::ADMIN_SCOPE,
    user::standing::{Halt, may_go_on},
};

/// A verified access token's pool, client and user, as they are now.
pub(crate) struct Access {
    pub pool: Arc<Pool>,
    pub client: Arc<Client>,
    pub user: User,
    /// The device of the sign-in that the token comes from.
    pub device: Option<DeviceKey>,
    /// When the user signed in, and by which methods.
    pub auth_time: Timestamp,
    pub methods: Vec<String>,
    /// The `event_id` of the sign-in.
    pub event: Option<String>,
}

impl UserPools {
    /// Errors: NotAuthorized in the five forms of the reference, UserNotFound, PasswordResetRequired, UserNotConfirmed.
    pub(crate) async fn access(&self, cx: &Cx, token: &str) -> Result<Access, ApiError> {
        let verified = self.tokens.verify_access(cx, token).await;
        let AccessToken {
            bearer,
            client,
            scopes,
            device,
            auth_time,
            methods,
            event,
            expires_at,
            key: _,
            claims: _,
        } = verified.map_err(|unverified| {
            unverified.told(|refusal| match refusal {
                Refusal::Malformed | Refusal::UnknownKey | Refusal::WrongIssuer | Refusal::WrongKind => {
                    errors::invalid_access_token()
                }
                Refusal::BadSignature => errors::access_token_signature(),
                Refusal::Bound => errors::hosted::access_token_bound(),
            })
        })?;
        if expires_at <= cx.now().secs() {
            return Err(errors::access_token_expired());
        }
        if !scopes.contain(ADMIN_SCOPE) {
            return Err(errors::access_token_lacks_scopes());
        }
        // Whatever scopes a function gave to a client that acts for itself.
        if bearer.is_client(&client) {
            return Err(errors::invalid_access_token());
        }
        let pool = self.load(&bearer.pool).await?;
        let pool = pool.ok_or_else(errors::invalid_access_token)?;
        let client = Arc::clone(pool.clients.get(&client).ok_or_else(errors::invalid_access_token)?);

        let standing = self.tokens.standing(&bearer).await?;
        let user = standing.user.ok_or_else(errors::user_does_not_exist)?;
        if standing.revoked {
            return Err(errors::access_token_revoked());
        }
        may_go_on(&user).map_err(|halt| match halt {
            Halt::Disabled => errors::user_is_disabled(),
            Halt::Unconfirmed => errors::user_is_not_confirmed(),
            Halt::ResetRequired => errors::password_reset_required(),
        })?;
        Ok(Access {
            pool,
            client,
            user,
            device,
            auth_time,
            methods,
            event,
        })
    }
}
