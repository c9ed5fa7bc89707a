//! HTTP/2, by a client that asks for it and one that does not.

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full, StreamBody, combinators::BoxBody};
use hyper::{
    body::{Frame, Incoming},
    client::conn::http2::{self, SendRequest},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::sync::mpsc;
use tokio_rustls::client::TlsStream;

use super::*;
use crate::{answer::full, life::Life};

type Outgoing = BoxBody<Bytes, std::convert::Infallible>;

fn whole(text: impl Into<Bytes>) -> Outgoing {
    Full::new(text.into()).boxed()
}

impl Running {
    /// A connection whose handshake offered these protocols.
    async fn offering(&self, protocols: &[&[u8]]) -> TlsStream<TcpStream> {
        let mut config = self.trusting();
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
        let name = ServerName::try_from("localhost").unwrap();
        let connector = TlsConnector::from(Arc::new(config));
        connector.connect(name, self.connect().await).await.unwrap()
    }

    async fn http2(&self) -> SendRequest<Outgoing> {
        client(self.offering(&[b"h2", b"http/1.1"]).await).await
    }
}

async fn client(stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> SendRequest<Outgoing> {
    let (sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
        .await
        .unwrap();
    tokio::spawn(connection);
    sender
}

/// Status and body.
async fn send(to: &mut SendRequest<Outgoing>, request: Request<Outgoing>) -> (StatusCode, String) {
    let answer = tokio::time::timeout(PATIENCE, to.send_request(request)).await.unwrap();
    text(answer.unwrap()).await
}

async fn text(answer: http::Response<Incoming>) -> (StatusCode, String) {
    let status = answer.status();
    assert!(answer.headers().contains_key("date") && !answer.headers().contains_key("connection"));
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn health() -> Request<Outgoing> {
    let request = Request::get("https://localhost/_poolhouse/health");
    request.body(whole("")).unwrap()
}

fn call(operation: &str, body: Outgoing) -> Request<Outgoing> {
    let target = format!("AWSCognitoIdentityProviderService.{operation}");
    let request = Request::post("https://localhost/").header("x-amz-target", target);
    request.body(body).unwrap()
}

#[tokio::test]
async fn clients_that_ask_for_it_speak_http2() {
    let running = Running::start().await;
    let stream = running.offering(&[b"h2", b"http/1.1"]).await;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let mut client = client(stream).await;
    let (status, body) = send(&mut client, health()).await;
    assert!(status == StatusCode::OK && body.contains("\"ok\""), "{status} {body}");

    let signature = "AWS4-HMAC-SHA256 Credential=test/20260115/eu-west-1/cognito-idp/aws4_request, \
                     SignedHeaders=host, Signature=00";
    let mut create = call("CreateUserPool", whole("{\"PoolName\":\"staff\"}"));
    create.headers_mut().extend(
        [("x-amz-date", "20260115T120000Z"), ("authorization", signature)]
            .map(|(name, value)| (name.parse::<http::HeaderName>().unwrap(), value.parse().unwrap())),
    );
    let (status, made) = send(&mut client, create).await;
    assert_eq!(status, StatusCode::OK, "{made}");
    let made: Value = serde_json::from_str(&made).unwrap();
    let pool = made["UserPool"]["Id"].as_str().unwrap();
    let document = format!("https://localhost/{pool}/.well-known/openid-configuration");
    let (_, document) = send(&mut client, Request::get(document).body(whole("")).unwrap()).await;
    let document: Value = serde_json::from_str(&document).unwrap();
    assert_eq!(document["issuer"], format!("https://localhost/{pool}"));
}

#[tokio::test]
async fn clients_that_offer_http1_alone_still_get_it() {
    let running = Running::start().await;
    let mut stream = running.offering(&[b"http/1.1"]).await;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    let (head, _) = answer(&mut stream, HEALTH).await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
}

#[tokio::test]
async fn an_early_answer_ends_its_stream_alone() {
    let running = Running::start().await;
    let mut client = running.http2().await;
    // Beyond what a call may have, and never sent to its end.
    let endless = stream::repeat_with(|| Ok(Frame::data(Bytes::from_static(&[b' '; 16 * 1024]))));
    let endless = BodyExt::boxed(StreamBody::new(endless.take(1000).chain(stream::pending())));
    let (status, body) = send(&mut client, call("InitiateAuth", endless)).await;
    assert!(status.is_client_error(), "{status} {body}");
    let mut long = call("InitiateAuth", whole("{}"));
    long.headers_mut().insert("host", "elsewhere".parse().unwrap());
    let (status, _) = send(&mut client, long).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "two hosts are named");
    let mut many = health();
    for n in 0..300 {
        let name: http::HeaderName = format!("x-{n}").parse().unwrap();
        many.headers_mut().insert(name, "1".parse().unwrap());
    }
    let (status, _) = send(&mut client, many).await;
    assert_eq!(status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    assert_eq!(send(&mut client, health()).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_stop_finishes_its_streams() {
    let running = Running::start().await;
    let (mut client, mut idle) = (running.http2().await, running.http2().await);
    assert_eq!(send(&mut idle, health()).await.0, StatusCode::OK);
    let (body, rest) = mpsc::channel::<Bytes>(1);
    let rest = stream::unfold(rest, |mut rest| async {
        let piece = rest.recv().await?;
        Some((Ok(Frame::data(piece)), rest))
    });
    let answer = client.send_request(call("InitiateAuth", BodyExt::boxed(StreamBody::new(rest))));
    body.send(Bytes::from_static(b"{")).await.unwrap();
    // The stream is open once another one after it was answered.
    assert_eq!(send(&mut client.clone(), health()).await.0, StatusCode::OK);

    running.stop.now();
    running.no_longer_accepts().await;
    let gone = async {
        while idle.ready().await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, gone).await.unwrap();
    body.send(Bytes::from_static(b"}")).await.unwrap();
    drop(body);
    let (status, body) = text(tokio::time::timeout(PATIENCE, answer).await.unwrap().unwrap()).await;
    assert!(
        status == StatusCode::BAD_REQUEST && body.contains("InvalidParameterException"),
        "{status} {body}"
    );
    running.ends().await;
}

/// A server of one connection whose handler answers that much; the connection's end is the task's.
async fn alone(bytes: usize) -> (SendRequest<Outgoing>, JoinHandle<()>, Stop) {
    let (ours, theirs) = tokio::io::duplex(1 << 20);
    let (stop, stopped) = Stop::new();
    let life = Life {
        stop: stopped,
        _under_way: mpsc::channel(1).0,
    };
    let limits = crate::http2::Head {
        bytes: 1 << 16,
        lines: 100,
    };
    let handle = move |_| async move { http::Response::new(full(vec![0; bytes])) };
    let server = tokio::spawn(crate::http2::converse(ours, life, limits, handle));
    (client(theirs).await, server, stop)
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_asks_nothing_is_closed() {
    let (mut client, server, _stop) = alone(10).await;
    let began = tokio::time::Instant::now();
    let answer = client.send_request(health()).await.unwrap();
    assert_eq!(text(answer).await.1.len(), 10);
    server.await.unwrap();
    let lasted = began.elapsed().as_secs();
    assert!((75..=85).contains(&lasted), "{lasted}");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_nothing_of_its_answer_is_given_up() {
    // More than the window of a stream, of which the client reads nothing.
    let (mut client, server, _stop) = alone(16 << 20).await;
    let began = tokio::time::Instant::now();
    let answer = client.send_request(health()).await.unwrap();
    server.await.unwrap();
    let lasted = began.elapsed().as_secs();
    assert!((60..=95).contains(&lasted), "{lasted}");
    assert!(answer.into_body().collect().await.is_err());
}
