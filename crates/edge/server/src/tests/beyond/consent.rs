//! What the question of a client that registered itself shows is what is allowed.

use serde_json::{Value, json};

use super::{
    Browser, Draft, Hosted,
    registration::{app, open, register},
};

fn client(name: &str, at: &str) -> Value {
    json!({"client_name": name, "redirect_uris": [at], "token_endpoint_auth_method": "none"})
}

fn request(id: &Value, at: &str) -> String {
    let query = [
        ("client_id", id.as_str().unwrap()),
        ("response_type", "code"),
        ("redirect_uri", at),
        ("scope", "openid"),
    ];
    oauth::Parameters::of(query).encoded()
}

/// A page of a host of the same site may post a request to an address that has another, and the browser's cookies go along.
#[tokio::test]
async fn a_posted_request_is_the_one_that_is_allowed() {
    let hosted = Hosted::with(json!({}), open()).await;
    let (notes, other) = ("https://notes.example.com/cb", "https://other.example.com/cb");
    let shown = register(&hosted, None, &client("Notes", notes)).await.json();
    let hidden = register(&hosted, None, &client("Other", other)).await.json();
    let browser = &mut Browser::default();
    hosted.signed_in(browser, &hosted.query("")).await;

    let address = format!("/oauth2/authorize?{}", request(&hidden["client_id"], other));
    let posted = request(&shown["client_id"], notes);
    let got = hosted.send(browser, &address, &posted).await;
    let page = match got.header("location") {
        "" => got,
        to => hosted.rig.send(browser.dressed(Draft::get(to))).await,
    };
    assert!(page.body.contains("Connect Notes?"), "{}", page.body);
    let (_, rest) = page.body.split_once("<form").unwrap();
    let action = rest.split_once("action=\"").unwrap().1.split('"').next().unwrap();
    let action = action.replace("&amp;", "&").replace("&#38;", "&");
    assert!(
        action.contains("notes.example.com") && !action.contains("other.example.com"),
        "{action}"
    );

    let silent = hosted
        .send(browser, "/oauth2/authorize", &format!("{posted}&prompt=none"))
        .await;
    assert_eq!((silent.status, silent.header("location")), (400, ""));
    assert!(silent.body.contains("consent_required"), "{}", silent.body);
}

/// Nobody vouches for the address: it is no way out of the domain that works by itself.
#[tokio::test]
async fn nobody_is_led_to_such_a_clients_address_unasked() {
    let hosted = Hosted::with(json!({}), open()).await;
    let at = "https://notes.example.com/cb";
    let made = register(&hosted, None, &client("Notes", at)).await.json();
    let usual = request(&made["client_id"], at);
    let browser = &mut Browser::default();
    for (path, more, said) in [
        ("/oauth2/authorize", "&prompt=none", "login_required"),
        ("/oauth2/authorize", "&identity_provider=Nobody", "invalid_request"),
        ("/login", "&identity_provider=Nobody", "invalid_request"),
        ("/oauth2/authorize", "&resource=nothing", "invalid_"),
        ("/passkeys/add", "", ""),
    ] {
        let got = hosted.open(browser, &format!("{path}?{usual}{more}")).await;
        assert_eq!((got.status, got.header("location")), (400, ""), "{path} {more}");
        assert!(got.body.contains(said), "{path} {more}: {}", got.body);
    }
    for (one, other) in [
        ("response_type=code", "response_type=token"),
        ("scope=openid", "scope=nothing"),
    ] {
        let bent = usual.replace(one, other);
        let got = hosted.open(browser, &format!("/oauth2/authorize?{bent}")).await;
        assert_eq!((got.status, got.header("location")), (400, ""), "{other}");
    }
    // The person says no: that is said to the app.
    hosted.signed_in(browser, &usual).await.ok();
    let got = hosted
        .send(browser, &format!("/login?{usual}"), "step=consent&answer=no")
        .await;
    assert!(
        got.header("location").starts_with(&format!("{at}?")),
        "{}",
        got.header("location")
    );
    assert!(got.header("location").contains("error=access_denied"));
}

#[tokio::test]
async fn where_the_answer_goes_is_told_in_letters_that_look_like_no_others() {
    let hosted = Hosted::with(json!({}), open()).await;
    for at in [
        "https://bank.example\u{2044}sign-in.example.com/cb",
        "https://b\u{430}nk.example/cb",
    ] {
        let got = register(&hosted, None, &client("Notes", at)).await;
        assert_eq!(
            (got.status, &got.json()["error"]),
            (400, &json!("invalid_redirect_uri")),
            "{at}"
        );
    }
    let at = "HTTPS://notes.example.com/cb";
    let is = register(&hosted, None, &client("Notes", at)).await.json();
    let page = hosted
        .signed_in(&mut Browser::default(), &request(&is["client_id"], at))
        .await
        .ok();
    assert!(page.body.contains("<b>notes.example.com</b>"), "{}", page.body);
    assert_eq!(register(&hosted, None, &app()).await.status, 201);
}
