//! The listening socket: http and, told by the first byte, https on one port; graceful stop. DESIGN 4.

use std::{convert::Infallible, net::SocketAddr, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt as _;

use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
};

use crate::{
    App, Profile,
    app::Peer,
    body::{Body, Response},
    entry,
    stall::Impatient,
    tls::Tls,
};

/// How long a client may take for a request's head, and how long an idle connection is kept.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);

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
    pub async fn serve(self, app: Arc<App>, tls: Option<Tls>, mut stop: watch::Receiver<bool>) {
        let graceful = GracefulShutdown::new();
        let places = Arc::new(Semaphore::new(self.most_connections));
        loop {
            let accepted = tokio::select! {
                accepted = accept(&self.listener, &places) => accepted,
                _ = stop.wait_for(|stop| *stop) => break,
            };
            match accepted {
                Ok((stream, peer, place)) => {
                    let _ = stream.set_nodelay(true);
                    let (app, tls, watcher) = (Arc::clone(&app), tls.clone(), graceful.watcher());
                    let greeting = greet(stream, peer, app, tls, watcher, stop.clone());
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
        drop(self.listener);
        if tokio::time::timeout(DRAIN, graceful.shutdown()).await.is_err() {
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

async fn greet(
    stream: TcpStream,
    peer: SocketAddr,
    app: Arc<App>,
    tls: Option<Tls>,
    watcher: Watcher,
    mut stop: watch::Receiver<bool>,
) {
    let mut first = [0u8; 1];
    match unless_stopped(&mut stop, HEAD_TIMEOUT, stream.peek(&mut first)).await {
        Some(Ok(1)) => {}
        _ => return,
    }
    let peer = |secure| Peer {
        ip: Some(peer.ip()),
        secure,
    };
    if first != [TLS_HANDSHAKE] {
        // Passwords must not cross a network in the clear where there is a certificate. Dev listens on loopback.
        if tls.is_some() && app.profile == Profile::Serve {
            return turn_away(stream).await;
        }
        return converse(stream, peer(false), app, watcher).await;
    }
    let Some(tls) = tls else { return };
    let greeted = async {
        match tls.acceptor().await {
            Ok(acceptor) => Some(acceptor.accept(stream).await),
            Err(error) => {
                tracing::error!(%error, "https can't be answered");
                None
            }
        }
    };
    match unless_stopped(&mut stop, GREETING_TIMEOUT, greeted).await.flatten() {
        Some(Ok(stream)) => converse(stream, peer(true), app, watcher).await,
        Some(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
        None => {}
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

async fn converse<S>(stream: S, peer: Peer, app: Arc<App>, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: http::Request<Incoming>| {
        let app = Arc::clone(&app);
        async move {
            // A panic ends one request, not its connection.
            let answer = AssertUnwindSafe(entry::handle(app, peer, request.map(Body::new)))
                .catch_unwind()
                .await;
            Ok::<Response, Infallible>(answer.unwrap_or_else(|_| {
                tracing::error!("a request handler panicked");
                entry::plain(http::StatusCode::INTERNAL_SERVER_ERROR, "Internal error.")
            }))
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(Impatient::new(stream)), service);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended early");
    }
}
