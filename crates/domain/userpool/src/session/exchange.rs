//! A token is made of another: RFC 8693's exchange. Whoever has a user's token gets one for a client of the same pool that can do no
//! more, lives no longer and ends with the same session. Reference: user-pools 15.4.

use kernel::{ApiError, ClientId, Cx};
use store::records::users::User;
use tokens::{Scopes, TokenUse};

use super::derived::{self, Exchange, NoExchange, Presented, Shown};
use crate::{
    UserPools,
    client::Flow,
    errors::{
        self,
        exchange::{self as sentences, Part},
    },
    group::roles,
    session::overrides::Overrides,
    trigger::{Caller, Functions, Scene, Source},
    user::standing::{Halt, may_go_on},
};

/// The new token.
pub(crate) struct Derived {
    pub token: String,
    pub seconds: i64,
    /// An ID token has none.
    pub scopes: Scopes,
}

impl UserPools {
    /// Failures: TooManyRequests, those of the function, internal.
    pub(crate) async fn exchange(&self, cx: &Cx, asked: Exchange<'_>) -> Result<Derived, NoExchange> {
        let (flow, name) = match asked.actor {
            Some(_) => (Flow::Delegation, "TOKEN_EXCHANGE_DELEGATION"),
            None => (Flow::Impersonation, "TOKEN_EXCHANGE_IMPERSONATION"),
        };
        if !asked.client.allows(flow) {
            return Err(NoExchange::Flow(name));
        }
        let (subject, user, actor) = self.presented(cx, asked).await?;
        derived::check(asked, &subject)?;
        let scopes = derived::scopes(asked, &subject);
        let overrides = self.told_of_exchange(cx, asked, &user, &scopes).await?;
        // Time has passed: what has ended since gives nothing.
        let (subject, user, actor) = match overrides {
            Some(_) => self.presented(cx, asked).await?,
            None => (subject, user, actor),
        };
        let overrides = overrides.unwrap_or_default();
        let heir = derived::Heir {
            asked,
            subject: &subject,
            actor: actor.as_ref(),
            user: &user,
            overrides: &overrides,
        };
        let (expires_at, pool) = (heir.expires_at(cx), &asked.pool.id);
        let turn = self.tokens.reserve()?;
        let (token, scopes) = match asked.wanted {
            TokenUse::Access => {
                let (claims, scopes) = heir.access(cx, &scopes);
                (self.tokens.issue_access(cx, pool, claims, turn).await?, scopes)
            }
            TokenUse::Id => {
                let claims = heir.id(cx);
                (self.tokens.issue_id(cx, pool, claims, turn).await?, Scopes::default())
            }
        };
        Ok(Derived {
            token,
            seconds: expires_at - cx.now().secs(),
            scopes,
        })
    }

    /// The subject's token and user as they are now, and the actor's token.
    async fn presented(
        &self,
        cx: &Cx,
        asked: Exchange<'_>,
    ) -> Result<(Presented, User, Option<Presented>), NoExchange> {
        let subject = self.read_token(cx, asked, Part::Subject, asked.subject).await?;
        let user = self.user_of(&subject, Part::Subject).await?;
        let actor = match asked.actor {
            None => None,
            Some(shown) => {
                let actor = self.read_token(cx, asked, Part::Actor, shown).await?;
                // A client that acts for itself has no user who could be asked about.
                if !actor.is_of_client() {
                    self.user_of(&actor, Part::Actor).await?;
                }
                Some(actor)
            }
        };
        Ok((subject, user, actor))
    }

    /// A token of this pool and of a client that there still is, before its time is over.
    async fn read_token(
        &self,
        cx: &Cx,
        Exchange { pool, key, .. }: Exchange<'_>,
        part: Part,
        shown: Shown<'_>,
    ) -> Result<Presented, NoExchange> {
        let invalid = || sentences::token_invalid(part);
        let refused = |unverified: tokens::Unverified| match unverified {
            tokens::Unverified::Refused(_) => NoExchange::Token(invalid()),
            tokens::Unverified::Internal(error) => NoExchange::Failed(error),
        };
        let (bearer, client, expires_at, claims) = match shown.kind {
            TokenUse::Access => {
                let token = self.tokens.verify_any_access(cx, shown.token).await.map_err(refused)?;
                if token.key.is_some() && token.key.as_deref() != key {
                    return Err(NoExchange::Token(invalid()));
                }
                (token.bearer, Some(token.client), token.expires_at, token.claims)
            }
            TokenUse::Id => {
                let token = self.tokens.verify_id(cx, shown.token).await.map_err(refused)?;
                let client = token.claims.text("aud").map(ClientId::new);
                (token.bearer, client, token.expires_at, token.claims)
            }
        };
        let client = client.filter(|client| bearer.pool == pool.id && pool.clients.contains_key(client));
        let client = client.ok_or_else(|| NoExchange::Token(invalid()))?;
        if expires_at <= cx.now().secs() {
            return Err(NoExchange::Token(sentences::token_expired(part)));
        }
        Ok(Presented {
            bearer,
            client,
            expires_at,
            claims,
            kind: shown.kind,
        })
    }

    /// The user of a token that was neither revoked nor signed out, if they may go on.
    async fn user_of(&self, presented: &Presented, part: Part) -> Result<User, NoExchange> {
        if presented.is_of_client() {
            return Err(NoExchange::Token(sentences::token_invalid(part)));
        }
        let standing = self.tokens.standing(&presented.bearer).await?;
        let refused = |error: ApiError| NoExchange::Token(error);
        let user = standing.user.ok_or_else(|| refused(errors::user_does_not_exist()))?;
        if standing.revoked {
            return Err(refused(sentences::token_revoked(part)));
        }
        may_go_on(&user).map_err(|halt| match halt {
            Halt::Disabled => refused(errors::user_is_disabled()),
            // The model has no word for either.
            Halt::Unconfirmed | Halt::ResetRequired => refused(sentences::token_revoked(part)),
        })?;
        Ok(user)
    }

    /// What a function makes of it. None: there is none that was asked.
    async fn told_of_exchange(
        &self,
        cx: &Cx,
        asked: Exchange<'_>,
        user: &User,
        scopes: &Scopes,
    ) -> Result<Option<Overrides>, ApiError> {
        let scene = Scene {
            cx,
            pool: asked.pool,
            user,
            caller: Caller::Client(&asked.client.id),
            metadata: None,
        };
        if !Functions::changes_tokens(scene) {
            return Ok(None);
        }
        let (pool, sub) = (asked.pool.id.clone(), user.sub.clone());
        let groups = self.store.look_up(move |r| roles::of_user(r, &pool, &sub)).await?;
        let source = Source::TokensOfSignIn;
        let overrides = self.functions.pre_token_generation(scene, source, &groups, scopes);
        overrides.await.map(Some)
    }
}
