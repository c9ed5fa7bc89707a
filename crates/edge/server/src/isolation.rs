//! Keeps what buckets serve by path apart from the pages of our own that have the same host name: files are sandboxed, and
//! dev's websites and doors are shown under different spellings of loopback, which browsers take for different origins. Why:
//! see `trust`.

use http::{HeaderValue, StatusCode, header};
use kernel::authority;
use s3::WEBSITE_PATH;

use crate::{App, answer, arrival::Arrival, body::Response, place::Place, routes::is_read};

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
pub fn of_bucket(app: &App, arrival: &Arrival) -> Showing {
    if arrival.place.is_bucket() {
        return Showing::AsItIs;
    }
    // Whatever spelling of this path is not recognised here is sandboxed.
    if !arrival.path().starts_with(WEBSITE_PATH) {
        return Showing::Sandboxed;
    }
    match arrival.place {
        Place::Localhost if app.doors.is_some() && is_read(&arrival.head.method) => {
            let is_v6 = arrival.peer.ip.is_some_and(|ip| ip.to_canonical().is_ipv6());
            let loopback = if is_v6 { "[::1]" } else { "127.0.0.1" };
            Showing::There(elsewhere(loopback, arrival))
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
pub fn elsewhere(name: &str, arrival: &Arrival) -> Response {
    let scheme = arrival.peer.scheme();
    let port = authority::port(arrival.host()).map_or_else(String::new, |port| format!(":{port}"));
    let path = arrival
        .head
        .uri
        .path_and_query()
        .map_or("/", http::uri::PathAndQuery::as_str);
    let mut response = answer::unkept(answer::empty(StatusCode::TEMPORARY_REDIRECT));
    if let Ok(location) = HeaderValue::try_from(format!("{scheme}://{name}{port}{path}")) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}
