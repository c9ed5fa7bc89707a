//! What a host name is to this server. Why dev tells them apart: see `trust`.

use kernel::authority;

use crate::App;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The word itself. Pages of ours alone have this origin.
    Localhost,
    /// A host that the settings name. Pages of ours alone have its origin too.
    Configured,
    /// Loopback by another spelling. With our own port it is the origin of buckets' websites.
    Loopback,
    /// A bucket's or website's own loopback name.
    Bucket,
    /// A bucket's or website's own name that others may reach.
    PublicBucket,
    Elsewhere,
}

impl Place {
    /// No page of a bucket's has this origin.
    pub fn is_ours(self) -> bool {
        matches!(self, Self::Localhost | Self::Configured)
    }

    /// Every path is a key there.
    pub fn is_bucket(self) -> bool {
        matches!(self, Self::Bucket | Self::PublicBucket)
    }
}

impl App {
    /// `authority`: a host name, maybe with a port.
    pub(crate) fn place(&self, authority: &str) -> Place {
        let host = authority::host(authority);
        let is_loopback = is_loopback_name(host);
        if self.s3.hosts.names_bucket(authority) {
            return if is_loopback {
                Place::Bucket
            } else {
                Place::PublicBucket
            };
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
}

pub fn is_loopback_name(host: &str) -> bool {
    if let Ok(ip) = host.parse::<std::net::IpAddr>() {
        return ip.is_loopback();
    }
    let ends_in = |suffix: &str| {
        let at = host.len().checked_sub(suffix.len());
        at.and_then(|at| host.get(at..))
            .is_some_and(|end| end.eq_ignore_ascii_case(suffix))
    };
    host.eq_ignore_ascii_case("localhost") || ends_in(".localhost")
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
            "bucket.s3.LocalHost",
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
