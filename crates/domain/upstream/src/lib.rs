//! Requests to other servers: webhooks, the Lambda API, mail services, certificate authorities, the keys and addresses of clients. Who
//! wrote an address down decides where it may lead: the operator's goes anywhere, a tenant's by https to public addresses only, and that
//! is checked on the address that is connected to, so that no name can lead elsewhere. Redirects are followed
//! where that is asked for, each judged anew. It knows no Cognito behaviour.
//!
//! Start at [`Address`], the two ways to get one, and [`Upstream::fetch`]; [`KeySets`] are what others sign with, fetched so,
//! [`Discovery`] what an OpenID provider says of itself; [`KeySets::verified`] is the one place where a provider's token is believed.

mod address;
mod connect;
mod discovery;
mod fetch;
mod foreign;
mod kept;
mod key_sets;
mod reach;
mod signature;

#[cfg(test)]
mod discovery_tests;
#[cfg(test)]
mod foreign_tests;
#[cfg(test)]
mod key_sets_tests;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use bytes::Bytes;
use connect::Connector;
use http_body_util::Full;
use hyper_util::{
    client::legacy::Client,
    rt::{TokioExecutor, TokioTimer},
};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, pem::PemObject},
};
use tokio_rustls::TlsConnector;

pub use address::{Address, AddressError};
pub use discovery::{Discovered, Discovery, NotDiscovered};
pub use fetch::{Answer, Fetch, FetchError};
pub use foreign::{Expected, Nonce, NotVerified};
pub use key_sets::KeySets;
pub use reach::Reach;
pub use signature::Signer;

/// The service. Cheap to clone: everything in it is shared.
#[derive(Clone)]
pub struct Upstream {
    clients: Arc<Clients>,
    tenants_reach: Reach,
}

/// Connections are kept apart: one that an operator's address opened is none of a tenant's.
struct Clients {
    operator: HttpClient,
    tenant: HttpClient,
}

type HttpClient = Client<Connector, Full<Bytes>>;

impl Upstream {
    /// `tenants_reach`: where addresses may lead that an operation was given.
    pub fn new(tenants_reach: Reach) -> Result<Self, rustls::Error> {
        let roots = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        Self::trusting(tenants_reach, roots)
    }

    /// The same where servers may have certificates of these authorities too, as PEM. Errors: there is none that can be used.
    pub fn with_authorities(tenants_reach: Reach, pem: &str) -> Result<Self, rustls::Error> {
        let mut roots = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        let known = roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let certificate = certificate.map_err(|error| rustls::Error::General(error.to_string()))?;
            roots.add(certificate)?;
        }
        if roots.len() == known {
            return Err(rustls::Error::General("there is no certificate in it".to_owned()));
        }
        Self::trusting(tenants_reach, roots)
    }

    fn trusting(tenants_reach: Reach, roots: RootCertStore) -> Result<Self, rustls::Error> {
        let tls = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let tls = TlsConnector::from(Arc::new(tls));
        let clients = Clients {
            operator: client(Connector::new(Reach::Anywhere, tls.clone())),
            tenant: client(Connector::new(tenants_reach, tls)),
        };
        Ok(Self {
            clients: Arc::new(clients),
            tenants_reach,
        })
    }

    /// Where addresses may lead that an operation was given.
    pub fn tenants_reach(&self) -> Reach {
        self.tenants_reach
    }
}

/// Bytes of a configuration or a key set.
const LARGEST: usize = 64 * 1024;

/// How many connections to one server are kept for the next request.
const IDLE: usize = 32;

fn client(connector: Connector) -> HttpClient {
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_max_idle_per_host(IDLE)
        .build(connector)
}
