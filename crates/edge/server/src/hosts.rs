//! What a host name is to this server. Our own win over whatever a pool calls its domain: the directory of domains is asked
//! about names that are none of these, and no pool can have one of them.

use kernel::authority;
use s3::Hosts;

use crate::{
    alias::{AliasHosts, AwsHost},
    hosted,
};

/// What a host name is to this server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostKind {
    /// The word itself. Pages of ours alone have this origin.
    Localhost,
    /// A host that the settings name. Pages of ours alone have its origin too.
    Configured,
    /// Loopback by another spelling. With our own port it is the origin of buckets' websites.
    Loopback,
    /// A user pool's: hosted login.
    Domain,
    /// A bucket's or website's own loopback name, or AWS's for it.
    Bucket,
    /// A bucket's or website's own name that others may reach.
    PublicBucket,
    /// The public URL's, or S3's beneath it: ours, but nothing that dev trusts for its name.
    Own,
    /// AWS's for one of its APIs: calls, key sets and discovery, and nothing of ours.
    Api,
    /// AWS's for S3, where every path is a bucket's.
    Storage,
    /// Maybe a custom domain's.
    Elsewhere,
}

impl HostKind {
    /// No page of a bucket's has this origin.
    pub fn is_ours(self) -> bool {
        matches!(self, Self::Localhost | Self::Configured)
    }

    /// Every path is a key there.
    pub fn is_bucket(self) -> bool {
        matches!(self, Self::Bucket | Self::PublicBucket)
    }
}

/// The host names that this server answers to.
#[derive(Clone, Debug, Default)]
pub struct OwnHosts {
    /// Beneath these pools' prefix domains are: `<prefix>.auth.<region>.<base>`.
    pub login_bases: Vec<String>,
    /// Hosts, beside loopback names, under which dev takes unknown keys and opens its doors. decision 14.
    pub trusted: Vec<String>,
    /// Of the public URL.
    pub public: Option<String>,
    pub s3: Hosts,
    pub alias: AliasHosts,
}

impl OwnHosts {
    /// Whether a host name is one of these, so that no domain in the directory answers to it.
    pub fn are(&self, host: &str) -> bool {
        self.kind(host) != HostKind::Elsewhere
    }

    /// `authority`: a host name, maybe with a port.
    pub fn kind(&self, authority: &str) -> HostKind {
        let host = authority::host(authority);
        let is_loopback = is_loopback_name(host);
        if hosted::is_domain(&self.login_bases, authority) {
            return HostKind::Domain;
        }
        let aws = self.alias.find(host);
        if self.s3.names_bucket(authority) {
            return if is_loopback || aws == Some(AwsHost::S3) {
                HostKind::Bucket
            } else {
                HostKind::PublicBucket
            };
        }
        match aws {
            Some(AwsHost::Api(_)) => return HostKind::Api,
            Some(AwsHost::S3) => return HostKind::Storage,
            Some(AwsHost::Gateway) => return HostKind::Own,
            None => {}
        }
        let is_one_of = |names: &[String]| names.iter().any(|name| name.eq_ignore_ascii_case(host));
        if host.eq_ignore_ascii_case("localhost") {
            HostKind::Localhost
        } else if is_loopback {
            HostKind::Loopback
        } else if is_one_of(&self.trusted) {
            HostKind::Configured
        } else if is_one_of(self.public.as_slice()) || self.s3.names_s3(authority) {
            HostKind::Own
        } else {
            HostKind::Elsewhere
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

    #[test]
    fn hosts_of_aws_are_ours_where_they_are_asked_for() {
        let of = |regions: &[String]| OwnHosts {
            login_bases: vec!["amazoncognito.com".to_owned()],
            s3: Hosts {
                domains: vec!["amazonaws.com".to_owned()],
                endpoints: Vec::new(),
            },
            alias: AliasHosts::of(regions).unwrap(),
            ..OwnHosts::default()
        };
        let (with, without) = (of(&["eu-west-1".to_owned()]), of(&[]));
        for (host, kind, otherwise) in [
            (
                "cognito-idp.eu-west-1.amazonaws.com",
                HostKind::Api,
                HostKind::Elsewhere,
            ),
            ("iam.amazonaws.com:443", HostKind::Api, HostKind::Elsewhere),
            ("s3.eu-west-1.amazonaws.com", HostKind::Storage, HostKind::Own),
            ("b.s3.eu-west-1.amazonaws.com", HostKind::Bucket, HostKind::PublicBucket),
            (
                "b.s3.us-east-1.amazonaws.com",
                HostKind::PublicBucket,
                HostKind::PublicBucket,
            ),
            (
                "a.execute-api.eu-west-1.amazonaws.com",
                HostKind::Own,
                HostKind::Elsewhere,
            ),
            (
                "app.auth.eu-west-1.amazoncognito.com",
                HostKind::Domain,
                HostKind::Domain,
            ),
        ] {
            assert_eq!(with.kind(host), kind, "{host}");
            assert_eq!(without.kind(host), otherwise, "{host}");
        }
    }

    #[test]
    fn our_own_names_are_nobodys_domain() {
        let names = ["localhost", "id.example.com"].map(str::to_owned);
        let hosts = OwnHosts {
            login_bases: names.to_vec(),
            trusted: vec!["dev.example.com".to_owned()],
            public: Some("ID.example.com".to_owned()),
            s3: Hosts {
                domains: names.to_vec(),
                endpoints: vec!["localhost".to_owned()],
            },
            ..OwnHosts::default()
        };
        for (host, kind) in [
            ("id.example.com", HostKind::Own),
            ("Id.Example.com:8443", HostKind::Own),
            ("s3.id.example.com", HostKind::Own),
            ("s3.eu-west-1.id.example.com", HostKind::Own),
            ("b.s3.id.example.com", HostKind::PublicBucket),
            ("b.s3-website.eu-west-1.id.example.com", HostKind::PublicBucket),
            ("staff.auth.eu-west-1.id.example.com", HostKind::Domain),
            ("dev.example.com", HostKind::Configured),
            ("localhost", HostKind::Localhost),
            ("127.0.0.1:4566", HostKind::Loopback),
            ("s3.localhost", HostKind::Loopback),
            ("login.app.localhost", HostKind::Bucket),
            ("login.id.example.com", HostKind::Elsewhere),
            ("auth.example.com", HostKind::Elsewhere),
            ("xid.example.com", HostKind::Elsewhere),
            ("id.example.com.evil.example", HostKind::Elsewhere),
            ("", HostKind::Elsewhere),
        ] {
            assert_eq!(hosts.kind(host), kind, "{host}");
        }
    }
}
