//! Requests that clients push. Reference: RFC 9126.

use std::time::Duration;

use serde_json::json;

use super::{AT, Browser, Draft, Got, Hosted, parameter};

const REQUEST: &str = "response_type=code&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcb&scope=openid&state=s";

async fn hosted(value: &str) -> (Hosted, String) {
    let hosted = Hosted::with(json!({"poolhouse:par": value}), json!({})).await;
    let (client, secret) = hosted.client(json!({"GenerateSecret": true})).await;
    (Hosted { client, ..hosted }, secret)
}

async fn push(hosted: &Hosted, secret: &str, request: &str) -> Got {
    let form = format!("client_id={}&client_secret={secret}&{request}", hosted.client);
    hosted.post("/oauth2/par", &form, None).await
}

/// What a browser brings.
async fn named(hosted: &Hosted, secret: &str, request: &str) -> String {
    let got = push(hosted, secret, request).await;
    assert_eq!(got.status, 201, "{}", got.body);
    let answer = got.json();
    assert_eq!(answer["expires_in"], 60);
    format!(
        "client_id={}&request_uri={}",
        hosted.client,
        answer["request_uri"].as_str().unwrap()
    )
}

#[tokio::test]
async fn a_browser_comes_with_a_name_once() {
    let (hosted, secret) = hosted("required").await;
    let browser = &mut Browser::default();
    let query = named(&hosted, &secret, &format!("{REQUEST}&nonce=n&login_hint=ana")).await;

    // What the address says beside the name is nothing.
    let beside = format!("{query}&scope=email&state=other");
    let got = hosted.open(browser, &format!("/oauth2/authorize?{beside}")).await;
    assert!(
        got.header("location").starts_with(&format!("{AT}/login?")),
        "{}",
        got.header("location")
    );
    let got = hosted
        .open(&mut Browser::default(), &format!("/oauth2/authorize?{query}"))
        .await;
    assert_eq!((got.status, got.header("location")), (400, ""), "a second browser");
    let page = hosted.open(browser, &format!("/login?{query}")).await.ok();
    assert!(page.body.contains("value=\"ana\""), "the hint was pushed");
    let got = hosted
        .send(browser, &format!("/login?{query}"), "username=ana&password=Passw0rd%21")
        .await;
    assert!(
        got.header("location").contains("&state=s"),
        "{}",
        got.header("location")
    );
    let code = parameter(got.header("location"), "code").unwrap();
    let form = format!(
        "grant_type=authorization_code&client_id={}&client_secret={secret}&code={code}&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcb",
        hosted.client
    );
    hosted.post("/oauth2/token", &form, None).await.ok();
    let got = hosted.open(browser, &format!("/login?{query}")).await;
    assert_eq!(got.status, 400, "it was answered");

    // A session answers at once; and what is posted is as good.
    let query = named(&hosted, &secret, REQUEST).await;
    let got = hosted.open(browser, &format!("/oauth2/authorize?{query}")).await;
    assert!(got.header("location").contains("?code="), "{}", got.header("location"));
    let query = named(&hosted, &secret, REQUEST).await;
    let got = hosted.send(&mut Browser::default(), "/oauth2/authorize", &query).await;
    let location = got.header("location");
    assert!(
        location.contains("/login?client_id=") && location.contains("request_uri=urn"),
        "{location}"
    );
    let page = hosted
        .open(&mut Browser::default(), location.strip_prefix(AT).unwrap())
        .await;
    page.ok();
}

#[tokio::test]
async fn a_name_is_its_clients_for_a_minute() {
    let (hosted, secret) = hosted("on").await;
    let open = async |query: &str| {
        hosted
            .open(&mut Browser::default(), &format!("/oauth2/authorize?{query}"))
            .await
    };
    let query = named(&hosted, &secret, REQUEST).await;
    let (other, _) = hosted.client(json!({})).await;
    assert_eq!(
        open(&query.replace(&hosted.client, &other)).await.status,
        400,
        "another client"
    );
    let page = hosted.open(&mut Browser::default(), &format!("/login?{query}")).await;
    assert_eq!(page.status, 400, "a page before the endpoint");
    assert_eq!(open(&format!("{query}x")).await.status, 400, "no such name");
    hosted.rig.world.advance(Duration::from_secs(60));
    assert_eq!(open(&query).await.status, 400, "late");
    assert_eq!(open(&hosted.query("")).await.status, 302, "by the address");
}

#[tokio::test]
async fn where_it_is_required_nothing_comes_otherwise() {
    let (hosted, _) = hosted("required").await;
    for path in ["/oauth2/authorize", "/login", "/signup", "/forgotPassword"] {
        let got = hosted
            .open(&mut Browser::default(), &format!("{path}?{}", hosted.query("")))
            .await;
        assert_eq!((got.status, got.header("location")), (400, ""), "{path}");
        assert!(got.body.contains("request_uri"), "{path}");
    }
    let document = hosted.discovered().await;
    assert_eq!(document["require_pushed_authorization_requests"], true);
    assert!(
        document["pushed_authorization_request_endpoint"]
            .as_str()
            .unwrap()
            .ends_with("/oauth2/par")
    );
}

#[tokio::test]
async fn what_is_wrong_is_said_at_once() {
    let (hosted, secret) = hosted("on").await;
    for (request, error) in [
        ("", "invalid_request"),
        (&REQUEST.replace("app.example", "evil.example"), "invalid_request"),
        (&format!("{REQUEST}&request_uri=urn:x"), "invalid_request"),
        (&format!("{REQUEST}&request=x"), "request_not_supported"),
        (&format!("{REQUEST}&state=t"), "invalid_request"),
        (&REQUEST.replace("openid", "other"), "invalid_request"),
        (&format!("{REQUEST}&code_challenge=x"), "invalid_request"),
    ] {
        let got = push(&hosted, &secret, request).await;
        assert_eq!((got.status, &got.json()["error"]), (400, &json!(error)), "{request}");
    }
    assert_eq!(push(&hosted, "wrong", REQUEST).await.status, 401);
    let (public, _) = hosted.client(json!({})).await;
    let got = hosted
        .post("/oauth2/par", &format!("client_id={public}&{REQUEST}"), None)
        .await;
    assert_eq!((got.status, &got.json()["error"]), (401, &json!("invalid_client")));
    let get = Draft::get(&format!("{AT}/oauth2/par"));
    assert_eq!(hosted.rig.send(get).await.status, 405);
}

/// There is one provider, the pool itself, by its name alone.
#[tokio::test]
async fn a_request_that_names_another_provider_is_none() {
    let (hosted, secret) = hosted("on").await;
    for (more, is_one) in [
        ("&identity_provider=COGNITO", true),
        ("&identity_provider=", true),
        ("&identity_provider=cognito", false),
        ("&identity_provider=Nobody", false),
        ("&identity_provider=Nobody&prompt=login", false),
        ("&idp_identifier=example.com", false),
        ("&identity_provider=COGNITO&idp_identifier=COGNITO", false),
    ] {
        let opened = hosted
            .open(
                &mut Browser::default(),
                &format!("/oauth2/authorize?{}", hosted.query(more)),
            )
            .await;
        let told = parameter(opened.header("location"), "error");
        let pushed = push(&hosted, &secret, &format!("{REQUEST}{more}")).await;
        if is_one {
            assert_eq!((opened.status, told, pushed.status), (302, None, 201), "{more}");
        } else {
            assert_eq!(told.as_deref(), Some("invalid_request"), "{more}");
            assert_eq!(pushed.status, 400, "{more}: {}", pushed.body);
            assert_eq!(pushed.json()["error"], "invalid_request", "{more}");
        }
    }
}

/// A page that gives an app nothing needs no pushed request; every way to a code does.
#[tokio::test]
async fn to_make_a_passkey_needs_no_pushed_request() {
    let (hosted, secret) = hosted("required").await;
    let browser = &mut Browser::default();
    let plain = hosted.query("");
    let path = format!("/passkeys/add?{plain}");
    let got = hosted.open(browser, &path).await;
    assert_eq!(
        got.header("location"),
        "https://app.example.com/cb?result=invalid_session"
    );
    let query = named(&hosted, &secret, REQUEST).await;
    hosted.open(browser, &format!("/oauth2/authorize?{query}")).await;
    let got = hosted.signed_in(browser, &query).await;
    assert!(parameter(got.header("location"), "code").is_some());
    let got = hosted.send(browser, &path, "answer=no").await;
    assert_eq!(got.header("location"), "https://app.example.com/cb?result=cancelled");
    let got = hosted.open(browser, &format!("/oauth2/authorize?{plain}")).await;
    assert_eq!((got.status, got.header("location")), (400, ""), "the same for a code");
}
