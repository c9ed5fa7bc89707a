//! Nobody is sent to an address that the client has not listed. Reference: 17.1.

use serde_json::json;

use super::{App, Browser, CALLBACK, LOGOUT, PASSWORD, Site, browser::encoded, parameter, site::sign_in};

const LISTED: [&str; 5] = [
    CALLBACK,
    "https://app.example.com/with?query=1",
    "http://localhost:3000/cb",
    "https://app.example.com/a%20b",
    "myapp://in",
];

/// What resembles a listed address, and what browsers take for one.
const HOSTILE: [&str; 56] = [
    "https://evil.example/",
    "https://app.example.com.evil.example/cb",
    "https://app.example.com@evil.example/cb",
    "https://app.example.com:443@evil.example/cb",
    "https://evil.example/https://app.example.com/cb",
    "https://evil.example?https://app.example.com/cb",
    "https://evil.example#https://app.example.com/cb",
    "https://evil.example\\@app.example.com/cb",
    "https:\\\\evil.example/cb",
    "https:/evil.example/cb",
    "https:///evil.example/cb",
    "//evil.example/cb",
    "/\\evil.example/cb",
    "///evil.example",
    "/cb",
    "cb",
    "http://app.example.com/cb",
    "HTTPS://app.example.com/cb",
    "https://APP.example.com/cb",
    "https://app.example.com/CB",
    "https://app.example.com/cb/",
    "https://app.example.com/cb/x",
    "https://app.example.com/c",
    "https://app.example.com/",
    "https://app.example.com",
    "https://app.example.com/cb?x=1",
    "https://app.example.com/cb?",
    "https://app.example.com/cb#",
    "https://app.example.com/cb#@evil.example",
    "https://app.example.com:443/cb",
    "https://app.example.com:8443/cb",
    "https://app.example.com./cb",
    "https://app.example.com/./cb",
    "https://app.example.com/x/../cb",
    "https://app.example.com/%2e%2e/cb",
    "https://app.example.com/%63b",
    "https://app.example.com/cb%00",
    "https://app.example.com/cb%2f..",
    "https://app.example.com/cb\0",
    "https://app.example.com/cb\r\nset-cookie: a=b",
    "https://app.example.com/cb\n",
    "https://app.example.com/cb\t",
    "\thttps://app.example.com/cb",
    " https://app.example.com/cb",
    "https://app.example.com/cb ",
    "https://app\u{3002}example.com/cb",
    "https://\u{ff41}pp.example.com/cb",
    "https://app.example.com\u{2044}cb",
    "https://app.example.com/with",
    "https://app.example.com/with?query=2",
    "https://app.example.com/a b",
    "http://localhost:3001/cb",
    "http://127.0.0.1:3000/cb",
    "http://2130706433:3000/cb",
    "http://[::1]:3000/cb",
    "javascript:alert(1)//https://app.example.com/cb",
];

const PAGES: [&str; 8] = [
    "/oauth2/authorize",
    "/authorize",
    "/login",
    "/signup",
    "/forgotPassword",
    "/confirmforgotPassword",
    "/confirm",
    "/resendcode",
];

async fn site() -> Site {
    Site::with(json!({}), json!({"CallbackURLs": LISTED})).await
}

fn asking(app: &App, uri: &str, more: &[(&str, &str)]) -> String {
    let mut pairs = vec![("redirect_uri", uri)];
    pairs.extend(more);
    app.request(&pairs)
}

/// A page of ours, or a redirect to our error page: nowhere else, and the page leads nowhere else either.
#[track_caller]
fn stays(got: &super::Got, asked: &str) {
    let location = got.header("location");
    assert!(
        got.status == 400 || (got.status == 302 && location.starts_with("/error?error=")),
        "{asked}: {} {location}",
        got.status
    );
    for part in [
        "href=\"https://evil",
        "href=\"//evil",
        "action=\"https:",
        "href=\"javascript:",
        "\nset-cookie",
    ] {
        assert!(!got.body.contains(part), "{asked}: {part}");
    }
    assert!(got.headers.get("refresh").is_none(), "{asked}");
    assert!(
        !got.headers
            .get_all("set-cookie")
            .iter()
            .any(|cookie| cookie.as_bytes().starts_with(b"a=b")),
        "{asked}"
    );
}

#[tokio::test]
async fn addresses_are_compared_letter_by_letter() {
    let site = site().await;
    let mut signed_in = site.browser();
    sign_in(&mut signed_in, &site.app, &[]).await;
    for uri in HOSTILE {
        for page in PAGES {
            for more in [
                &[][..],
                &[("prompt", "none")],
                &[("response_type", "token")],
                &[("scope", "not-mine")],
                &[("response_type", "")],
            ] {
                let target = format!("{page}?{}", asking(&site.app, uri, more));
                let stranger = site.browser().get(&target).await;
                stays(&stranger, &target);
                stays(&signed_in.get(&target).await, &target);
            }
        }
    }
}

#[tokio::test]
async fn a_listed_address_is_answered_as_it_was_listed() {
    let site = site().await;
    for uri in LISTED {
        let answer = sign_in(&mut site.browser(), &site.app, &[("redirect_uri", uri)]).await;
        let join = if uri.contains('?') { '&' } else { '?' };
        let location = answer.header("location");
        assert!(
            answer.status == 302 && location.starts_with(&format!("{uri}{join}code=")),
            "{location}"
        );
        assert_eq!(parameter(&answer, "state").as_deref(), Some("a-state"));
    }
}

#[tokio::test]
async fn forms_lead_nowhere_else_either() {
    let site = site().await;
    for uri in ["https://evil.example/", "https://app.example.com/cb/", "//evil.example"] {
        let mut browser = site.browser();
        let good = browser.get(&format!("/login?{}", site.app.request(&[]))).await.ok();
        let csrf = browser.cookies["XSRF-TOKEN"].clone();
        let fields = [
            ("_csrf", csrf.as_str()),
            ("username", "ana"),
            ("password", PASSWORD),
            ("step", "password"),
        ];
        for page in PAGES {
            let hostile = format!("{page}?{}", asking(&site.app, uri, &[]));
            stays(&browser.post(&hostile, &fields).await, &hostile);
        }
        // In the form, beside a listed one in the address.
        let answer = browser
            .submit(
                &good,
                &[("username", "ana"), ("password", PASSWORD), ("redirect_uri", uri)],
            )
            .await;
        assert!(
            answer.header("location").starts_with(CALLBACK),
            "{}",
            answer.header("location")
        );
        // Posted to the authorization endpoint: the form counts.
        let body: Vec<(String, String)> = oauth::Parameters::parse(&asking(&site.app, uri, &[]))
            .unwrap()
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let target = format!("/oauth2/authorize?{}", site.app.request(&[]));
        stays(&browser.post(&target, &body).await, &target);
    }
}

#[tokio::test]
async fn two_addresses_are_none() {
    let site = site().await;
    let (good, evil) = (
        encoded(&[("redirect_uri", CALLBACK)]),
        encoded(&[("redirect_uri", "https://evil.example/")]),
    );
    let rest = encoded(&[
        ("response_type", "code"),
        ("client_id", site.app.id.as_str()),
        ("scope", "openid"),
    ]);
    let mut browser = site.browser();
    sign_in(&mut browser, &site.app, &[]).await;
    for pair in [[&good, &evil], [&evil, &good], [&good, &good]] {
        for page in PAGES {
            for query in [
                format!("{}&{}&{rest}", pair[0], pair[1]),
                format!("{}&{rest}&{}", pair[0], pair[1]),
            ] {
                let got = browser.get(&format!("{page}?{query}")).await;
                assert_eq!((got.status, got.header("location")), (400, ""), "{page} {query}");
            }
        }
    }
    // Two clients, and what else comes twice.
    let twice = format!("{good}&{rest}&client_id=other");
    assert_eq!(browser.get(&format!("/oauth2/authorize?{twice}")).await.status, 400);
    for name in [
        "state",
        "scope",
        "nonce",
        "code_challenge",
        "response_type",
        "unheard-of",
    ] {
        let query = format!("{}&{name}=1&{name}=2", site.app.request(&[]));
        let got = browser.get(&format!("/oauth2/authorize?{query}")).await;
        assert_eq!(parameter(&got, "error").as_deref(), Some("invalid_request"), "{name}");
        assert!(parameter(&got, "code").is_none(), "{name}");
    }
}

#[tokio::test]
async fn clients_that_are_none_send_nobody_anywhere() {
    let site = site().await;
    let off = json!({"AllowedOAuthFlowsUserPoolClient": false, "AllowedOAuthFlows": [], "AllowedOAuthScopes": []});
    let off = site.app_of(&site.at, off).await;
    for client in [
        off.id.as_str(),
        "",
        "0000000000",
        "\0",
        "a\r\nb",
        "<b>",
        "../x",
        &"a".repeat(4096),
    ] {
        for page in PAGES {
            let target = format!("{page}?{}", site.app.request(&[("client_id", client)]));
            stays(&site.browser().get(&target).await, &target);
        }
    }
    let missing = format!(
        "/oauth2/authorize?{}",
        encoded(&[("response_type", "code"), ("client_id", site.app.id.as_str())])
    );
    let got = site.browser().get(&missing).await;
    assert!(
        got.status == 400 && got.body.contains("Required String parameter"),
        "{}",
        got.body
    );
}

#[tokio::test]
async fn nobody_is_signed_out_to_elsewhere() {
    let site = site().await;
    let id = site.app.id.as_str();
    for uri in HOSTILE.into_iter().chain([
        CALLBACK,
        "https://app.example.com/bye/",
        "https://app.example.com/bye?x",
    ]) {
        for pairs in [
            vec![("client_id", id), ("logout_uri", uri)],
            vec![
                ("client_id", id),
                ("redirect_uri", if uri == CALLBACK { LOGOUT } else { uri }),
                ("response_type", "code"),
            ],
            vec![
                ("client_id", id),
                ("logout_uri", uri),
                ("redirect_uri", "https://evil.example/"),
                ("response_type", "code"),
            ],
            vec![("client_id", id), ("post_logout_redirect_uri", uri), ("state", "s")],
            vec![("post_logout_redirect_uri", uri)],
            vec![("logout_uri", uri)],
        ] {
            let target = format!("/logout?{}", encoded(&pairs));
            let got = site.browser().get(&target).await;
            assert_eq!((got.status, got.header("location")), (400, ""), "{target}");
            let posted = site.browser().post("/logout", &pairs).await;
            assert_eq!((posted.status, posted.header("location")), (400, ""), "{target}");
        }
        // A hostile one is overlooked beside a listed one.
        let both = [
            ("client_id", id),
            ("logout_uri", uri),
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
        ];
        let got = site.browser().get(&format!("/logout?{}", encoded(&both))).await;
        assert!(
            got.header("location").starts_with("/login?client_id="),
            "{uri}: {}",
            got.header("location")
        );
    }
    for pairs in [
        [
            ("client_id", id),
            ("logout_uri", LOGOUT),
            ("logout_uri", "https://evil.example/"),
        ],
        [
            ("client_id", id),
            ("logout_uri", "https://evil.example/"),
            ("logout_uri", LOGOUT),
        ],
    ] {
        let got = site.browser().get(&format!("/logout?{}", encoded(&pairs))).await;
        assert_eq!((got.status, got.header("location")), (400, ""), "{pairs:?}");
    }
    let listed = encoded(&[("client_id", id), ("logout_uri", LOGOUT), ("state", "x")]);
    let got = site.browser().get(&format!("/logout?{listed}")).await;
    assert_eq!((got.status, got.header("location")), (302, LOGOUT));
}

/// `//evil.example/` is an address on another host, wherever a page has it.
#[tokio::test]
async fn a_path_of_two_slashes_is_on_no_page() {
    let site = site().await;
    for path in [
        "//evil.example",
        "//evil.example/login",
        "/\\evil.example",
        "///evil.example/%2f..",
    ] {
        let mut browser = Browser::new(&site.rig, &site.at);
        let got = browser.get(path).await;
        assert_eq!(got.status, 404, "{path}");
        assert!(!got.body.contains("evil.example"), "{path}: {}", got.body);
    }
}
