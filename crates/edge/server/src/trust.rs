//! Which requests dev takes for its developer's own: those may use keys that were never issued, and the doors. A page
//! elsewhere must not get there through the developer's browser, nor a page that somebody put into a bucket.
//!
//! Nothing that a page writes itself is believed about pages of one origin: scripts choose the path of their `Referer`. So
//! what buckets serve never shares an origin with the doors:
//!
//! ```text
//! http://localhost:4566          the doors; buckets' files by path, sandboxed; websites are sent on (see `isolation`)
//! http://127.0.0.1:4566          websites by path; the inbox page is sent on
//! http://<bucket>.….localhost    a bucket
//! http://localhost:5173          the developer's own pages: trusted
//! ```
//!
//! Programs send none of a browser's signs and are told by the host name alone. decision 14.

use http::{HeaderMap, HeaderName, header};
use iam::Origin;
use kernel::authority;

use crate::{
    App,
    arrival::Arrival,
    place::{Place, is_loopback_name},
};

/// Whether dev may take the request for its developer's own.
pub fn origin(app: &App, arrival: &Arrival) -> Origin {
    if is_own(app, arrival) {
        Origin::Own
    } else {
        Origin::Foreign
    }
}

fn is_own(app: &App, arrival: &Arrival) -> bool {
    let (place, headers) = (arrival.place, &arrival.head.headers);
    if matches!(place, Place::Elsewhere | Place::PublicBucket) {
        return false;
    }
    let host = arrival.host();
    // Browsers name the page that asks; only GET may come without an Origin, and a Referer's origin is never made up.
    let page = text(headers, &header::ORIGIN).or_else(|| text(headers, &header::REFERER));
    if let Some(page) = page {
        return is_own_page(app, page, host);
    }
    match fetch_metadata(headers, "sec-fetch-site") {
        // No browser, or a person who typed the address.
        None | Some("none") => true,
        Some("same-origin") => place.is_ours(),
        // A page on this machine at another port. Other names of a configured host are others' pages.
        Some("same-site") => place != Place::Bucket && is_loopback_name(authority::host(host)),
        Some(_) => false,
    }
}

/// `page`: an Origin, or a Referer. `host`: the request's own.
fn is_own_page(app: &App, page: &str, host: &str) -> bool {
    let rest = page.strip_prefix("http://").or_else(|| page.strip_prefix("https://"));
    let Some(authority) = rest.and_then(|rest| rest.split(['/', '?', '#']).next()) else {
        return false;
    };
    match app.place(authority) {
        Place::Localhost | Place::Configured => true,
        Place::Loopback => authority::port(authority) != authority::port(host),
        Place::Bucket | Place::PublicBucket | Place::Elsewhere => false,
    }
}

/// A browser shows the answer as a page of its own: whoever sent it here can't read it.
pub fn is_shown(headers: &HeaderMap) -> bool {
    fetch_metadata(headers, "sec-fetch-mode") == Some("navigate")
        && fetch_metadata(headers, "sec-fetch-dest") == Some("document")
}

/// Scripts can't set these. Some programs send one or the other, but never `sec-fetch-site`.
fn fetch_metadata<'a>(headers: &'a HeaderMap, name: &'static str) -> Option<&'a str> {
    text(headers, &HeaderName::from_static(name))
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("\u{0}"))
}
