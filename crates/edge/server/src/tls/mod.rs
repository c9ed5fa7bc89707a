//! TLS: what a handshake is answered with, by the host name that it asks for (SNI). In serve certificates come from files
//! (`certificates`), in dev each is made when it is first asked for (`leaves`) by an authority of its own (`authority`).

mod authority;
mod certificates;
mod leaves;
mod settings;
#[cfg(test)]
mod tests;

use std::sync::{Arc, PoisonError, RwLock};

use rustls::ServerConfig;

pub use authority::Authority;
pub use certificates::Certificates;
pub use leaves::Leaves;
pub(crate) use settings::{HTTP2, Versions};

#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("the certificate could not be made: {0}")]
    Make(#[from] rcgen::Error),
    #[error("the certificate or key is not valid PEM: {0}")]
    Pem(#[from] rustls::pki_types::pem::Error),
    #[error("the certificate and key can't be used: {0}")]
    Use(#[from] rustls::Error),
    #[error("the certificate was not finished: {0}")]
    Unfinished(#[from] tokio::task::JoinError),
}

/// What https is answered with. Cheap to clone.
#[derive(Clone)]
pub struct Tls(Arc<Source>);

enum Source {
    Made(Leaves),
    Read(RwLock<Arc<Certificates>>),
}

impl Tls {
    /// By certificates that are made when they are asked for.
    pub fn by(leaves: Leaves) -> Self {
        Self(Arc::new(Source::Made(leaves)))
    }

    /// By certificates that are there.
    pub fn of(certificates: Certificates) -> Self {
        Self(Arc::new(Source::Read(RwLock::new(Arc::new(certificates)))))
    }

    /// New connections are answered by these; where certificates are made, nothing changes.
    pub fn replace(&self, certificates: Certificates) {
        if let Source::Read(kept) = &*self.0 {
            *kept.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(certificates);
        }
    }

    /// How a handshake for this host name is answered.
    pub(crate) async fn config(&self, name: Option<&str>, versions: Versions) -> Result<Arc<ServerConfig>, TlsError> {
        let found = match &*self.0 {
            Source::Made(leaves) => leaves.of(name).await?,
            Source::Read(kept) => {
                let kept = Arc::clone(&kept.read().unwrap_or_else(PoisonError::into_inner));
                kept.of(name)
            }
        };
        Ok(found.with(versions))
    }
}
