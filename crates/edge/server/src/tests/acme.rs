//! Certificates by ACME, the whole way: a pool has a domain, an authority of the tests' own proves that it leads here and signs, and
//! https under that name works, on every node, until the next certificate and the one after.

mod authority;
mod validation;

use std::{collections::BTreeSet, net::SocketAddr, num::NonZeroU32, sync::Arc, time::Duration};

use acme::{Acme, Beneath, Proof, Settings, State};
use axum::http::StatusCode;
use kernel::Clock;
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
    time_provider::TimeProvider,
};
use serde_json::json;
use store::Store;
use testkit::MockClock;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;
use upstream::{Reach, Upstream};

use self::authority::Authority;
use super::{Key, Rig};
use crate::{
    Bound, Plain, Stop,
    tls::{Certificate, Certificates, Kept, Tls},
};

const NAME: &str = "auth.shop.example";
const MAIN: &str = "id.example.com";
const CERTIFICATE: &str = "arn:aws:acm:us-east-1:123456789012:certificate/1b2c3d4e-0000-4000-8000-000000000000";
const DAY: Duration = Duration::from_secs(24 * 3600);
const MINUTE: Duration = Duration::from_secs(60);

/// A server with a certificate for its own name, and an authority that finds it under every other.
struct Site {
    rig: Rig,
    authority: Authority,
    acme: Acme,
    address: SocketAddr,
    main: String,
    /// Servers stop when it goes.
    _stop: Vec<Stop>,
}

impl Site {
    async fn new(proof: Proof, orders_per_hour: u32) -> Self {
        let rig = Rig::dev().await;
        let authority = Authority::start(Arc::clone(&rig.clock)).await;
        let acme = node(&rig, &authority, rig.store.clone(), proof, orders_per_hour);
        let made = rcgen::generate_simple_self_signed([MAIN.to_owned()]).unwrap();
        let main = (made.cert.pem(), made.signing_key.serialize_pem());
        let (address, stop) = listen(&rig, &main, acme.clone()).await;
        let bound = Bound::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
        authority.state().https = Some(address);
        authority.state().http = Some(bound.address);
        let (stop_http, stopped) = Stop::new();
        let plain = Plain {
            acme: Some(acme.clone()),
            https_port: 8443,
        };
        tokio::spawn(bound.redirect(plain, stopped));
        Self {
            rig,
            authority,
            acme,
            address,
            main: main.0,
            _stop: vec![stop, stop_http],
        }
    }

    /// A pool of its own for each. Returns its id.
    async fn claim(&self, name: &str) -> String {
        let (key, (pool, _)) = (Key::unknown(), self.rig.pool(&Key::unknown(), None).await);
        let config = json!({"CertificateArn": CERTIFICATE, "SecurityPolicy": "TLS_V1_2_2021"});
        let input = json!({"UserPoolId": pool, "Domain": name, "CustomDomainConfig": config});
        self.rig.idp(&key, "CreateUserPoolDomain", input).await.ok();
        pool
    }

    /// One run of the job.
    async fn renew(&self) -> u64 {
        let names = self.rig.app.user_pools.custom_domains().await.unwrap();
        self.acme
            .renew(&names.into_iter().collect::<BTreeSet<_>>())
            .await
            .unwrap()
    }

    async fn state(&self, name: &str) -> Option<State> {
        let all = State::all(&self.rig.store).await.unwrap();
        all.into_iter().find(|state| state.name == name)
    }

    fn ordered(&self) -> usize {
        self.authority.state().ordered.len()
    }

    /// By https with this node.
    async fn seen(&self, name: &str) -> Result<Vec<u8>, String> {
        self.seen_at(self.address, name).await
    }

    /// The certificate that a client is answered with which trusts the authority and the server's own, at the tests' time.
    async fn seen_at(&self, address: SocketAddr, name: &str) -> Result<Vec<u8>, String> {
        let mut roots = RootCertStore::empty();
        for pem in [self.authority.certificate(), &self.main] {
            roots
                .add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap())
                .unwrap();
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_details(provider, Arc::new(Time(Arc::clone(&self.rig.clock))))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let stream = TcpStream::connect(address).await.unwrap();
        let host = ServerName::try_from(name.to_owned()).unwrap();
        let connected = TlsConnector::from(Arc::new(config)).connect(host, stream).await;
        let mut stream = connected.map_err(|error| error.to_string())?;
        let request = format!("GET /error HTTP/1.1\r\nhost: {name}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut said = Vec::new();
        stream.read_to_end(&mut said).await.unwrap();
        assert!(said.starts_with(b"HTTP/1.1 "), "{name}");
        Ok(stream.get_ref().1.peer_certificates().unwrap()[0].to_vec())
    }
}

/// As the tests have it.
#[derive(Debug)]
struct Time(Arc<MockClock>);

impl TimeProvider for Time {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.wall().secs()).unwrap();
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

/// The certificate is one of another name.
fn is_anothers(error: &str) -> bool {
    error.contains("not valid for name") || error.contains("NotValidForName")
}

fn node(rig: &Rig, authority: &Authority, store: Store, proof: Proof, orders_per_hour: u32) -> Acme {
    let beneath = Beneath {
        store,
        keyring: Arc::clone(&rig.keyring),
        env: Arc::clone(&rig.env),
        upstream: Upstream::new(Reach::Public).unwrap(),
    };
    let settings = Settings {
        directory: authority.directory(),
        contact: Some("ops@example.com".to_owned()),
        binding: None,
        proof,
        orders_per_hour: NonZeroU32::new(orders_per_hour).unwrap(),
    };
    Acme::new(beneath, settings)
}

async fn listen(rig: &Rig, main: &(String, String), acme: Acme) -> (SocketAddr, Stop) {
    let files = Kept::new(Certificates::new(
        Some(Certificate::new(&main.0, &main.1).unwrap()),
        Vec::new(),
    ));
    let tls = Tls::of(files.with_issued(acme, None));
    let bound = Bound::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
    let (stop, stopped) = Stop::new();
    let address = bound.address;
    tokio::spawn(bound.serve(Arc::clone(&rig.app), Some(tls), stopped));
    (address, stop)
}

#[tokio::test]
async fn a_custom_domain_gets_a_certificate_by_the_port_that_it_is_for() {
    let site = Site::new(Proof::TlsAlpn, 50).await;
    site.claim(NAME).await;
    // Not the server's own: whoever asks learns that there is none.
    let refused = site.seen(NAME).await.unwrap_err();
    assert!(
        refused.contains("fatal alert") && refused.to_lowercase().contains("recogni"),
        "{refused}"
    );
    site.authority.state().spoiled = 1;
    assert_eq!(site.renew().await, 2, "a name and its certificate");
    let first = site.seen(NAME).await.unwrap();
    assert_eq!(site.seen(&NAME.to_uppercase()).await.unwrap(), first);
    let account = site.authority.state().accounts[0].clone();
    assert_eq!(account["contact"], json!(["mailto:ops@example.com"]));
    assert_eq!(account["termsOfServiceAgreed"], true);

    // What a client comes up with is not ordered, and gets the server's own.
    let own = site.seen(MAIN).await.unwrap();
    let invented = site.seen("nobody.example").await.unwrap_err();
    assert!(is_anothers(&invented), "{invented}");
    for name in [NAME, MAIN, "nobody.example"] {
        assert!(
            validation::proof(site.address, name).await.is_err(),
            "{name}: nothing is being proved"
        );
    }
    assert_ne!(own, first);
    assert_eq!((site.renew().await, site.ordered()), (0, 1));

    // Another node has it from the database.
    let other = node(
        &site.rig,
        &site.authority,
        site.rig.second_store().await,
        Proof::TlsAlpn,
        50,
    );
    let made = rcgen::generate_simple_self_signed([MAIN.to_owned()]).unwrap();
    let main = (made.cert.pem(), made.signing_key.serialize_pem());
    let (elsewhere, _stop) = listen(&site.rig, &main, other).await;
    assert_eq!(site.seen_at(elsewhere, NAME).await.unwrap(), first);

    // Two thirds of its life later there is the next one, there within a second.
    site.rig.advance(59 * DAY);
    assert_eq!(site.renew().await, 0);
    site.rig.advance(2 * DAY);
    assert_eq!(site.renew().await, 1);
    let second = site.seen(NAME).await.unwrap();
    assert_ne!(second, first);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(site.seen_at(elsewhere, NAME).await.unwrap(), second);
    assert_eq!(site.authority.state().accounts.len(), 1, "one account for all");
}

#[tokio::test]
async fn a_failure_backs_off_and_what_there_is_is_served_on() {
    let site = Site::new(Proof::TlsAlpn, 50).await;
    let pool = site.claim(NAME).await;
    assert_eq!(site.renew().await, 2);
    let first = site.seen(NAME).await.unwrap();
    site.rig.advance(61 * DAY);
    // The name leads elsewhere for a while: to the port of plain http.
    let https = {
        let mut state = site.authority.state();
        let http = state.http;
        std::mem::replace(&mut state.https, http)
    };
    assert_eq!((site.renew().await, site.ordered()), (0, 2));
    let state = site.state(NAME).await.unwrap();
    assert_eq!((state.failures, state.due), (1, site.rig.now().plus(5 * MINUTE)));
    let error = state.error.unwrap();
    assert!(error.contains(NAME) && error.contains("unauthorized"), "{error}");
    assert_eq!(site.seen(NAME).await.unwrap(), first);

    site.rig.advance(4 * MINUTE);
    assert_eq!((site.renew().await, site.ordered()), (0, 2), "not yet");
    site.rig.advance(MINUTE);
    assert_eq!((site.renew().await, site.ordered()), (0, 3));
    let state = site.state(NAME).await.unwrap();
    assert_eq!((state.failures, state.due), (2, site.rig.now().plus(10 * MINUTE)));

    site.authority.state().https = https;
    site.rig.advance(10 * MINUTE);
    assert_eq!(site.renew().await, 1);
    let state = site.state(NAME).await.unwrap();
    assert_eq!((state.failures, state.error), (0, None));
    assert_ne!(site.seen(NAME).await.unwrap(), first);

    // The authority has lost our account: the failure after next is none.
    site.authority.state().accounts.clear();
    site.rig.advance(61 * DAY);
    assert_eq!(site.renew().await, 0);
    site.rig.advance(5 * MINUTE);
    assert_eq!(site.renew().await, 1);

    // The domain goes, and its certificate with it.
    let input = json!({"UserPoolId": pool, "Domain": NAME});
    site.rig.idp(&Key::unknown(), "DeleteUserPoolDomain", input).await.ok();
    let refused = site.seen(NAME).await.unwrap_err();
    assert!(is_anothers(&refused), "{refused}");
    assert_eq!(site.renew().await, 1);
    assert!(site.state(NAME).await.is_none());
}

#[tokio::test]
async fn an_authority_that_asks_for_patience_gets_it() {
    let site = Site::new(Proof::TlsAlpn, 50).await;
    site.claim(NAME).await;
    site.authority.state().refusal = Some((StatusCode::TOO_MANY_REQUESTS, "rateLimited", 7200));
    assert_eq!((site.renew().await, site.ordered()), (1, 1));
    let state = site.state(NAME).await.unwrap();
    assert_eq!(state.due, site.rig.now().plus(120 * MINUTE));
    assert!(state.error.unwrap().contains("rateLimited"));
    site.authority.state().refusal = None;
    site.rig.advance(119 * MINUTE);
    assert_eq!((site.renew().await, site.ordered()), (0, 1));
    site.rig.advance(MINUTE);
    assert_eq!((site.renew().await, site.ordered()), (1, 2));
    site.seen(NAME).await.unwrap();
}

/// Whoever may make pools can't use up what the authority allows.
#[tokio::test]
async fn orders_are_bounded_by_the_hour() {
    let site = Site::new(Proof::TlsAlpn, 2).await;
    let names = ["a.shop.example", "b.shop.example", "c.shop.example"];
    for name in names {
        site.claim(name).await;
    }
    assert_eq!((site.renew().await, site.ordered()), (5, 2));
    assert_eq!((site.renew().await, site.ordered()), (0, 2));
    site.rig.advance(60 * MINUTE);
    assert_eq!((site.renew().await, site.ordered()), (1, 3));
    for name in names {
        site.seen(name).await.unwrap();
    }
}

/// Domains that lead nowhere keep neither new ones nor renewals waiting.
#[tokio::test]
async fn names_that_failed_share_half_of_an_hour() {
    let site = Site::new(Proof::TlsAlpn, 4).await;
    site.claim("good.shop.example").await;
    assert_eq!((site.renew().await, site.ordered()), (2, 1));
    // The end of its life is near when the others come, at the beginning of an hour.
    site.rig.advance(61 * DAY);
    let https = {
        let mut state = site.authority.state();
        let http = state.http;
        std::mem::replace(&mut state.https, http)
    };
    for name in ["a.shop.example", "b.shop.example", "c.shop.example"] {
        site.claim(name).await;
    }
    // One of its renewal, two of three new ones: all fail.
    assert_eq!((site.renew().await, site.ordered()), (3, 4));
    site.rig.advance(5 * MINUTE);
    assert_eq!(
        (site.renew().await, site.ordered()),
        (0, 5),
        "the renewal; half of the hour is gone"
    );
    site.authority.state().https = https;
    site.rig.advance(10 * MINUTE);
    assert_eq!((site.renew().await, site.ordered()), (0, 5), "the hour is over");
    site.rig.advance(60 * MINUTE);
    assert_eq!(
        (site.renew().await, site.ordered()),
        (2, 7),
        "the renewal and the new one, which leave nothing of the half"
    );
    site.seen("good.shop.example").await.unwrap();
}

#[tokio::test]
async fn a_port_of_plain_http_proves_names_and_sends_everybody_else_to_https() {
    let site = Site::new(Proof::Http, 50).await;
    site.claim(NAME).await;
    assert_eq!(site.renew().await, 2);
    site.seen(NAME).await.unwrap();
    let http = site.authority.state().http.unwrap();
    let (head, _) = validation::get(http, "Auth.shop.example:80", "/login?a=b")
        .await
        .unwrap();
    assert!(head.starts_with("HTTP/1.1 308"), "{head}");
    assert!(
        head.contains("location: https://auth.shop.example:8443/login?a=b\r\n"),
        "{head}"
    );
    for token in ["token-0_xxxxxxxxxxxxxxxxxxxxxxxx", "../login", "%00", ""] {
        let (head, _) = validation::get(http, NAME, &format!("/.well-known/acme-challenge/{token}"))
            .await
            .unwrap();
        assert!(head.starts_with("HTTP/1.1 404"), "{token}: {head}");
    }
    for host in ["", "evil.example/path", "a b"] {
        let (head, _) = validation::get(http, host, "/").await.unwrap();
        assert!(head.starts_with("HTTP/1.1 400"), "{host}: {head}");
    }
    let mut stream = TcpStream::connect(http).await.unwrap();
    let post = format!("POST /oauth2/token HTTP/1.1\r\nhost: {NAME}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    stream.write_all(post.as_bytes()).await.unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).await.unwrap();
    assert!(
        said.starts_with("HTTP/1.1 400") && said.ends_with("answers https."),
        "{said}"
    );
}
