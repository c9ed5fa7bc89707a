//! The way to a provider and back, a step a method.

use std::sync::Arc;

use http::StatusCode;
use kernel::{Rng, Timestamp, base62};
use serde_json::{Map, Value};
use thiserror::Error;
use upstream::{Discovery, KeySets, NotDiscovered, Upstream};

use crate::{
    Answer, Arrival, Kind, Leaving, Places, Provider, Refusal, Visit, believed, endpoints::Whereabouts, errors, leave,
    returned, traded, user_info,
};

/// The service. Cheap to clone: everything in it is shared.
#[derive(Clone)]
pub struct Federation {
    upstream: Upstream,
    keys: KeySets,
    whereabouts: Whereabouts,
}

/// Why a provider that was just made known can't be one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    #[error(transparent)]
    NotDiscovered(#[from] NotDiscovered),
    #[error("neither its details nor its configuration name its {0}")]
    Incomplete(&'static str),
}

/// Characters of a nonce, and of a verifier, which has 43 at the least (RFC 7636 section 4.1).
const NONCE: usize = 32;
const VERIFIER: usize = 64;

impl Federation {
    pub fn new(upstream: Upstream, places: Places) -> Self {
        Self {
            keys: KeySets::new(upstream.clone()),
            whereabouts: Whereabouts {
                discovery: Discovery::new(upstream.clone()),
                places: Arc::new(places),
            },
            upstream,
        }
    }

    /// What is asked of a provider before it is kept: one of OpenID says of itself where it is, unless its details do. `now`: true time.
    pub async fn check(&self, provider: &Provider, now: Timestamp) -> Result<(), Refused> {
        let Some(found) = self.whereabouts.discovered(provider, now).await? else {
            return Ok(());
        };
        let written = &provider.written;
        if written.authorize_url.is_none() && found.authorization_endpoint.is_none() {
            return Err(Refused::Incomplete("authorization endpoint"));
        }
        if written.token_url.is_none() && found.token_endpoint.is_none() {
            return Err(Refused::Incomplete("token endpoint"));
        }
        Ok(())
    }

    /// A visit begins. `redirect_uri`: where the browser is to come back to. `now`: true time.
    pub async fn set_out(
        &self,
        provider: &Provider,
        redirect_uri: &str,
        rng: &dyn Rng,
        now: Timestamp,
    ) -> Result<Visit, Refusal> {
        if provider.saml().is_some() {
            return Ok(Visit {
                redirect_uri: redirect_uri.to_owned(),
                request_id: Some(saml::request_id(rng)),
                ..Visit::default()
            });
        }
        let endpoints = self.whereabouts.endpoints(provider, now).await?;
        let has_nonce = provider.kind().has_id_tokens();
        Ok(Visit {
            redirect_uri: redirect_uri.to_owned(),
            nonce: has_nonce.then(|| base62(rng, NONCE)),
            verifier: endpoints.takes_verifiers.then(|| base62(rng, VERIFIER)),
            request_id: None,
        })
    }

    /// Where the browser goes; with a request of SAML [`Provider::saml_request`] says it. `now`: true time.
    pub async fn address(
        &self,
        provider: &Provider,
        visit: &Visit,
        leaving: &Leaving<'_>,
        now: Timestamp,
    ) -> Result<String, Refusal> {
        let endpoints = self.whereabouts.endpoints(provider, now).await?;
        let reach = self.upstream.tenants_reach();
        let authorize = endpoints.authorize.filter(|url| url.may_be_visited(reach));
        let authorize = authorize.ok_or_else(|| errors::not_discovered("there is no address to send browsers to"))?;
        Ok(leave::address(&authorize, provider, visit, leaving))
    }

    /// What the browser brought back, told by whom the provider says it is; of SAML [`Provider::saml_response`] tells it. `now`: true time.
    pub async fn back(
        &self,
        provider: &Provider,
        visit: &Visit,
        answer: Answer<'_>,
        now: Timestamp,
    ) -> Result<Arrival, Refusal> {
        let endpoints = self.whereabouts.endpoints(provider, now).await?;
        let code = returned::code(&endpoints, &answer)?;
        let tokens = traded::traded(&self.upstream, &endpoints, visit, code, now).await?;
        if !provider.kind().has_id_tokens() {
            return user_info::by_profile(&self.upstream, &endpoints, &tokens).await;
        }
        let Some(id_token) = &tokens.id_token else {
            return Err(errors::endpoint(provider, StatusCode::OK, None, "token"));
        };
        let claims = believed::believed(&self.keys, &endpoints, id_token, Some(visit), now).await?;
        let more = user_info::beside(&self.upstream, &endpoints, &tokens, &claims).await?;
        let named = answer.user.filter(|_| provider.kind() == Kind::Apple);
        Ok(Arrival::by_id_token(provider, &claims, &more, &tokens.all, named))
    }

    /// An ID token that a native app was given, for the same client. `now`: true time.
    pub async fn presented(&self, provider: &Provider, id_token: &str, now: Timestamp) -> Result<Arrival, Refusal> {
        if !provider.kind().has_id_tokens() {
            return Err(errors::other_protocol(provider.kind(), "it has no ID tokens"));
        }
        let endpoints = self.whereabouts.endpoints(provider, now).await?;
        let claims = believed::believed(&self.keys, &endpoints, id_token, None, now).await?;
        let tokens = Map::from_iter([("id_token".to_owned(), Value::String(id_token.to_owned()))]);
        Ok(Arrival::by_id_token(provider, &claims, &Map::new(), &tokens, None))
    }
}
