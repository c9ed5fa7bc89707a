//! What is run, and where it is reached: what follows for the services from settings, profile and the address that listens.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use s3::{Hosts, Version2Addresses};
use server::{AliasHosts, OwnHosts, Profile};
use tokens::{IssuerMode, Issuers};
use upstream::{Reach, Upstream};

use crate::{
    failure::{Failure, Result},
    settings::Settings,
};

pub struct Deployment<'a> {
    pub settings: &'a Settings,
    pub profile: Profile,
    /// The base URL of this server: the configured one; in serve on loopback, where none need be, its own address.
    pub public_url: Option<String>,
    /// Hosts of AWS that are ours in a test network.
    pub alias: AliasHosts,
}

impl<'a> Deployment<'a> {
    /// Errors: a public URL that is none.
    pub fn new(settings: &'a Settings, profile: Profile, bound: SocketAddr) -> Result<Self> {
        Ok(Self {
            settings,
            profile,
            public_url: public_url(settings, profile, bound)?,
            alias: alias_hosts(settings)?,
        })
    }

    /// HMAC-SHA1 is for a developer's older clients; production says so if it wants them.
    pub fn version2(&self) -> Version2Addresses {
        if self.settings.s3_sigv2.unwrap_or(self.profile == Profile::Dev) {
            Version2Addresses::Verified
        } else {
            Version2Addresses::Refused
        }
    }

    /// Buckets are told by path under every name, and by host name beneath `s3.localhost` and beneath `s3.` of our own name.
    pub fn hosts(&self) -> Hosts {
        let own = self.own_name();
        let domains = ["localhost", "amazonaws.com"]
            .map(str::to_owned)
            .into_iter()
            .chain(own.map(str::to_lowercase));
        Hosts {
            domains: domains.collect(),
            // The JavaScript SDK puts the bucket before whatever endpoint it is given.
            endpoints: vec!["localhost".to_owned()],
        }
    }

    /// What others call us: of the public URL, if it is a name.
    pub fn own_name(&self) -> Option<&str> {
        let (_, rest) = self.public_url.as_deref()?.split_once("://")?;
        let host = rest.split(['/', ':']).next()?;
        Some(host).filter(|host| host.parse::<IpAddr>().is_err())
    }

    /// Where clients find https, as the public URL says.
    pub fn https_port(&self) -> u16 {
        let url = self.public_url.as_deref().and_then(|url| url.strip_prefix("https://"));
        let authority = url.and_then(|rest| rest.split('/').next());
        let port = authority.and_then(kernel::authority::port);
        port.and_then(|port| port.parse().ok()).unwrap_or(443)
    }

    /// What host names are to us.
    pub fn own_hosts(&self) -> OwnHosts {
        let aliased = self.alias.are_asked_for().then_some(server::AMAZONCOGNITO);
        let bases = ["localhost"].into_iter().chain(aliased).chain(self.own_name());
        OwnHosts {
            login_bases: bases.map(str::to_lowercase).collect(),
            trusted: self.settings.trusted_hosts.clone(),
            public: self.own_name().map(str::to_owned),
            s3: self.hosts(),
            alias: self.alias.clone(),
        }
    }

    /// What prefix domains are beneath, as clients are told: AWS's name, our own, or what works on one machine.
    pub fn login_base(&self) -> String {
        let own = || self.own_name().unwrap_or("localhost").to_lowercase();
        if self.alias.are_asked_for() {
            server::AMAZONCOGNITO.to_owned()
        } else {
            own()
        }
    }

    /// Host names that no pool can have, because the edge would not ask whose they are.
    pub fn no_domains(&self) -> userpool::OwnHosts {
        let hosts = self.own_hosts();
        Arc::new(move |host| hosts.are(host))
    }

    /// Requests to other servers.
    pub fn upstream(&self) -> Result<Upstream> {
        let reach = if self.settings.allow_private_upstreams {
            Reach::Anywhere
        } else {
            Reach::Public
        };
        Upstream::new(reach).map_err(|error| Failure::new(format!("TLS can't be set up: {error}.")))
    }

    pub fn issuers(&self) -> Issuers {
        let default = match (&self.settings.issuer, self.profile) {
            (Some(issuer), _) => IssuerMode::parse(issuer),
            (None, Profile::Dev) if self.alias.are_asked_for() => IssuerMode::Aws,
            (None, Profile::Dev) => IssuerMode::Request,
            (None, Profile::Serve) => IssuerMode::Public,
        };
        Issuers {
            default,
            public_url: self.public_url.clone(),
            request_allowed: self.profile == Profile::Dev,
        }
    }
}

/// Errors: a word that names no Region.
pub fn alias_hosts(settings: &Settings) -> Result<AliasHosts> {
    AliasHosts::of(&settings.alias_hosts).map_err(|word| {
        Failure::new(format!(
            "--alias-hosts: `{word}` is no Region whose hosts are beneath amazonaws.com; it takes Regions such as eu-west-1,us-east-1."
        ))
    })
}

fn public_url(settings: &Settings, profile: Profile, bound: SocketAddr) -> Result<Option<String>> {
    match (&settings.public_url, profile) {
        (Some(url), _) => {
            let url = url.trim_end_matches('/');
            let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
            match rest {
                Some(rest) if !rest.is_empty() && !rest.contains(['?', '#', ' ', '@']) => Ok(Some(url.to_owned())),
                _ => Err(Failure::new(format!(
                    "the public URL `{url}` has not the form of `https://id.example.com`."
                ))),
            }
        }
        (None, Profile::Dev) => Ok(None),
        (None, Profile::Serve) => Ok(Some(format!("{}://{bound}", scheme(settings)))),
    }
}

/// What clients of this process speak first.
pub fn scheme(settings: &Settings) -> &'static str {
    if settings.tls_cert.is_some() || settings.acme.enabled {
        "https"
    } else {
        "http"
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::settings::Sources;

    fn settings(flags: &[(&str, &str)]) -> Settings {
        let flags: BTreeMap<_, _> = flags.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Sources {
            flags,
            ..Sources::default()
        }
        .settings()
        .unwrap()
    }

    #[test]
    fn the_public_url_is_the_configured_one_or_serves_own_address() {
        let bound: SocketAddr = "127.0.0.1:4567".parse().unwrap();
        for (flags, profile, expected) in [
            (&[][..], Profile::Dev, None),
            (&[], Profile::Serve, Some("http://127.0.0.1:4567")),
            (
                &[("tls-cert", "c"), ("tls-key", "k")],
                Profile::Serve,
                Some("https://127.0.0.1:4567"),
            ),
            (
                &[("public-url", "https://id.example.com/")],
                Profile::Serve,
                Some("https://id.example.com"),
            ),
            (
                &[("public-url", "https://id.example.com/base/")],
                Profile::Dev,
                Some("https://id.example.com/base"),
            ),
        ] {
            let url = public_url(&settings(flags), profile, bound).unwrap();
            assert_eq!(url.as_deref(), expected);
        }
        for wrong in ["id.example.com", "ftp://x", "https://", "https://x/?a", "https://a@b"] {
            assert!(
                public_url(&settings(&[("public-url", wrong)]), Profile::Serve, bound).is_err(),
                "{wrong}"
            );
        }
    }

    #[test]
    fn each_profile_has_its_issuer() {
        for (flags, profile, expected) in [
            (&[][..], Profile::Dev, IssuerMode::Request),
            (&[("alias-hosts", "eu-west-1")], Profile::Dev, IssuerMode::Aws),
            (
                &[("alias-hosts", "eu-west-1"), ("issuer", "request")],
                Profile::Dev,
                IssuerMode::Request,
            ),
            (&[], Profile::Serve, IssuerMode::Public),
            (&[("issuer", "aws")], Profile::Serve, IssuerMode::Aws),
            (
                &[("issuer", "https://x.test/p")],
                Profile::Dev,
                IssuerMode::Fixed("https://x.test/p".to_owned()),
            ),
        ] {
            let issuers = Deployment {
                settings: &settings(flags),
                profile,
                public_url: None,
                alias: alias_hosts(&settings(flags)).unwrap(),
            }
            .issuers();
            assert_eq!(issuers.default, expected);
            assert_eq!(issuers.request_allowed, profile == Profile::Dev);
        }
    }
}
