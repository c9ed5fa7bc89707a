//! Heads and chunks that are broken, ambiguous or too much.

use tokio::{io::AsyncReadExt, net::TcpStream};

use super::{super::Rig, HIDDEN, NEXT, Server, ends, goes_on, send};

/// Heads that readers might understand differently, or that are too much, are answered and end the connection.
#[tokio::test]
async fn no_head_is_read_in_two_ways() {
    let server = Server::start(Rig::dev().await).await;
    let get = |headers: &str| format!("GET /_poolhouse/health HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n{HIDDEN}");
    let lines = "x: y\r\n".repeat(10_000);
    for (request, status) in [
        (get("content-length: 3\r\ncontent-length: 4\r\n"), 400),
        (get("content-length: 3, 3\r\n"), 400),
        (get("content-length: +3\r\n"), 400),
        (get("content-length: -1\r\n"), 400),
        (get("content-length: 0x3\r\n"), 400),
        (get("content-length: 99999999999999999999\r\n"), 400),
        (get("content-length : 3\r\n"), 400),
        (get("x: y\r\n content-length: 3\r\n"), 400),
        (get(" x: y\r\n"), 400),
        (get("x: y\rcontent-length: 3\r\n"), 400),
        (get("x: \0\r\n"), 400),
        (get("transfer-encoding: chunked, identity\r\n"), 400),
        (get("transfer-encoding: gzip, chunked\r\n"), 501),
        (get("transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n"), 501),
        (get("transfer-encoding: \x0bchunked\r\n"), 400),
        (get("host: elsewhere\r\n"), 400),
        (format!("GET / HTTP/1.1\r\n\r\n{HIDDEN}"), 400),
        (
            format!("GET http://elsewhere/ HTTP/1.1\r\nhost: localhost\r\n\r\n{HIDDEN}"),
            400,
        ),
        (
            format!("POST / HTTP/1.0\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n{HIDDEN}"),
            400,
        ),
        (get(&lines), 431),
        (get(&format!("x: {}\r\n", "y".repeat(500_000))), 431),
        (
            format!("GET /{} HTTP/1.1\r\nhost: localhost\r\n\r\n", "a".repeat(70_000)),
            414,
        ),
        (format!("nonsense\r\n\r\n{HIDDEN}"), 400),
    ] {
        let found = server.say(request.as_bytes()).await;
        let start = &request[..request.len().min(120)];
        assert_eq!(found, [ends(status)], "{start}");
    }
}

/// A put with much metadata has more lines than most.
#[tokio::test]
async fn a_head_of_many_lines_is_read() {
    let server = Server::start(Rig::dev().await).await;
    let lines = "x: y\r\n".repeat(250);
    let request = format!("GET /_poolhouse/health HTTP/1.1\r\nhost: localhost\r\n{lines}\r\n{NEXT}");
    assert_eq!(server.say(request.as_bytes()).await, [goes_on(200), ends(200)]);
}

/// A body whose framing breaks ends its connection with the answer; what is well framed does not.
#[tokio::test]
async fn chunks_are_read_strictly() {
    let server = Server::start(Rig::dev().await).await;
    let call = |body: &str| {
        format!(
            "POST / HTTP/1.1\r\nhost: localhost\r\nx-amz-target: AWSCognitoIdentityProviderService.InitiateAuth\r\n\
             transfer-encoding: chunked\r\n\r\n{body}{NEXT}"
        )
    };
    for body in [
        "x\r\n",
        "-1\r\n{\r\n",
        "0x2\r\n{}\r\n0\r\n\r\n",
        "2\n{}\r\n0\r\n\r\n",
        "2\r\n{}0\r\n\r\n",
        "2\r\n{}\n0\r\n\r\n",
        "fffffffffffffffff\r\n{}",
        "2;x\n\r\n{}\r\n0\r\n\r\n",
        "\r\n2\r\n{}\r\n0\r\n\r\n",
    ] {
        let found = server.say(call(body).as_bytes()).await;
        assert_eq!(found, [ends(400)], "{body:?}");
    }
    for body in [
        "2\r\n{}\r\n0\r\n\r\n",
        "2;x=y\r\n{}\r\n0\r\n\r\n",
        "02\r\n{}\r\n0\r\nx-trailer: y\r\ncontent-length: 5\r\n\r\n",
    ] {
        let found = server.say(call(body).as_bytes()).await;
        assert_eq!(found, [goes_on(400), ends(200)], "{body:?}");
    }
}

/// Lengths that are the same twice are one.
#[tokio::test]
async fn a_length_may_be_repeated() {
    let server = Server::start(Rig::dev().await).await;
    let request = format!(
        "GET /_poolhouse/health HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\ncontent-length: 3\r\n\r\nabc{NEXT}"
    );
    let found = server.say(request.as_bytes()).await;
    assert_eq!(found, [goes_on(200), ends(200)]);
}

/// A client of HTTP/1.0 is promised nothing that isn't kept.
#[tokio::test]
async fn an_older_client_is_told_too() {
    let server = Server::start(Rig::dev().await).await;
    let request =
        format!("PUT /nowhere/cat HTTP/1.0\r\nconnection: keep-alive\r\ncontent-length: 100000\r\n\r\n{HIDDEN}");
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    send(&mut stream, &request).await;
    let mut said = String::new();
    stream.read_to_string(&mut said).await.unwrap();
    assert!(said.starts_with("HTTP/1.0 "), "{said}");
    assert!(
        said.contains("connection: close\r\n") && !said.contains("keep-alive"),
        "{said}"
    );
    assert_eq!(said.matches("HTTP/1.").count(), 1, "{said}");
}
