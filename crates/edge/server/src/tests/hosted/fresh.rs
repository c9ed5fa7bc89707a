//! An app that wants somebody to sign in anew hears of that sign-in, whatever they are asked after it, and of no other. Reference:
//! oauth-and-federation 3.1.

use std::time::Duration;

use serde_json::json;

use super::{
    App, Browser, CALLBACK, Draft, Got, Site,
    browser::{Form, alert},
    parameter,
    site::sign_in,
};

const ANEW: [(&str, &str); 2] = [("prompt", "login"), ("max_age", "0")];
const OVER: Option<&str> = Some("Your session has expired. Sign in again.");

/// The answer of a page that nobody was shown, at a browser whose session this is.
async fn unshown(browser: &mut Browser<'_>, request: &str, fields: &[(&str, &str)]) -> Got {
    let csrf = browser.cookies["XSRF-TOKEN"].clone();
    let mut all = vec![("_csrf", csrf.as_str())];
    all.extend(fields);
    browser.post(&format!("/login?{request}"), &all).await
}

/// Ana's browsers are remembered if she says so: a page that follows each sign-in. Apps register themselves, which have one more.
async fn asking() -> Site {
    let devices = json!({"ChallengeRequiredOnNewDevice": false, "DeviceOnlyRememberedOnUserPrompt": true});
    let pool = json!({"DeviceConfiguration": devices, "DcrConfiguration": {"OpenDcrEnabled": true}});
    Site::with(pool, json!({})).await
}

async fn registered(site: &Site) -> App {
    let metadata = json!({"client_name": "Notes", "redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none"});
    let draft = Draft::new("POST", "/oauth2/register").header("content-type", "application/json");
    let made = site
        .send(draft.header("host", &site.at.host).with_body(&metadata.to_string()))
        .await;
    let id = made.text("/client_id");
    App { id, secret: None }
}

#[tokio::test]
async fn who_sits_at_the_browser_answers_no_page_that_was_not_shown() {
    let site = Site::new().await;
    let mut browser = site.browser();
    sign_in(&mut browser, &site.app, &[]).await;
    site.advance(Duration::from_secs(1));
    for anew in ANEW {
        let request = site.app.request(&[anew]);
        for (step, answer) in [("consent", "yes"), ("device", "no"), ("passkey_add", "no")] {
            let got = unshown(&mut browser, &request, &[("step", step), ("answer", answer)]).await;
            assert_eq!(got.header("location"), "", "{anew:?} {step}");
            let expected = if step == "consent" { (400, None) } else { (200, OVER) };
            assert_eq!(
                (got.status, alert(&got.body)),
                expected,
                "{anew:?} {step}: {}",
                got.body
            );
        }
    }
    // A client that nobody is asked about has no such page, signed in well enough or not.
    let fields = [("step", "consent"), ("answer", "yes")];
    let got = unshown(&mut browser, &site.app.request(&[]), &fields).await;
    assert_eq!((got.status, got.header("location")), (400, ""));
}

#[tokio::test]
async fn what_a_page_carries_is_of_its_own_request_and_session() {
    let site = asking().await;
    let mut browser = site.browser();
    let page = sign_in(&mut browser, &site.app, &[("prompt", "login")]).await.ok();
    let form = Form::of(&page.body);
    let mark = form
        .fields
        .iter()
        .find(|(name, _)| name == "session")
        .unwrap()
        .1
        .clone();
    let fields = [("step", "device"), ("answer", "no"), ("session", mark.as_str())];
    let (another, other) = (("state", "another"), site.app_of(&site.at, json!({})).await);
    for request in [
        site.app.request(&[("prompt", "login"), another]),
        other.request(&[("prompt", "login")]),
    ] {
        let got = unshown(&mut browser, &request, &fields).await;
        assert_eq!((got.header("location"), alert(&got.body)), ("", OVER), "{request}");
    }
    // Another's session, though for the same request.
    let mut second = site.browser();
    let theirs = sign_in(&mut second, &site.app, &[("prompt", "login")]).await.ok();
    let got = unshown(&mut second, &site.app.request(&[("prompt", "login")]), &fields).await;
    assert_eq!((got.header("location"), alert(&got.body)), ("", OVER));
    assert!(parameter(&second.submit(&theirs, &[("answer", "no")]).await, "code").is_some());

    site.advance(Duration::from_secs(299));
    assert!(parameter(&browser.submit(&page, &[("answer", "no")]).await, "code").is_some());
    site.advance(Duration::from_secs(1));
    let late = browser.submit(&page, &[("answer", "no")]).await;
    assert_eq!((late.header("location"), alert(&late.body)), ("", OVER));
}

#[tokio::test]
async fn every_page_that_follows_carries_it_on() {
    let site = asking().await;
    let app = registered(&site).await;
    for anew in ANEW {
        let mut browser = site.browser();
        let device = sign_in(&mut browser, &app, &[anew]).await.ok();
        assert!(device.body.contains("Remember this device?"), "{}", device.body);
        site.advance(Duration::from_secs(60));
        let consent = browser.submit(&device, &[("answer", "no")]).await.ok();
        assert!(consent.body.contains("Connect Notes?"), "{}", consent.body);
        site.advance(Duration::from_secs(60));
        let fields = [("step", "consent"), ("answer", "yes")];
        let got = unshown(&mut browser, &app.request(&[anew]), &fields).await;
        assert_eq!((got.header("location"), alert(&got.body)), ("", OVER), "{anew:?}");
        let done = browser.submit(&consent, &[("answer", "yes")]).await;
        assert!(parameter(&done, "code").is_some(), "{anew:?}: {}", done.body);
    }
    // Signed in before, and well enough: nothing is carried, and nothing has to be.
    let mut browser = site.browser();
    let page = sign_in(&mut browser, &site.app, &[]).await.ok();
    browser.submit(&page, &[("answer", "no")]).await;
    let consent = browser.get(&format!("/login?{}", app.request(&[]))).await.ok();
    assert!(!consent.body.contains("name=\"session\""), "{}", consent.body);
    assert!(parameter(&browser.submit(&consent, &[("answer", "yes")]).await, "code").is_some());
}
