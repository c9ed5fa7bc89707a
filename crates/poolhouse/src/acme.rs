//! Certificates by ACME, as the settings want them: which authority, and for which names.

use std::{collections::BTreeSet, fs, num::NonZeroU32, sync::Arc};

use ::acme::{Acme, Beneath, Binding, Proof};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::ApiError;
use server::tls::{Kept, Tls};
use upstream::{Address, Reach, Upstream};
use userpool::UserPools;
use zeroize::Zeroizing;

use crate::{
    data,
    deployment::Deployment,
    failure::{Failure, Result},
    settings::{self, Challenge},
    storage::Storage,
};

/// Orders certificates for the names that are to have one.
#[derive(Clone)]
pub struct Issuing {
    pub acme: Acme,
    user_pools: UserPools,
    /// The server's own name, where no file has a certificate for it.
    own: Option<String>,
    /// The name beneath which prefixes have hosts of their own.
    beneath: Option<String>,
}

impl Issuing {
    /// None: nothing is ordered. Errors: settings that can't be used.
    pub fn of(deployment: &Deployment<'_>, storage: &Storage, user_pools: &UserPools) -> Result<Option<Self>> {
        let settings = deployment.settings;
        if !settings.acme.enabled {
            return Ok(None);
        }
        let beneath = Beneath {
            store: storage.store.clone(),
            keyring: Arc::clone(&storage.keyring),
            env: Arc::clone(&storage.env),
            upstream: upstream(&settings.acme)?,
        };
        let name = deployment.own_name().map(str::to_ascii_lowercase);
        Ok(Some(Self {
            acme: Acme::new(beneath, wanted(&settings.acme)?),
            user_pools: user_pools.clone(),
            own: name.clone().filter(|_| settings.tls_cert.is_none()),
            beneath: name.filter(|_| settings.acme.prefix_domains),
        }))
    }

    /// What handshakes are answered with beside the files' certificates.
    pub fn tls(&self, files: Kept) -> Tls {
        Tls::of(files.with_issued(self.acme.clone(), self.own.clone()))
    }

    /// Returns how many names came, went or got a certificate.
    pub async fn run(&self) -> std::result::Result<u64, ApiError> {
        let mut names: BTreeSet<String> = self.own.iter().cloned().collect();
        names.extend(self.user_pools.custom_domains().await?);
        if let Some(beneath) = &self.beneath {
            let prefixes = self.user_pools.prefix_domains().await?;
            names.extend(prefixes.iter().map(|prefix| format!("{prefix}.{beneath}")));
        }
        // A Region of a self-hosted server may be any text.
        names.retain(|name| is_host(name));
        self.acme.renew(&names).await
    }
}

fn is_host(name: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let is_label = |label: &str| (1..=63).contains(&label.len()) && label.bytes().all(is_plain);
    name.len() <= 253 && name.split('.').all(is_label)
}

/// What the authority's own server is checked by.
fn upstream(settings: &settings::Acme) -> Result<Upstream> {
    let Some(path) = &settings.ca_file else {
        return Upstream::new(Reach::Public).map_err(|error| Failure::new(format!("TLS can't be set up: {error}.")));
    };
    let pem = fs::read_to_string(path).map_err(|error| Failure::file("acme.ca_file can't be read:", path, &error))?;
    let upstream = Upstream::with_authorities(Reach::Public, &pem);
    upstream.map_err(|error| Failure::new(format!("acme.ca_file {}: {error}.", path.display())))
}

fn wanted(settings: &settings::Acme) -> Result<::acme::Settings> {
    Address::of_operator(&settings.directory)
        .map_err(|error| Failure::new(format!("acme.directory `{}`: {error}.", settings.directory)))?;
    let orders_per_hour = NonZeroU32::new(settings.orders_per_hour)
        .ok_or_else(|| Failure::new("acme.orders_per_hour wants one at least."))?;
    Ok(::acme::Settings {
        directory: settings.directory.clone(),
        contact: settings.contact.clone(),
        binding: binding(settings)?,
        proof: match settings.challenge {
            Challenge::TlsAlpn01 => Proof::TlsAlpn,
            Challenge::Http01 => Proof::Http,
        },
        orders_per_hour,
    })
}

fn binding(settings: &settings::Acme) -> Result<Option<Binding>> {
    let file = settings.binding_key_file.as_deref();
    let key = data::secret("acme.binding_key", settings.binding_key.as_ref(), file)?;
    match (&settings.binding_key_id, key.map(Zeroizing::new)) {
        (None, None) => Ok(None),
        (Some(key_id), Some(text)) => {
            let key = BASE64_URL_SAFE_NO_PAD.decode(text.trim_end_matches('='));
            let key = key.map_err(|_| Failure::new("acme.binding_key is no base64url."))?;
            Ok(Some(Binding {
                key_id: key_id.clone(),
                key: Zeroizing::new(key),
            }))
        }
        _ => Err(Failure::new(
            "acme.binding_key_id and acme.binding_key belong together: give both.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::settings::Sources;

    fn acme(flags: &[(&str, &str)], key: Option<&str>) -> settings::Acme {
        let key = key.map(|key| ("POOLHOUSE_ACME_BINDING_KEY".to_owned(), key.to_owned()));
        let sources = Sources {
            flags: flags.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            environment: BTreeMap::from_iter(key),
            ..Sources::default()
        };
        sources.settings().unwrap().acme
    }

    #[test]
    fn settings_say_which_authority_and_who_we_are() {
        let bare = wanted(&acme(&[], None)).unwrap();
        assert_eq!(bare.directory, "https://acme-v02.api.letsencrypt.org/directory");
        assert!(bare.binding.is_none() && bare.contact.is_none() && bare.proof == Proof::TlsAlpn);
        let flags = [("acme-binding-key-id", "k1"), ("acme-challenge", "http-01")];
        let bound = wanted(&acme(&flags, Some("c2VjcmV0"))).unwrap();
        let binding = bound.binding.unwrap();
        assert_eq!((binding.key_id.as_str(), &binding.key[..]), ("k1", &b"secret"[..]));
        assert_eq!(bound.proof, Proof::Http);
        for (flags, key, said) in [
            (&[("acme-orders-per-hour", "0")][..], None, "one at least"),
            (&[("acme-directory", "ca.example")], None, "`ca.example`: it is no URL"),
            (&[("acme-binding-key-id", "k1")], None, "belong together"),
            (&[], Some("c2VjcmV0"), "belong together"),
            (&[("acme-binding-key-id", "k1")], Some("**"), "no base64url"),
        ] {
            let refused = wanted(&acme(flags, key)).err().unwrap().to_string();
            assert!(refused.contains(said), "{refused}");
        }
        let absent = upstream(&acme(&[("acme-ca-file", "/nowhere/ca.pem")], None))
            .err()
            .unwrap();
        assert!(absent.to_string().contains("/nowhere/ca.pem"));
    }

    #[test]
    fn what_is_no_host_gets_no_certificate() {
        for (name, is) in [
            ("staff.auth.eu-west-1.id.example.com", true),
            ("staff.auth.my region.id.example.com", false),
            ("staff.auth..id.example.com", false),
            ("", false),
        ] {
            assert_eq!(is_host(name), is, "{name}");
        }
    }
}
