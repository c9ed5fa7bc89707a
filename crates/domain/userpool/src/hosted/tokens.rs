//! The tokens that an app gets of hosted login.

use kernel::{ApiError, Cx};
use store::records::users::User;
use tokens::{Scopes, UserTokens};

use super::Place;
use crate::{
    UserPools,
    group::roles,
    session::overrides::Overrides,
    trigger::{Functions, Source},
};

/// Tokens, as the token endpoint and the implicit flow hand them out.
pub struct TokenSet {
    /// None: `openid` was not granted.
    pub id_token: Option<String>,
    pub access_token: String,
    pub refresh_token: Option<String>,
    /// Seconds that the access token lives.
    pub expires_in: u64,
    /// Whether the access token is bound to a key.
    pub is_bound: bool,
}

impl TokenSet {
    pub(super) fn of(place: &Place, tokens: UserTokens, refresh_token: Option<String>, key: Option<&str>) -> Self {
        Self {
            id_token: tokens.id,
            access_token: tokens.access,
            refresh_token,
            expires_in: place.access_token_life(),
            is_bound: key.is_some(),
        }
    }
}

impl UserPools {
    /// What a function says otherwise in the tokens that hosted login gives. Errors: those of the function.
    pub(super) async fn overrides_of(
        &self,
        cx: &Cx,
        place: &Place,
        user: &User,
        scopes: &Scopes,
    ) -> Result<Overrides, ApiError> {
        let visit = place.visit();
        let scene = visit.scene(cx, user);
        let groups = if Functions::changes_tokens(scene) {
            let (pool, sub) = (place.pool.id.clone(), user.sub.clone());
            self.store.look_up(move |r| roles::of_user(r, &pool, &sub)).await?
        } else {
            Vec::new()
        };
        self.functions
            .pre_token_generation(scene, Source::TokensOfCode, &groups, scopes)
            .await
    }
}
