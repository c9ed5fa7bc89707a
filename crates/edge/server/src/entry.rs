//! What is this request? In the order of the cheapest sure sign: a preflight, one of our own paths, a call to AWS, a bucket.

use std::sync::Arc;

use http::{HeaderValue, Method, StatusCode, header};
use wire::{Head, Route, cors};

use crate::{
    App,
    app::Peer,
    aws,
    body::{self, Body, BodyError, Request, Response},
    discovery, doors,
    isolation::{self, Showing},
};

/// Answers any request. It never fails: what goes wrong is an answer too.
pub async fn handle(app: Arc<App>, peer: Peer, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let peer = app.client(peer, &parts.headers);
    let path = parts.uri.path().to_owned();
    // A bucket's or website's host name has its own CORS rules, for `/` too.
    let host = parts
        .headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let is_bucket = app.s3.hosts.names_bucket(host);
    if cors::is_preflight(&parts.method, &path, &parts.headers) && !is_bucket {
        return preflight();
    }
    // A target header makes a call of any path, as behind proxies that add a prefix.
    let has_target = parts.headers.contains_key("x-amz-target");
    if !has_target {
        // On a bucket's own host name this is a key like any other.
        if let Some(door) = path.strip_prefix("/_poolhouse/")
            && (!is_bucket || door == doors::HEALTH)
        {
            return doors::handle(&app, peer, door, parts, body).await;
        }
        if let Some(document) = discovery::document(&path) {
            return discovery::answer(&app, peer, document, &parts.method, &parts.headers).await;
        }
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

async fn to_s3(app: &Arc<App>, peer: Peer, parts: http::request::Parts, body: Body) -> Response {
    let showing = isolation::of_bucket(app, peer, &parts);
    if let Showing::There(response) = showing {
        return response;
    }
    let cx = app.cx(peer, &parts.headers, None);
    let mut response = app.s3.handle(&cx, Request::from_parts(parts, body)).await;
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
