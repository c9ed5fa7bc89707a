//! Keeps a connection in step. An answer may be ready before the request's body was read: a refusal, a redirect, a panic.
//! What is left of that body must never be read as the next request, or one client of a pooling proxy could write another's.
//! So each exchange ends in one of two ways:
//!
//! ```text
//! the body was read to its end ──────────────────▶ the connection goes on
//! a little is left and already there ──read──────▶ the same
//! anything else ──▶ the answer says `Connection: close`, and nothing more is parsed (`listen` reads the rest away)
//! ```
//!
//! A client that waits for `100 Continue` may send its body or not once it has an answer: nobody can tell what comes next.
//! RFC 9110 10.1.1, RFC 9112 6.3 and 9.6. Services know nothing of this; whatever they answer goes through [`answer`].

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, Version, header};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Frame, Incoming, SizeHint};
use tokio::sync::oneshot;

use crate::{
    answer::plain,
    body::{Body, Request, Response},
};

/// What is read away rather than paid for with a new connection: any refused call to an AWS service, small objects.
const DRAINED_BYTES: u64 = 64 * 1024;

/// How long what is left may take. It was sent together with the head, or it isn't worth the wait.
const DRAINED_WITHIN: Duration = Duration::from_millis(250);

/// Answers one request of a connection by `handle`, which may read the body or not.
pub async fn answer<F>(request: http::Request<Incoming>, handle: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let version = request.version();
    if let Some(refusal) = ambiguous(&request) {
        return last(refusal, version);
    }
    match lend(request, handle).await {
        (response, Step::In) => response,
        (response, Step::Out(_)) => last(response, version),
    }
}

/// Whether what follows on the connection can only be the next request.
pub enum Step {
    In,
    /// With what is left of the body, where it came back.
    Out(Option<Incoming>),
}

/// Lets `handle` have the request's body, and reads away the little that it may leave of it.
pub async fn lend<F>(request: http::Request<Incoming>, handle: impl FnOnce(Request) -> F) -> (Response, Step)
where
    F: Future<Output = Response>,
{
    let waits = request.headers().contains_key(header::EXPECT);
    let (head, incoming) = request.into_parts();
    if incoming.is_end_stream() {
        return (handle(Request::from_parts(head, Body::empty())).await, Step::In);
    }
    let (give_back, mut outcome) = oneshot::channel();
    let lent = Lent {
        body: Some(incoming),
        is_asked_for: false,
        give_back: Some(give_back),
    };
    let response = handle(Request::from_parts(head, Body::new(lent))).await;
    let step = match outcome.try_recv() {
        Ok(Outcome::Read) => Step::In,
        Ok(Outcome::Left { mut body, is_asked_for }) => {
            // Else the client still waits.
            let is_sent = is_asked_for || !waits;
            if is_sent && drain(&mut body).await {
                Step::In
            } else {
                Step::Out(Some(body))
            }
        }
        // The framing is broken, or somebody holds the body while the answer is sent.
        Ok(Outcome::Broken) | Err(_) => Step::Out(None),
    };
    (response, step)
}

/// Heads that two readers may understand in two ways. hyper refuses the others: lengths that differ or are no numbers, folded
/// lines, blanks before a colon, control characters; of a request with both framings it believes the chunks and closes.
fn ambiguous<B>(request: &http::Request<B>) -> Option<Response> {
    let headers = request.headers();
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    let is_chunked = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"chunked");
    let one_coding = codings.next().is_none_or(is_chunked) && codings.next().is_none();
    if !one_coding {
        return Some(plain(
            StatusCode::NOT_IMPLEMENTED,
            "No transfer coding but chunked is understood here.",
        ));
    }
    let is_clear = match one(headers, &header::HOST) {
        Ok(Some(host)) => request.uri().authority().is_none_or(|named| named.as_str() == host),
        Ok(None) => request.version() < Version::HTTP_11,
        Err(()) => false,
    };
    (!is_clear).then(|| {
        plain(
            StatusCode::BAD_REQUEST,
            "A request must name one host, in one Host header.",
        )
    })
}

/// The one value of a header. Errors: there are several, or it is no text.
fn one<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Result<Option<&'a str>, ()> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().map(HeaderValue::to_str).transpose().map_err(drop)?;
    values.next().map_or(Ok(value), |_| Err(()))
}

/// Makes it the connection's last answer.
fn last(mut response: Response, version: Version) -> Response {
    response
        .headers_mut()
        .insert(header::CONNECTION, HeaderValue::from_static("close"));
    // hyper would promise a client of HTTP/1.0 that asked for it to keep the connection.
    if version == Version::HTTP_10 {
        *response.version_mut() = version;
    }
    response
}

/// Whether the rest of a body could be read away.
async fn drain(body: &mut Incoming) -> bool {
    // What is left by Content-Length; nothing by chunks.
    body.size_hint().lower() <= DRAINED_BYTES && read_away(body, DRAINED_BYTES, DRAINED_WITHIN).await
}

/// Reads the rest of a body, if it is no more than `most` bytes and comes in time. False if it was not or did not.
pub async fn read_away(body: &mut Incoming, most: u64, within: Duration) -> bool {
    let reading = async {
        let mut left = most;
        while let Some(frame) = body.frame().await {
            let length = frame.ok()?.data_ref().map_or(0, Bytes::len);
            left = left.checked_sub(length as u64)?;
        }
        Some(())
    };
    matches!(tokio::time::timeout(within, reading).await, Ok(Some(())))
}

/// A request's body in the hands of a handler; it comes back when the handler lets go of it.
struct Lent {
    body: Option<Incoming>,
    is_asked_for: bool,
    give_back: Option<oneshot::Sender<Outcome>>,
}

enum Outcome {
    Read,
    Broken,
    Left {
        body: Incoming,
        /// With the first question, `100 Continue` goes out to a client that waits.
        is_asked_for: bool,
    },
}

impl Lent {
    fn settle(&mut self, outcome: Outcome) {
        if let Some(give_back) = self.give_back.take() {
            // Nobody listens any more if the connection is gone.
            let _ = give_back.send(outcome);
        }
    }
}

impl hyper::body::Body for Lent {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let Some(body) = &mut self.body else {
            return Poll::Ready(None);
        };
        let polled = Pin::new(&mut *body).poll_frame(cx);
        let is_at_end = body.is_end_stream();
        self.is_asked_for = true;
        let frame = ready!(polled);
        match &frame {
            Some(Err(_)) => self.settle(Outcome::Broken),
            Some(Ok(_)) if !is_at_end => {}
            Some(Ok(_)) | None => self.settle(Outcome::Read),
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(hyper::body::Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body
            .as_ref()
            .map_or_else(SizeHint::default, hyper::body::Body::size_hint)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let is_asked_for = self.is_asked_for;
        if let Some(body) = self.body.take() {
            self.settle(Outcome::Left { body, is_asked_for });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_that_can_be_read_in_two_ways() {
        let (v11, v10) = (Version::HTTP_11, Version::HTTP_10);
        let host = [("host", "a")];
        let with = |name: &'static str, values: &[&'static str]| {
            host.into_iter()
                .chain(values.iter().map(|value| (name, *value)))
                .collect::<Vec<_>>()
        };
        for (version, uri, headers, status) in [
            (v11, "/", host.to_vec(), None),
            (v11, "http://a/", host.to_vec(), None),
            (v11, "http://b/", host.to_vec(), Some(400)),
            (v11, "/", with("host", &["a"]), Some(400)),
            (v11, "/", with("host", &["b"]), Some(400)),
            (v11, "/", vec![], Some(400)),
            (v10, "/", vec![], None),
            (v10, "/", with("host", &["b"]), Some(400)),
            (v11, "/", with("transfer-encoding", &["chunked"]), None),
            (v11, "/", with("transfer-encoding", &["Chunked"]), None),
            (v11, "/", with("transfer-encoding", &["gzip, chunked"]), Some(501)),
            (v11, "/", with("transfer-encoding", &["chunked", "chunked"]), Some(501)),
            (v11, "/", with("transfer-encoding", &["identity", "chunked"]), Some(501)),
        ] {
            let mut request = http::Request::builder().version(version).uri(uri);
            for (name, value) in &headers {
                request = request.header(*name, *value);
            }
            let found = ambiguous(&request.body(()).unwrap()).map(|refusal| refusal.status().as_u16());
            assert_eq!(found, status, "{version:?} {uri} {headers:?}");
        }
    }
}
