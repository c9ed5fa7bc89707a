//! The refresh grant and the end of a refresh token, by the OAuth endpoints. Reference: oauth-and-federation 5.4, 6.5.

use kernel::{ApiError, Cx, Result};
use store::records::sessions;
use tokens::RefreshToken;

use super::{Place, TokenSet};
use crate::{UserPools, session::rotation::Rotation};

impl UserPools {
    /// Whatever ExplicitAuthFlows says.
    ///
    /// Errors: those of REFRESH_TOKEN_AUTH.
    pub async fn refresh_at(&self, cx: &Cx, place: &Place, refresh_token: &str) -> Result<TokenSet> {
        let (visit, rotation) = (place.visit(), Rotation::OfOAuth);
        let refresh = self.refresh_token(&visit, refresh_token, rotation).await?;
        let tokens = self.refresh(cx, &visit, refresh, rotation).await?;
        Ok(TokenSet {
            id_token: tokens.id_token,
            access_token: tokens
                .access_token
                .ok_or_else(|| ApiError::internal("a refresh gave no access token"))?,
            refresh_token: tokens.refresh_token,
            expires_in: place.access_token_life(),
        })
    }

    /// What is none, or another client's, stays as it is and is told to nobody (RFC 7009 section 2.1). Errors: internal.
    pub async fn revoke_at(&self, place: &Place, token: &str) -> Result<()> {
        let pool = place.pool.id.clone();
        let Some(token) = RefreshToken::read(&self.keyring, &pool, token) else {
            return Ok(());
        };
        let client = place.client.id.clone();
        self.store
            .write(move |tx| {
                let family = sessions::by_family(tx, &pool, &token.family)?;
                if family.is_some_and(|family| family.client == client) {
                    sessions::revoke(tx, &pool, &token.family)?;
                }
                Ok(())
            })
            .await?;
        Ok(())
    }
}
