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

mod streams;

use std::{convert::Infallible, pin::pin, sync::Arc, time::Duration};

use http::{HeaderValue, StatusCode, Uri, header};
use hyper::{body::Incoming, server::conn::http2, service::service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::interval,
};

use crate::{
    answer::{self, plain},
    body::{Body, Request, Response},
    exchange::{self, Step},
    life::{LINGER, LINGER_BYTES, Life},
    stall::Impatient,
};
use streams::{Standing, Stream, Streams, Taken};

/// What one connection may ask for at the same time.
const MOST_STREAMS: u32 = 100;

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

#[cfg(test)]
mod tests {
    use super::host;

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
            let found = host(&request.body(()).unwrap());
            let found = found.as_ref().map(|host| host.to_str().unwrap());
            assert_eq!(found, expected, "{uri} {hosts:?}");
        }
    }
}
