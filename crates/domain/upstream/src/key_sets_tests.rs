use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use kernel::Timestamp;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use vault::jws::Signed;

use crate::{Address, KeySets, Reach, Upstream};

/// RFC 8037 appendix A, with a name.
const SET: &str =
    r#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;

/// `{"alg":"EdDSA","kid":"a"}`, and of a key that is not there.
const KNOWN: &str = "eyJhbGciOiJFZERTQSIsImtpZCI6ImEifQ.e30.AA";
const UNKNOWN: &str = "eyJhbGciOiJFZERTQSIsImtpZCI6ImIifQ.e30.AA";

struct Publisher {
    address: Address,
    asked: Arc<AtomicUsize>,
    fails: Arc<AtomicBool>,
}

async fn publisher(body: &'static str) -> Publisher {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/jwks", listener.local_addr().unwrap());
    let (asked, fails) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let (count, failing) = (Arc::clone(&asked), Arc::clone(&fails));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            count.fetch_add(1, Ordering::SeqCst);
            let status = if failing.load(Ordering::SeqCst) {
                "503 No"
            } else {
                "200 OK"
            };
            let answer = format!(
                "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    Publisher {
        address: Address::of_tenant(&address).unwrap(),
        asked,
        fails,
    }
}

fn sets() -> KeySets {
    KeySets::new(Upstream::new(Reach::Anywhere).unwrap())
}

#[tokio::test]
async fn a_set_is_kept_and_asked_for_again_once_a_minute_at_most() {
    let published = publisher(SET).await;
    let sets = sets();
    let at = async |text: &str, seconds: i64| {
        let signed = Signed::parse(text).unwrap();
        let found = sets
            .at(&published.address, &signed, Timestamp::from_secs(seconds))
            .await;
        let holds = found.map(|set| set.may_hold_signer(&signed));
        (holds, published.asked.load(Ordering::SeqCst))
    };
    assert_eq!(at(KNOWN, 1000).await, (Some(true), 1));
    assert_eq!(at(KNOWN, 1599).await, (Some(true), 1), "it is young");
    // A key that is not there might have come since.
    assert_eq!(at(UNKNOWN, 1030).await, (Some(false), 1), "asked half a minute ago");
    assert_eq!(at(UNKNOWN, 1060).await, (Some(false), 2));
    assert_eq!(at(UNKNOWN, 1061).await, (Some(false), 2));
    assert_eq!(at(KNOWN, 1660).await, (Some(true), 3), "it was old");
    // Who publishes it is not there.
    published.fails.store(true, Ordering::SeqCst);
    assert_eq!(at(KNOWN, 2260).await, (Some(true), 4));
    assert_eq!(at(KNOWN, 2300).await, (Some(true), 4));
    assert_eq!(at(KNOWN, 1660 + 3600).await, (None, 5), "too old");
}

#[tokio::test]
async fn many_at_once_ask_once() {
    let published = publisher(SET).await;
    let sets = sets();
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (sets, address) = (sets.clone(), published.address.clone());
        all.spawn(async move {
            let signed = Signed::parse(KNOWN).unwrap();
            sets.at(&address, &signed, Timestamp::from_secs(1000)).await.is_some()
        });
    }
    assert!(all.join_all().await.into_iter().all(|found| found));
    assert!(
        published.asked.load(Ordering::SeqCst) <= 2,
        "two may have met before the address was known"
    );
}

#[tokio::test]
async fn what_is_no_set_of_public_keys_is_none() {
    let signed = Signed::parse(KNOWN).unwrap();
    let large: &'static str = Box::leak(format!("{{\"keys\":[],\"x\":\"{}\"}}", "x".repeat(70_000)).into_boxed_str());
    for body in [
        "",
        "[]",
        "{}",
        r#"{"keys":[]}"#,
        r#"{"keys":[{"kty":"oct","k":"AA"}]}"#,
        large,
    ] {
        let published = publisher(body).await;
        let found = sets().at(&published.address, &signed, Timestamp::from_secs(0)).await;
        assert!(found.is_none(), "{}", body.len());
    }
    // A neighbour's address is not asked unless tenants may.
    let published = publisher(SET).await;
    let guarded = KeySets::new(Upstream::new(Reach::Public).unwrap());
    let secure = Address::of_tenant(&format!("https://{}/jwks", published.address.authority())).unwrap();
    for address in [published.address.clone(), secure] {
        let asked = tokio::time::timeout(
            Duration::from_secs(5),
            guarded.at(&address, &signed, Timestamp::from_secs(0)),
        );
        assert!(asked.await.unwrap().is_none(), "{address}");
    }
    assert_eq!(published.asked.load(Ordering::SeqCst), 0);
}
