//! Where PostgreSQL is and how to get there: the URL, TLS, and what every session is set to.

use std::{sync::Arc, time::Duration};

use percent_encoding::percent_decode_str;
use postgres::{
    Client, Config, NoTls,
    config::{Host, SslMode},
};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::fault;
use crate::StoreError;

/// An acknowledgement means a durable commit whatever the server's default; a hung statement ends.
const SESSION: &str = "SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') IN ('off', 'local');
    SET statement_timeout = '30s'; SET idle_in_transaction_session_timeout = '60s'";

pub(super) struct Target {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Target {
    /// `sslmode` disable: never TLS. require, verify-ca, verify-full: TLS, verified in full. Anything else: TLS unless
    /// the server is on this machine. Errors never quote the URL: it holds a password.
    pub fn parse(url: &str) -> Result<Self, StoreError> {
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(StoreError::Config(
                "a PostgreSQL URL begins with postgres://".to_owned(),
            ));
        }
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (ours, theirs): (Vec<&str>, Vec<&str>) = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .partition(|pair| pair.starts_with("sslmode=") || pair.starts_with("sslrootcert="));
        let option = |name: &str| ours.iter().find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));

        let mut config: Config = format!("{base}?{}", theirs.join("&"))
            .parse()
            .map_err(|_| StoreError::Config("the PostgreSQL URL can't be read".to_owned()))?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(5));
        }
        if config.get_application_name().is_none() {
            config.application_name("poolhouse");
        }
        config
            .keepalives_idle(Duration::from_secs(30))
            .tcp_user_timeout(Duration::from_secs(20));

        let wants_tls = match option("sslmode") {
            Some("disable") => false,
            Some("require" | "verify-ca" | "verify-full") => true,
            None | Some("prefer" | "allow") => !is_local(&config),
            Some(_) => {
                return Err(StoreError::Config(
                    "sslmode: disable, require or verify-full".to_owned(),
                ));
            }
        };
        config.ssl_mode(if wants_tls { SslMode::Require } else { SslMode::Disable });
        let tls = if wants_tls {
            Some(tls(option("sslrootcert"))?)
        } else {
            None
        };
        Ok(Self { config, tls })
    }

    pub fn connect(&self) -> Result<Client, StoreError> {
        let client = match &self.tls {
            Some(tls) => self.config.connect(tls.clone()),
            None => self.config.connect(NoTls),
        };
        let mut client = client.map_err(|error| fault::unavailable(&error))?;
        client
            .batch_execute(SESSION)
            .map_err(|error| fault::unavailable(&error))?;
        Ok(client)
    }
}

fn is_local(config: &Config) -> bool {
    let by_address = config.get_hostaddrs().iter().all(std::net::IpAddr::is_loopback);
    let by_name = config.get_hosts().iter().all(|host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback()),
    });
    by_address && by_name
}

fn tls(root_file: Option<&str>) -> Result<MakeRustlsConnect, StoreError> {
    let wrong = |error: &dyn std::fmt::Display| StoreError::Config(format!("sslrootcert: {error}"));
    let mut roots = RootCertStore::empty();
    if let Some(file) = root_file {
        let file = percent_decode_str(file).decode_utf8_lossy();
        for certificate in CertificateDer::pem_file_iter(file.as_ref()).map_err(|error| wrong(&error))? {
            let certificate = certificate.map_err(|error| wrong(&error))?;
            roots.add(certificate).map_err(|error| wrong(&error))?;
        }
    } else {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong(&error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_is_the_rule_beyond_this_machine() {
        for (url, tls) in [
            ("postgres://u@localhost/d", false),
            ("postgres://u@127.0.0.1/d", false),
            ("postgres://u@%2Ftmp%2Fsocket/d", false),
            ("postgresql://u@db.example.com/d", true),
            ("postgres://u@db.example.com/d?sslmode=prefer", true),
            ("postgres://u@db.example.com/d?connect_timeout=3&sslmode=disable", false),
            ("postgres://u@localhost/d?sslmode=verify-full", true),
            ("postgres://u@localhost,db.example.com/d", true),
        ] {
            let target = Target::parse(url).unwrap();
            assert_eq!(target.tls.is_some(), tls, "{url}");
            let mode = if tls { SslMode::Require } else { SslMode::Disable };
            assert_eq!(target.config.get_ssl_mode(), mode, "{url}");
        }
    }

    #[test]
    fn a_wrong_url_is_refused_without_quoting_it() {
        for url in [
            "mysql://u:geheim@h/d",
            "postgres://u:geheim@h:x/d",
            "postgres://u:geheim@h/d?sslmode=maybe",
        ] {
            let text = Target::parse(url).err().unwrap().to_string();
            assert!(!text.contains("geheim"), "{text}");
        }
        assert!(Target::parse("postgres://u@h/d?sslrootcert=%2Fno%2Fsuch%2Ffile").is_err());
    }
}
