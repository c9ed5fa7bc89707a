//! Where a provider is and how it may be spoken to: what its details name, then what it says of itself; the social ones' are known.

use std::sync::Arc;

use kernel::Timestamp;
use upstream::{Address, AddressError, Discovered, Discovery, NotDiscovered};

use crate::{Kind, Place, Places, Provider, Refusal, Url, errors, places::Real};

pub(crate) struct Endpoints<'p> {
    pub provider: &'p Provider,
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

/// What is known of where providers are. Cheap to clone: everything in it is shared.
#[derive(Clone)]
pub(crate) struct Whereabouts {
    pub discovery: Discovery,
    pub places: Arc<Places>,
}

impl Whereabouts {
    /// `now`: true time. Errors: it can't be learned what is not known.
    pub async fn endpoints<'p>(&self, provider: &'p Provider, now: Timestamp) -> Result<Endpoints<'p>, Refusal> {
        let misplaced = |error: AddressError| errors::not_discovered(format!("{}: {error}", provider.name()));
        match provider.kind() {
            Kind::OpenId => {
                let found = self.discovered(provider, now).await;
                let found = found.map_err(|error| errors::not_discovered(format!("{}: {error}", provider.name())))?;
                of_open_id(provider, found.as_deref()).map_err(misplaced)
            }
            kind => match self.places.of(kind, &provider.written.graph_version) {
                None => Err(errors::other_protocol(kind, "SAML is not spoken here")),
                Some((place, real)) => of_social(provider, place, &real).map_err(misplaced),
            },
        }
    }

    /// None: it need not be asked for. `now`: true time.
    pub async fn discovered(
        &self,
        provider: &Provider,
        now: Timestamp,
    ) -> Result<Option<Arc<Discovered>>, NotDiscovered> {
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

fn of_open_id<'p>(provider: &'p Provider, found: Option<&Discovered>) -> Result<Endpoints<'p>, AddressError> {
    let written = &provider.written;
    let of = |url: fn(&Discovered) -> Option<&String>| found.and_then(url).map(String::as_str);
    let lists = |names: fn(&Discovered) -> &Vec<String>, is_it: fn(&str) -> bool| {
        found.is_some_and(|found| names(found).iter().any(|name| is_it(name)))
    };
    let keys = chosen(written.jwks_uri.as_ref(), of(|found| Some(&found.jwks_uri)))?;
    Ok(Endpoints {
        provider,
        issuers: vec![written.issuer.clone()],
        authorize: chosen(
            written.authorize_url.as_ref(),
            of(|found| found.authorization_endpoint.as_ref()),
        )?,
        token: chosen(written.token_url.as_ref(), of(|found| found.token_endpoint.as_ref()))?,
        attributes: chosen(
            written.attributes_url.as_ref(),
            of(|found| found.userinfo_endpoint.as_ref()),
        )?,
        keys: keys.map(|url| url.address()).transpose()?,
        takes_verifiers: lists(|found| &found.code_challenge_methods, |name| name == "S256"),
        answers_name_issuer: found.is_some_and(|found| found.answers_name_issuer),
        signs_by_secret: lists(|found| &found.id_token_algorithms, |name| name.starts_with("HS")),
    })
}

fn of_social<'p>(provider: &'p Provider, place: &Place, real: &Real) -> Result<Endpoints<'p>, AddressError> {
    let kind = provider.kind();
    let keys = chosen(place.jwks_uri.as_ref(), real.jwks_uri)?;
    let issuer = place.oidc_issuer.as_deref().unwrap_or(real.oidc_issuer);
    // Google's tokens name it with and without its scheme.
    let short = issuer.strip_prefix("https://").filter(|_| kind == Kind::Google);
    Ok(Endpoints {
        provider,
        issuers: [issuer].into_iter().chain(short).map(str::to_owned).collect(),
        authorize: chosen(place.authorize_url.as_ref(), Some(&real.authorize_url))?,
        token: chosen(place.token_url.as_ref(), Some(&real.token_url))?,
        attributes: chosen(place.attributes_url.as_ref(), real.attributes_url.as_deref())?,
        keys: keys.map(|url| url.address()).transpose()?,
        // Google's configuration lists S256; Apple's doesn't, and the others document none for servers.
        takes_verifiers: kind == Kind::Google,
        answers_name_issuer: false,
        signs_by_secret: false,
    })
}

/// What somebody has written down, before what is known otherwise.
fn chosen(written: Option<&Url>, known: Option<&str>) -> Result<Option<Url>, AddressError> {
    match written {
        Some(url) => Ok(Some(url.clone())),
        None => known.map(Url::of_tenant).transpose(),
    }
}
