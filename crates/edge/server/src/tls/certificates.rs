//! Certificates that were read from files: the one that covers a host name answers for it.

use rustls::{
    client::verify_server_name,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
    server::ParsedCertificate,
};

use super::{TlsError, settings::Settings};

/// None at first.
#[derive(Default)]
pub struct Certificates {
    main: Option<Certificate>,
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
            main: Some(Certificate::new(chain, key)?),
            others: Vec::new(),
        })
    }

    /// One more. Of two that cover a name the first answers.
    pub fn add(&mut self, chain: &str, key: &str) -> Result<(), TlsError> {
        self.others.push(Certificate::new(chain, key)?);
        Ok(())
    }

    /// The one that covers the name.
    pub(super) fn covering(&self, name: Option<&str>) -> Option<Settings> {
        let name = ServerName::try_from(name?).ok()?;
        let mut all = self.others.iter().chain(&self.main);
        all.find(|one| one.covers(&name)).map(|one| one.settings.clone())
    }

    /// The one for all other names.
    pub(super) fn main(&self) -> Option<Settings> {
        self.main.as_ref().map(|main| main.settings.clone())
    }
}

impl Certificate {
    fn new(chain: &str, key: &str) -> Result<Self, TlsError> {
        let own = CertificateDer::from_pem_slice(chain.as_bytes())?;
        ParsedCertificate::try_from(&own)?;
        let settings = Settings::from_pem(chain, key)?;
        Ok(Self { own, settings })
    }

    fn covers(&self, name: &ServerName<'_>) -> bool {
        let parsed = ParsedCertificate::try_from(&self.own);
        parsed.is_ok_and(|parsed| verify_server_name(&parsed, name).is_ok())
    }
}
