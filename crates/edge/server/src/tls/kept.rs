//! serve's certificates: those of files win, then what came by ACME, each for the names that are its own.

use std::sync::{Arc, PoisonError, RwLock};

use acme::Acme;
use kernel::Memo;
use rustls::{ServerConfig, sign::CertifiedKey};

use super::{
    Certificates, Holder, TlsError, Versions,
    settings::{HTTP1, HTTP2, Settings},
};

/// What the authority asks for when it proves a name. RFC 8737 6.2.
pub(crate) const ACME_TLS: &[u8] = b"acme-tls/1";

/// How many that came are kept ready; they are made anew in microseconds.
const KEPT: usize = 10_000;

pub struct Kept {
    files: RwLock<Arc<Certificates>>,
    issued: Option<Issued>,
}

struct Issued {
    acme: Acme,
    /// The server's own name, if it has its certificate from there: what is asked for no name gets it.
    own: Option<String>,
    /// By name, with what each was made of.
    ready: Memo<String, (Arc<CertifiedKey>, Settings)>,
}

impl Kept {
    pub fn new(files: Certificates) -> Self {
        Self {
            files: RwLock::new(Arc::new(files)),
            issued: None,
        }
    }

    /// And those that come by ACME. `own`: the server's own name, if that is among them.
    #[must_use]
    pub fn with_issued(self, acme: Acme, own: Option<String>) -> Self {
        let issued = Issued {
            acme,
            own,
            ready: Memo::of(KEPT),
        };
        Self {
            issued: Some(issued),
            ..self
        }
    }

    pub(super) fn replace(&self, files: Certificates) {
        *self.files.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(files);
    }

    pub(super) fn has_file_for(&self, name: &str) -> bool {
        self.files().covering(Some(name)).is_some()
    }

    fn files(&self) -> Arc<Certificates> {
        Arc::clone(&self.files.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// None: there is none that the name could be answered with.
    pub(super) async fn of(&self, name: Option<&str>, holder: Holder) -> Result<Option<Settings>, TlsError> {
        let files = self.files();
        if let Some(found) = files.covering(name) {
            return Ok(Some(found));
        }
        let Some(issued) = &self.issued else {
            return Ok(files.main());
        };
        if let (Some(name), Holder::Us | Holder::Pool) = (name, holder)
            && let Some(found) = issued.of(name).await?
        {
            return Ok(Some(found));
        }
        // Another name's certificate is no answer to whoever asks for a domain that is to have its own.
        if holder == Holder::Pool {
            return Ok(None);
        }
        if let Some(main) = files.main() {
            return Ok(Some(main));
        }
        match &issued.own {
            Some(own) if name.is_none() => issued.of(own).await,
            _ => Ok(None),
        }
    }

    /// What proves the name to the authority. None: it is not being proved.
    pub(super) async fn proof(&self, name: &str) -> Result<Option<Arc<ServerConfig>>, TlsError> {
        let Some(issued) = &self.issued else { return Ok(None) };
        let Some(proof) = issued.acme.challenge(name).await? else {
            return Ok(None);
        };
        Ok(Some(Settings::of(proof, &[ACME_TLS])?.with(Versions::From12)))
    }
}

impl Issued {
    async fn of(&self, name: &str) -> Result<Option<Settings>, TlsError> {
        let Some(certified) = self.acme.certificate(name).await? else {
            return Ok(None);
        };
        if let Some((made_of, settings)) = self.ready.get(name)
            && Arc::ptr_eq(&made_of, &certified)
        {
            return Ok(Some(settings));
        }
        let settings = Settings::of(CertifiedKey::clone(&certified), &[HTTP2, HTTP1])?;
        self.ready.remember(name.to_owned(), (certified, settings.clone()));
        Ok(Some(settings))
    }
}
