//! Which browsers' requests are ours: a page elsewhere must not reach a developer's server through their browser, neither by
//! its own origin nor by a host name that it points at loopback. DESIGN 4.

use http::{HeaderMap, header};

use crate::App;

impl App {
    /// The Host is a loopback name or a configured one, and the Origin, if a browser sends one, is too.
    pub(crate) fn is_trusted_origin(&self, headers: &HeaderMap) -> bool {
        let text = |name| {
            headers
                .get(name)
                .map(|v: &http::HeaderValue| v.to_str().unwrap_or("\u{0}"))
        };
        let host_fine = text(header::HOST).is_some_and(|host| self.is_trusted_host(host));
        let origin_fine = text(header::ORIGIN).is_none_or(|origin| {
            let host = origin
                .strip_prefix("http://")
                .or_else(|| origin.strip_prefix("https://"));
            host.is_some_and(|host| self.is_trusted_host(host))
        });
        host_fine && origin_fine
    }

    fn is_trusted_host(&self, authority: &str) -> bool {
        let host = without_port(authority);
        is_loopback_name(host)
            || self
                .trusted_hosts
                .iter()
                .any(|trusted| trusted.eq_ignore_ascii_case(host))
    }
}

fn without_port(authority: &str) -> &str {
    match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or(""),
        None => authority.split(':').next().unwrap_or(""),
    }
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
        assert_eq!(without_port("[::1]:4566"), "::1");
        assert_eq!(without_port("localhost:4566"), "localhost");
    }
}
