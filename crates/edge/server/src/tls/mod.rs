//! TLS: what a handshake is answered with, by the host name that it asks for (SNI). In serve certificates come from files
//! (`certificates`) and by ACME (`kept`), in dev each is made when it is first asked for (`leaves`) by an authority of its own
//! (`authority`).

mod authority;
mod certificates;
mod kept;
mod leaves;
mod settings;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use rustls::ServerConfig;

pub use authority::Authority;
pub use certificates::{Certificate, Certificates};
pub(crate) use kept::ACME_TLS;
pub use kept::Kept;
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
    #[error("the certificate could not be looked up: {0:?}")]
    LookUp(#[from] kernel::ApiError),
}

/// Whose a host name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    /// This server's.
    Us,
    /// A pool's, as its custom domain.
    Pool,
    /// Whatever a client comes up with; or it says none.
    Nobody,
}

/// What https is answered with. Cheap to clone.
#[derive(Clone)]
pub struct Tls(Arc<Source>);

enum Source {
    Made(Leaves),
    Kept(Box<Kept>),
}

impl Tls {
    /// By certificates that are made when they are asked for.
    pub fn by(leaves: Leaves) -> Self {
        Self(Arc::new(Source::Made(leaves)))
    }

    /// By certificates that are there.
    pub fn of(kept: Kept) -> Self {
        Self(Arc::new(Source::Kept(Box::new(kept))))
    }

    /// New connections are answered by these files' certificates; where certificates are made, nothing changes.
    pub fn replace(&self, certificates: Certificates) {
        if let Source::Kept(kept) = &*self.0 {
            kept.replace(certificates);
        }
    }

    /// Whether a file's certificate covers the host name. Where certificates are made, each is.
    pub fn has_file_for(&self, name: &str) -> bool {
        match &*self.0 {
            Source::Made(_) => true,
            Source::Kept(kept) => kept.has_file_for(name),
        }
    }

    /// How a handshake for this host name, in lower case, is answered. None: no certificate is the name's.
    pub(crate) async fn config(
        &self,
        name: Option<&str>,
        holder: Holder,
        versions: Versions,
    ) -> Result<Option<Arc<ServerConfig>>, TlsError> {
        let found = match &*self.0 {
            Source::Made(leaves) => Some(leaves.of(name).await?),
            Source::Kept(kept) => kept.of(name, holder).await?,
        };
        Ok(found.map(|found| found.with(versions)))
    }

    /// How a certificate authority's handshake, by which it proves that a name is ours, is answered. None: none is under way.
    pub(crate) async fn proof(&self, name: &str) -> Result<Option<Arc<ServerConfig>>, TlsError> {
        match &*self.0 {
            Source::Made(_) => Ok(None),
            Source::Kept(kept) => kept.proof(name).await,
        }
    }
}
