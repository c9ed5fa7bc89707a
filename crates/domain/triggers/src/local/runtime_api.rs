//! The Lambda Runtime API of one place, on a port of loopback that its process alone is told. Reference: AWS's "Using the Lambda
//! runtime API", 2018-06-01.

use std::{convert::Infallible, net::SocketAddr, sync::Arc};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use super::{line::Job, peer, place::Place};
use crate::answer;

/// Until the place is no longer watched.
pub(super) async fn serve(listener: TcpListener, place: Arc<Place>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    connections.spawn(talk(stream, peer, Arc::clone(&place)));
                }
                // Out of descriptors, or a connection that is gone already.
                Err(error) => {
                    tracing::warn!(%error, "a function's connection could not be accepted");
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                }
            },
            Some(_) = connections.join_next() => {}
            () = place.closed() => return,
        }
    }
}

async fn talk(stream: TcpStream, peer: SocketAddr, place: Arc<Place>) {
    if !peer::is_ours(peer, place.address).await {
        tracing::warn!(
            function = place.local.name,
            "another user's process asked for events; it got none"
        );
        return;
    }
    let _ = stream.set_nodelay(true);
    let answered = service_fn(move |request| {
        let place = Arc::clone(&place);
        async move { Ok::<_, Infallible>(answer(&place, request).await) }
    });
    // A connection that breaks is the process's end, which is seen elsewhere.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), answered)
        .await;
}

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
enum Call<'p> {
    Next,
    Answer(&'p str),
    Error(&'p str),
    InitError,
}

impl<'p> Call<'p> {
    fn of(method: &str, path: &'p str) -> Option<Self> {
        let rest = path.strip_prefix("/2018-06-01/runtime/")?;
        match (method, rest) {
            ("GET", "invocation/next") => Some(Self::Next),
            ("POST", "init/error") => Some(Self::InitError),
            ("POST", _) => match rest.strip_prefix("invocation/")?.split_once('/')? {
                (id, "response") => Some(Self::Answer(id)),
                (id, "error") => Some(Self::Error(id)),
                _ => None,
            },
            _ => None,
        }
    }
}

async fn answer(place: &Place, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    if is_a_browsers(&head.headers, place.address) {
        return refused(StatusCode::FORBIDDEN, "Forbidden", "No page is served here");
    }
    let Some(call) = Call::of(head.method.as_str(), head.uri.path()) else {
        return refused(StatusCode::NOT_FOUND, "NotFound", "There is no such call");
    };
    if call == Call::Next {
        return next(place).await;
    }
    let body = match Limited::new(body, answer::LARGEST).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => Err(answer::TOO_LARGE),
        // Half an answer is none; the process is seen to end, or answers again.
        Err(_) => return refused(StatusCode::BAD_REQUEST, "InvalidRequest", "The body broke off"),
    };
    let is_too_large = body.is_err();
    let known = match call {
        Call::Answer(id) => place.answer(id, body),
        Call::Error(id) => place.answer(id, body.and_then(|body| Err(answer::function_error(&body)))),
        Call::InitError | Call::Next => {
            let message = body.ok().and_then(|body| answer::error_message(&body));
            place.note_init_error(message.unwrap_or_default());
            true
        }
    };
    if is_too_large {
        return refused(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestEntityTooLarge",
            "The answer is too large",
        );
    }
    if !known {
        return refused(StatusCode::BAD_REQUEST, "InvalidRequestID", "Invalid request ID");
    }
    said(StatusCode::ACCEPTED, &json!({ "status": "OK" }))
}

/// Waits for an event. Dropped with the connection: what was not given to the process stays in the line.
async fn next(place: &Place) -> Response<Full<Bytes>> {
    let life = place.asks();
    let job = place.local.line.take(life.generation).await;
    let event = given(&job);
    if let Some(job) = place.hold(life, job) {
        place.local.line.put_back(job);
        // Its end is near.
        return std::future::pending().await;
    }
    event
}

/// Pages of any origin reach loopback, by its number or by a name of their own that leads here. Runtimes send none of these
/// headers, and the address as they were told it.
fn is_a_browsers(headers: &http::HeaderMap, own: SocketAddr) -> bool {
    let told = own.to_string();
    let called = headers.get(header::HOST).map(HeaderValue::as_bytes);
    let marks = ["origin", "referer", "sec-fetch-site", "sec-fetch-mode"];
    called != Some(told.as_bytes()) || marks.iter().any(|mark| headers.contains_key(*mark))
}

fn given(job: &Job) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(job.event.clone()));
    let deadline = job.deadline().millis().to_string();
    for (name, value) in [
        ("content-type", "application/json"),
        ("lambda-runtime-aws-request-id", &job.id),
        ("lambda-runtime-deadline-ms", &deadline),
        ("lambda-runtime-invoked-function-arn", &job.arn),
        ("lambda-runtime-trace-id", &job.trace),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}

fn refused(status: StatusCode, kind: &str, message: &str) -> Response<Full<Bytes>> {
    said(status, &json!({ "errorType": kind, "errorMessage": message }))
}

fn said(status: StatusCode, value: &Value) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(value.to_string())));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_told_by_method_and_path() {
        for (method, path, expected) in [
            ("GET", "/2018-06-01/runtime/invocation/next", Some(Call::Next)),
            (
                "POST",
                "/2018-06-01/runtime/invocation/a-1/response",
                Some(Call::Answer("a-1")),
            ),
            (
                "POST",
                "/2018-06-01/runtime/invocation/a-1/error",
                Some(Call::Error("a-1")),
            ),
            ("POST", "/2018-06-01/runtime/init/error", Some(Call::InitError)),
            ("POST", "/2018-06-01/runtime/invocation/next", None),
            ("GET", "/2018-06-01/runtime/invocation/a-1/response", None),
            ("POST", "/2018-06-01/runtime/invocation/a-1/b/response", None),
            ("GET", "/", None),
        ] {
            assert_eq!(Call::of(method, path), expected, "{method} {path}");
        }
    }

    #[test]
    fn pages_are_told_from_runtimes() {
        let own = "127.0.0.1:9001".parse().unwrap();
        for (headers, expected) in [
            (&[("host", "127.0.0.1:9001")][..], false),
            (
                &[("host", "127.0.0.1:9001"), ("user-agent", "AWS_Lambda_Cpp/0.2")],
                false,
            ),
            (&[("host", "evil.example:9001")], true),
            (&[("host", "localhost:9001")], true),
            (&[], true),
            (&[("host", "127.0.0.1:9001"), ("origin", "https://evil.example")], true),
            (&[("host", "127.0.0.1:9001"), ("sec-fetch-mode", "no-cors")], true),
            (
                &[("host", "127.0.0.1:9001"), ("referer", "https://evil.example/")],
                true,
            ),
        ] {
            let map = headers
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
                .collect();
            assert_eq!(is_a_browsers(&map, own), expected, "{headers:?}");
        }
    }
}
