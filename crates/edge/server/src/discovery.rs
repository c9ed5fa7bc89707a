//! A pool's key set and discovery document, at `/<pool>/.well-known/…` whatever its issuer is. Reference:
//! oauth-and-federation 2; user-pools 8.1.

use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use kernel::{ApiError, PoolId};
use serde_json::json;
use tokens::{OPENID_OWNER, Role};

use crate::{
    App,
    app::Peer,
    body::{self, Body, Response},
    entry::{is_read, plain},
};

#[derive(Debug, PartialEq, Eq)]
pub enum Document {
    Keys(String),
    Configuration(String),
    /// Of a pool, but none that there is.
    Unknown,
}

/// The document that a path names, if it names one.
pub fn document(path: &str) -> Option<Document> {
    // Identity pools' own issuer has its keys at the root. Reference: identity-pools-iam 1.13.
    if matches!(path, "/.well-known/jwks_uri" | "/.well-known/jwks.json") {
        return Some(Document::Keys(OPENID_OWNER.to_owned()));
    }
    let (pool, name) = path.strip_prefix('/')?.split_once("/.well-known/")?;
    if !is_pool_id(pool) {
        return None;
    }
    let pool = pool.to_owned();
    Some(match name {
        "jwks.json" | "jwks_uri" => Document::Keys(pool),
        "openid-configuration" => Document::Configuration(pool),
        _ => Document::Unknown,
    })
}

/// `eu-west-1_AbCdEfGhI`: a bucket's name has no underscore, so that its keys may be called as they like.
fn is_pool_id(text: &str) -> bool {
    text.rsplit_once('_').is_some_and(|(region, rest)| {
        let is_region = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        !region.is_empty()
            && region.bytes().all(is_region)
            && !rest.is_empty()
            && rest.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

/// What the user pools' host says to any path that it doesn't know. Here other paths are buckets'. Reference: user-pools 1.1.
const NOT_UNDERSTOOD: &str = r#"{"code":"BadRequest","message":"The server did not understand the operation that was requested.","type":"client"}"#;

pub async fn answer(app: &App, peer: Peer, document: Document, method: &Method, headers: &HeaderMap) -> Response {
    if *method == Method::OPTIONS {
        return open(http::Response::new(Body::empty()));
    }
    if !is_read(method) {
        return plain(StatusCode::METHOD_NOT_ALLOWED, "Only GET is answered here.");
    }
    let (pool, found) = match &document {
        Document::Keys(owner) => (owner, keys(app, peer, headers, owner).await),
        Document::Configuration(pool) => (pool, configuration(app, peer, headers, pool).await),
        Document::Unknown => return json_answer(StatusCode::BAD_REQUEST, NOT_UNDERSTOOD.to_owned()),
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

async fn keys(app: &App, peer: Peer, headers: &HeaderMap, owner: &str) -> Result<Option<String>, ApiError> {
    if owner == OPENID_OWNER {
        // They come into being when they are first needed.
        let cx = app.cx(peer, headers, None);
        app.tokens.ensure_owner(&cx, OPENID_OWNER, &[Role::OpenId]).await?;
    }
    Ok(app.tokens.jwks(owner).await?.map(|keys| keys.to_string()))
}

async fn configuration(app: &App, peer: Peer, headers: &HeaderMap, pool: &str) -> Result<Option<String>, ApiError> {
    let cx = app.cx(peer, headers, None);
    let Some(issuer) = app.tokens.issuer(&cx, &PoolId::new(pool)).await? else {
        return Ok(None);
    };
    // The endpoints of hosted login are named when they exist; clients of the API need issuer and keys.
    let document = json!({
        "id_token_signing_alg_values_supported": ["RS256"],
        "issuer": issuer,
        "jwks_uri": format!("{}/{pool}/.well-known/jwks.json", cx.base_url),
        "response_types_supported": ["code", "token"],
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    });
    Ok(Some(document.to_string()))
}

fn json_answer(status: StatusCode, text: String) -> Response {
    let mut response = http::Response::new(body::full(text));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if status == StatusCode::OK {
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400"));
    }
    open(response)
}

/// Any origin may read these: they hold nothing secret and no cookie is looked at.
fn open(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_documents_of_one_pool_are_named() {
        assert!(
            matches!(document("/us-east-1_AbC/.well-known/jwks.json"), Some(Document::Keys(p)) if p == "us-east-1_AbC")
        );
        assert!(matches!(document("/.well-known/jwks_uri"), Some(Document::Keys(owner)) if owner == OPENID_OWNER));
        assert!(matches!(
            document("/eu-west-1_p/.well-known/openid-configuration"),
            Some(Document::Configuration(_))
        ));
        assert_eq!(document("/eu-west-1_p/.well-known/other"), Some(Document::Unknown));
        for path in [
            "/",
            "/p/jwks.json",
            "/a/b/.well-known/jwks.json",
            "/photos/.well-known/jwks.json",
            "/_p/.well-known/jwks.json",
            "/eu-west-1_/.well-known/jwks.json",
            "/eu-west-1_a.b/.well-known/jwks.json",
        ] {
            assert!(document(path).is_none(), "{path}");
        }
    }
}
