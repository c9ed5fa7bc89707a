use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method};
use rustls::{RootCertStore, ServerConfig, crypto::aws_lc_rs};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use crate::{Address, Answer, Fetch, FetchError, Reach, Upstream};

/// A server that answers each connection's first request with these bytes, after a while.
async fn server(answer: impl Into<Vec<u8>>, after: Duration) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let answer = answer.into();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut seen = [0; 4096];
                let _ = stream.read(&mut seen).await;
                tokio::time::sleep(after).await;
                let _ = stream.write_all(&answer).await;
            });
        }
    });
    port
}

fn said(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

async fn fetch(upstream: &Upstream, address: Address) -> Result<Answer, FetchError> {
    let request = Fetch {
        address,
        method: Method::POST,
        headers: HeaderMap::new(),
        body: Bytes::from_static(b"{}"),
        within: Duration::from_millis(1500),
        largest: 64,
    };
    upstream.fetch(request).await
}

#[tokio::test]
async fn an_operators_address_may_be_a_neighbour_and_a_tenants_may_not() {
    let url = format!("http://127.0.0.1:{}/hook", server(said("fine"), Duration::ZERO).await);
    let guarded = Upstream::new(Reach::Public).unwrap();
    let answer = fetch(&guarded, Address::of_operator(&url).unwrap()).await.unwrap();
    assert_eq!((answer.status.as_u16(), &answer.body[..]), (200, &b"fine"[..]));

    // Also after the operator's connection was made and kept.
    let secure = url.replace("http:", "https:");
    let by_name = secure.replace("127.0.0.1", "localhost");
    for (url, why) in [
        (url.as_str(), "only https"),
        (&secure, "loopback"),
        (&by_name, "loopback"),
        ("https://0x7f.1/", "loopback"),
        ("https://[::ffff:127.0.0.1]/", "loopback"),
    ] {
        match fetch(&guarded, Address::of_tenant(url).unwrap()).await {
            Err(FetchError::Forbidden(said)) => assert!(said.contains(why), "{url}: {said}"),
            Err(other) => panic!("{url}: {other}"),
            Ok(_) => panic!("{url} was fetched"),
        }
    }

    let open = Upstream::new(Reach::Anywhere).unwrap();
    assert_eq!(
        fetch(&open, Address::of_tenant(&url).unwrap()).await.unwrap().status,
        200
    );
}

#[tokio::test]
async fn what_goes_wrong_says_whether_something_was_sent() {
    let upstream = Upstream::new(Reach::Public).unwrap();
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().port()
    };
    let slow = server(said("late"), Duration::from_secs(5)).await;
    let large = server(said(&"x".repeat(65)), Duration::ZERO).await;
    let endless = format!(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n50\r\n{}\r\n",
        "x".repeat(80)
    );
    let endless = server(endless, Duration::ZERO).await;
    let short = server("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", Duration::ZERO).await;
    let silent = server("", Duration::ZERO).await;
    for (port, expected) in [
        (closed, "it can't be reached"),
        (slow, "it did not answer in time"),
        (large, "the answer is larger than 64 bytes"),
        (endless, "the answer is larger than 64 bytes"),
        (short, "the connection broke"),
        (silent, "the connection broke"),
    ] {
        let address = Address::of_operator(&format!("http://127.0.0.1:{port}/")).unwrap();
        let error = fetch(&upstream, address).await.err().unwrap().to_string();
        assert!(error.starts_with(expected), "{expected}: {error}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let target = server(said("reached"), Duration::ZERO).await;
    let redirect = format!("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:{target}/\r\ncontent-length: 0\r\n\r\n");
    let port = server(redirect, Duration::ZERO).await;
    let upstream = Upstream::new(Reach::Public).unwrap();
    let address = Address::of_operator(&format!("http://127.0.0.1:{port}/")).unwrap();
    let answer = fetch(&upstream, address).await.unwrap();
    assert_eq!(answer.status, 302);
    let expected = HeaderValue::from_str(&format!("http://127.0.0.1:{target}/")).unwrap();
    assert_eq!(answer.headers.get("location"), Some(&expected));
}

#[tokio::test]
async fn a_certificate_must_be_of_a_known_authority_and_of_the_name() {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let tls = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let acceptor = TlsAcceptor::from(Arc::new(tls));
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let mut seen = [0; 4096];
            let _ = stream.read(&mut seen).await;
            let _ = stream.write_all(said("sealed").as_bytes()).await;
        }
    });
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let trusting = Upstream::trusting(Reach::Public, roots).unwrap();
    let named = Address::of_operator(&format!("https://localhost:{port}/")).unwrap();
    assert_eq!(&fetch(&trusting, named.clone()).await.unwrap().body[..], b"sealed");

    let other_name = Address::of_operator(&format!("https://127.0.0.1:{port}/")).unwrap();
    let stranger = Upstream::new(Reach::Public).unwrap();
    for (upstream, address) in [(&trusting, other_name), (&stranger, named)] {
        let error = fetch(upstream, address).await.err().unwrap();
        assert!(matches!(error, FetchError::Unreachable(_)), "{error}");
    }
}
