//! A session family: one row for all the refresh tokens that come of one sign-in. Reference: user-pools 8.4; decision 8.

use kernel::{ApiError, Cx, PoolId, Sub};
use store::records::sessions::{self, Session};
use tokens::RefreshToken;
use vault::Keyring;

use super::grant::Grant;

/// A family about to be stored, and the refresh token that stands for it.
#[derive(Clone)]
pub(crate) struct Family {
    pub row: Session,
    pub refresh_token: String,
}

/// How much was shown at the sign-in, and by which methods, as tokens say it. Reference: user-pools 15.1.
pub(crate) struct Shown {
    pub acr: String,
    pub amr: Vec<String>,
}

impl Family {
    /// Errors: internal.
    pub fn begin(
        keyring: &Keyring,
        cx: &Cx,
        (pool, sub): (&PoolId, &Sub),
        grant: &Grant<'_>,
        Shown { acr, amr }: Shown,
    ) -> Result<Self, ApiError> {
        let family = kernel::uuid(cx.rng());
        let (refresh_token, kept) = RefreshToken::mint(keyring, pool, &family, cx.rng())?;
        let now = cx.now();
        let row = Session {
            family,
            sub: sub.clone(),
            client: grant.client.id.clone(),
            token: kept.digest.to_vec(),
            previous_token: None,
            rotated_at: None,
            created: now,
            used_at: now,
            expires: now.plus(grant.client.lifetimes.refresh_token),
            revoked: false,
            doc: sessions::Doc {
                auth_time: cx.wall(),
                event_id: kernel::uuid(cx.rng()),
                scope: grant.scopes.as_str().to_owned(),
                device_key: None,
                acr: Some(acr),
                amr,
                seen: None,
                sign_outs: 0,
            },
        };
        Ok(Self { row, refresh_token })
    }
}
