//! Every kind of answer that comes before its body, with every way in which the body comes or doesn't.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::{StreamExt as _, stream};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{
    super::{Draft, Key, Rig},
    Answer, HIDDEN, NEXT, Server, answers, ends, first, goes_on, send,
};

/// A request that is answered without its body: first line, headers, status.
struct Early {
    head: String,
    status: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Framing {
    Length,
    Chunks,
    Both,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sending {
    WithTheHead,
    AfterAWhile,
    /// Half of it, then nothing more on this connection.
    Cut,
    /// The client never sends it and goes on with its next request where it may.
    Never,
}

#[derive(Clone, Copy, Debug)]
struct Case<'a> {
    early: &'a Early,
    framing: Framing,
    sending: Sending,
    expects: bool,
    is_pipelined: bool,
}

async fn early_answers(rig: &Rig) -> Vec<Early> {
    let key = Key::unknown();
    rig.send(Draft::make_bucket("photos").signed(&key, "s3")).await.ok();
    rig.send(
        Draft::new("PUT", "/photos/cat")
            .header("content-length", "4")
            .with_body("meow")
            .signed(&key, "s3"),
    )
    .await
    .ok();
    let signed = |id: &str| {
        format!(
            "x-amz-date: 20260115T120000Z\r\nx-amz-content-sha256: UNSIGNED-PAYLOAD\r\nauthorization: AWS4-HMAC-SHA256 \
             Credential={id}/20260115/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=00\r\n"
        )
    };
    let (dev, issued) = (signed("test"), signed(rig.admin().await.id.as_str()));
    let preflight = "origin: https://a.example\r\naccess-control-request-method: POST\r\n";
    [
        ("PUT /nowhere/cat", dev.clone(), 404),
        ("PUT /photos/cat", String::new(), 403),
        ("PUT /photos/cat", issued, 403),
        ("PUT /photos/cat", format!("{dev}if-none-match: *\r\n"), 412),
        ("PUT /photos/dog", format!("{dev}if-match: \"abc\"\r\n"), 404),
        ("PATCH /photos/cat", dev.clone(), 405),
        ("GET /photos/cat", dev, 200),
        ("GET /_website/photos/", String::new(), 307),
        ("OPTIONS /photos/cat", preflight.to_owned(), 403),
        ("OPTIONS /", preflight.to_owned(), 200),
        ("POST /_poolhouse/nowhere", String::new(), 404),
        ("PUT /_poolhouse/clock", String::new(), 405),
        ("GET /_poolhouse/health", String::new(), 200),
        ("PUT /eu-west-1_AbCdEfGhI/.well-known/jwks.json", String::new(), 405),
        (
            "POST /",
            "x-amz-target: DynamoDB_20120810.ListTables\r\n".to_owned(),
            400,
        ),
        (
            "POST /",
            "x-amz-target: AWSCognitoIdentityProviderService.Fly\r\n".to_owned(),
            400,
        ),
    ]
    .into_iter()
    .map(|(line, headers, status)| Early {
        head: format!("{line} HTTP/1.1\r\nhost: localhost:4566\r\n{headers}"),
        status,
    })
    .collect()
}

impl Case<'_> {
    fn all(early: &[Early]) -> Vec<Case<'_>> {
        let mut all = Vec::new();
        for early in early {
            for framing in [Framing::Length, Framing::Chunks, Framing::Both] {
                for sending in [Sending::WithTheHead, Sending::AfterAWhile, Sending::Cut, Sending::Never] {
                    for (expects, is_pipelined) in [(false, false), (false, true), (true, false), (true, true)] {
                        all.push(Case {
                            early,
                            framing,
                            sending,
                            expects,
                            is_pipelined,
                        });
                    }
                }
            }
        }
        all
    }

    fn head(&self) -> String {
        let expect = if self.expects { "expect: 100-continue\r\n" } else { "" };
        let framing = match self.framing {
            Framing::Length => format!("content-length: {}\r\n", HIDDEN.len()),
            Framing::Chunks => "transfer-encoding: chunked\r\n".to_owned(),
            // By its length the body would end before what the chunks carry.
            Framing::Both => "content-length: 4\r\ntransfer-encoding: chunked\r\n".to_owned(),
        };
        format!("{}{expect}{framing}\r\n", self.early.head)
    }

    fn body(&self) -> String {
        match self.framing {
            Framing::Length => HIDDEN.to_owned(),
            Framing::Chunks | Framing::Both => format!("{:x}\r\n{HIDDEN}\r\n0\r\n\r\n", HIDDEN.len()),
        }
    }

    /// The next request follows at once, where it can be one: without its body sent, the rest would be the body.
    fn next_at_once(&self) -> &'static str {
        let can = match self.sending {
            Sending::WithTheHead | Sending::AfterAWhile => true,
            Sending::Never => self.expects,
            Sending::Cut => false,
        };
        if can && self.is_pipelined { NEXT } else { "" }
    }

    async fn run(&self, address: SocketAddr) -> Vec<Answer> {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let (head, body, next) = (self.head(), self.body(), self.next_at_once());
        match self.sending {
            Sending::WithTheHead => send(&mut stream, &format!("{head}{body}{next}")).await,
            Sending::Never => send(&mut stream, &format!("{head}{next}")).await,
            Sending::AfterAWhile => {
                send(&mut stream, &head).await;
                tokio::time::sleep(Duration::from_millis(5)).await;
                send(&mut stream, &format!("{body}{next}")).await;
            }
            Sending::Cut => {
                send(&mut stream, &head).await;
                send(&mut stream, &body[..body.len() / 2]).await;
                let _ = stream.shutdown().await;
            }
        }
        if !next.is_empty() || self.sending == Sending::Cut {
            return answers(&mut stream).await;
        }
        let mut found = vec![first(&mut stream).await];
        send(&mut stream, if found[0].closes { HIDDEN } else { NEXT }).await;
        found.extend(answers(&mut stream).await);
        found
    }

    fn check(&self, found: &[Answer]) {
        // Objects want their length in a header, and chunks have none.
        let wants_length = self.framing != Framing::Length && found[0].status == 411;
        assert!(
            wants_length || found[0].status == self.early.status,
            "{self:?} {found:?}"
        );
        // A body that was sent whole and at once, with nobody waiting, costs no connection.
        let is_sure = self.framing != Framing::Both && !self.expects && self.sending == Sending::WithTheHead;
        let must_close = self.framing == Framing::Both
            || self.expects
            || !matches!(self.sending, Sending::WithTheHead | Sending::AfterAWhile);
        assert!(!is_sure || !found[0].closes, "{self:?} {found:?}");
        assert!(!must_close || found[0].closes, "{self:?} {found:?}");
        match found {
            [last] => assert!(last.closes, "{self:?} {found:?}"),
            [refused, next] => assert!(
                !refused.closes && next.status == 200 && next.closes,
                "{self:?} {found:?}"
            ),
            _ => panic!("{self:?} {found:?}"),
        }
    }
}

impl std::fmt::Debug for Early {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.head.lines().next().unwrap_or_default())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_early_answer_leaves_a_connection_out_of_step() {
    let rig = Rig::dev().await;
    let early = early_answers(&rig).await;
    let server = Server::start(rig).await;
    let cases = Case::all(&early);
    assert!(cases.len() >= 500, "{}", cases.len());
    let runs = stream::iter(&cases).map(|case| async move { (case, case.run(server.address).await) });
    let runs: Vec<_> = runs.buffer_unordered(32).collect().await;
    for (case, found) in runs {
        case.check(&found);
    }
}

/// What may be refused at once is, and what is left of a great body costs the connection.
#[tokio::test]
async fn too_large_a_body_is_not_asked_for() {
    let server = Server::start(Rig::dev().await).await;
    let call = "POST / HTTP/1.1\r\nhost: localhost\r\nx-amz-target: AWSCognitoIdentityProviderService.InitiateAuth\r\n";
    for expect in ["", "expect: 100-continue\r\n"] {
        let request = format!("{call}{expect}content-length: 3000000\r\n\r\n{HIDDEN}");
        let found = server.say(request.as_bytes()).await;
        assert_eq!(found, [ends(413)]);
    }
    // Sent to its end by a client that reads no answer before: it finds it, rather than a reset.
    let whole = format!("{call}content-length: 3000000\r\n\r\n{}", "x".repeat(3_000_000));
    let found = server.say(whole.as_bytes()).await;
    assert_eq!(found, [ends(413)]);
    let chunks = format!(
        "{call}transfer-encoding: chunked\r\n\r\n{}",
        format!("10000\r\n{}\r\n", "x".repeat(0x10000)).repeat(40)
    );
    let found = server.say(chunks.as_bytes()).await;
    assert_eq!(found, [ends(413)]);
}

/// Too many sign-ins: told before the body is asked for, and a pool of connections is kept where the body is there.
#[tokio::test]
async fn an_overload_is_told_before_the_body() {
    let rig = Rig::dev().await;
    let cpu = rig.cpu.clone();
    let (release, waiting) = std::sync::mpsc::channel::<()>();
    let waiting = Arc::new(Mutex::new(waiting));
    let held = Arc::new(AtomicUsize::new(0));
    // Full for good only when every thread is held: until then one may still take a job, and leave a place.
    while held.load(Ordering::SeqCst) < testkit::CPU_THREADS || cpu.admit().is_ok() {
        let (cpu, waiting, held) = (cpu.clone(), Arc::clone(&waiting), Arc::clone(&held));
        tokio::spawn(async move {
            cpu.run(move || {
                held.fetch_add(1, Ordering::SeqCst);
                waiting.lock().unwrap().recv().is_err()
            })
            .await
        });
        tokio::task::yield_now().await;
    }
    let server = Server::start(rig).await;
    let call = "POST / HTTP/1.1\r\nhost: localhost\r\nx-amz-target: AWSCognitoIdentityProviderService.InitiateAuth\r\n";
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    send(
        &mut stream,
        &format!("{call}expect: 100-continue\r\ncontent-length: 2\r\n\r\n"),
    )
    .await;
    let mut said = String::new();
    stream.read_to_string(&mut said).await.unwrap();
    assert!(
        said.starts_with("HTTP/1.1 400 ") && said.contains("\r\nconnection: close\r\n"),
        "{said}"
    );
    for part in [
        r#"{"__type":"TooManyRequestsException","message":"Rate exceeded"}"#,
        "\r\nx-amzn-errortype: TooManyRequestsException:\r\n",
        "\r\naccess-control-allow-origin: *\r\n",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let refused = format!("{call}content-length: {}\r\n\r\n{HIDDEN}", HIDDEN.len());
    let found = server.say(format!("{refused}{refused}{NEXT}").as_bytes()).await;
    assert_eq!(found, [goes_on(400), goes_on(400), ends(200)]);
    drop(release);
}
