//! HTTP/2 for clients that ask for it in their TLS handshake. Each stream is one exchange, so that no connection falls out of
//! step (see `exchange`). What is left of a body that was answered early is read away as on HTTP/1, because clients take a cancelled
//! stream for a failed one. What HTTP/1 limits by the connection is limited here by what its streams do:
//!
//! ```text
//! no stream ──75 s──▶ GOAWAY, closed
//! on every stream an answer lies ready and the client takes nothing of it ──60 s──▶ closed
//! the server stops ──▶ GOAWAY, closed when the last stream has ended
//! ```
//!
//! RFC 9113. A server is not asked for `100 Continue` here: hyper says none, and clients send their bodies without it.

use std::{
    collections::HashMap,
    convert::Infallible,
    pin::{Pin, pin},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderValue, StatusCode, Uri, header};
use hyper::{
    body::{Frame, Incoming, SizeHint},
    server::conn::http2,
    service::service_fn,
};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::{Instant, interval},
};

use crate::{
    answer::{self, plain},
    body::{Body, Request, Response},
    exchange::{self, Step},
    life::{LINGER, LINGER_BYTES, Life},
    stall::{self, Impatient},
};

/// What one connection may ask for at the same time.
const MOST_STREAMS: u32 = 100;

/// How long a connection without streams is kept.
const IDLE: Duration = Duration::from_secs(75);

/// How long a connection that was told to go may take to do so.
const FAREWELL: Duration = Duration::from_secs(10);

/// How often the streams are looked at.
const LOOK: Duration = Duration::from_secs(5);

/// A peer that is gone without a word is found by this.
const PING_EVERY: Duration = Duration::from_secs(30);
const PING_TIMEOUT: Duration = Duration::from_secs(20);

/// Limits of a head, as HTTP/1 has them.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    pub bytes: u32,
    pub lines: usize,
}

/// One connection, until it ends.
pub async fn converse<S, F>(
    stream: S,
    mut life: Life,
    limits: Head,
    handle: impl Fn(Request) -> F + Clone + Send + Sync + 'static,
) where
    S: AsyncRead + AsyncWrite + Unpin,
    F: Future<Output = Response> + Send + 'static,
{
    let streams = Arc::new(Streams::new());
    let of_service = Arc::clone(&streams);
    let service = service_fn(move |request: http::Request<Incoming>| {
        let (handle, stream) = (handle.clone(), Stream::open(&of_service));
        async move {
            let response = if let Some(refusal) = refusal(&request, limits) {
                refusal
            } else {
                let handle = |request| answer::unless_it_panics(handle(request));
                let (response, step) = exchange::lend(plainly(request), handle).await;
                if let Step::Out(Some(mut rest)) = step {
                    // Beside the answer, which the client may take while it still sends.
                    tokio::spawn(async move { exchange::read_away(&mut rest, LINGER_BYTES as u64, LINGER).await });
                }
                response
            };
            Ok::<_, Infallible>(response.map(|inner| Body::new(Taken { inner, stream })))
        }
    });
    let connection = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_header_list_size(limits.bytes)
        .max_concurrent_streams(MOST_STREAMS)
        .keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(PING_TIMEOUT)
        .serve_connection(TokioIo::new(Impatient::new(stream)), service);
    let mut connection = pin!(connection);
    let mut looks = interval(LOOK);
    let mut is_going = false;
    loop {
        tokio::select! {
            outcome = connection.as_mut() => {
                if let Err(error) = outcome {
                    tracing::debug!(%error, "a connection ended early");
                }
                return;
            }
            _ = life.stop.wait_for(|stop| *stop), if !is_going => {
                connection.as_mut().graceful_shutdown();
                is_going = true;
            }
            now = looks.tick() => match streams.standing(now) {
                Standing::Busy => {}
                Standing::Idle if is_going => {}
                Standing::Idle => {
                    connection.as_mut().graceful_shutdown();
                    is_going = true;
                }
                Standing::Stuck => return,
            },
        }
    }
}

/// What is answered to a head that names several hosts or none, or that has too many lines.
fn refusal(request: &http::Request<Incoming>, limits: Head) -> Option<Response> {
    if request.headers().len() > limits.lines {
        return Some(answer::empty(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE));
    }
    let is_clear = host(request).is_some();
    (!is_clear).then(|| {
        plain(
            StatusCode::BAD_REQUEST,
            "A request must name one host, in :authority or in Host.",
        )
    })
}

/// The request as HTTP/1 would have brought it: its authority in `Host`, and nothing but path and query in its address.
fn plainly(mut request: http::Request<Incoming>) -> http::Request<Incoming> {
    if let Some(host) = host(&request) {
        request.headers_mut().insert(header::HOST, host);
    }
    if let Some(target) = request.uri().path_and_query().cloned() {
        *request.uri_mut() = Uri::from(target);
    }
    request
}

/// `:authority` and `Host` may stand for each other but not differ. RFC 9113 8.3.1.
fn host<B>(request: &http::Request<B>) -> Option<HeaderValue> {
    let mut given = request.headers().get_all(header::HOST).iter();
    let (one, more) = (given.next(), given.next());
    let named = request.uri().authority().map(http::uri::Authority::as_str);
    match (named, one, more) {
        (Some(named), None, None) if !named.contains('@') => HeaderValue::from_str(named).ok(),
        (Some(named), Some(one), None) if named.as_bytes() == one.as_bytes() => Some(one.clone()),
        (None, Some(one), None) => Some(one.clone()),
        _ => None,
    }
}

/// The streams of one connection.
struct Streams(Mutex<Open>);

struct Open {
    next: u64,
    /// Since when a stream's client has had something to take; None: it is we who are waited for.
    owed: HashMap<u64, Option<Instant>>,
    /// When the last stream ended.
    idle_since: Instant,
}

#[derive(Debug, PartialEq, Eq)]
enum Standing {
    Busy,
    /// Nobody asked for anything for a while.
    Idle,
    /// The client takes nothing, or doesn't go.
    Stuck,
}

impl Streams {
    fn new() -> Self {
        Self(Mutex::new(Open {
            next: 0,
            owed: HashMap::new(),
            idle_since: Instant::now(),
        }))
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn standing(&self, now: Instant) -> Standing {
        let open = self.lock();
        let idle = now.saturating_duration_since(open.idle_since);
        if open.owed.is_empty() {
            return match idle {
                idle if idle >= IDLE + FAREWELL => Standing::Stuck,
                idle if idle >= IDLE => Standing::Idle,
                _ => Standing::Busy,
            };
        }
        let is_stuck = |since: &Instant| now.saturating_duration_since(*since) >= stall::PATIENCE;
        // One that is not taken, a film that was stopped, is nothing to the others.
        if open.owed.values().all(|owed| owed.as_ref().is_some_and(is_stuck)) {
            Standing::Stuck
        } else {
            Standing::Busy
        }
    }
}

/// One stream's entry, for as long as anything of it is left.
struct Stream {
    id: u64,
    of: Arc<Streams>,
}

impl Stream {
    fn open(streams: &Arc<Streams>) -> Self {
        let mut open = streams.lock();
        let id = open.next;
        open.next += 1;
        open.owed.insert(id, None);
        drop(open);
        Self {
            id,
            of: Arc::clone(streams),
        }
    }

    fn is_owed(&self, since: Option<Instant>) {
        self.of.lock().owed.insert(self.id, since);
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let mut open = self.of.lock();
        open.owed.remove(&self.id);
        open.idle_since = Instant::now();
    }
}

/// An answer's body that knows whether the client takes it: the next piece is asked for when there is room for it.
struct Taken {
    inner: Body,
    stream: Stream,
}

impl hyper::body::Body for Taken {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        self.stream.is_owed(None);
        let frame = ready!(hyper::body::Body::poll_frame(Pin::new(&mut self.inner), cx));
        self.stream.is_owed(Some(Instant::now()));
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        hyper::body::Body::is_end_stream(&self.inner)
    }

    fn size_hint(&self) -> SizeHint {
        hyper::body::Body::size_hint(&self.inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_names_one_host() {
        for (uri, hosts, expected) in [
            ("https://a:1/x", &[][..], Some("a:1")),
            ("https://a/x", &["a"], Some("a")),
            ("/x", &["a"], Some("a")),
            ("https://a/x", &["b"], None),
            ("https://a/x", &["a", "a"], None),
            ("https://u@a/x", &[], None),
            ("/x", &[], None),
        ] {
            let mut request = http::Request::builder().uri(uri);
            for host in hosts {
                request = request.header("host", *host);
            }
            let found = super::host(&request.body(()).unwrap());
            let found = found.as_ref().map(|host| host.to_str().unwrap());
            assert_eq!(found, expected, "{uri} {hosts:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_stands_as_its_streams_do() {
        let streams = Arc::new(Streams::new());
        let standing = async |seconds| {
            tokio::time::advance(Duration::from_secs(seconds)).await;
            streams.standing(Instant::now())
        };
        assert_eq!(standing(74).await, Standing::Busy);
        assert_eq!(standing(1).await, Standing::Idle);
        assert_eq!(standing(10).await, Standing::Stuck);
        // A stream whose answer takes its time is waited for.
        let stream = Stream::open(&streams);
        assert_eq!(standing(3600).await, Standing::Busy);
        stream.is_owed(Some(Instant::now()));
        assert_eq!(standing(59).await, Standing::Busy);
        assert_eq!(standing(1).await, Standing::Stuck);
        let other = Stream::open(&streams);
        assert_eq!(standing(3600).await, Standing::Busy);
        other.is_owed(Some(Instant::now()));
        assert_eq!(standing(60).await, Standing::Stuck);
        drop(other);
        stream.is_owed(None);
        assert_eq!(standing(3600).await, Standing::Busy);
        drop(stream);
        assert_eq!(standing(74).await, Standing::Busy);
        assert_eq!(standing(1).await, Standing::Idle);
    }
}
