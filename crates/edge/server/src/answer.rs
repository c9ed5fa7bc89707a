//! What answers have in common: bodies, one sentence, JSON, and the headers that let any page read them.

use std::panic::AssertUnwindSafe;

use bytes::Bytes;
use futures_util::FutureExt as _;
use http::{HeaderName, HeaderValue, StatusCode, header};
use kernel::authority;
use serde_json::Value;
use wire::cors;

use crate::{
    arrival::Arrival,
    body::{Body, BodyError, Response},
};

pub fn full(bytes: impl Into<Bytes>) -> Body {
    Body::from(bytes.into())
}

pub fn empty(status: StatusCode) -> Response {
    let mut response = http::Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// A text of this media type.
pub fn text(status: StatusCode, kind: &'static str, text: impl Into<Bytes>) -> Response {
    let mut response = http::Response::new(full(text));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// An answer of one sentence.
pub fn plain(status: StatusCode, sentence: &'static str) -> Response {
    text(status, "text/plain; charset=utf-8", sentence)
}

/// What changes from one question to the next.
pub fn json(status: StatusCode, value: &Value) -> Response {
    unkept(text(status, "application/json", value.to_string()))
}

/// A panic ends one request, not its connection.
pub async fn unless_it_panics(answering: impl Future<Output = Response>) -> Response {
    let answered = AssertUnwindSafe(answering).catch_unwind().await;
    answered.unwrap_or_else(|_| {
        tracing::error!("a request handler panicked");
        plain(StatusCode::INTERNAL_SERVER_ERROR, "Internal error.")
    })
}

/// No cache may keep it.
pub fn unkept(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What a client is told whose body could not be read.
pub fn unread(error: &BodyError) -> Response {
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

/// Any page may call AWS: what a browser asks first.
pub fn preflight() -> Response {
    with(empty(StatusCode::OK), cors::PREFLIGHT)
}

/// Any page may read what AWS answers.
pub fn open<B>(response: http::Response<B>) -> http::Response<B> {
    with(response, cors::RESPONSE)
}

/// These headers in place of those of the same names.
pub fn with<B>(mut response: http::Response<B>, headers: &[(&'static str, &'static str)]) -> http::Response<B> {
    for (name, value) in headers {
        response
            .headers_mut()
            .insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}

/// An origin of its own for the page: no storage, nothing of ours within reach. Scripts run all the same.
const SANDBOX: HeaderValue =
    HeaderValue::from_static("sandbox allow-scripts allow-forms allow-popups allow-modals allow-downloads");

/// Sandboxes an answer. A browser's own viewer of PDFs refuses to work in a sandbox, and needs none.
pub fn sandbox(response: &mut Response) {
    let headers = response.headers_mut();
    let is_pdf = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().eq_ignore_ascii_case(b"application/pdf"));
    if !is_pdf {
        headers.insert(header::CONTENT_SECURITY_POLICY, SANDBOX);
    }
}

/// Sends a browser to the same path and port under another name of this host.
pub fn elsewhere(name: &str, arrival: &Arrival) -> Response {
    let scheme = arrival.peer.scheme();
    let port = authority::port(arrival.host()).map_or_else(String::new, |port| format!(":{port}"));
    let path = arrival
        .head
        .uri
        .path_and_query()
        .map_or("/", http::uri::PathAndQuery::as_str);
    let mut response = unkept(empty(StatusCode::TEMPORARY_REDIRECT));
    if let Ok(location) = HeaderValue::try_from(format!("{scheme}://{name}{port}{path}")) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}
