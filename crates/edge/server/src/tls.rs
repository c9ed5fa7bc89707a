//! TLS: serve's certificate from files, dev's own certificate authority. decision 14: the authority vouches for loopback names
//! only, so that a leaked key is no one else's problem.

use std::{sync::Arc, time::Duration};

use kernel::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, NameConstraints, SanType,
};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio::sync::OnceCell;
use tokio_rustls::TlsAcceptor;

/// Browsers refuse leaves that live much longer; dev makes a new one after every start.
const LEAF_LIFE: Duration = Duration::from_secs(90 * 24 * 3600);
const AUTHORITY_LIFE: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

/// What a handshake may settle on, the better one first. RFC 7301, RFC 9113 3.2.
pub(crate) const HTTP2: &[u8] = b"h2";
const HTTP1: &[u8] = b"http/1.1";

/// Certificates are valid from a little before now: clocks differ.
const BACKDATED: Duration = Duration::from_secs(3600);

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

type Make = dyn Fn() -> Result<TlsAcceptor, TlsError> + Send + Sync;

/// What https is answered with. Cheap to clone.
#[derive(Clone)]
pub struct Tls(Arc<Source>);

struct Source {
    acceptor: OnceCell<TlsAcceptor>,
    make: Option<Arc<Make>>,
}

impl Tls {
    /// A certificate that is made when the first client asks for https: drawing its key takes longer than all the rest of
    /// dev's start, and most clients never ask.
    pub fn when_asked(make: impl Fn() -> Result<TlsAcceptor, TlsError> + Send + Sync + 'static) -> Self {
        Self(Arc::new(Source {
            acceptor: OnceCell::new(),
            make: Some(Arc::new(make)),
        }))
    }

    /// One for all who ask at once. After a failure the next one tries again.
    pub(crate) async fn acceptor(&self) -> Result<TlsAcceptor, TlsError> {
        let make = async || match &self.0.make {
            Some(make) => {
                let make = Arc::clone(make);
                tokio::task::spawn_blocking(move || make()).await?
            }
            None => Err(TlsError::Use(rustls::Error::General("no certificate".to_owned()))),
        };
        self.0.acceptor.get_or_try_init(make).await.cloned()
    }
}

/// One that is there already.
impl From<TlsAcceptor> for Tls {
    fn from(acceptor: TlsAcceptor) -> Self {
        Self(Arc::new(Source {
            acceptor: OnceCell::new_with(Some(acceptor)),
            make: None,
        }))
    }
}

/// Dev's certificate authority, both halves as PEM.
pub struct Authority {
    pub certificate: String,
    pub key: String,
}

impl Authority {
    pub fn generate(now: Timestamp) -> Result<Self, TlsError> {
        let key = KeyPair::generate()?;
        let certificate = authority(now).self_signed(&key)?;
        Ok(Self {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
        })
    }

    /// Whether [`Authority::acceptor`] could work with what was kept. Errors: the key is none.
    pub fn check(&self) -> Result<(), TlsError> {
        KeyPair::from_pem(&self.key)?;
        Ok(())
    }

    /// A leaf for the loopback names, ready to be served.
    pub fn acceptor(&self, now: Timestamp) -> Result<TlsAcceptor, TlsError> {
        // A leaf repeats of its issuer what depends on name and key alone.
        let issuer = Issuer::new(authority(now), KeyPair::from_pem(&self.key)?);
        let key = KeyPair::generate()?;
        // A wildcard right beneath a top-level name is refused by clients, so `*.localhost` would be worth nothing.
        let names = ["localhost", "s3.localhost", "*.s3.localhost", "*.s3-website.localhost"].map(str::to_owned);
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name.push(DnType::CommonName, "localhost");
        for ip in [[127, 0, 0, 1].into(), std::net::Ipv6Addr::LOCALHOST.into()] {
            params.subject_alt_names.push(SanType::IpAddress(ip));
        }
        params.use_authority_key_identifier_extension = true;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        set_life(&mut params, now, LEAF_LIFE);
        let leaf = params.signed_by(&key, &issuer)?;
        acceptor(&leaf.pem(), &key.serialize_pem())
    }
}

fn authority(now: Timestamp) -> CertificateParams {
    let mut params = CertificateParams::default();
    params
        .distinguished_name
        .push(DnType::CommonName, "Poolhouse development CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.name_constraints = Some(loopback_only());
    set_life(&mut params, now, AUTHORITY_LIFE);
    params
}

/// What the authority may vouch for.
fn loopback_only() -> NameConstraints {
    let subnet = |ip: std::net::IpAddr, prefix| GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(ip, prefix));
    NameConstraints {
        permitted_subtrees: vec![
            GeneralSubtree::DnsName("localhost".to_owned()),
            subnet([127, 0, 0, 0].into(), 8),
            subnet(std::net::Ipv6Addr::LOCALHOST.into(), 128),
        ],
        excluded_subtrees: Vec::new(),
    }
}

fn set_life(params: &mut CertificateParams, now: Timestamp, life: Duration) {
    let date = |at: Timestamp| {
        let day = at.to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date();
        let (month, dom) = (day.month().unsigned_abs(), day.day().unsigned_abs());
        rcgen::date_time_ymd(i32::from(day.year()), month, dom)
    };
    params.not_before = date(now.minus(BACKDATED));
    params.not_after = date(now.plus(life));
}

/// From a certificate chain and its key, as PEM.
pub fn acceptor(certificates: &str, key: &str) -> Result<TlsAcceptor, TlsError> {
    let chain = CertificateDer::pem_slice_iter(certificates.as_bytes()).collect::<Result<Vec<_>, _>>()?;
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes())?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = [HTTP2, HTTP1].map(<[u8]>::to_vec).into();
    Ok(TlsAcceptor::from(Arc::new(config)))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use rustls::pki_types::ServerName;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio_rustls::TlsConnector;

    use super::*;

    /// The system's time: certificates are checked against it.
    fn now() -> Timestamp {
        kernel::Clock::wall(&kernel::SystemClock::default())
    }

    async fn handshake(authority: &Authority, name: &str) -> Result<(), String> {
        let acceptor = authority.acceptor(now()).unwrap();
        let mut roots = rustls::RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_slice(authority.certificate.as_bytes()).unwrap())
            .unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let (near, far) = tokio::io::duplex(64 * 1024);
        let server = tokio::spawn(async move {
            let mut stream = acceptor.accept(far).await.map_err(|error| error.to_string())?;
            stream.write_all(b"!").await.map_err(|error| error.to_string())
        });
        let name = ServerName::try_from(name.to_owned()).unwrap();
        let mut client = TlsConnector::from(Arc::new(config))
            .connect(name, near)
            .await
            .map_err(|error| error.to_string())?;
        let mut byte = [0];
        client.read_exact(&mut byte).await.map_err(|error| error.to_string())?;
        server.await.unwrap()
    }

    #[tokio::test]
    async fn a_certificate_is_made_once_for_all_who_ask_and_again_after_a_failure() {
        let asked = Arc::new(AtomicUsize::new(0));
        let (authority, count) = (Authority::generate(now()).unwrap(), Arc::clone(&asked));
        let tls = Tls::when_asked(move || match count.fetch_add(1, Ordering::Relaxed) {
            0 => Err(TlsError::Use(rustls::Error::General("not yet".to_owned()))),
            _ => authority.acceptor(now()),
        });
        assert_eq!(asked.load(Ordering::Relaxed), 0, "nobody asked");
        assert!(tls.acceptor().await.is_err());
        let many = (0..8).map(|_| {
            let tls = tls.clone();
            tokio::spawn(async move { tls.acceptor().await.is_ok() })
        });
        for one in many.collect::<Vec<_>>() {
            assert!(one.await.unwrap());
        }
        assert_eq!(asked.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn the_development_authority_vouches_for_loopback_names_only() {
        let authority = Authority::generate(now()).unwrap();
        for name in ["localhost", "photos.s3.localhost", "127.0.0.1", "::1"] {
            handshake(&authority, name).await.unwrap();
        }
        for name in ["example.com", "10.0.0.1"] {
            assert!(handshake(&authority, name).await.is_err(), "{name}");
        }
        let other = Authority::generate(now()).unwrap();
        assert!(
            handshake(
                &Authority {
                    certificate: other.certificate,
                    ..authority
                },
                "localhost"
            )
            .await
            .is_err()
        );
    }
}
