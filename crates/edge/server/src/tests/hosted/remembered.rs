//! Browsers that are remembered. Reference: oauth-and-federation 1.2; user-pools 10.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    Got,
    browser::{Browser, Form, parameter},
    site::{PASSWORD, Site},
};

const QUESTION: &str = "Remember this device?";
const PHONE: &str = "+15550100";

/// Ana gets a code by text message.
async fn site(on_prompt: bool) -> Site {
    let pool = json!({
        "MfaConfiguration": "ON",
        "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::000000000000:role/sms", "ExternalId": "harbour"},
        "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": on_prompt},
    });
    let site = Site::with(pool, json!({})).await;
    let phone = json!([{"Name": "phone_number", "Value": PHONE}]);
    let input = json!({"UserPoolId": site.at.pool, "Username": "ana", "UserAttributes": phone});
    site.call("AdminUpdateUserAttributes", input).await;
    site
}

/// Name and password: the page that follows, or the app's answer.
async fn by_password(site: &Site, browser: &mut Browser<'_>) -> Got {
    let request = site.app.request(&[("prompt", "login")]);
    let page = browser.get(&format!("/login?{request}")).await.ok();
    browser
        .submit(&page, &[("username", "ana"), ("password", PASSWORD)])
        .await
}

/// With the code, too.
async fn by_code(site: &Site, browser: &mut Browser<'_>) -> Got {
    // The newest message is this sign-in's.
    site.advance(Duration::from_secs(1));
    let page = by_password(site, browser).await.ok();
    assert!(page.body.contains("one-time-code"), "{}", page.body);
    let texts = site.rig.app.delivery.inbox(Some(PHONE)).await.unwrap();
    let code = texts[0].message.code.clone().unwrap();
    browser.submit(&page, &[("code", &code)]).await
}

#[track_caller]
fn arrived(answer: &Got) {
    assert!(parameter(answer, "code").is_some(), "{} {}", answer.status, answer.body);
}

async fn devices(site: &Site) -> Vec<Value> {
    let input = json!({"UserPoolId": site.at.pool, "Username": "ana"});
    let listed = site.call("AdminListDevices", input).await;
    listed["Devices"].as_array().cloned().unwrap_or_default()
}

fn device_cookie(browser: &Browser<'_>) -> Option<String> {
    let found = browser.cookies.iter().find(|(name, _)| name.starts_with("remembered-"));
    found.map(|(_, value)| value.clone())
}

#[tokio::test]
async fn a_browser_is_remembered_without_a_word_where_all_are() {
    let site = site(false).await;
    let mut browser = site.browser();
    browser.headers.push(("user-agent", "Firefox on Ana's desk".to_owned()));
    let answer = by_code(&site, &mut browser).await;
    arrived(&answer);
    let cookie = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|cookie| cookie.to_str().unwrap())
        .find(|cookie| cookie.starts_with("remembered-"));
    let cookie = cookie.unwrap();
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
    let listed = devices(&site).await;
    assert!(listed[0].to_string().contains("Firefox on Ana's desk"), "{listed:?}");

    arrived(&by_password(&site, &mut browser).await);
    assert_eq!(devices(&site).await.len(), 1);
    // Another browser, and one that has made a cookie up.
    let mut other = site.browser();
    other
        .cookies
        .insert("remembered-0000000000000000".to_owned(), "AYABe".to_owned());
    let page = by_password(&site, &mut other).await.ok();
    assert!(page.body.contains("one-time-code"));

    let key = listed[0]["DeviceKey"].clone();
    let named = json!({"UserPoolId": site.at.pool, "Username": "ana", "DeviceKey": key});
    site.call("AdminForgetDevice", named).await;
    arrived(&by_code(&site, &mut browser).await);
    assert_eq!(devices(&site).await.len(), 1);
}

#[tokio::test]
async fn where_people_say_so_they_are_asked() {
    let site = site(true).await;
    let mut browser = site.browser();
    let question = by_code(&site, &mut browser).await.ok();
    assert!(question.body.contains(QUESTION), "{}", question.body);
    arrived(&browser.submit(&question, &[("answer", "no")]).await);
    assert_eq!(device_cookie(&browser), None);
    // Not again for a while.
    arrived(&by_code(&site, &mut browser).await);

    let mut browser = site.browser();
    let question = by_code(&site, &mut browser).await.ok();
    let form = Form::of(&question.body);
    // Nobody has signed in at that one.
    let mut stranger = site.browser();
    let csrf = browser.cookies["XSRF-TOKEN"].clone();
    stranger.cookies.insert("XSRF-TOKEN".to_owned(), csrf);
    stranger.post(&form.action, &form.with(&[("answer", "yes")])).await.ok();
    assert_eq!(device_cookie(&stranger), None);
    assert!(devices(&site).await.is_empty());

    // Nor does one answer that was left open.
    let mut late = site.browser();
    let asked_then = by_code(&site, &mut late).await.ok();
    site.advance(Duration::from_secs(5 * 60));
    late.submit(&asked_then, &[("answer", "yes")]).await.ok();
    assert_eq!(device_cookie(&late), None);
    assert!(devices(&site).await.is_empty());

    let question = by_code(&site, &mut browser).await.ok();
    arrived(&browser.submit(&question, &[("answer", "yes")]).await);
    assert!(device_cookie(&browser).is_some());
    arrived(&by_password(&site, &mut browser).await);
    assert_eq!(devices(&site).await.len(), 1);
}
