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

/// A chain with its key. Cheap to clone.
#[derive(Clone)]
pub struct Certificate {
    /// Which names it covers is read off it.
    own: CertificateDer<'static>,
    settings: Settings,
}

impl Certificates {
    /// `main` answers for every name that none covers; of two that cover a name the main one comes last, else the first.
    pub fn new(main: Option<Certificate>, others: Vec<Certificate>) -> Self {
        Self { main, others }
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
    /// Chain and key are PEM. Errors: one of them is none, or the key is another certificate's.
    pub fn new(chain: &str, key: &str) -> Result<Self, TlsError> {
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
