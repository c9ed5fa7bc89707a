//! The tokens that an app gets of hosted login.

use kernel::{ApiError, Cx};
use store::records::users::User;
use tokens::{Scopes, UserTokens};

use super::{
    Browser, Place,
    allowed::{Allowed, NotBegun, Spent},
    approved::Approved,
};
use crate::{
    UserPools, errors,
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
    /// The implicit flow: tokens without a code. The family that they belong to has no refresh token in anybody's hands; it is what revokes
    /// them. Reference: oauth-and-federation 3.4.
    ///
    /// Errors: TooManyRequests, NotAuthorized (the user may not go on, or the session has ended and the client would never hear of it), those of
    /// a function.
    pub async fn tokens_at_once(
        &self,
        cx: &Cx,
        place: &Place,
        browser: &Browser,
        approved: &Approved,
    ) -> Result<TokenSet, ApiError> {
        let turn = self.cpu.reserve()?;
        let allowed = Allowed {
            sub: browser.user.sub.clone(),
            doc: self.allowed_by(cx, place, browser, approved.clone()).await?,
            spent: Spent::Nothing,
            key: None,
        };
        match self.begin_session(cx, place, allowed, turn).await {
            Ok(tokens) => Ok(TokenSet {
                refresh_token: None,
                ..tokens
            }),
            Err(NotBegun::Spent | NotBegun::Halted) => Err(errors::refresh_token_revoked()),
            Err(NotBegun::Api(error)) => Err(error),
        }
    }

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
