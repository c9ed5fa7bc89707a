//! The refresh grant and the end of a refresh token, by the OAuth endpoints. Reference: oauth-and-federation 5.4, 6.5.

use kernel::{ApiError, Cx, Result};
use store::records::sessions;
use tokens::RefreshToken;

use super::{Place, Proof, TokenSet};
use crate::{UserPools, session::rotation::Rotation};

/// Why there are no tokens for a refresh token.
#[derive(Debug)]
pub enum NotRefreshed {
    /// The proof was shown before.
    ShownBefore,
    /// Those of REFRESH_TOKEN_AUTH.
    Api(ApiError),
}

impl From<ApiError> for NotRefreshed {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl UserPools {
    /// Whatever ExplicitAuthFlows says.
    pub async fn refresh_at(
        &self,
        cx: &Cx,
        place: &Place,
        refresh_token: &str,
        proof: Option<&Proof>,
    ) -> Result<TokenSet, NotRefreshed> {
        let (visit, rotation) = (place.visit(), Rotation::OfOAuth);
        let refresh = self.refresh_token(&visit, refresh_token, rotation).await?;
        let refresh = refresh.with(proof.map(|proof| proof.key.clone()));
        // After the token was found to be one of ours: proofs are made by anybody, and each leaves a row.
        if let Some(proof) = proof
            && refresh.is_with_its_key()
            && !self.show_once(cx, &place.pool.id, &proof.once).await?
        {
            return Err(NotRefreshed::ShownBefore);
        }
        let tokens = self.refresh(cx, &visit, refresh, rotation).await?;
        Ok(TokenSet {
            id_token: tokens.id_token,
            access_token: tokens
                .access_token
                .ok_or_else(|| ApiError::internal("a refresh gave no access token"))?,
            refresh_token: tokens.refresh_token,
            expires_in: place.access_token_life(),
            is_bound: proof.is_some(),
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
