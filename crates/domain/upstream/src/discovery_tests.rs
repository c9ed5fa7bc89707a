use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};
use kernel::Timestamp;
use serde_json::{Value, json};

use crate::{
    Address, Answer, Discovered, Discovery, Fetch, FetchError, NotDiscovered, Reach, Upstream,
    testing::{Site, leading_to, ok},
};

async fn found(reach: Reach, issuer: &str) -> Result<Discovered, NotDiscovered> {
    let discovery = Discovery::new(Upstream::new(reach).unwrap());
    let found = discovery.of(issuer, Timestamp::from_secs(0)).await;
    found.map(|found| (*found).clone())
}

/// A provider whose document has this beside its issuer.
async fn provider(end: &'static str, more: Value) -> (Site, String) {
    let site = Site::of(move |head| {
        let host = head
            .lines()
            .find_map(|line| line.strip_prefix("host: "))
            .unwrap_or_default();
        if !head.starts_with("GET /op/.well-known/openid-configuration ") {
            return (
                "HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n".to_owned(),
                Duration::ZERO,
            );
        }
        let mut document = json!({"issuer": format!("http://{host}/op{end}"), "jwks_uri": format!("http://{host}/k")});
        document
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        (ok(&document.to_string()), Duration::ZERO)
    });
    let site = site.await;
    let issuer = site.url("/op");
    (site, issuer)
}

#[tokio::test]
async fn a_provider_says_where_its_endpoints_are() {
    let more = json!({"token_endpoint": "https://a.example/t", "code_challenge_methods_supported": ["plain", "S256"], "userinfo_endpoint": null});
    let (site, issuer) = provider("", more).await;
    let discovery = Discovery::new(Upstream::new(Reach::Anywhere).unwrap());
    for seconds in [0, 3599] {
        let found = discovery.of(&issuer, Timestamp::from_secs(seconds)).await.unwrap();
        assert_eq!(found.jwks_uri, site.url("/k"));
        assert_eq!(found.token_endpoint.as_deref(), Some("https://a.example/t"));
        assert_eq!(
            (&found.userinfo_endpoint, &found.authorization_endpoint),
            (&None, &None)
        );
        assert_eq!(found.code_challenge_methods, ["plain", "S256"]);
    }
    assert_eq!(site.asked(), 1);
    discovery.of(&issuer, Timestamp::from_secs(3600)).await.unwrap();
    assert_eq!(site.asked(), 2);
}

#[tokio::test]
async fn an_issuer_is_the_one_that_was_named_to_the_slash() {
    let (_with, issuer) = provider("/", json!({})).await;
    let slashed = format!("{issuer}/");
    assert_eq!(found(Reach::Anywhere, &slashed).await.unwrap().issuer, slashed);
    assert_eq!(
        found(Reach::Anywhere, &issuer).await,
        Err(NotDiscovered::OtherIssuer(slashed))
    );
    let (_without, issuer) = provider("", json!({})).await;
    let slashed = format!("{issuer}/");
    assert_eq!(
        found(Reach::Anywhere, &slashed).await,
        Err(NotDiscovered::OtherIssuer(issuer))
    );
    for issuer in [
        "",
        "op.example",
        "https://op.example/?a",
        "https://op.example/#a",
        "https://u:p@op.example",
    ] {
        assert!(
            matches!(found(Reach::Public, issuer).await, Err(NotDiscovered::Nonsense(_))),
            "{issuer}"
        );
    }
}

#[tokio::test]
async fn nonsense_is_told_from_silence() {
    for more in [
        json!({"issuer": 1}),
        json!({"jwks_uri": null}),
        json!({"jwks_uri": "file:///etc/passwd"}),
        json!({"token_endpoint": ["https://a.example"]}),
        json!({"authorization_endpoint": "javascript:alert(1)"}),
        json!({"x": "x".repeat(70_000)}),
    ] {
        let (_site, issuer) = provider("", more).await;
        let got = found(Reach::Anywhere, &issuer).await;
        assert!(matches!(got, Err(NotDiscovered::Nonsense(_))), "{got:?}");
    }
    let silent = Site::of(|_| (ok("{}"), Duration::from_secs(9))).await;
    for issuer in [
        silent.url(""),
        silent.url("/").replace("http:", "https:"),
        "http://127.0.0.1:9".to_owned(),
    ] {
        let got = found(Reach::Anywhere, &issuer).await;
        assert!(matches!(got, Err(NotDiscovered::Unreachable(_))), "{got:?}");
    }
}

#[tokio::test]
async fn neighbours_are_reached_neither_at_once_nor_by_name() {
    let site = Site::saying(&json!({})).await;
    let port = site.port;
    for issuer in [
        site.url(""),
        "http://op.example".to_owned(),
        format!("https://127.0.0.1:{port}"),
        format!("https://localhost:{port}"),
        format!("https://[::1]:{port}"),
        format!("https://[::ffff:127.0.0.1]:{port}"),
        format!("https://2130706433:{port}"),
        "https://169.254.169.254".to_owned(),
        "https://169.254.1.1".to_owned(),
        "https://[fd00:ec2::254]".to_owned(),
        "https://10.0.0.1".to_owned(),
    ] {
        let got = found(Reach::Public, &issuer).await;
        let expected = |got: &String| got.starts_with("the address is not allowed");
        assert!(
            matches!(&got, Err(NotDiscovered::Unreachable(why)) if expected(why)),
            "{issuer}: {got:?}"
        );
    }
    assert_eq!(site.asked(), 0);
}

async fn followed(upstream: &Upstream, address: Address, hops: usize) -> Result<Answer, FetchError> {
    let mut headers = HeaderMap::new();
    headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Bearer x"));
    let fetch = Fetch {
        address,
        method: Method::GET,
        headers,
        body: Bytes::new(),
        within: Duration::from_millis(900),
        largest: 64,
    };
    upstream.fetch_following(fetch, hops).await
}

#[tokio::test]
async fn redirects_are_followed_so_far_and_no_further() {
    let site = Site::of(|head| {
        let n: usize = head.split(['/', ' ']).nth(2).and_then(|n| n.parse().ok()).unwrap_or(0);
        let answer = if n == 0 {
            ok("there")
        } else {
            leading_to(&format!("/{}", n - 1))
        };
        (answer, Duration::from_millis(if n > 10 { 100 } else { 0 }))
    });
    let site = site.await;
    let upstream = Upstream::new(Reach::Public).unwrap();
    let at = |n: usize| Address::of_operator(&site.url(&format!("/{n}"))).unwrap();
    for n in [0, 1, 3] {
        assert_eq!(&followed(&upstream, at(n), 3).await.unwrap().body[..], b"there", "{n}");
    }
    let error = followed(&upstream, at(4), 3).await.err().unwrap();
    assert!(
        matches!(error, FetchError::Forbidden("it leads on too often")),
        "{error}"
    );
    // Each hop is quick enough, all together are not.
    let error = followed(&upstream, at(40), 100).await.err().unwrap();
    assert!(matches!(error, FetchError::TimedOut), "{error}");
}

#[tokio::test]
async fn each_hop_is_judged_anew_and_tells_no_stranger_who_asks() {
    let target = Site::of(|head| {
        (
            ok(if head.contains("Bearer x") { "known" } else { "unknown" }),
            Duration::ZERO,
        )
    })
    .await;
    let port = target.port;
    for (location, reach, expected) in [
        (target.url("/"), Reach::Public, Err("only https")),
        (format!("https://127.0.0.1:{port}/"), Reach::Public, Err("loopback")),
        (format!("//localhost:{port}/"), Reach::Public, Err("only https")),
        (
            "https://169.254.169.254/latest/meta-data/".to_owned(),
            Reach::Public,
            Err("loopback"),
        ),
        ("file:///etc/passwd".to_owned(), Reach::Anywhere, Err("no address")),
        ("https://u:p@a.example/".to_owned(), Reach::Anywhere, Err("no address")),
        (target.url("/"), Reach::Anywhere, Ok("unknown")),
    ] {
        let answer = leading_to(&location);
        let site = Site::of(move |_| (answer.clone(), Duration::ZERO)).await;
        // What the operator allows is this server, not those that it leads to.
        let got = followed(
            &Upstream::new(reach).unwrap(),
            Address::of_operator(&site.url("/")).unwrap(),
            3,
        )
        .await;
        match (got, expected) {
            (Ok(answer), Ok(body)) => assert_eq!(&answer.body[..], body.as_bytes()),
            (Err(FetchError::Forbidden(why)), Err(expected)) => assert!(why.contains(expected), "{location}: {why}"),
            (got, _) => panic!("{location}: {:?}", got.map(|answer| answer.body)),
        }
    }
    assert_eq!(target.asked(), 1);
}
