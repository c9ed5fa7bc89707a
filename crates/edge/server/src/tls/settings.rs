//! A certificate as handshakes use it.

use std::sync::Arc;

use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::{CertifiedKey, SingleCertAndKey},
    version::{TLS12, TLS13},
};

use super::TlsError;

/// What a handshake may settle on, the better one first. RFC 7301, RFC 9113 3.2.
pub(crate) const HTTP2: &[u8] = b"h2";
pub(super) const HTTP1: &[u8] = b"http/1.1";

/// Older ones than 1.2 do not exist here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Versions {
    From12,
    Only13,
}

/// One certificate under either set of versions.
#[derive(Clone)]
pub(super) struct Settings {
    from12: Arc<ServerConfig>,
    only13: Arc<ServerConfig>,
}

impl Settings {
    /// From a chain and its key, as PEM. Errors: one of them is none, or the key is another certificate's.
    pub fn from_pem(chain: &str, key: &str) -> Result<Self, TlsError> {
        let chain = CertificateDer::pem_slice_iter(chain.as_bytes()).collect::<Result<Vec<_>, _>>()?;
        Self::new(chain, PrivateKeyDer::from_pem_slice(key.as_bytes())?)
    }

    pub fn new(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<Self, TlsError> {
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        Self::of(CertifiedKey::from_der(chain, key, &provider)?, &[HTTP2, HTTP1])
    }

    /// `protocols`: what ALPN offers, the better one first.
    pub fn of(certified: CertifiedKey, protocols: &[&[u8]]) -> Result<Self, TlsError> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let resolver = Arc::new(SingleCertAndKey::from(certified));
        let config = |versions: &[_]| -> Result<_, TlsError> {
            let mut config = ServerConfig::builder_with_provider(Arc::clone(&provider))
                .with_protocol_versions(versions)?
                .with_no_client_auth()
                .with_cert_resolver(resolver.clone());
            config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
            Ok(Arc::new(config))
        };
        Ok(Self {
            from12: config(&[&TLS13, &TLS12])?,
            only13: config(&[&TLS13])?,
        })
    }

    pub fn with(self, versions: Versions) -> Arc<ServerConfig> {
        match versions {
            Versions::From12 => self.from12,
            Versions::Only13 => self.only13,
        }
    }
}
