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
//! Programs send none of a browser's signs and are told by the host name alone. DESIGN 4.

use http::{HeaderMap, HeaderName, header};
use iam::Origin;
use kernel::authority::{port, without_port};

use crate::App;

/// What a host name is to dev.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The word itself. Pages of ours alone have this origin.
    Localhost,
    /// A host that the settings name. Pages of ours alone have its origin too.
    Configured,
    /// Loopback by another spelling. With our own port it is the origin of buckets' websites.
    Loopback,
    /// A bucket's or website's own loopback name.
    Bucket,
    Elsewhere,
}

impl Place {
    /// No page of a bucket's has this origin.
    fn is_ours(self) -> bool {
        matches!(self, Self::Localhost | Self::Configured)
    }
}

impl App {
    /// Whether dev may take the request for its developer's own.
    pub(crate) fn is_trusted(&self, headers: &HeaderMap) -> bool {
        let Some(host) = text(headers, &header::HOST) else {
            return false;
        };
        let place = self.place(host);
        if place == Place::Elsewhere {
            return false;
        }
        // Browsers name the page that asks; only GET may come without an Origin, and a Referer's origin is never made up.
        let page = text(headers, &header::ORIGIN).or_else(|| text(headers, &header::REFERER));
        if let Some(page) = page {
            return self.is_own_page(page, host);
        }
        match fetch_metadata(headers, "sec-fetch-site") {
            // No browser, or a person who typed the address.
            None | Some("none") => true,
            Some("same-origin") => place.is_ours(),
            // A page on this machine at another port. Other names of a configured host are others' pages.
            Some("same-site") => place != Place::Bucket && is_loopback_name(without_port(host)),
            Some(_) => false,
        }
    }

    /// Where the request comes from, as far as keys of nobody go.
    pub(crate) fn origin(&self, headers: &HeaderMap) -> Origin {
        if self.is_trusted(headers) {
            Origin::Own
        } else {
            Origin::Foreign
        }
    }

    /// What the request's host name is.
    pub(crate) fn place_of(&self, headers: &HeaderMap) -> Place {
        text(headers, &header::HOST).map_or(Place::Elsewhere, |host| self.place(host))
    }

    fn place(&self, authority: &str) -> Place {
        let host = without_port(authority);
        let is_loopback = is_loopback_name(host);
        if self.s3.hosts.names_bucket(authority) {
            return if is_loopback { Place::Bucket } else { Place::Elsewhere };
        }
        let is_configured = || self.trusted_hosts.iter().any(|name| name.eq_ignore_ascii_case(host));
        if host.eq_ignore_ascii_case("localhost") {
            Place::Localhost
        } else if is_loopback {
            Place::Loopback
        } else if is_configured() {
            Place::Configured
        } else {
            Place::Elsewhere
        }
    }

    /// `page`: an Origin, or a Referer. `host`: the request's own.
    fn is_own_page(&self, page: &str, host: &str) -> bool {
        let rest = page.strip_prefix("http://").or_else(|| page.strip_prefix("https://"));
        let Some(authority) = rest.and_then(|rest| rest.split(['/', '?', '#']).next()) else {
            return false;
        };
        match self.place(authority) {
            Place::Localhost | Place::Configured => true,
            Place::Loopback => port(authority) != port(host),
            Place::Bucket | Place::Elsewhere => false,
        }
    }
}

/// A browser shows the answer as a page of its own: whoever sent it here can't read it.
pub(crate) fn is_shown(headers: &HeaderMap) -> bool {
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

fn is_loopback_name(host: &str) -> bool {
    if let Ok(ip) = host.parse::<std::net::IpAddr>() {
        return ip.is_loopback();
    }
    let host = host.to_ascii_lowercase();
    host == "localhost" || host.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_told_by_name_and_address() {
        for host in [
            "localhost",
            "LOCALHOST",
            "bucket.s3.localhost",
            "127.0.0.1",
            "127.8.9.1",
            "::1",
        ] {
            assert!(is_loopback_name(host), "{host}");
        }
        for host in [
            "example.com",
            "localhost.example.com",
            "10.0.0.1",
            "0.0.0.0",
            "xlocalhost",
            "",
        ] {
            assert!(!is_loopback_name(host), "{host}");
        }
    }
}
