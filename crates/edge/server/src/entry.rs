//! What is this request? Its host and path say whether it is a preflight, one of our own paths or neither ([`Way`]); then it
//! is a call to AWS or a bucket's.

use std::sync::Arc;

use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use wire::{Head, Route, cors};

use crate::{
    App,
    app::Peer,
    aws,
    body::{self, Body, BodyError, Request, Response},
    discovery::{self, Document},
    doors,
    isolation::{self, Showing},
};

/// Answers any request. It never fails: what goes wrong is an answer too.
pub async fn handle(app: Arc<App>, peer: Peer, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let peer = app.client(peer, &parts.headers);
    let path = parts.uri.path().to_owned();
    let host = parts
        .headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    match Way::of(&parts.method, &path, &parts.headers, app.s3.hosts.names_bucket(host)) {
        Way::Preflight => return preflight(),
        Way::Door(door) => return doors::handle(&app, peer, door, parts, body).await,
        Way::Document(document) => {
            return discovery::answer(&app, peer, document, &parts.method, &parts.headers).await;
        }
        Way::Service => {}
    }
    let head = Head {
        method: &parts.method,
        path: &path,
        query: parts.uri.query(),
        headers: &parts.headers,
    };
    match wire::route(&head) {
        Route::Call(call) => aws::call(&app, peer, &parts, call, body).await,
        Route::Refused(refusal) => aws::refused(&app, peer, &parts.headers, &refusal),
        Route::ReadForm => {
            let form = match body::read(body, aws::LARGEST_CALL).await {
                Ok(form) => form,
                Err(error) => return unread(&error),
            };
            match wire::route_form(&head, &form) {
                Route::Call(call) => aws::call(&app, peer, &parts, call, body::full(form)).await,
                Route::Refused(refusal) => aws::refused(&app, peer, &parts.headers, &refusal),
                Route::ReadForm | Route::NotAws => to_s3(&app, peer, parts, body::full(form)).await,
            }
        }
        Route::NotAws => to_s3(&app, peer, parts, body).await,
    }
}

/// Where a request goes, as far as host and path tell. No two services share a path: what stands first in a path of ours
/// (`_poolhouse`, a pool's id, `.well-known`) can't be a bucket's name, and on a bucket's own host every path is a key.
#[derive(Debug, PartialEq, Eq)]
enum Way<'a> {
    /// A browser asks whether a page may call AWS.
    Preflight,
    /// What follows `/_poolhouse/`.
    Door(&'a str),
    Document(Document),
    /// An AWS service, S3 among them.
    Service,
}

impl<'a> Way<'a> {
    /// `is_bucket`: the host is a bucket's or a website's own.
    fn of(method: &Method, path: &'a str, headers: &HeaderMap, is_bucket: bool) -> Self {
        // A target header makes a call of any path, as behind proxies that add a prefix.
        if is_bucket || headers.contains_key("x-amz-target") {
            Self::Service
        } else if cors::is_preflight(method, path, headers) {
            Self::Preflight
        } else if let Some(door) = path.strip_prefix("/_poolhouse/") {
            Self::Door(door)
        } else {
            discovery::document(path).map_or(Self::Service, Self::Document)
        }
    }
}

async fn to_s3(app: &Arc<App>, peer: Peer, parts: http::request::Parts, body: Body) -> Response {
    let showing = isolation::of_bucket(app, peer, &parts);
    if let Showing::There(response) = showing {
        return response;
    }
    let cx = app.cx(peer, &parts.headers, aws::signed_region(&parts));
    let origin = app.origin(&parts.headers);
    let mut response = app.s3.handle(&cx, origin, Request::from_parts(parts, body)).await;
    if matches!(showing, Showing::Sandboxed) {
        isolation::sandbox(&mut response);
    }
    response
}

fn preflight() -> Response {
    let mut response = http::Response::new(Body::empty());
    for (name, value) in cors::PREFLIGHT {
        response.headers_mut().insert(*name, HeaderValue::from_static(value));
    }
    response
}

/// What a client is told whose body could not be read.
pub(crate) fn unread(error: &BodyError) -> Response {
    tracing::debug!(?error, "a body could not be read");
    match error {
        BodyError::TooLarge => plain(StatusCode::PAYLOAD_TOO_LARGE, "The request is too large."),
        BodyError::Broken => plain(
            StatusCode::BAD_REQUEST,
            "The request ended before its body was complete.",
        ),
        BodyError::Slow => plain(
            StatusCode::REQUEST_TIMEOUT,
            "The request's body did not arrive in time.",
        ),
    }
}

/// An answer of one sentence.
pub(crate) fn plain(status: StatusCode, text: &'static str) -> Response {
    let mut response = http::Response::new(body::full(text));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    response
}

pub(crate) fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

#[cfg(test)]
mod tests {
    use tokens::OPENID_OWNER;

    use super::*;

    #[test]
    fn no_service_takes_anothers_path() {
        let pool = "eu-west-1_AbCdEfGhI";
        let keys = |owner: &str| Way::Document(Document::Keys(owner.to_owned()));
        let configuration = Way::Document(Document::Configuration(pool.to_owned()));
        for (path, here, on_a_buckets_host) in [
            ("/", Way::Service, Way::Service),
            ("/_poolhouse/", Way::Door(""), Way::Service),
            ("/_poolhouse/health", Way::Door("health"), Way::Service),
            ("/_poolhouse", Way::Service, Way::Service),
            ("/photos/_poolhouse/health", Way::Service, Way::Service),
            ("/_website/photos/", Way::Service, Way::Service),
            ("/.well-known/jwks_uri", keys(OPENID_OWNER), Way::Service),
            ("/.well-known/jwks.json", keys(OPENID_OWNER), Way::Service),
            ("/.well-known/openid-configuration", Way::Service, Way::Service),
            (&format!("/{pool}/.well-known/jwks.json"), keys(pool), Way::Service),
            (
                &format!("/{pool}/.well-known/openid-configuration"),
                configuration,
                Way::Service,
            ),
            (
                &format!("/{pool}/.well-known/other"),
                Way::Document(Document::Unknown),
                Way::Service,
            ),
            (
                &format!("/photos/{pool}/.well-known/jwks.json"),
                Way::Service,
                Way::Service,
            ),
            ("/photos/.well-known/jwks.json", Way::Service, Way::Service),
            ("/photos/.well-known/jwks_uri", Way::Service, Way::Service),
            ("/photos/.well-known/openid-configuration", Way::Service, Way::Service),
            (
                "/my.photos-1/.well-known/openid-configuration",
                Way::Service,
                Way::Service,
            ),
        ] {
            let none = HeaderMap::new();
            let mut call = HeaderMap::new();
            call.insert("x-amz-target", HeaderValue::from_static("any"));
            for method in [Method::GET, Method::HEAD, Method::PUT, Method::POST, Method::DELETE] {
                assert_eq!(Way::of(&method, path, &none, false), here, "{method} {path}");
                assert_eq!(
                    Way::of(&method, path, &none, true),
                    on_a_buckets_host,
                    "{method} {path}"
                );
                assert_eq!(Way::of(&method, path, &call, false), Way::Service, "{method} {path}");
            }
        }
    }
}
