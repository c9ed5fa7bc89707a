//! Wires the services of one process together.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    thread,
};

use delivery::Delivery;
use iam::{Iam, UnknownKeys};
use identitypool::IdentityPools;
use kernel::CpuPool;
use objects::{Folder, Objects};
use s3::{Hosts, S3, Version2Addresses};
use server::{App, Doors, Profile};
use store::Store;
use tokens::{IssuerMode, Issuers, Tokens};
use userpool::UserPools;

use crate::{
    data,
    failure::{Failure, Result},
    mail,
    settings::Settings,
    storage::Storage,
};

#[derive(Clone)]
pub struct Services {
    pub tokens: Tokens,
    pub delivery: Delivery,
    pub user_pools: UserPools,
    pub identity_pools: IdentityPools,
    pub iam: Iam,
    pub objects: Objects,
    pub store: Store,
    /// Differs from node to node of one database.
    pub node: String,
}

impl Services {
    /// `public_url`: as [`public_url`] says.
    pub fn new(settings: &Settings, storage: &Storage, profile: Profile, public_url: Option<&str>) -> Result<Self> {
        let (store, keyring) = (storage.store.clone(), Arc::clone(&storage.keyring));
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let cpu = CpuPool::start(cores).map_err(|error| Failure::new(format!("threads can't be started: {error}")))?;
        let tokens = Tokens::new(
            store.clone(),
            Arc::clone(&keyring),
            cpu.clone(),
            issuers(settings, profile, public_url),
        );
        let routes = mail::routes(&settings.smtp, profile)?;
        let delivery = Delivery::new(store.clone(), Arc::clone(&keyring), Arc::clone(&storage.env), routes);
        let unknown_keys = match profile {
            Profile::Dev => UnknownKeys::Administrator,
            Profile::Serve => UnknownKeys::Refused,
        };
        let iam = Iam::new(store.clone(), Arc::clone(&keyring), tokens.clone(), unknown_keys);
        let path = storage.data.objects();
        data::make_private(&path)?;
        let folder = Folder::open(path.clone())
            .map_err(|error| Failure::file("the objects' folder can't be opened:", &path, &error))?;
        Ok(Self {
            user_pools: UserPools::new(
                store.clone(),
                Arc::clone(&keyring),
                cpu,
                tokens.clone(),
                delivery.clone(),
            ),
            identity_pools: IdentityPools::new(store.clone(), keyring, tokens.clone(), iam.clone()),
            objects: Objects::new(store.clone(), iam.clone(), folder),
            tokens,
            delivery,
            iam,
            store,
            node: match settings.database {
                None => "local".to_owned(),
                Some(_) => kernel::uuid(storage.env.rng.as_ref()),
            },
        })
    }

    /// What was cached of a store that has been emptied.
    pub fn forget(&self) {
        self.tokens.forget();
        self.user_pools.forget();
        self.identity_pools.forget();
        self.iam.forget();
        self.objects.forget();
    }

    /// The edge over these services.
    pub fn app(
        &self,
        settings: &Settings,
        storage: &Storage,
        profile: Profile,
        public_url: Option<String>,
        doors: Option<Doors>,
    ) -> App {
        App {
            env: Arc::clone(&storage.env),
            profile,
            store: self.store.clone(),
            tokens: self.tokens.clone(),
            delivery: self.delivery.clone(),
            user_pools: self.user_pools.clone(),
            identity_pools: self.identity_pools.clone(),
            iam: self.iam.clone(),
            s3: S3 {
                objects: self.objects.clone(),
                iam: self.iam.clone(),
                version2: version2(settings, profile),
                hosts: hosts(public_url.as_deref()),
            },
            doors,
            trusted_hosts: settings.trusted_hosts.clone(),
            behind_proxy: settings.behind_proxy && profile == Profile::Serve,
            public_url: public_url.map(Arc::from),
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

/// HMAC-SHA1 is for a developer's older clients; production says so if it wants them.
fn version2(settings: &Settings, profile: Profile) -> Version2Addresses {
    if settings.s3_sigv2.unwrap_or(profile == Profile::Dev) {
        Version2Addresses::Verified
    } else {
        Version2Addresses::Refused
    }
}

/// The base URL of this server: the configured one; in serve on loopback, where none need be, its own address.
pub fn public_url(settings: &Settings, profile: Profile, bound: SocketAddr) -> Result<Option<String>> {
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
    if settings.tls_cert.is_some() { "https" } else { "http" }
}

/// Buckets are told by path under every name, and by host name beneath `s3.localhost` and beneath `s3.` of our own name.
fn hosts(public_url: Option<&str>) -> Hosts {
    let own = public_url.and_then(|url| url.split_once("://")).map(|(_, rest)| rest);
    let own = own
        .and_then(|rest| rest.split(['/', ':']).next())
        .filter(|host| host.parse::<IpAddr>().is_err());
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

fn issuers(settings: &Settings, profile: Profile, public_url: Option<&str>) -> Issuers {
    let default = match (&settings.issuer, profile) {
        (Some(issuer), _) => IssuerMode::parse(issuer),
        (None, Profile::Dev) => IssuerMode::Request,
        (None, Profile::Serve) => IssuerMode::Public,
    };
    Issuers {
        default,
        public_url: public_url.map(str::to_owned),
        request_allowed: profile == Profile::Dev,
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
            (&[], Profile::Serve, IssuerMode::Public),
            (&[("issuer", "aws")], Profile::Serve, IssuerMode::Aws),
            (
                &[("issuer", "https://x.test/p")],
                Profile::Dev,
                IssuerMode::Fixed("https://x.test/p".to_owned()),
            ),
        ] {
            let issuers = issuers(&settings(flags), profile, None);
            assert_eq!(issuers.default, expected);
            assert_eq!(issuers.request_allowed, profile == Profile::Dev);
        }
    }
}
