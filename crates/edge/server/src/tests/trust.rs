//! Which requests dev takes for its developer's own, and how buckets' pages are kept apart from ours.

use http::{Request, request};
use iam::Origin;
use model::{COGNITO_IDP, STS};
use serde_json::json;
use tokens::IssuerMode;

use super::{Draft, Got, Key, Profile, Rig};
use crate::{arrival::Arrival, peer::Peer};

async fn rig() -> Rig {
    Rig::new(Profile::Dev, IssuerMode::Request, &["dev.example.com"]).await
}

fn head(host: &str, signs: &[(&str, &str)]) -> request::Parts {
    let mut request = Request::builder().header("host", host);
    for (name, value) in signs {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap().into_parts().0
}

/// Headers that browsers set.
type Signs = &'static [(&'static str, &'static str)];

const ORIGIN: &str = "origin";
const REFERER: &str = "referer";
const SITE: &str = "sec-fetch-site";
const MODE: &str = "sec-fetch-mode";

const LOCAL: &str = "localhost:4566";
const NUMBER: &str = "127.0.0.1:4566";
const BUCKET: &str = "photos.s3.localhost:4566";
const CONFIGURED: &str = "dev.example.com:4566";

const CASES: &[(&str, Signs, bool)] = &[
    // Programs. Node's fetch sends its mode and nothing else.
    (LOCAL, &[], true),
    (NUMBER, &[], true),
    ("[::1]:4566", &[], true),
    (BUCKET, &[], true),
    (CONFIGURED, &[], true),
    (LOCAL, &[(MODE, "cors")], true),
    ("evil.example.com:4566", &[], false),
    ("b.s3.dev.example.com", &[], false),
    // Somebody who types.
    (LOCAL, &[(SITE, "none"), (MODE, "navigate")], true),
    ("evil.example.com", &[(SITE, "none")], false),
    // The developer's own pages at another port.
    (LOCAL, &[(ORIGIN, "http://localhost:5173"), (SITE, "same-site")], true),
    (NUMBER, &[(ORIGIN, "http://localhost:5173"), (SITE, "cross-site")], true),
    (NUMBER, &[(ORIGIN, "http://127.0.0.1:5173"), (SITE, "same-site")], true),
    (BUCKET, &[(ORIGIN, "http://localhost:5173"), (SITE, "cross-site")], true),
    (
        NUMBER,
        &[(REFERER, "http://localhost:5173/"), (SITE, "cross-site")],
        true,
    ),
    (LOCAL, &[(SITE, "same-site")], true),
    (CONFIGURED, &[(ORIGIN, "https://dev.example.com")], true),
    // Ours.
    (
        LOCAL,
        &[
            (REFERER, "http://localhost:4566/_poolhouse/inbox"),
            (SITE, "same-origin"),
        ],
        true,
    ),
    (LOCAL, &[(ORIGIN, "http://localhost:4566"), (SITE, "same-origin")], true),
    (LOCAL, &[(SITE, "same-origin")], true),
    // Pages elsewhere: with an Origin, with a Referer, with neither, in browsers old and new.
    (
        LOCAL,
        &[(ORIGIN, "https://evil.example.com"), (SITE, "cross-site")],
        false,
    ),
    (LOCAL, &[(ORIGIN, "https://localhost.evil.example.com")], false),
    (LOCAL, &[(ORIGIN, "http://localhost:5173@evil.example.com")], false),
    (LOCAL, &[(ORIGIN, "null"), (SITE, "cross-site")], false),
    (LOCAL, &[(ORIGIN, "null"), (REFERER, "http://localhost:5173/")], false),
    (LOCAL, &[(REFERER, "https://evil.example.com/localhost")], false),
    (LOCAL, &[(SITE, "cross-site")], false),
    (NUMBER, &[(SITE, "cross-site"), (MODE, "no-cors")], false),
    (CONFIGURED, &[(SITE, "same-site")], false),
    (LOCAL, &[(SITE, "new-word")], false),
    // Pages of buckets, by host name and by path. They choose the path of their Referer.
    (LOCAL, &[(ORIGIN, "http://photos.s3.localhost:4566")], false),
    (LOCAL, &[(ORIGIN, "http://photos.s3-website.localhost:4566")], false),
    (LOCAL, &[(REFERER, "http://photos.s3.localhost:4566/")], false),
    (
        BUCKET,
        &[(ORIGIN, "http://photos.s3.localhost:4566"), (SITE, "same-origin")],
        false,
    ),
    (BUCKET, &[(SITE, "same-origin")], false),
    (BUCKET, &[(SITE, "same-site")], false),
    (
        NUMBER,
        &[(ORIGIN, "http://127.0.0.1:4566"), (SITE, "same-origin")],
        false,
    ),
    (LOCAL, &[(ORIGIN, "http://127.0.0.1:4566"), (SITE, "cross-site")], false),
    (
        NUMBER,
        &[
            (REFERER, "http://127.0.0.1:4566/_poolhouse/inbox"),
            (SITE, "same-origin"),
        ],
        false,
    ),
    (NUMBER, &[(SITE, "same-origin")], false),
    (LOCAL, &[(REFERER, "http://127.0.0.1:4566/_website/photos/")], false),
];

#[tokio::test]
async fn the_page_that_asks_decides() {
    let rig = rig().await;
    for (host, signs, trusted) in CASES {
        let peer = Peer {
            ip: None,
            secure: false,
        };
        let arrival = Arrival::read(&rig.app, peer, head(host, signs));
        let expected = if *trusted { Origin::Own } else { Origin::Foreign };
        assert_eq!(arrival.origin(&rig.app), expected, "{host} {signs:?}");
    }
}

fn with(draft: Draft, signs: &[(&str, &str)]) -> Draft {
    signs
        .iter()
        .fold(draft, |draft, (name, value)| draft.header(name, value))
}

#[tokio::test]
async fn a_link_calls_nothing_by_a_key_of_nobody() {
    let rig = rig().await;
    let key = Key::unknown();
    let list = "/?Action=GetCallerIdentity&Version=2011-06-15";
    let unsigned_by_browser = key.presign(&Draft::get(list), "sts");
    for signs in [&[][..], &[(SITE, "none")], &[(SITE, "cross-site")]] {
        let got = rig.send(with(unsigned_by_browser.clone(), signs)).await;
        got.refused(
            403,
            "InvalidClientTokenId",
            "The security token included in the request is invalid. Keys that were never issued here may call by POST alone.",
        );
    }
    rig.send(Draft::query(&STS, "GetCallerIdentity", &[]).signed(&key, "sts"))
        .await
        .ok();
    // A key that was issued signs what it likes.
    let issued = rig.admin().await.presign(&Draft::get(list), "sts");
    rig.send(with(issued, &[(SITE, "cross-site")])).await.ok();

    let buckets = key.presign(&Draft::get("/"), "s3");
    let got = rig.send(with(buckets.clone(), &[(SITE, "cross-site")])).await;
    assert_eq!((got.status, got.element("Code").as_str()), (403, "InvalidAccessKeyId"));
    rig.send(buckets).await.ok();
}

/// `html` in the bucket `site`, as a file and as a website.
async fn with_site(rig: &Rig) {
    let key = if rig.app.doors.is_some() {
        Key::unknown()
    } else {
        rig.admin().await
    };
    let send = async |draft: Draft| {
        let got = rig.send(draft.signed(&key, "s3")).await;
        assert!(got.status < 300, "{}", got.body);
    };
    send(Draft::make_bucket("site")).await;
    for (name, kind, text) in [
        ("index.html", "text/html", "<script>1</script>"),
        ("paper.pdf", "application/pdf", "%PDF"),
    ] {
        let put = Draft::new("PUT", &format!("/site/{name}")).header("content-type", kind);
        send(put.header("content-length", &text.len().to_string()).with_body(text)).await;
    }
    let website =
        "<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument></WebsiteConfiguration>";
    let document = |target: &str, text: &str| {
        let draft = Draft::new("PUT", target).header("content-length", &text.len().to_string());
        draft.with_body(text)
    };
    send(document("/site?website=", website)).await;
    send(Draft::new("DELETE", "/site?publicAccessBlock=")).await;
    let open = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::site/*"},
    ]});
    send(document("/site?policy=", &open.to_string())).await;
}

#[tokio::test]
async fn what_buckets_serve_shares_no_origin_with_the_doors() {
    let rig = rig().await;
    with_site(&rig).await;
    let get = async |host: &str, path: &str| rig.send(Draft::get(path).header("host", host)).await;
    let shown = |got: &Got| {
        let policy = got
            .header("content-security-policy")
            .split(' ')
            .next()
            .unwrap()
            .to_owned();
        (got.status, policy, got.header("location").to_owned())
    };
    for (host, path, status, policy, location) in [
        ("localhost:4566", "/site/index.html", 200, "sandbox", ""),
        ("127.0.0.1:4566", "/site/index.html", 200, "sandbox", ""),
        ("dev.example.com", "/site/index.html", 200, "sandbox", ""),
        ("localhost:4566", "/site/paper.pdf", 200, "", ""),
        ("site.s3.localhost:4566", "/index.html", 200, "", ""),
        ("site.s3-website.localhost:4566", "/", 200, "", ""),
        ("127.0.0.1:4566", "/_website/site/", 200, "", ""),
        (
            "localhost:4566",
            "/_website/site/?a=b",
            307,
            "",
            "http://127.0.0.1:4566/_website/site/?a=b",
        ),
        (
            "LOCALHOST",
            "/_website/site/",
            307,
            "",
            "http://127.0.0.1/_website/site/",
        ),
        ("dev.example.com", "/_website/site/", 200, "sandbox", ""),
        ("localhost:4566", "/%5Fwebsite/site/", 200, "sandbox", ""),
    ] {
        let got = get(host, path).await;
        assert_eq!(
            shown(&got),
            (status, policy.to_owned(), location.to_owned()),
            "{host}{path}"
        );
    }
}

/// Where people sign in by pages, and no name of its own is asked for.
#[tokio::test]
async fn in_serve_what_buckets_serve_by_path_shares_no_origin_with_hosted_login() {
    let rig = Rig::serve().await;
    with_site(&rig).await;
    for (host, path, policy) in [
        ("id.example.com", "/_website/site/", true),
        ("id.example.com", "/site/index.html", true),
        ("10.0.0.7", "/_website/site/", true),
        ("site.s3-website.localhost:4566", "/", false),
    ] {
        let got = rig.send(Draft::get(path).header("host", host)).await;
        let sandboxed = got.header("content-security-policy").starts_with("sandbox");
        assert_eq!((got.status, sandboxed), (200, policy), "{host}{path}");
    }
}

#[tokio::test]
async fn the_inbox_is_shown_where_no_bucket_is() {
    let rig = rig().await;
    let shown = [(SITE, "cross-site"), (MODE, "navigate"), ("sec-fetch-dest", "document")];
    let framed = [(SITE, "same-origin"), (MODE, "navigate"), ("sec-fetch-dest", "iframe")];
    let asked = [(SITE, "same-origin"), (MODE, "cors"), ("sec-fetch-dest", "empty")];
    for (host, path, signs, status, location) in [
        ("localhost:4566", "inbox", &shown, 200, ""),
        ("dev.example.com", "inbox", &shown, 200, ""),
        (
            "127.0.0.1:4566",
            "inbox?to=a",
            &shown,
            307,
            "http://localhost:4566/_poolhouse/inbox?to=a",
        ),
        ("evil.example.com:4566", "inbox", &shown, 403, ""),
        ("localhost:4566", "inbox.json", &shown, 403, ""),
        ("localhost:4566", "inbox/events", &shown, 403, ""),
        // What the page itself asks for, and what a website would.
        ("localhost:4566", "inbox", &asked, 200, ""),
        ("127.0.0.1:4566", "inbox", &asked, 403, ""),
        ("127.0.0.1:4566", "inbox", &framed, 403, ""),
        ("127.0.0.1:4566", "inbox.json", &asked, 403, ""),
        ("127.0.0.1:4566", "inbox/events", &asked, 403, ""),
    ] {
        let draft = Draft::get(&format!("/_poolhouse/{path}")).header("host", host);
        let got = rig.send(with(draft, signs)).await;
        assert_eq!(
            (got.status, got.header("location")),
            (status, location),
            "{host} {path} {signs:?}"
        );
    }
    // On a bucket's host name these are keys.
    let bucket = |path: &str| Draft::get(path).header("host", "site.s3.localhost:4566");
    for path in ["/_poolhouse/inbox", "/_poolhouse/health"] {
        let got = rig.send(bucket(path)).await;
        assert_eq!(
            (got.status, got.element("Code").as_str()),
            (404, "NoSuchBucket"),
            "{path}"
        );
    }
    let website = [("origin", "http://127.0.0.1:4566"), (SITE, "same-origin")];
    for host in ["127.0.0.1:4566", "localhost:4566"] {
        let reset = Draft::new("POST", "/_poolhouse/reset").header("host", host);
        assert_eq!(rig.send(with(reset, &website)).await.status, 403, "{host}");
    }
}

/// A page in a bucket that calls as the administrator of nobody.
#[tokio::test]
async fn a_page_in_a_bucket_has_no_key_of_nobody() {
    let rig = rig().await;
    for (host, origin) in [
        ("localhost:4566", "http://site.s3-website.localhost:4566"),
        ("site.s3.localhost:4566", "http://site.s3.localhost:4566"),
        ("127.0.0.1:4566", "http://127.0.0.1:4566"),
        ("localhost:4566", "null"),
    ] {
        let call = Draft::json(&COGNITO_IDP, "ListUserPools", &json!({"MaxResults": 1}));
        let call = with(call, &[("host", host), (ORIGIN, origin)]).signed(&Key::unknown(), "cognito-idp");
        let got = rig.send(call).await;
        assert_eq!(got.text("/__type"), "UnrecognizedClientException", "{host} {origin}");
    }
}
