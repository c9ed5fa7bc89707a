//! What handlers may do with a body, and what clients do to a connection.

use std::time::Duration;

use http_body_util::BodyExt as _;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
    sync::mpsc,
};

use super::{HIDDEN, NEXT, PATIENCE, answers, ends, first, goes_on, send};
use crate::{
    Stop, answer,
    body::{self, BodyError, Request, Response},
    life::Life,
    listen::converse,
};

/// One connection to a handler of the test's own.
fn talk<F: Future<Output = Response> + Send + 'static>(
    handle: impl Fn(Request) -> F + Send + Sync + 'static,
) -> (DuplexStream, Stop) {
    let (ours, theirs) = duplex(1 << 20);
    let (stop, stopped) = Stop::new();
    let life = Life {
        stop: stopped,
        _under_way: mpsc::channel(1).0,
    };
    tokio::spawn(converse(theirs, life, handle));
    (ours, stop)
}

fn post(length: usize, body: &str) -> String {
    format!("POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: {length}\r\n\r\n{body}")
}

fn fine() -> Response {
    http::Response::new(answer::full("fine"))
}

#[tokio::test]
async fn a_panic_ends_its_request_only() {
    let (mut stream, _stop) = talk(|request| async move {
        let rest = request.into_body().frame().await;
        assert!(rest.is_none(), "the test's panic");
        fine()
    });
    send(
        &mut stream,
        &format!(
            "{}GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
            post(5, "abcde")
        ),
    )
    .await;
    let found = answers(&mut stream).await;
    assert_eq!(found, [goes_on(500), ends(200)]);
}

/// A handler that reads nothing or some and stops; one that keeps the body beyond its answer.
#[tokio::test]
async fn a_body_is_followed_into_its_handler() {
    for (length, found) in [
        (HIDDEN.len(), vec![goes_on(200), ends(200)]),
        (60_000, vec![goes_on(200), ends(200)]),
        (600_000, vec![ends(200)]),
    ] {
        for reads in [false, true] {
            let body = HIDDEN.repeat(length / HIDDEN.len() + 1);
            let request = format!("{}{NEXT}", post(length, &body[..length]));
            let (mut stream, _stop) = talk(move |mut request| async move {
                if reads {
                    request.body_mut().frame().await;
                }
                fine()
            });
            send(&mut stream, &request).await;
            assert_eq!(answers(&mut stream).await, found, "{length} {reads}");
        }
    }
    let (kept, mut keeper) = mpsc::unbounded_channel();
    let (mut stream, _stop) = talk(move |request| {
        let kept = kept.clone();
        async move {
            kept.send(request.into_body()).unwrap();
            fine()
        }
    });
    send(&mut stream, &format!("{}{NEXT}", post(5, "abcde"))).await;
    assert!(first(&mut stream).await.closes);
    drop(keeper.recv().await);
    assert!(answers(&mut stream).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_head_that_does_not_end_is_answered() {
    let (mut stream, _stop) = talk(|_| async { fine() });
    send(&mut stream, "GET / HTTP/1.1\r\nhost: loc").await;
    let mut said = String::new();
    stream.read_to_string(&mut said).await.unwrap();
    assert!(
        said.starts_with("HTTP/1.1 408 ") && said.contains("connection: close"),
        "{said}"
    );

    // An idle connection is closed without a word: nobody asked.
    let (mut stream, _stop) = talk(|_| async { fine() });
    send(&mut stream, "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
    assert!(!first(&mut stream).await.closes);
    said.clear();
    stream.read_to_string(&mut said).await.unwrap();
    assert_eq!(said, "");
}

/// Nobody knows what comes next from a client whose body was given up.
#[tokio::test(start_paused = true)]
async fn a_body_that_stalls_costs_the_connection() {
    let (mut stream, _stop) = talk(|request| async move {
        let read = body::read(request.into_body(), 1000).await;
        assert_eq!(read.unwrap_err(), BodyError::Slow);
        let mut response = fine();
        *response.status_mut() = http::StatusCode::REQUEST_TIMEOUT;
        response
    });
    send(&mut stream, &post(10, "abc")).await;
    let mut said = String::new();
    stream.read_to_string(&mut said).await.unwrap();
    assert!(
        said.starts_with("HTTP/1.1 408 ") && said.contains("connection: close"),
        "{said}"
    );
}

/// A client that never stops sending is not listened to for ever.
#[tokio::test(start_paused = true)]
async fn lingering_has_an_end() {
    let (mut stream, _stop) = talk(|_| async { fine() });
    send(&mut stream, &post(1_000_000, "")).await;
    assert!(first(&mut stream).await.closes);
    let endless = async {
        while stream.write_all(HIDDEN.as_bytes()).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(PATIENCE, endless).await.unwrap();
}
