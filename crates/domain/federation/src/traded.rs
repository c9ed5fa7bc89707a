//! A code is traded for tokens. Reference: oauth-and-federation 10.3.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use kernel::Timestamp;
use serde_json::{Map, Value};
use upstream::{Answer, Fetch, FetchError, Upstream};
use zeroize::Zeroizing;

use crate::{
    Kind, Provider, Refusal, Visit,
    endpoints::Endpoints,
    errors::{self, Said},
    form,
    provider::ClientSecret,
};

/// For each request, and bytes of its answer.
pub(crate) const WITHIN: Duration = Duration::from_secs(5);
pub(crate) const LARGEST: usize = 128 * 1024;

/// What came of a code. It has no Debug.
pub(crate) struct Tokens {
    pub access_token: String,
    pub id_token: Option<String>,
    /// The whole answer.
    pub all: Map<String, Value>,
}

/// `now`: true time.
pub(crate) async fn traded(
    upstream: &Upstream,
    endpoints: &Endpoints<'_>,
    visit: &Visit,
    code: &str,
    now: Timestamp,
) -> Result<Tokens, Refusal> {
    let provider = endpoints.provider;
    let token = endpoints.token.as_ref();
    let token = token.ok_or_else(|| errors::not_discovered("there is no token endpoint"))?;
    let secret = secret(endpoints, now)?;
    // AWS's order.
    let pairs = [
        ("grant_type", Some("authorization_code")),
        ("client_id", Some(provider.client_id.as_str())),
        ("redirect_uri", Some(visit.redirect_uri.as_str())),
        ("client_secret", secret.as_ref().map(|secret| secret.as_str())),
        ("code", Some(code)),
        ("code_verifier", visit.verifier.as_deref()),
    ];
    let pairs = pairs.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let (url, method, body) = if provider.kind() == Kind::Facebook {
        (token.with(pairs), Method::GET, String::new())
    } else {
        let form = HeaderValue::from_static("application/x-www-form-urlencoded; charset=UTF-8");
        headers.insert(header::CONTENT_TYPE, form);
        (token.clone(), Method::POST, form::encoded(pairs))
    };
    let fetch = Fetch {
        address: url
            .address()
            .map_err(|error| errors::connection_trouble(error.to_string()))?,
        method,
        headers,
        body: Bytes::from(body),
        within: WITHIN,
        largest: LARGEST,
    };
    let answer = upstream.fetch(fetch).await.map_err(|error| {
        let because = format!("{}: the token endpoint: {error}", provider.name());
        match error {
            FetchError::TimedOut => errors::token_timeout(because),
            _ => errors::connection_trouble(because),
        }
    })?;
    Tokens::read(provider, &answer)
}

/// What we prove by who we are.
fn secret(endpoints: &Endpoints<'_>, now: Timestamp) -> Result<Option<Zeroizing<String>>, Refusal> {
    let provider = endpoints.provider;
    match &provider.secret {
        ClientSecret::None => Ok(None),
        ClientSecret::Text(text) => Ok(Some(text.clone())),
        ClientSecret::Apple(key) => {
            let audience = endpoints.issuers.first().map_or("", String::as_str);
            let secret = key.client_secret(&provider.client_id, audience, now);
            let secret =
                secret.map_err(|error| errors::connection_trouble(format!("Apple's client secret: {error}")))?;
            Ok(Some(Zeroizing::new(secret)))
        }
    }
}

impl Tokens {
    fn read(provider: &Provider, answer: &Answer) -> Result<Self, Refusal> {
        let refused = |said: Option<&Said>| errors::endpoint(provider, answer.status, said, "token");
        let said = Said::read(&answer.body);
        if answer.status != StatusCode::OK || said.is_some() {
            return Err(refused(said.as_ref()));
        }
        let all: Map<String, Value> = serde_json::from_slice(&answer.body).map_err(|_| refused(None))?;
        let text = |name: &str| all.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let access_token = text("access_token").ok_or_else(|| refused(None))?.to_owned();
        Ok(Self {
            access_token,
            id_token: text("id_token").map(str::to_owned),
            all,
        })
    }
}
