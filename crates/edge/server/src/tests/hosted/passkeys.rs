//! Passkeys by pages. Reference: oauth-and-federation 9.1, 17.1, 17.3 (passkeys).

use std::time::Duration;

use serde_json::{Value, json};
use testkit::authenticator::Authenticator;

use super::{
    Got,
    browser::{Browser, Form, alert, attribute, between, parameter},
    site::{App, CALLBACK, PASSWORD, Site},
};

const ORIGIN: &str = "http://app.auth.eu-west-1.localhost:4566";
const OFFER: &str = "Sign in faster next time";

async fn site() -> Site {
    let factors = json!({"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]});
    let flows =
        json!({"ExplicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]});
    Site::with(json!({"Policies": {"SignInPolicy": factors}}), flows).await
}

/// Of the page's ceremony.
#[track_caller]
fn options(page: &Got) -> Value {
    let form = between(&page.body, "<form", ">").unwrap();
    let options = attribute(form, "data-options").unwrap_or_else(|| panic!("no options: {}", page.body));
    serde_json::from_str(&options).unwrap()
}

/// Name and password, until the next page.
async fn by_password(browser: &mut Browser<'_>, app: &App) -> Got {
    let page = browser.get(&format!("/login?{}", app.request(&[]))).await.ok();
    let page = browser.submit(&page, &[("username", "ana")]).await.ok();
    browser.submit(&page, &[("password", PASSWORD)]).await
}

/// Ana's, made where it is offered.
async fn made(browser: &mut Browser<'_>, app: &App) -> Authenticator {
    let offer = by_password(browser, app).await.ok();
    assert!(offer.body.contains(OFFER), "{}", offer.body);
    let mut phone = Authenticator::es256(b"phone");
    let credential = phone.create(&options(&offer), ORIGIN).to_string();
    let answer = browser.submit(&offer, &[("credential", &credential)]).await;
    assert!(
        parameter(&answer, "code").is_some(),
        "{} {}",
        answer.status,
        answer.body
    );
    phone
}

#[tokio::test]
async fn one_is_offered_made_and_found_by_the_browser() {
    let site = site().await;
    let mut phone = made(&mut site.browser(), &site.app).await;

    let mut browser = site.browser();
    let page = browser.get(&format!("/login?{}", site.app.request(&[]))).await.ok();
    assert!(page.body.contains("data-ceremony=\"conditional\""), "{}", page.body);
    assert!(page.body.contains("autocomplete=\"username webauthn\""));
    let signed = phone.sign(&options(&page), ORIGIN).to_string();
    let typed = [("step", "passkey"), ("credential", signed.as_str())];
    let answer = browser.submit(&page, &typed).await;
    assert!(
        parameter(&answer, "code").is_some(),
        "{} {}",
        answer.status,
        answer.body
    );
    // The same again, by whomever.
    let mut thief = site.browser();
    thief.get(&format!("/login?{}", site.app.request(&[]))).await.ok();
    let csrf = thief.cookies["XSRF-TOKEN"].clone();
    let form = Form::of(&page.body);
    let fields = form.with(&[typed[0], typed[1], ("_csrf", &csrf)]);
    let answer = thief.post(&form.action, &fields).await.ok();
    assert!(alert(&answer.body).is_some(), "{}", answer.body);
    assert!(!thief.cookies.contains_key("cognito"));
    // From another site's page.
    let page = browser
        .get(&format!("/login?{}", site.app.request(&[("prompt", "login")])))
        .await
        .ok();
    let signed = phone.sign(&options(&page), "https://evil.example").to_string();
    let answer = browser
        .submit(&page, &[("step", "passkey"), ("credential", &signed)])
        .await
        .ok();
    assert_eq!(
        alert(&answer.body),
        Some("The passkey was not used. Try again or choose another way.")
    );
}

#[tokio::test]
async fn one_is_chosen_by_name() {
    let site = site().await;
    let mut phone = made(&mut site.browser(), &site.app).await;
    let mut browser = site.browser();
    let page = browser.get(&format!("/login?{}", site.app.request(&[]))).await.ok();
    let choice = browser.submit(&page, &[("username", "ana")]).await.ok();
    assert!(choice.body.contains("value=\"WEB_AUTHN\""), "{}", choice.body);
    let asked = browser.submit(&choice, &[("factor", "WEB_AUTHN")]).await.ok();
    let signed = phone.sign(&options(&asked), ORIGIN).to_string();
    let answer = browser.submit(&asked, &[("credential", &signed)]).await;
    assert!(
        parameter(&answer, "code").is_some(),
        "{} {}",
        answer.status,
        answer.body
    );
    // Whoever has one is offered none.
    let answer = by_password_of_a_choice(&mut site.browser(), &site.app).await;
    assert!(
        parameter(&answer, "code").is_some(),
        "{} {}",
        answer.status,
        answer.body
    );
}

async fn by_password_of_a_choice(browser: &mut Browser<'_>, app: &App) -> Got {
    let page = browser.get(&format!("/login?{}", app.request(&[]))).await.ok();
    let choice = browser.submit(&page, &[("username", "ana")]).await.ok();
    let page = browser.submit(&choice, &[("factor", "PASSWORD")]).await.ok();
    browser.submit(&page, &[("password", PASSWORD)]).await
}

#[tokio::test]
async fn whoever_would_rather_not_is_left_alone_at_that_browser() {
    let site = site().await;
    let mut browser = site.browser();
    let offer = by_password(&mut browser, &site.app).await.ok();
    // Without scripts nothing is made.
    let again = browser.submit(&offer, &[("credential", "")]).await.ok();
    assert_eq!(
        alert(&again.body),
        Some("The passkey was not created. Try again or skip this.")
    );
    let answer = browser.submit(&again, &[("answer", "no")]).await;
    assert!(
        parameter(&answer, "code").is_some(),
        "{} {}",
        answer.status,
        answer.body
    );
    browser.cookies.remove("cognito");
    let answer = by_password(&mut browser, &site.app).await;
    assert!(
        parameter(&answer, "code").is_some(),
        "{} {}",
        answer.status,
        answer.body
    );
    let elsewhere = by_password(&mut site.browser(), &site.app).await.ok();
    assert!(elsewhere.body.contains(OFFER));
}

#[tokio::test]
async fn the_offer_is_for_whoever_has_signed_in() {
    let site = site().await;
    let mut browser = site.browser();
    let offer = by_password(&mut browser, &site.app).await.ok();
    let credential = Authenticator::es256(b"phone")
        .create(&options(&offer), ORIGIN)
        .to_string();
    let form = Form::of(&offer.body);
    // Nobody has signed in at this one.
    let mut other = site.browser();
    other.get(&format!("/login?{}", site.app.request(&[]))).await.ok();
    let csrf = other.cookies["XSRF-TOKEN"].clone();
    let fields = form.with(&[("credential", &credential), ("_csrf", &csrf)]);
    let answer = other.post(&form.action, &fields).await.ok();
    assert!(alert(&answer.body).is_some(), "{}", answer.body);
    // A form of another page.
    let fields = form.with(&[
        ("credential", &credential),
        ("_csrf", "7b0e0d3c-6b1f-4c55-9c5b-2f5a3a1d9b10"),
    ]);
    let answer = browser.post(&form.action, &fields).await.ok();
    assert!(alert(&answer.body).is_some(), "{}", answer.body);
    let answer = browser.submit(&offer, &[("credential", &credential)]).await;
    assert!(
        parameter(&answer, "code").is_some(),
        "{} {}",
        answer.status,
        answer.body
    );
}

#[tokio::test]
async fn an_app_sends_its_user_to_add_one() {
    let site = site().await;
    let query = |more: &[(&str, &str)]| {
        let own = [("client_id", site.app.id.as_str()), ("redirect_uri", CALLBACK)];
        let kept = own
            .into_iter()
            .filter(|(name, _)| more.iter().all(|(other, _)| other != name));
        super::encoded(&kept.chain(more.iter().copied()).collect::<Vec<_>>())
    };
    let add = format!("/passkeys/add?{}", query(&[]));
    let mut browser = site.browser();
    let answer = browser.get(&add).await;
    assert_eq!(answer.header("location"), format!("{CALLBACK}?result=invalid_session"));

    let offer = by_password(&mut browser, &site.app).await.ok();
    browser.submit(&offer, &[("answer", "no")]).await;
    let page = browser.get(&add).await.ok();
    assert!(page.body.contains(OFFER));
    let declined = browser.submit(&page, &[("answer", "no")]).await;
    assert_eq!(declined.header("location"), format!("{CALLBACK}?result=cancelled"));
    for (made_at, csrf, result) in [
        ("https://evil.example", None, None),
        (ORIGIN, Some("7b0e0d3c-6b1f-4c55-9c5b-2f5a3a1d9b10"), None),
        (ORIGIN, None, Some("success")),
        // One of the same device is known.
        (ORIGIN, None, None),
    ] {
        let page = browser.get(&add).await.ok();
        let credential = Authenticator::es256(b"key")
            .create(&options(&page), made_at)
            .to_string();
        let typed = [("credential", credential.as_str())];
        let typed: Vec<_> = typed.into_iter().chain(csrf.map(|csrf| ("_csrf", csrf))).collect();
        let answer = browser.submit(&page, &typed).await;
        match result {
            Some(result) => assert_eq!(answer.header("location"), format!("{CALLBACK}?result={result}")),
            None => assert!(alert(&answer.body).is_some(), "{made_at} {}", answer.body),
        }
    }
    // Its own entry: client and address are looked at anew.
    for (more, error) in [
        (("redirect_uri", "https://evil.example/"), "redirect_mismatch"),
        (("redirect_uri", "https://app.example.com/cb/"), "redirect_mismatch"),
        (("client_id", "nobody"), "invalid_request"),
    ] {
        let answer = browser.get(&format!("/passkeys/add?{}", query(&[more]))).await;
        let location = answer.header("location");
        assert!(location.starts_with(&format!("/error?error={error}")), "{location}");
    }
    let other = site.tenant("other", json!({})).await;
    let app = site.app_of(&other, json!({})).await;
    let answer = browser
        .get(&format!("/passkeys/add?{}", query(&[("client_id", &app.id)])))
        .await;
    assert!(answer.header("location").starts_with("/error"), "{}", answer.body);
    // A browser that was left open.
    site.advance(Duration::from_secs(5 * 60));
    let answer = browser.get(&add).await;
    assert_eq!(answer.header("location"), format!("{CALLBACK}?result=invalid_session"));
    let twice = browser.get(&format!("{add}&redirect_uri={CALLBACK}")).await;
    assert_eq!((twice.status, twice.header("location")), (400, ""));
}

#[tokio::test]
async fn classic_pages_have_none() {
    let site = site().await;
    let input = json!({"UserPoolId": site.at.pool, "Domain": "app", "ManagedLoginVersion": 1});
    site.call("UpdateUserPoolDomain", input).await;
    let mut browser = site.browser();
    let page = browser.get(&format!("/login?{}", site.app.request(&[]))).await.ok();
    assert!(!page.body.contains("webauthn"), "{}", page.body);
    let answer = browser
        .get(&format!(
            "/passkeys/add?client_id={}&redirect_uri={CALLBACK}",
            site.app.id
        ))
        .await;
    assert_eq!(answer.status, 404);
}

/// By path the host itself is the relying party, in dev.
#[tokio::test]
async fn by_path_passkeys_are_of_the_host() {
    let site = site().await;
    let mut at = site.at.clone();
    (at.host, at.mount) = ("localhost:4566".to_owned(), "/_login/app".to_owned());
    for (host, id) in [
        ("localhost:4566", Some("localhost")),
        ("127.0.0.1:4566", None),
        ("evil.example", None),
        (
            "app.auth.eu-west-1.localhost:4566",
            Some("app.auth.eu-west-1.localhost"),
        ),
    ] {
        at.host = host.to_owned();
        if host.starts_with("app.") {
            at.mount = String::new();
        }
        let mut browser = Browser::new(&site.rig, &at);
        let page = browser
            .get(&format!("{}/login?{}", at.mount, site.app.request(&[])))
            .await
            .ok();
        let form = between(&page.body, "<form", ">").unwrap();
        let options = attribute(form, "data-options").map(|text| serde_json::from_str::<Value>(&text).unwrap());
        assert_eq!(
            options.as_ref().and_then(|options| options["rpId"].as_str()),
            id,
            "{host}"
        );
    }
    let refusal = site.browser().get("/passkeys/add").await;
    assert_eq!(refusal.status, 400);
}

/// A page of a bucket lies beneath the server's host, and browsers let it ask for that host's passkeys: with what a sign-in's page
/// was asked to have signed, it is nobody's sign-in all the same.
#[tokio::test]
async fn what_a_page_asks_for_is_signed_on_its_own_host() {
    let site = site().await;
    let mut at = site.at.clone();
    (at.host, at.mount) = ("localhost:4566".to_owned(), "/_login/app".to_owned());
    let login = format!("{}/login?{}", at.mount, site.app.request(&[]));
    let (own, buckets) = (
        "http://localhost:4566",
        "http://evil.s3-website.eu-west-1.localhost:4566",
    );
    let mut phone = Authenticator::es256(b"phone");
    let mut browser = Browser::new(&site.rig, &at);
    let page = browser.get(&login).await.ok();
    let page = browser.submit(&page, &[("username", "ana")]).await.ok();
    let offer = browser.submit(&page, &[("password", PASSWORD)]).await.ok();
    let credential = Authenticator::es256(b"other")
        .create(&options(&offer), buckets)
        .to_string();
    let offer = browser.submit(&offer, &[("credential", &credential)]).await.ok();
    assert!(alert(&offer.body).is_some(), "{}", offer.body);
    let credential = phone.create(&options(&offer), own).to_string();
    let answer = browser.submit(&offer, &[("credential", &credential)]).await;
    assert!(parameter(&answer, "code").is_some(), "{}", answer.body);
    for (origin, is_signed_in) in [(buckets, false), (own, true)] {
        let mut browser = Browser::new(&site.rig, &at);
        let page = browser.get(&login).await.ok();
        let signed = phone.sign(&options(&page), origin).to_string();
        let answer = browser
            .submit(&page, &[("step", "passkey"), ("credential", &signed)])
            .await;
        assert_eq!(parameter(&answer, "code").is_some(), is_signed_in, "{origin}");
    }
}
