//! Keeps what buckets serve by path apart from the pages of our own that have the same host name: files are sandboxed, and
//! dev's websites and doors are shown under different spellings of loopback, which browsers take for different origins. Why:
//! see `doors::trust`.

use http::{HeaderMap, HeaderValue, StatusCode, header, request};
use kernel::authority::port;
use s3::WEBSITE_PATH;

use crate::{
    App,
    app::Peer,
    body::{Body, Response},
    doors::Place,
    entry::is_read,
};

/// An origin of its own for the page: no storage, nothing of ours within reach. Scripts run all the same.
const SANDBOX: HeaderValue =
    HeaderValue::from_static("sandbox allow-scripts allow-forms allow-popups allow-modals allow-downloads");

/// How what a bucket serves is to be shown.
pub enum Showing {
    /// Under an origin that is nobody else's, or as nothing that a browser shows.
    AsItIs,
    Sandboxed,
    /// At another address.
    There(Response),
}

/// Decides for a request that goes to S3.
pub fn of_bucket(app: &App, peer: Peer, parts: &request::Parts) -> Showing {
    let host = host(&parts.headers);
    if app.s3.hosts.names_bucket(host) {
        return Showing::AsItIs;
    }
    // Whatever spelling of this path is not recognised here is sandboxed.
    if !parts.uri.path().starts_with(WEBSITE_PATH) {
        return Showing::Sandboxed;
    }
    match app.place_of(&parts.headers) {
        Place::Localhost if app.doors.is_some() && is_read(&parts.method) => {
            let is_v6 = peer.ip.is_some_and(|ip| ip.to_canonical().is_ipv6());
            let loopback = if is_v6 { "[::1]" } else { "127.0.0.1" };
            Showing::There(elsewhere(loopback, peer, parts))
        }
        // There is no other name to show it under.
        Place::Configured if app.doors.is_some() => Showing::Sandboxed,
        _ => Showing::AsItIs,
    }
}

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
pub fn elsewhere(name: &str, peer: Peer, parts: &request::Parts) -> Response {
    let scheme = if peer.secure { "https" } else { "http" };
    let port = port(host(&parts.headers)).map_or_else(String::new, |port| format!(":{port}"));
    let path = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let mut response = http::Response::new(Body::empty());
    *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
    if let Ok(location) = HeaderValue::try_from(format!("{scheme}://{name}{port}{path}")) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn host(headers: &HeaderMap) -> &str {
    headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("")
}
