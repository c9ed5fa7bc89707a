//! Which client hears of the end of a browser's session: OpenID Connect Back-Channel Logout 1.0. Decision 22.

use kernel::{ApiError, Cx, PoolId};
use store::{
    StoreError, Tx,
    records::{
        logouts::{self, Hearer},
        sessions::Session,
    },
};

use super::Place;
use crate::{UserPools, session::linked};

impl UserPools {
    /// The client of the place, of a family that is about to begin. None: it does not want to hear. Errors: internal.
    pub(super) async fn hearer(&self, cx: &Cx, place: &Place, family: &Session) -> Result<Option<Hearer>, ApiError> {
        let Some(hosted) = family.doc.hosted.as_ref().filter(|hosted| hosted.hears) else {
            return Ok(None);
        };
        let issuer = self.issuer_at(cx, place).await?;
        Ok(Some(Hearer {
            sub: family.sub.clone(),
            login: hosted.login.clone(),
            client: family.client.clone(),
            issuer: issuer.ok_or_else(|| ApiError::internal("a pool without an issuer"))?,
            expires: family.expires,
        }))
    }
}

/// A family begins of which the client may hear. False: the session has ended, and it would never hear of that.
pub(super) fn enter(tx: &mut Tx<'_>, pool: &PoolId, hearer: Option<&Hearer>) -> Result<bool, StoreError> {
    let Some(hearer) = hearer else { return Ok(true) };
    if !linked::is_there(tx, (pool, &hearer.sub), &hearer.login)? {
        return Ok(false);
    }
    logouts::hear(tx, pool, hearer)?;
    Ok(true)
}
