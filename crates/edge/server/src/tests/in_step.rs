//! A connection stays in step whatever is refused on it: raw HTTP as a client, a pooling proxy or an attacker would send it.
//! The bodies are requests themselves: whoever reads one as the next request gives one answer too many.

mod early;
mod handlers;
mod heads;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
};

use super::Rig;
use crate::{Bound, Stop};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(10);

const NEXT: &str = "GET /_poolhouse/health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

/// What a body smuggles: a request that would be answered 404.
const HIDDEN: &str = "GET /_poolhouse/smuggled HTTP/1.1\r\nhost: localhost\r\n\r\n";

struct Server {
    _rig: Rig,
    address: SocketAddr,
    _stop: Stop,
}

impl Server {
    async fn start(rig: Rig) -> Self {
        let bound = Bound::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
        let (stop, stopped) = Stop::new();
        let address = bound.address;
        tokio::spawn(bound.serve(Arc::clone(&rig.app), None, stopped));
        Self {
            _rig: rig,
            address,
            _stop: stop,
        }
    }

    /// The answers to these bytes, when one connection has carried them all.
    async fn say(&self, bytes: &[u8]) -> Vec<Answer> {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        // What is refused early may be closed before it was all sent.
        let _ = stream.write_all(bytes).await;
        answers(&mut stream).await
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Answer {
    status: u16,
    closes: bool,
}

/// An answer after which the connection goes on.
fn goes_on(status: u16) -> Answer {
    Answer { status, closes: false }
}

/// A connection's last answer.
fn ends(status: u16) -> Answer {
    Answer { status, closes: true }
}

/// All of them until the server closes. A reset would be an error here: it takes answers away.
async fn answers(stream: &mut (impl AsyncRead + Unpin)) -> Vec<Answer> {
    let mut bytes = Vec::new();
    tokio::time::timeout(PATIENCE, stream.read_to_end(&mut bytes))
        .await
        .unwrap_or_else(|_| panic!("still open after {}", String::from_utf8_lossy(&bytes)))
        .unwrap();
    let (mut found, mut rest) = (Vec::new(), bytes.as_slice());
    while !rest.is_empty() {
        let (answer, length) = parse(rest).unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(rest)));
        found.push(answer);
        rest = &rest[length..];
    }
    found.retain(|answer| answer.status != 100);
    found
}

/// The first answer, once it is whole.
async fn first(stream: &mut (impl AsyncRead + Unpin)) -> Answer {
    let mut bytes = Vec::new();
    loop {
        if let Some((answer, length)) = parse(&bytes) {
            if answer.status != 100 {
                assert_eq!(bytes.len(), length, "{}", String::from_utf8_lossy(&bytes));
                return answer;
            }
            bytes.drain(..length);
            continue;
        }
        let read = tokio::time::timeout(PATIENCE, stream.read_buf(&mut bytes)).await;
        assert_ne!(read.unwrap().unwrap(), 0, "{}", String::from_utf8_lossy(&bytes));
    }
}

fn parse(bytes: &[u8]) -> Option<(Answer, usize)> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&bytes[..end]).unwrap().to_lowercase();
    let status = head.split(' ').nth(1)?.parse().unwrap();
    let length = head
        .split("content-length: ")
        .nth(1)
        .and_then(|rest| rest.lines().next());
    let length: usize = length.map_or(0, |text| text.parse().unwrap());
    let closes = head.contains("\r\nconnection: close\r\n");
    (bytes.len() >= end + length).then_some((Answer { status, closes }, end + length))
}

/// A connection that the server has closed takes nothing more, which is no matter here.
async fn send(stream: &mut (impl AsyncWrite + Unpin), text: &str) {
    let _ = stream.write_all(text.as_bytes()).await;
}
