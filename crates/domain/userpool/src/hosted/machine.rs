//! The token endpoint's grants that no browser takes part in: a client for itself, and a token in exchange for another. Reference:
//! oauth-and-federation 5.1, 6.2; user-pools 15.4; RFC 8693.

use std::collections::BTreeMap;

use kernel::{ApiError, Cx};
use tokens::TokenUse;

use super::Place;
use crate::{
    UserPools,
    session::{
        client_token::{Asking, NoClientToken},
        derived::{Exchange, NoExchange, Shown, Target},
    },
};

/// An access token, and the seconds that it lives.
pub struct OwnToken {
    pub access_token: String,
    pub expires_in: u64,
}

/// Why a client has no token for itself.
#[derive(Debug)]
pub enum NoOwnToken {
    /// Its settings have OAuth off.
    Off,
    /// It has other flows.
    OtherFlow,
    /// It lacks a scope.
    Scope,
    Api(ApiError),
}

/// A token that is presented at an exchange.
#[derive(Clone, Copy)]
pub struct Token<'a> {
    pub text: &'a str,
    pub kind: TokenUse,
}

/// What an exchange is to give.
pub struct ExchangeAsked<'a> {
    pub subject: Token<'a>,
    pub actor: Option<Token<'a>>,
    pub wanted: TokenUse,
    /// None: all that the subject's token has.
    pub scopes: Option<Vec<String>>,
    pub audience: Option<&'a str>,
    pub resource: Option<&'a str>,
    /// The thumbprint of the key of which a proof came along.
    pub key: Option<&'a str>,
}

/// What a client asks for itself.
#[derive(Clone, Copy, Default)]
pub struct OwnAsked<'a> {
    /// None: all that it has.
    pub scopes: Option<&'a [String]>,
    /// What a function is told.
    pub metadata: Option<&'a BTreeMap<String, String>>,
    /// The thumbprint of the key of which a proof came along.
    pub key: Option<&'a str>,
}

pub struct Exchanged {
    pub token: String,
    pub expires_in: i64,
    pub scope: String,
}

/// Why an exchange gives nothing.
#[derive(Debug)]
pub enum NotExchanged {
    /// The client's settings don't allow it.
    Flow,
    /// A token is worth nothing, or its user.
    Token(ApiError),
    Target(ApiError),
    Api(ApiError),
}

impl UserPools {
    /// The client has shown that it is this one.
    pub async fn own_token(&self, cx: &Cx, place: &Place, asked: OwnAsked<'_>) -> Result<OwnToken, NoOwnToken> {
        if !place.client.oauth.enabled {
            return Err(NoOwnToken::Off);
        }
        if !place.client.oauth.client_credentials {
            return Err(NoOwnToken::OtherFlow);
        }
        let asking = Asking {
            pool: &place.pool,
            client: &place.client,
            scopes: asked.scopes,
            metadata: asked.metadata,
            key: asked.key,
        };
        let token = self.client_token(cx, asking).await.map_err(|none| match none {
            NoClientToken::Scope(_) => NoOwnToken::Scope,
            NoClientToken::Failed(error) => NoOwnToken::Api(error),
        })?;
        Ok(OwnToken {
            access_token: token.access_token,
            expires_in: token.seconds,
        })
    }

    /// The client has shown that it is this one.
    pub async fn exchange_at(
        &self,
        cx: &Cx,
        place: &Place,
        asked: ExchangeAsked<'_>,
    ) -> Result<Exchanged, NotExchanged> {
        let shown = |token: Token<'_>| (token.text.to_owned(), token.kind);
        let (subject, actor) = (shown(asked.subject), asked.actor.map(shown));
        let target = match (asked.audience, asked.resource) {
            (Some(audience), _) => Some(Target::Audience(audience)),
            (None, resource) => resource.map(Target::Resource),
        };
        let exchange = Exchange {
            pool: &place.pool,
            client: &place.client,
            subject: Shown {
                token: &subject.0,
                kind: subject.1,
            },
            actor: actor.as_ref().map(|(token, kind)| Shown { token, kind: *kind }),
            wanted: asked.wanted,
            scopes: asked.scopes.as_deref(),
            target,
            key: asked.key,
        };
        let derived = self.exchange(cx, exchange).await.map_err(|none| match none {
            NoExchange::Flow(_) => NotExchanged::Flow,
            NoExchange::Token(error) => NotExchanged::Token(error),
            NoExchange::Target(error) => NotExchanged::Target(error),
            NoExchange::Failed(error) => NotExchanged::Api(error),
        })?;
        Ok(Exchanged {
            scope: derived.scopes.as_str().to_owned(),
            token: derived.token,
            expires_in: derived.seconds,
        })
    }
}
