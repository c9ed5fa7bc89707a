//! The listening socket: http and https by the first byte, and a stop that finishes what is under way.

mod http2;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use kernel::{Clock, SystemClock};
use rustls::ClientConfig;
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    task::JoinHandle,
};
use tokio_rustls::TlsConnector;

use super::Rig;
use crate::{
    Bound, Stop,
    tls::{Authority, Leaves, Tls},
};

/// Longer than anything here takes, shorter than the server's own patience.
const PATIENCE: Duration = Duration::from_secs(10);

struct Running {
    _rig: Rig,
    address: SocketAddr,
    stop: Stop,
    server: JoinHandle<()>,
    certificate: String,
}

impl Running {
    async fn start() -> Self {
        let rig = Rig::dev().await;
        // Clients check certificates against the system's time.
        let now = SystemClock::default().wall();
        let authority = Authority::generate(&[], now).unwrap();
        let certificate = authority.certificate.clone();
        let bound = Bound::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
        let (stop, stopped) = Stop::new();
        let address = bound.address;
        let tls = Tls::by(Leaves::new(authority, move || now));
        let server = tokio::spawn(bound.serve(Arc::clone(&rig.app), Some(tls), stopped));
        Self {
            _rig: rig,
            address,
            stop,
            server,
            certificate,
        }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// A client that knows the development authority.
    fn trusting(&self) -> ClientConfig {
        let mut roots = rustls::RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_slice(self.certificate.as_bytes()).unwrap())
            .unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth()
    }

    async fn ends(self) {
        tokio::time::timeout(PATIENCE, self.server)
            .await
            .expect("the server ends")
            .unwrap();
    }

    /// Until the listener is closed.
    async fn no_longer_accepts(&self) {
        let refused = async { while TcpStream::connect(self.address).await.is_ok() {} };
        tokio::time::timeout(PATIENCE, refused).await.unwrap();
    }
}

/// The whole answer to a request that asks to close; head and body.
async fn answer(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), request: &str) -> (String, String) {
    stream.write_all(request.as_bytes()).await.unwrap();
    rest(stream).await
}

async fn rest(stream: &mut (impl AsyncRead + Unpin)) -> (String, String) {
    let mut bytes = Vec::new();
    tokio::time::timeout(PATIENCE, stream.read_to_end(&mut bytes))
        .await
        .unwrap()
        .unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text
        .split_once("\r\n\r\n")
        .unwrap_or_else(|| panic!("no answer: {text}"));
    (head.to_owned(), body.to_owned())
}

const HEALTH: &str = "GET /_poolhouse/health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn one_port_speaks_http_and_https() {
    let running = Running::start().await;
    let (head, body) = answer(&mut running.connect().await, HEALTH).await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(body.contains("\"ok\""), "{body}");
    assert!(
        head.to_lowercase().contains("\r\ndate: "),
        "clients correct their clocks by it: {head}"
    );

    let connector = TlsConnector::from(Arc::new(running.trusting()));
    let name = ServerName::try_from("localhost").unwrap();
    let mut secure = connector.connect(name, running.connect().await).await.unwrap();
    let create = "{\"PoolName\":\"staff\"}";
    let signature = "AWS4-HMAC-SHA256 Credential=test/20260115/eu-west-1/cognito-idp/aws4_request, \
                     SignedHeaders=host, Signature=00";
    let call = format!(
        "POST / HTTP/1.1\r\nhost: localhost\r\nx-amz-date: 20260115T120000Z\r\nauthorization: {signature}\r\n\
         x-amz-target: AWSCognitoIdentityProviderService.CreateUserPool\r\ncontent-length: {}\r\n\r\n{create}",
        create.len(),
    );
    secure.write_all(call.as_bytes()).await.unwrap();
    let made = next_body(&mut secure).await;
    let made: Value = serde_json::from_str(&made).unwrap();
    let pool = made["UserPool"]["Id"].as_str().unwrap_or_else(|| panic!("{made}"));
    let document = format!(
        "GET /{pool}/.well-known/openid-configuration HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
    );
    let (_, over_tls) = answer(&mut secure, &document).await;
    let (_, plain) = answer(&mut running.connect().await, &document).await;
    let issuer = |text: &str| {
        serde_json::from_str::<Value>(text).unwrap()["issuer"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(issuer(&over_tls), format!("https://localhost/{pool}"));
    assert_eq!(issuer(&plain), format!("http://localhost/{pool}"));
}

/// One answer of a connection that stays open.
async fn next_body(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        let n = tokio::time::timeout(PATIENCE, stream.read(&mut chunk))
            .await
            .unwrap()
            .unwrap();
        assert!(n > 0, "closed after {}", String::from_utf8_lossy(&bytes));
        bytes.extend(&chunk[..n]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head.to_lowercase();
        let length = length
            .split("content-length: ")
            .nth(1)
            .and_then(|rest| rest.lines().next());
        if length.is_some_and(|length| length.trim().parse() == Ok(body.len())) {
            return body.to_owned();
        }
    }
}

#[tokio::test]
async fn a_stop_finishes_what_is_under_way() {
    let running = Running::start().await;
    let mut stream = running.connect().await;
    let head = "POST / HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\
                x-amz-target: AWSCognitoIdentityProviderService.InitiateAuth\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n", "the body is waited for");
    let mut idle = running.connect().await;
    idle.write_all(HEALTH.replace("connection: close\r\n", "").as_bytes())
        .await
        .unwrap();
    assert!(next_body(&mut idle).await.contains("\"ok\""));

    running.stop.now();
    running.no_longer_accepts().await;
    assert_eq!(idle.read(&mut [0; 8]).await.unwrap(), 0, "an idle connection is closed");
    let (head, body) = answer(&mut stream, "{}").await;
    assert!(
        head.starts_with("HTTP/1.1 400") && body.contains("InvalidParameterException"),
        "{head} {body}"
    );
    running.ends().await;
}

/// Browsers open connections ahead of need.
#[tokio::test]
async fn a_silent_connection_does_not_hold_the_stop() {
    let running = Running::start().await;
    let mut silent = running.connect().await;
    let mut half_a_handshake = running.connect().await;
    half_a_handshake.write_all(&[0x16, 3, 1]).await.unwrap();
    // Connections are accepted in order: these two are by now.
    answer(&mut running.connect().await, HEALTH).await;
    running.stop.now();
    running.ends().await;
    assert_eq!(silent.read(&mut [0; 8]).await.unwrap(), 0);
}

#[tokio::test]
async fn without_a_certificate_handshakes_are_turned_away() {
    let rig = Rig::serve().await;
    let bound = Bound::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
    let (stop, stopped) = Stop::new();
    let address = bound.address;
    let server = tokio::spawn(bound.serve(Arc::clone(&rig.app), None, stopped));
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(&[0x16, 3, 1, 0, 5]).await.unwrap();
    let end = tokio::time::timeout(PATIENCE, stream.read(&mut [0; 8])).await.unwrap();
    assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
    // Dropping the handle stops too.
    drop(stop);
    tokio::time::timeout(PATIENCE, server).await.unwrap().unwrap();
}

/// More than that wait to be accepted.
#[tokio::test]
async fn connections_are_counted() {
    let rig = Rig::dev().await;
    let mut bound = Bound::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
    bound.most_connections = 1;
    let (_stop, stopped) = Stop::new();
    let address = bound.address;
    tokio::spawn(bound.serve(Arc::clone(&rig.app), None, stopped));
    let keep = HEALTH.replace("connection: close\r\n", "");
    let mut first = TcpStream::connect(address).await.unwrap();
    first.write_all(keep.as_bytes()).await.unwrap();
    assert!(next_body(&mut first).await.contains("\"ok\""));

    let mut second = TcpStream::connect(address).await.unwrap();
    second.write_all(HEALTH.as_bytes()).await.unwrap();
    for _ in 0..50 {
        first.write_all(keep.as_bytes()).await.unwrap();
        assert!(next_body(&mut first).await.contains("\"ok\""));
    }
    let early = second.try_read(&mut [0; 8]).map_err(|error| error.kind());
    assert_eq!(early, Err(std::io::ErrorKind::WouldBlock));
    drop(first);
    let (head, _) = rest(&mut second).await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
}

/// Passwords must not cross a network in the clear where there is a certificate.
#[tokio::test]
async fn serve_with_a_certificate_turns_plain_http_away() {
    let rig = Rig::serve().await;
    let now = SystemClock::default().wall();
    let tls = Tls::by(Leaves::new(Authority::generate(&[], now).unwrap(), move || now));
    let bound = Bound::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
    let (_stop, stopped) = Stop::new();
    let address = bound.address;
    tokio::spawn(bound.serve(Arc::clone(&rig.app), Some(tls), stopped));
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"G").await.unwrap();
    let mut said = vec![0; 26];
    tokio::time::timeout(PATIENCE, stream.read_exact(&mut said))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(String::from_utf8(said).unwrap(), "HTTP/1.1 400 Bad Request\r\n");
}
