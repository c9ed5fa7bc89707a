//! Whether a token still stands: revocation is the family's row and the user's signed-out-before time, never cached.
//! decision 8; reference user-pools 8.6.

use kernel::ApiError;
use store::records::{
    sessions,
    users::{self, User},
};

use crate::{Bearer, Tokens};

/// The user of a token as they are now.
#[derive(Debug)]
pub struct Standing {
    pub user: Option<User>,
    /// The family was revoked or is gone, or the user signed out everywhere since the token was issued.
    pub revoked: bool,
}

impl Tokens {
    pub async fn standing(&self, bearer: &Bearer) -> Result<Standing, ApiError> {
        let Bearer {
            pool,
            sub,
            family,
            issued_at,
        } = bearer.clone();
        let standing = self
            .store
            .look_up(move |r| {
                let user = users::by_sub(r, &pool, &sub)?;
                let family_dead = match &family {
                    Some(family) => sessions::by_family(r, &pool, family)?
                        .is_none_or(|s| s.revoked || s.sub != sub || user.as_ref().is_some_and(|user| s.is_over(user))),
                    None => false,
                };
                let signed_out = user.as_ref().and_then(|user| user.doc.signed_out_before);
                let issued_before = signed_out.is_some_and(|out| issued_at.is_none_or(|issued| issued <= out));
                Ok(Standing {
                    user,
                    revoked: family_dead || issued_before,
                })
            })
            .await?;
        Ok(standing)
    }
}
