//! Which client hears of the end of a browser's session: OpenID Connect Back-Channel Logout 1.0.

use kernel::{ApiError, Cx};
use store::records::{logouts::Hearer, sessions::Session};

use super::Place;
use crate::UserPools;

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
