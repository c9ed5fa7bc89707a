//! What a provider says of a user beside its ID token: userInfo, or the social providers' own. Reference: oauth-and-federation 10.3, 10.5.

use std::collections::BTreeSet;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde_json::{Map, Value};
use upstream::{Answer, Fetch, FetchError, Upstream};

use crate::{
    Arrival, Kind, Provider, Refusal, Url,
    endpoints::Endpoints,
    errors::{self, Said},
    person,
    traded::{LARGEST, Tokens, WITHIN},
};

const WANTED: &str = "user info";

/// Beside an ID token, whose claims are these. It is of the same user.
pub(crate) async fn beside(
    upstream: &Upstream,
    endpoints: &Endpoints<'_>,
    tokens: &Tokens,
    claims: &Map<String, Value>,
) -> Result<Map<String, Value>, Refusal> {
    let provider = endpoints.provider;
    let Some(url) = &endpoints.attributes else {
        return Ok(Map::new());
    };
    match provider.kind() {
        Kind::OpenId => {
            let method = provider.written.attributes_method.clone();
            let said = told_of_user(upstream, provider, url, method, tokens).await?;
            if claims.get("sub") != said.get("sub") {
                let because = format!("{}: userInfo is of another subject than the ID token", provider.name());
                return Err(errors::subject_differs(because));
            }
            Ok(said)
        }
        Kind::Google => {
            let fields = person::fields(provider.mapping(), claims);
            if fields.is_empty() {
                return Ok(Map::new());
            }
            let url = url.with([("personFields", fields.join(",").as_str())]);
            let person = told_of_user(upstream, provider, &url, Method::GET, tokens).await?;
            Ok(person::values(&person, &fields))
        }
        _ => Ok(Map::new()),
    }
}

/// Who has come by a provider that has no ID tokens.
pub(crate) async fn by_profile(
    upstream: &Upstream,
    endpoints: &Endpoints<'_>,
    tokens: &Tokens,
) -> Result<Arrival, Refusal> {
    let provider = endpoints.provider;
    let url = endpoints.attributes.as_ref();
    let url = url.ok_or_else(|| errors::not_discovered("there is no profile"))?;
    let (url, subject) = if provider.kind() == Kind::Facebook {
        let mapped = provider
            .mapping()
            .values()
            .map(String::as_str)
            .filter(|name| *name != "id");
        let fields = mapped.collect::<BTreeSet<_>>();
        let fields = ["id"].into_iter().chain(fields).collect::<Vec<_>>().join(",");
        (url.with([("fields", fields.as_str())]), "id")
    } else {
        (url.clone(), "user_id")
    };
    let said = told_of_user(upstream, provider, &url, Method::GET, tokens).await?;
    let subject = said
        .get(subject)
        .and_then(Value::as_str)
        .filter(|subject| !subject.is_empty());
    let Some(subject) = subject.map(str::to_owned) else {
        return Err(errors::endpoint(provider, StatusCode::OK, None, WANTED));
    };
    Ok(Arrival::by_profile(subject, &said, &tokens.all))
}

async fn told_of_user(
    upstream: &Upstream,
    provider: &Provider,
    url: &Url,
    method: Method,
    tokens: &Tokens,
) -> Result<Map<String, Value>, Refusal> {
    let bearer = HeaderValue::try_from(format!("Bearer {}", tokens.access_token));
    let mut bearer = bearer.map_err(|_| errors::endpoint(provider, StatusCode::OK, None, "token"))?;
    bearer.set_sensitive(true);
    let mut headers = HeaderMap::new();
    headers.insert(header::AUTHORIZATION, bearer);
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let fetch = Fetch {
        address: url
            .address()
            .map_err(|error| errors::connection_trouble(error.to_string()))?,
        method,
        headers,
        body: Bytes::new(),
        within: WITHIN,
        largest: LARGEST,
    };
    let answer = upstream.fetch(fetch).await.map_err(|error| {
        let because = format!("{}: {WANTED}: {error}", provider.name());
        match error {
            FetchError::TimedOut => errors::read_timeout(because),
            _ => errors::connection_trouble(because),
        }
    })?;
    read(provider, &answer)
}

/// A signed answer (`application/jwt`) is none that is read: its signature would have to count.
fn read(provider: &Provider, answer: &Answer) -> Result<Map<String, Value>, Refusal> {
    let said = Said::read(&answer.body);
    if answer.status != StatusCode::OK || said.is_some() {
        return Err(errors::endpoint(provider, answer.status, said.as_ref(), WANTED));
    }
    serde_json::from_slice(&answer.body).map_err(|_| errors::endpoint(provider, answer.status, None, WANTED))
}
