//! The listening socket: http and, told by the first byte, https on one port, where clients may have HTTP/2; graceful stop.
//! decision 13.

use std::{convert::Infallible, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use futures_util::FutureExt as _;

use hyper::{
    body::Incoming,
    server::conn::http1,
    service::{HttpService, service_fn},
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch},
};

use crate::{
    App, Profile, answer,
    body::{Body, Request, Response},
    entry, exchange, handshake, http2,
    life::{LINGER, LINGER_BYTES, Life},
    peer::Peer,
    plain::Plain,
    stall::Impatient,
    tls::{self, Tls},
};

/// How long a client may take for a request's head, and how long an idle connection is kept.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);

/// The largest head. What is longer is answered with 431, an address beyond hyper's 65,534 bytes with 414.
const LARGEST_HEAD: u32 = 128 * 1024;

/// Lines of a head. An object's metadata of 2 KB is seldom more than a hundred.
const MOST_HEADERS: usize = 256;

/// How long a TLS handshake or the very first byte may take.
const GREETING_TIMEOUT: Duration = Duration::from_secs(10);

/// How long requests under way may take once the server stops.
const DRAIN: Duration = Duration::from_secs(20);

/// How many connections are open at once; more wait to be accepted.
const MOST_CONNECTIONS: usize = 10_000;

/// The first byte of a TLS handshake record (RFC 8446 section 5.1). No HTTP method begins with it.
const TLS_HANDSHAKE: u8 = 0x16;

/// A socket that listens but doesn't answer yet.
pub struct Bound {
    listener: TcpListener,
    pub address: SocketAddr,
    pub(crate) most_connections: usize,
}

/// Tells a server to stop. Dropping it stops too.
pub struct Stop(watch::Sender<bool>);

impl Stop {
    pub fn new() -> (Self, watch::Receiver<bool>) {
        let (sender, receiver) = watch::channel(false);
        (Self(sender), receiver)
    }

    pub fn now(&self) {
        let _ = self.0.send(true);
    }
}

impl Bound {
    pub async fn bind(address: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self {
            listener,
            address,
            most_connections: MOST_CONNECTIONS,
        })
    }

    /// Answers until told to stop, then finishes what is under way. Without `tls`, handshakes are turned away.
    pub async fn serve(self, app: Arc<App>, tls: Option<Tls>, stop: watch::Receiver<bool>) {
        self.each(stop, |stream, peer, life| {
            greet(stream, peer, Arc::clone(&app), tls.clone(), life)
        })
        .await;
    }

    /// Plain http beside a port of https, until told to stop.
    pub async fn redirect(self, plain: Plain, stop: watch::Receiver<bool>) {
        self.each(stop, |stream, _, life| {
            let plain = plain.clone();
            converse(stream, life, move |request| plain.clone().answer(request))
        })
        .await;
    }

    async fn each<F>(self, mut stop: watch::Receiver<bool>, greet: impl Fn(TcpStream, SocketAddr, Life) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        // Nothing is sent: each connection holds an end while a request may be under way.
        let (under_way, mut done) = mpsc::channel(1);
        let places = Arc::new(Semaphore::new(self.most_connections));
        loop {
            let accepted = tokio::select! {
                accepted = accept(&self.listener, &places) => accepted,
                _ = stop.wait_for(|stop| *stop) => break,
            };
            match accepted {
                Ok((stream, peer, place)) => {
                    let _ = stream.set_nodelay(true);
                    let life = Life {
                        stop: stop.clone(),
                        _under_way: under_way.clone(),
                    };
                    let greeting = greet(stream, peer, life);
                    tokio::spawn(async move {
                        greeting.await;
                        drop(place);
                    });
                }
                Err(error) => {
                    // Out of file descriptors, most likely: wait for connections to close rather than spin.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
        drop((self.listener, under_way));
        if tokio::time::timeout(DRAIN, done.recv()).await.is_err() {
            tracing::warn!("some requests did not finish in time");
        }
    }
}

/// The next connection, once there is a place for it, which it keeps as long as it lives.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> std::io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places)
        .acquire_owned()
        .await
        .map_err(std::io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, place))
}

async fn greet(stream: TcpStream, peer: SocketAddr, app: Arc<App>, tls: Option<Tls>, mut life: Life) {
    let mut first = [0u8; 1];
    match unless_stopped(&mut life.stop, HEAD_TIMEOUT, stream.peek(&mut first)).await {
        Some(Ok(1)) => {}
        _ => return,
    }
    let handle = |secure| {
        let (app, ip) = (Arc::clone(&app), Some(peer.ip()));
        move |request| entry::handle(Arc::clone(&app), Peer { ip, secure }, request)
    };
    if first != [TLS_HANDSHAKE] {
        // Passwords must not cross a network in the clear where there is a certificate. Dev listens on loopback.
        if tls.is_some() && app.profile == Profile::Serve {
            return turn_away(stream).await;
        }
        return converse(stream, life, handle(false)).await;
    }
    let Some(tls) = tls else { return };
    let greeted = handshake::greet(stream, &app, &tls);
    match unless_stopped(&mut life.stop, GREETING_TIMEOUT, greeted).await {
        Some(Ok(None)) | None => {}
        Some(Ok(Some(stream))) if stream.get_ref().1.alpn_protocol() == Some(tls::HTTP2) => {
            let limits = http2::Head {
                bytes: LARGEST_HEAD,
                lines: MOST_HEADERS,
            };
            http2::converse(stream, life, limits, handle(true)).await;
        }
        Some(Ok(Some(stream))) => converse(stream, life, handle(true)).await,
        Some(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
    }
}

/// None if it takes too long or the server stops: nothing is under way yet on a connection that is only being opened, and
/// browsers open some that they never use.
async fn unless_stopped<T>(
    stop: &mut watch::Receiver<bool>,
    limit: Duration,
    act: impl Future<Output = T>,
) -> Option<T> {
    tokio::select! {
        outcome = tokio::time::timeout(limit, act) => outcome.ok(),
        _ = stop.wait_for(|stop| *stop) => None,
    }
}

/// Tells a client that speaks plain http to a server of https, without reading what it says.
async fn turn_away(mut stream: TcpStream) {
    const ANSWER: &[u8] = b"HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\ncontent-length: 28\r\n\
                            connection: close\r\n\r\nThis address answers https.\n";
    let _ = tokio::time::timeout(GREETING_TIMEOUT, stream.write_all(ANSWER)).await;
    let _ = stream.shutdown().await;
}

/// One connection, until it ends.
pub(crate) async fn converse<S, F>(stream: S, life: Life, handle: impl Fn(Request) -> F)
where
    S: AsyncRead + AsyncWrite + Unpin,
    F: Future<Output = Response>,
{
    let service = service_fn(|request: http::Request<Incoming>| {
        let handle = |request| answer::unless_it_panics(handle(request));
        exchange::answer(request, handle).map(Ok::<_, Infallible>)
    });
    let mut stream = Impatient::new(stream);
    match until_ended(&mut stream, service, life).await {
        Ok(()) => linger(stream).await,
        Err(error) => {
            tracing::debug!(%error, "a connection ended early");
            if error.is_timeout() && stream.is_owed_an_answer() {
                part(stream, SLOW_HEAD).await;
            } else if error.is_parse() {
                linger(stream).await;
            }
        }
    }
}

/// Speaks HTTP until one side has enough or, between two requests, the server stops.
async fn until_ended<S, H>(stream: &mut Impatient<S>, service: H, mut life: Life) -> hyper::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
    H: HttpService<Incoming, ResBody = Body, Error = Infallible>,
{
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_header_size(LARGEST_HEAD as usize)
        .max_headers(MOST_HEADERS)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    tokio::select! {
        outcome = connection.as_mut() => return outcome,
        _ = life.stop.wait_for(|stop| *stop) => connection.as_mut().graceful_shutdown(),
    }
    connection.await
}

const SLOW_HEAD: &[u8] = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// Says a last word that hyper has none for.
async fn part(mut stream: impl AsyncRead + AsyncWrite + Unpin, word: &[u8]) {
    let said = async {
        stream.write_all(word).await?;
        stream.shutdown().await
    };
    if said.await.is_ok() {
        linger(stream).await;
    }
}

/// Reads away what still comes until the client closes too. A socket that is closed on unread bytes is reset, and a reset takes
/// the answer from a client that is still sending. RFC 9112 9.6.
async fn linger(mut stream: impl AsyncRead + Unpin) {
    let mut away = vec![0; 8 * 1024];
    let reading = async {
        let mut left = LINGER_BYTES;
        while let Ok(n @ 1..) = stream.read(&mut away).await {
            let Some(rest) = left.checked_sub(n) else { break };
            left = rest;
        }
    };
    let _ = tokio::time::timeout(LINGER, reading).await;
}
