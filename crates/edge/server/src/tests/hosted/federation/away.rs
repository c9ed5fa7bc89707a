//! What is asked of a provider, and which returns are none.

use std::time::Duration;

use serde_json::json;

use super::{Abroad, NAME, idp::CLIENT, state, told, unheard};

#[tokio::test]
async fn a_provider_is_asked_what_the_app_asked() {
    let abroad = Abroad::new().await;
    let browser = &mut abroad.browser();
    let more = [
        ("login_hint", "ana@partner.example"),
        ("prompt", "login select_account"),
        ("ui_locales", "de en"),
    ];
    let asked = abroad.leave(browser, &more).await;
    let host = &abroad.at.host;
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("redirect_uri", &format!("http://{host}/oauth2/idpresponse")),
        ("scope", "openid email"),
        ("login_hint", "ana@partner.example"),
        ("prompt", "login select_account"),
        ("ui_locales", "de en"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(asked.get(name), Some(value), "{name}");
    }
    assert!(asked.get("nonce").is_some() && !asked.has_repeats());
    assert!(state(&asked).len() < 1500, "{}", state(&asked).len());
}

#[tokio::test]
async fn the_cookie_of_a_visit_comes_with_forms_of_other_sites() {
    let abroad = Abroad::new().await;
    let browser = &mut abroad.browser();
    browser.is_secure = true;
    let request = abroad.app.request(&[("identity_provider", NAME)]);
    let got = browser.get(&format!("/oauth2/authorize?{request}")).await;
    let cookies: Vec<&str> = got
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|c| c.to_str().unwrap())
        .collect();
    let value = &browser.cookies["csrf-state"];
    let expected = format!("csrf-state={value}; Max-Age=300; Path=/; Secure; HttpOnly; SameSite=None");
    assert!(value.len() == 43 && cookies.contains(&expected.as_str()), "{cookies:?}");
}

#[tokio::test]
async fn a_return_is_of_the_browser_that_left_within_five_minutes() {
    let abroad = Abroad::new().await;
    let (browser, other) = (&mut abroad.browser(), &mut abroad.browser());
    let asked = abroad.leave(browser, &[]).await;
    abroad.leave(other, &[]).await;
    // Another browser, with a cookie of its own and without one.
    unheard(&abroad.arrive(other, &asked).await);
    unheard(&abroad.arrive(&mut abroad.browser(), &asked).await);
    // Guesses, and other seals of the pool's.
    let session = "AYABeGuess";
    for guess in ["", "x", session, &state(&asked)[1..], &format!("{}A", state(&asked))] {
        unheard(&abroad.back(browser, &[("code", "c"), ("state", guess)]).await);
    }
    unheard(&abroad.back(browser, &[("code", "c")]).await);
    let twice = [("code", "c"), ("state", state(&asked)), ("state", state(&asked))];
    unheard(&abroad.back(browser, &twice).await);
    assert!(abroad.idp.state().trades.is_empty());

    abroad.rig.advance(Duration::from_secs(5 * 60));
    unheard(&abroad.arrive(browser, &asked).await);
    assert!(abroad.idp.state().trades.is_empty());
}

#[tokio::test]
async fn a_state_is_of_its_pool() {
    let abroad = Abroad::new().await;
    let neighbour = abroad.rig.tenant("other", json!({})).await;
    abroad.rig.provider(&neighbour, NAME, &abroad.idp, json!({})).await;
    let browser = &mut abroad.browser();
    let asked = abroad.leave(browser, &[]).await;
    let mut there = super::Browser::new(&abroad.rig, &neighbour);
    there.cookies = browser.cookies.clone();
    unheard(&abroad.arrive(&mut there, &asked).await);
    assert!(abroad.idp.state().trades.is_empty());
}

#[tokio::test]
async fn a_provider_that_is_another_by_now_sends_nobody() {
    let abroad = Abroad::new().await;
    let browser = &mut abroad.browser();
    let (first, second) = (abroad.leave(browser, &[]).await, abroad.leave(browser, &[]).await);
    let named = json!({"UserPoolId": abroad.at.pool, "ProviderName": NAME});
    abroad.call("DeleteIdentityProvider", named).await;
    // The app's request names a provider that there is not.
    let gone = abroad.arrive(browser, &first).await;
    assert_eq!(told(&gone), "error=invalid_request&state=a-state");
    abroad.rig.advance(Duration::from_secs(1));
    abroad.rig.provider(&abroad.at, NAME, &abroad.idp, json!({})).await;
    let another = abroad.arrive(browser, &second).await;
    assert_eq!(told(&another), "error=invalid_request&state=a-state");
    assert!(abroad.idp.state().trades.is_empty());
}

#[tokio::test]
async fn a_request_that_is_too_long_to_be_carried_goes_nowhere() {
    let abroad = Abroad::new().await;
    let browser = &mut abroad.browser();
    let request = |state: &str| abroad.app.request(&[("identity_provider", NAME), ("state", state)]);
    let long = request(&"s".repeat(3000));
    let got = browser.get(&format!("/oauth2/authorize?{long}")).await;
    assert_eq!((got.status, got.header("location")), (414, ""));
    let short = request(&"s".repeat(1000));
    let got = browser.get(&format!("/oauth2/authorize?{short}")).await;
    assert!(state(&abroad.idp.asked(got.header("location"))).len() <= 3072);
}

/// What another site's form brings has none of the session's cookies.
#[tokio::test]
async fn a_posted_answer_goes_on_by_a_page_of_ours() {
    let abroad = Abroad::new().await;
    let browser = &mut abroad.browser();
    let posted = [
        ("code", "c"),
        ("state", "s\"><script>"),
        ("user", "{\"name\":{\"firstName\":\"Ana\"}}"),
        ("redirect_uri", "https://evil.example"),
    ];
    let page = browser.post("/oauth2/idpresponse", &posted).await.ok();
    let to = "/oauth2/idpresponse?code=c&amp;state=s%22%3E%3Cscript%3E&amp;user=%7B%22name%22%3A%7B%22firstName%22%3A%22Ana%22%7D%7D";
    assert!(page.body.contains(&format!("content=\"0;url={to}\"")), "{}", page.body);
    assert!(page.body.contains(&format!("href=\"{to}\"")), "{}", page.body);
    assert!(!page.body.contains("evil"));
    assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
}

#[tokio::test]
async fn returns_of_an_address_are_counted() {
    let abroad = Abroad::new().await;
    let stranger = crate::peer::Peer {
        ip: Some([203, 0, 113, 7].into()),
        secure: true,
    };
    let mut answers = Vec::new();
    for _ in 0..7 {
        let draft = super::super::Draft::get("/oauth2/idpresponse?state=x&code=y").header("host", &abroad.at.host);
        answers.push(abroad.rig.send_from(stranger, draft).await.status);
    }
    assert_eq!(answers, [400, 400, 400, 400, 400, 429, 429]);
}
