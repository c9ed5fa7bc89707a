//! A pool's key set and discovery document, at `/<pool>/.well-known/…` whatever its issuer is. Reference:
//! oauth-and-federation 2; user-pools 8.1.

use bytes::Bytes;
use http::{Method, StatusCode};
use kernel::{ApiError, Cx, PoolId, authority};
use oauth::discovery::Endpoints;
use serde_json::json;
use tokens::OPENID_OWNER;
use userpool::ops::PublishedDomain;

use crate::{
    App, Profile,
    answer::{self, plain},
    arrival::Arrival,
    body::Response,
    hosted::MOUNT,
};

/// What the user pools' host says to any path that it doesn't know. Here other paths are buckets'. Reference: user-pools 1.1.
const NOT_UNDERSTOOD: &str = r#"{"code":"BadRequest","message":"The server did not understand the operation that was requested.","type":"client"}"#;

/// What an issuer publishes. Reference: user-pools 8.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document<'a> {
    /// Of this owner: a pool, or identity pools' own issuer.
    Keys(&'a str),
    Configuration(&'a str),
    /// Of a pool, but none that there is.
    Unknown,
}

pub async fn answer(app: &App, arrival: &Arrival, document: Document<'_>) -> Response {
    let method = &arrival.head.method;
    if *method == Method::OPTIONS {
        return open(answer::empty(StatusCode::OK));
    }
    if document == Document::Unknown {
        return not_understood();
    }
    if !arrival.only_looks() {
        let refused = open(plain(StatusCode::METHOD_NOT_ALLOWED, "Only GET is answered here."));
        return answer::with(refused, &[("allow", "GET, HEAD, OPTIONS")]);
    }
    let (pool, found) = match document {
        Document::Keys(owner) => (owner, keys(app, arrival, owner).await),
        Document::Configuration(pool) => (pool, configuration(app, arrival, pool).await),
        Document::Unknown => return not_understood(),
    };
    match found {
        Ok(Some(text)) => json_answer(StatusCode::OK, text),
        Ok(None) => json_answer(
            StatusCode::NOT_FOUND,
            json!({ "message": format!("User pool {pool} does not exist.") }).to_string(),
        ),
        Err(error) => {
            tracing::error!(?error, "a discovery document could not be made");
            json_answer(
                StatusCode::INTERNAL_SERVER_ERROR,
                json!({ "message": "Internal error." }).to_string(),
            )
        }
    }
}

/// What the user pools' host says to what it has no answer to.
pub fn not_understood() -> Response {
    json_answer(StatusCode::BAD_REQUEST, NOT_UNDERSTOOD)
}

async fn keys(app: &App, arrival: &Arrival, owner: &str) -> Result<Option<Bytes>, ApiError> {
    if owner == OPENID_OWNER {
        // They come into being when they are first needed.
        let cx = arrival.cx(app, None);
        app.tokens.ensure_openid_keys(&cx).await?;
    }
    let keys = app.tokens.jwks(owner).await?;
    Ok(keys.map(|keys| Bytes::copy_from_slice(keys.as_bytes())))
}

async fn configuration(app: &App, arrival: &Arrival, pool: &str) -> Result<Option<Bytes>, ApiError> {
    let cx = arrival.cx(app, None);
    let places = places(app, &cx, &PoolId::new(pool)).await?;
    Ok(places.map(|places| app.documents.written(places)))
}

/// Where a pool's endpoints are. None: there is no such pool. Errors: internal.
pub async fn places(app: &App, cx: &Cx, pool: &PoolId) -> Result<Option<Endpoints>, ApiError> {
    let Some(issuer) = app.tokens.issuer(cx, pool).await? else {
        return Ok(None);
    };
    let published = app.user_pools.published(pool).await?;
    let domain = published.domain.map(|domain| match domain {
        // On a developer's machine neither DNS nor a certificate leads to it; in a network that maps names both may.
        PublishedDomain::Custom(name) if app.profile == Profile::Dev && !app.hosts.alias.are_asked_for() => {
            format!("{}{MOUNT}{name}", cx.base_url)
        }
        PublishedDomain::Custom(name) => of_custom(&name, app.public_url.as_deref()),
        PublishedDomain::Prefix(key) => match app.hosts.alias.of_domain(&key, &pool.region()) {
            Some(host) => format!("https://{host}"),
            None => format!("{}{MOUNT}{key}", cx.base_url),
        },
    });
    Ok(Some(Endpoints {
        issuer,
        jwks_uri: format!("{}/{pool}/.well-known/jwks.json", cx.base_url),
        domain,
        levels: published.levels,
        switches: published.switches,
        registers: published.registers,
    }))
}

/// Where https of ours is found under a name that leads here: at the public URL's port.
fn of_custom(name: &str, public_url: Option<&str>) -> String {
    let public = public_url.and_then(|url| url.strip_prefix("https://"));
    match public.and_then(|rest| authority::port(rest.split('/').next()?)) {
        Some(port) => format!("https://{name}:{port}"),
        None => format!("https://{name}"),
    }
}

fn json_answer(status: StatusCode, text: impl Into<Bytes>) -> Response {
    let response = open(answer::text(status, "application/json", text));
    if status != StatusCode::OK {
        return response;
    }
    answer::with(response, &[("cache-control", "public, max-age=86400")])
}

/// Any origin may read these: they hold nothing secret and no cookie is looked at.
fn open(response: Response) -> Response {
    answer::with(
        response,
        &[
            ("access-control-allow-origin", "*"),
            ("access-control-allow-methods", "GET"),
            ("access-control-allow-headers", "*"),
        ],
    )
}

#[cfg(test)]
mod tests {
    use pages::hosted::Language;
    use userpool::hosted::Switches;

    use super::*;

    #[test]
    fn the_languages_of_the_pages_are_told() {
        let document = oauth::discovery::document(&Endpoints {
            issuer: String::new(),
            jwks_uri: String::new(),
            domain: None,
            levels: Vec::new(),
            switches: Switches::default(),
            registers: false,
        });
        let mut codes = Language::ALL.map(Language::code);
        codes.sort_unstable();
        assert_eq!(document["ui_locales_supported"], json!(codes));
    }
}
