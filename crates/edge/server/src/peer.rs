//! Who sends a request. Behind a proxy it is whom the proxy says it speaks for. Anybody can write these headers, so they count only where
//! the setting says that a proxy stands in front, and only from a neighbour; and only their last entry, which is the one that
//! the proxy itself added.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, HeaderName};

use crate::App;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// How a connection came in.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    pub ip: Option<IpAddr>,
    pub secure: bool,
}

impl Peer {
    /// Whom it speaks for.
    pub fn behind_proxy(self, app: &App, headers: &HeaderMap) -> Self {
        if !app.behind_proxy || !self.ip.is_some_and(is_neighbour) {
            return self;
        }
        Self {
            ip: last(headers, &FORWARDED_FOR).and_then(address).or(self.ip),
            secure: last(headers, &FORWARDED_PROTO).map_or(self.secure, |scheme| scheme.eq_ignore_ascii_case("https")),
        }
    }

    pub fn scheme(self) -> &'static str {
        if self.secure { "https" } else { "http" }
    }
}

/// Loopback or a private network's.
pub fn is_neighbour(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
    }
}

/// The last entry of the last line.
fn last<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let line = headers.get_all(name).iter().next_back()?;
    line.to_str().ok()?.rsplit(',').next().map(str::trim)
}

/// Some proxies write the port too.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let ip = bare.unwrap_or(text).parse();
    ip.or_else(|_| text.parse().map(|address: SocketAddr| address.ip()))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_in_every_spelling() {
        for (text, expected) in [
            ("203.0.113.7", Some("203.0.113.7")),
            ("203.0.113.7:5000", Some("203.0.113.7")),
            ("2001:db8::1", Some("2001:db8::1")),
            ("[2001:db8::1]", Some("2001:db8::1")),
            ("[2001:db8::1]:443", Some("2001:db8::1")),
            ("unknown", None),
            ("", None),
        ] {
            assert_eq!(address(text), expected.map(|ip| ip.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn neighbours_are_private() {
        for (ip, near) in [
            ("127.0.0.1", true),
            ("10.1.2.3", true),
            ("172.17.0.1", true),
            ("192.168.0.9", true),
            ("::1", true),
            ("fd00::1", true),
            ("::ffff:10.0.0.1", true),
            ("203.0.113.7", false),
            ("2001:db8::1", false),
        ] {
            assert_eq!(is_neighbour(ip.parse().unwrap()), near, "{ip}");
        }
    }
}
