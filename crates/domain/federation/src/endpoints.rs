//! Where a provider is and how it may be spoken to: what its details name, then what it says of itself; the social ones' are known.

use std::sync::Arc;

use kernel::Timestamp;
use upstream::{Address, AddressError, Discovered};

use crate::{Federation, Kind, Provider, Refusal, Url, errors, places::Real};

pub(crate) struct Endpoints {
    /// As which it may name itself.
    pub issuers: Vec<String>,
    pub authorize: Option<Url>,
    pub token: Option<Url>,
    /// Of userInfo or its like.
    pub attributes: Option<Url>,
    pub keys: Option<Address>,
    /// Whether a code may be bound to a verifier (RFC 7636).
    pub takes_verifiers: bool,
    /// Whether its answers are known to name it (RFC 9207).
    pub answers_name_issuer: bool,
    /// Whether its ID tokens may be signed by the client secret: the one place where that is decided. The provider itself must say that it
    /// signs so; whoever only knows its public keys can't.
    pub signs_by_secret: bool,
}

impl Federation {
    /// `now`: true time. Errors: it can't be learned what is not known.
    pub(crate) async fn endpoints(&self, provider: &Provider, now: Timestamp) -> Result<Endpoints, Refusal> {
        let written = &provider.written;
        let misplaced = |error: AddressError| errors::not_discovered(error.to_string());
        match provider.kind() {
            Kind::Saml => Err(errors::other_protocol(Kind::Saml, "SAML is not spoken here")),
            Kind::OpenId => {
                let found = self.discovered(provider, now).await;
                let found = found.map_err(|error| errors::not_discovered(format!("{}: {error}", provider.name())))?;
                of_open_id(provider, found.as_deref()).map_err(misplaced)
            }
            kind => {
                let real = Real::of(kind, &written.graph_version);
                let place = self.places.of(kind).zip(real);
                let (place, real) = place.ok_or_else(|| errors::other_protocol(kind, "it has no place"))?;
                let or = |other: &Option<Url>, real: Option<&str>| match (other, real) {
                    (Some(url), _) => Ok(Some(url.clone())),
                    (None, Some(real)) => Url::of_tenant(real).map(Some),
                    (None, None) => Ok(None),
                };
                let keys = or(&place.jwks_uri, real.jwks_uri).map_err(misplaced)?;
                let issuer = place.oidc_issuer.as_deref().unwrap_or(real.oidc_issuer);
                Ok(Endpoints {
                    issuers: names(kind, issuer),
                    authorize: or(&place.authorize_url, Some(&real.authorize_url)).map_err(misplaced)?,
                    token: or(&place.token_url, Some(&real.token_url)).map_err(misplaced)?,
                    attributes: or(&place.attributes_url, real.attributes_url.as_deref()).map_err(misplaced)?,
                    keys: keys.map(|url| url.address()).transpose().map_err(misplaced)?,
                    // Google's configuration lists S256; Apple's doesn't, and the others document none for servers.
                    takes_verifiers: kind == Kind::Google,
                    answers_name_issuer: false,
                    signs_by_secret: false,
                })
            }
        }
    }

    /// None: it need not be asked for. `now`: true time.
    pub(crate) async fn discovered(
        &self,
        provider: &Provider,
        now: Timestamp,
    ) -> Result<Option<Arc<Discovered>>, upstream::NotDiscovered> {
        let written = &provider.written;
        let all = [
            &written.authorize_url,
            &written.token_url,
            &written.attributes_url,
            &written.jwks_uri,
        ];
        if provider.kind() != Kind::OpenId || all.iter().all(|url| url.is_some()) {
            return Ok(None);
        }
        self.discovery.of(&written.issuer, now).await.map(Some)
    }
}

/// Google's tokens name it with and without its scheme.
fn names(kind: Kind, issuer: &str) -> Vec<String> {
    let short = issuer.strip_prefix("https://").filter(|_| kind == Kind::Google);
    [Some(issuer), short].into_iter().flatten().map(str::to_owned).collect()
}

fn of_open_id(provider: &Provider, found: Option<&Discovered>) -> Result<Endpoints, AddressError> {
    let written = &provider.written;
    let or = |written: &Option<Url>, found: Option<&String>| match (written, found) {
        (Some(url), _) => Ok(Some(url.clone())),
        (None, found) => found.map(|text| Url::of_tenant(text)).transpose(),
    };
    let keys = or(&written.jwks_uri, found.map(|found| &found.jwks_uri))?;
    let is_shared = |name: &String| name.starts_with("HS");
    Ok(Endpoints {
        issuers: vec![written.issuer.clone()],
        authorize: or(
            &written.authorize_url,
            found.and_then(|found| found.authorization_endpoint.as_ref()),
        )?,
        token: or(
            &written.token_url,
            found.and_then(|found| found.token_endpoint.as_ref()),
        )?,
        attributes: or(
            &written.attributes_url,
            found.and_then(|found| found.userinfo_endpoint.as_ref()),
        )?,
        keys: keys.map(|url| url.address()).transpose()?,
        takes_verifiers: found.is_some_and(|found| found.code_challenge_methods.iter().any(|method| method == "S256")),
        answers_name_issuer: found.is_some_and(|found| found.answers_name_issuer),
        signs_by_secret: found.is_some_and(|found| found.id_token_algorithms.iter().any(is_shared)),
    })
}
