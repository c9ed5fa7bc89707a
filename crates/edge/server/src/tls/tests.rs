use std::{sync::Mutex, time::Duration};

use kernel::Timestamp;
use rcgen::{CertificateParams, KeyPair};
use rustls::{
    ProtocolVersion, RootCertStore, SupportedProtocolVersion,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
    version::{TLS12, TLS13},
};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use super::*;

/// The system's time: certificates are checked against it.
fn now() -> Timestamp {
    kernel::Clock::wall(&kernel::SystemClock::default())
}

fn trusting(certificate: &str, versions: &[&'static SupportedProtocolVersion]) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

/// What a client that trusts this certificate alone settles on with a server, or why it does not.
async fn handshake(
    config: Arc<ServerConfig>,
    client: &TlsConnector,
    name: &str,
) -> Result<(ProtocolVersion, CertificateDer<'static>), String> {
    let (near, far) = tokio::io::duplex(64 * 1024);
    let server = tokio::spawn(async move { TlsAcceptor::from(config).accept(far).await.map(drop) });
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let stream = client.connect(name, near).await.map_err(|error| error.to_string())?;
    let session = stream.get_ref().1;
    let seen = (
        session.protocol_version().unwrap(),
        session.peer_certificates().unwrap()[0].clone().into_owned(),
    );
    server.await.unwrap().map_err(|error| error.to_string())?;
    Ok(seen)
}

async fn seen(tls: &Tls, client: &TlsConnector, name: &str) -> Result<CertificateDer<'static>, String> {
    let sni = name.parse::<std::net::IpAddr>().is_err().then_some(name);
    let config = tls.config(sni, Holder::Us, Versions::From12).await.unwrap();
    handshake(config.unwrap(), client, name)
        .await
        .map(|(_, certificate)| certificate)
}

#[tokio::test]
async fn the_development_authority_vouches_for_loopback_names_only() {
    let authority = Authority::generate(&[], now()).unwrap();
    let client = trusting(&authority.certificate, &[&TLS13]);
    let tls = Tls::by(Leaves::new(authority, now));
    for name in [
        "localhost",
        "photos.s3.localhost",
        "a.photos.s3.eu-west-1.localhost",
        "app.auth.eu-west-1.localhost",
        "App.Auth.eu-west-1.LocalHost",
        "127.0.0.1",
        "::1",
    ] {
        seen(&tls, &client, name).await.unwrap();
    }
    for name in [
        "example.com",
        "10.0.0.1",
        "xlocalhost",
        "localhost.example.com",
        "cognito-idp.eu-west-1.amazonaws.com",
    ] {
        assert!(seen(&tls, &client, name).await.is_err(), "{name}");
    }
    let other = Authority::generate(&[], now()).unwrap();
    let client = trusting(&other.certificate, &[&TLS13]);
    assert!(seen(&tls, &client, "localhost").await.is_err());
}

/// The constraint holds even where a leaf is made: clients look at it.
#[tokio::test]
async fn a_leaf_beyond_the_authoritys_constraints_is_refused_by_clients() {
    let mut authority = Authority::generate(&["sts.amazonaws.com".to_owned()], now()).unwrap();
    let client = trusting(&authority.certificate, &[&TLS13]);
    assert!(authority.fits(now()).unwrap());
    authority.also.push("iam.amazonaws.com".to_owned());
    assert!(!authority.fits(now()).unwrap());
    let tls = Tls::by(Leaves::new(authority, now));
    seen(&tls, &client, "sts.amazonaws.com").await.unwrap();
    seen(&tls, &client, "a.b.sts.amazonaws.com").await.unwrap();
    for name in ["iam.amazonaws.com", "xsts.amazonaws.com"] {
        assert!(seen(&tls, &client, name).await.is_err(), "{name}");
    }
}

#[test]
fn an_authority_that_vouches_for_more_or_less_does_not_fit() {
    let aws = ["sts.amazonaws.com".to_owned()];
    for (made, wanted) in [(&aws[..], &[][..]), (&[], &aws[..])] {
        let mut authority = Authority::generate(made, now()).unwrap();
        assert!(authority.fits(now()).unwrap());
        authority.also = wanted.to_owned();
        assert!(!authority.fits(now()).unwrap());
    }
    let authority = Authority::generate(&[], now()).unwrap();
    let torn = |certificate: &str, key: &str| Authority {
        certificate: certificate.to_owned(),
        key: key.to_owned(),
        also: Vec::new(),
    };
    assert!(torn("torn", &authority.key).fits(now()).is_err());
    assert!(torn(&authority.certificate, "torn").fits(now()).is_err());
}

#[tokio::test]
async fn a_leaf_is_made_once_for_all_who_ask_and_anew_before_it_ends() {
    let authority = Authority::generate(&[], now()).unwrap();
    let client = trusting(&authority.certificate, &[&TLS13]);
    let at = Arc::new(Mutex::new(now()));
    let clock = Arc::clone(&at);
    let tls = Tls::by(Leaves::new(authority, move || *clock.lock().unwrap()));
    let many = (0..8).map(|_| {
        let (tls, client) = (tls.clone(), client.clone());
        tokio::spawn(async move { seen(&tls, &client, "app.auth.eu-west-1.localhost").await.unwrap() })
    });
    let mut all = Vec::new();
    for one in many.collect::<Vec<_>>() {
        all.push(one.await.unwrap());
    }
    let first = all.pop().unwrap();
    assert!(all.iter().all(|one| *one == first));
    let later = |days: u64| {
        let span = Duration::from_secs(days * 24 * 3600);
        let before = *at.lock().unwrap();
        *at.lock().unwrap() = before.plus(span);
    };
    later(59);
    let kept = seen(&tls, &client, "app.auth.eu-west-1.localhost").await.unwrap();
    assert_eq!(kept, first);
    later(2);
    // The new one begins in what is the future to this client.
    let config = tls
        .config(Some("app.auth.eu-west-1.localhost"), Holder::Us, Versions::From12)
        .await
        .unwrap()
        .unwrap();
    let refused = handshake(config, &client, "app.auth.eu-west-1.localhost")
        .await
        .unwrap_err();
    assert!(refused.to_lowercase().contains("not valid yet"), "{refused}");
}

/// Signed by itself, so that whoever trusts it trusts nothing else.
fn own(names: &[&str]) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    let certificate = CertificateParams::new(names).unwrap().self_signed(&key).unwrap();
    (certificate.pem(), key.serialize_pem())
}

fn shown(tls: &Certificates, name: Option<&str>) -> Arc<ServerConfig> {
    let found = tls.covering(name).or_else(|| tls.main());
    found.unwrap().with(Versions::From12)
}

#[tokio::test]
async fn a_certificate_is_chosen_by_the_names_that_it_covers() {
    let (main, custom, wild) = (
        own(&["id.example.com"]),
        own(&["auth.shop.example", "login.shop.example"]),
        own(&["*.tenants.example"]),
    );
    let read = |(chain, key): &(String, String)| Certificate::new(chain, key).unwrap();
    let certificates = Certificates::new(Some(read(&main)), vec![read(&custom), read(&wild)]);
    for (name, expected) in [
        ("id.example.com", &main),
        ("auth.shop.example", &custom),
        ("LOGIN.shop.example", &custom),
        ("a.tenants.example", &wild),
    ] {
        let client = trusting(&expected.0, &[&TLS13]);
        handshake(shown(&certificates, Some(name)), &client, name)
            .await
            .unwrap();
    }
    // The server's own, under a name that it does not cover, is taken by nobody.
    let client = trusting(&main.0, &[&TLS13]);
    let bare = handshake(
        shown(&certificates, Some("auth.bare.example")),
        &client,
        "auth.bare.example",
    );
    assert!(bare.await.is_err());
    let main_alone = shown(&certificates, None);
    for name in ["a.b.tenants.example", "tenants.example", "nobody.example", "*", ""] {
        assert!(Arc::ptr_eq(&shown(&certificates, Some(name)), &main_alone), "{name}");
    }
    assert!(Certificate::new(&custom.0, &wild.1).is_err(), "another's key");
    assert!(Certificate::new("", &wild.1).is_err());
    assert!(Certificate::new(&main.0, "").is_err());

    let tls = Tls::of(Kept::new(certificates));
    tls.replace(Certificates::new(Some(read(&custom)), Vec::new()));
    let client = trusting(&custom.0, &[&TLS13]);
    seen(&tls, &client, "login.shop.example").await.unwrap();
}

#[tokio::test]
async fn the_versions_are_those_that_are_allowed() {
    let (certificate, key) = own(&["id.example.com"]);
    let tls = Tls::of(Kept::new(Certificates::new(
        Some(Certificate::new(&certificate, &key).unwrap()),
        Vec::new(),
    )));
    for (allowed, offered, settled) in [
        (Versions::From12, &TLS12, Some(ProtocolVersion::TLSv1_2)),
        (Versions::From12, &TLS13, Some(ProtocolVersion::TLSv1_3)),
        (Versions::Only13, &TLS12, None),
        (Versions::Only13, &TLS13, Some(ProtocolVersion::TLSv1_3)),
    ] {
        let config = tls.config(Some("id.example.com"), Holder::Us, allowed).await.unwrap();
        let client = trusting(&certificate, &[offered]);
        let version = handshake(config.unwrap(), &client, "id.example.com")
            .await
            .map(|(version, _)| version);
        assert_eq!(version.ok(), settled, "{allowed:?}");
    }
}
