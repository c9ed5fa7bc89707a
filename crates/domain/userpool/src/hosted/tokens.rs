//! The tokens that an app gets of hosted login.

use std::sync::Arc;

use kernel::{ApiError, Cx, Turn};
use store::records::{sessions, users::User};
use tokens::{Scopes, UserTokens};

use super::{Browser, Place, approved::Approved, hearer};
use crate::{
    UserPools, errors,
    group::roles,
    session::{
        Family, Grant, Shown,
        issue::{self, Subject},
        overrides::Overrides,
    },
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
    /// Errors: TooManyRequests, NotAuthorized (the session has ended, and the client would never hear of it), those of a function.
    pub async fn tokens_at_once(
        &self,
        cx: &Cx,
        place: &Place,
        browser: &Browser,
        approved: &Approved,
    ) -> Result<TokenSet, ApiError> {
        let turn: Turn = self.cpu.reserve()?;
        let grant = Grant {
            client: &place.client,
            scopes: Scopes::new(approved.scopes.as_str()),
        };
        let of = &browser.login.doc;
        let shown = Shown {
            acr: of.acr.clone().unwrap_or_default(),
            amr: of.amr.clone(),
            since: Some(of.auth_time),
        };
        let hosted = sessions::Hosted {
            login: of.id.clone(),
            resource: approved.resource.clone(),
            hears: place.hears_logouts(),
            key: None,
        };
        let family = Family::begin(&self.keyring, cx, (&place.pool.id, &browser.user.sub), &grant, shown)?;
        let family = Arc::new(family.of_browser(&place.pool, hosted, place.visit().seen(cx)));
        let overrides = self.overrides_of(cx, place, &browser.user, &grant.scopes).await?;
        let hearer = self.hearer(cx, place, &family.row).await?;
        let (pool, begun, user, now) = (
            Arc::clone(&place.pool),
            Arc::clone(&family),
            browser.user.clone(),
            cx.now(),
        );
        let groups = self
            .store
            .write(move |tx| {
                if !hearer::enter(tx, &pool.id, hearer.as_ref())? {
                    return Err(errors::refresh_token_revoked().into());
                }
                begun.make_room(tx, &pool, now)?;
                sessions::insert(tx, &pool.id, &begun.row.begun_by(&user))?;
                Ok(roles::of_user(tx, &pool.id, &user.sub)?)
            })
            .await?;
        let subject = Subject {
            user: &browser.user,
            groups: &groups,
            session: &family.row,
            overrides: &overrides,
            nonce: approved.nonce.as_deref(),
            key: None,
        };
        let tokens = issue::granted(&self.tokens, cx, &grant, &subject, turn).await?;
        Ok(TokenSet::of(place, tokens, None, None))
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
