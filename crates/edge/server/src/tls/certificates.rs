//! Certificates that were read from files: the one that covers a host name answers for it.

use rustls::{
    client::verify_server_name,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
    server::ParsedCertificate,
};

use super::{TlsError, settings::Settings};

pub struct Certificates {
    main: Settings,
    others: Vec<Certificate>,
}

struct Certificate {
    /// Which names it covers is read off it.
    own: CertificateDer<'static>,
    settings: Settings,
}

impl Certificates {
    /// With the one that answers for every name that no other covers. Chain and key are PEM.
    pub fn new(chain: &str, key: &str) -> Result<Self, TlsError> {
        Ok(Self {
            main: Settings::from_pem(chain, key)?,
            others: Vec::new(),
        })
    }

    /// One more. Of two that cover a name the first answers.
    pub fn add(&mut self, chain: &str, key: &str) -> Result<(), TlsError> {
        let own = CertificateDer::from_pem_slice(chain.as_bytes())?;
        ParsedCertificate::try_from(&own)?;
        let settings = Settings::from_pem(chain, key)?;
        self.others.push(Certificate { own, settings });
        Ok(())
    }

    pub(super) fn of(&self, name: Option<&str>) -> Settings {
        let name = name.and_then(|name| ServerName::try_from(name).ok());
        let covering = name.and_then(|name| self.others.iter().find(|other| other.covers(&name)));
        covering.map_or(&self.main, |other| &other.settings).clone()
    }
}

impl Certificate {
    fn covers(&self, name: &ServerName<'_>) -> bool {
        let parsed = ParsedCertificate::try_from(&self.own);
        parsed.is_ok_and(|parsed| verify_server_name(&parsed, name).is_ok())
    }
}
