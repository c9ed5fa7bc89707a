//! A session family: one row for all the refresh tokens that come of one sign-in. Reference: user-pools 8.4; decision 8.

use kernel::{ApiError, Cx, Sub};
use store::records::sessions::{self, Session};
use tokens::RefreshToken;
use vault::Keyring;

use crate::{client::Client, pool::Pool};

/// The scope that tokens of API sign-in carry and that the operations with an access token want.
pub(crate) const ADMIN_SCOPE: &str = "aws.cognito.signin.user.admin";

/// A family about to be stored, and the refresh token that stands for it.
#[derive(Clone)]
pub(crate) struct Family {
    pub row: Session,
    pub refresh_token: String,
}

impl Family {
    /// `amr` are the methods that were shown. Errors: internal.
    pub fn begin(
        keyring: &Keyring,
        cx: &Cx,
        (pool, client): (&Pool, &Client),
        sub: &Sub,
        amr: Vec<String>,
    ) -> Result<Self, ApiError> {
        let family = kernel::uuid(cx.rng());
        let (refresh_token, kept) = RefreshToken::mint(keyring, &pool.id, &family, cx.rng())?;
        let now = cx.now();
        let row = Session {
            family,
            sub: sub.clone(),
            client: client.id.clone(),
            token: kept.digest.to_vec(),
            previous_token: None,
            rotated_at: None,
            created: now,
            used_at: now,
            expires: now.plus(client.lifetimes.refresh_token),
            revoked: false,
            doc: sessions::Doc {
                auth_time: cx.wall(),
                event_id: kernel::uuid(cx.rng()),
                scope: ADMIN_SCOPE.to_owned(),
                device_key: None,
                amr,
                sign_outs: 0,
            },
        };
        Ok(Self { row, refresh_token })
    }
}
