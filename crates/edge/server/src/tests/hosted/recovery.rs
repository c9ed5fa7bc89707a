//! Recovery codes in the place of an authenticator app's. docs/second-factors.md

use serde_json::json;
use userpool::hosted::Browser as SignedIn;
use vault::totp::Seed;

use super::{
    Browser, Got,
    browser::{Form, alert, parameter},
    site::{PASSWORD, Site},
};

const LINK: &str = "Use a recovery code";
const MISMATCH: &str = "That code is not right. Check it and try again.";
const EXPIRED: &str = "Your session has expired. Sign in again.";

/// Ana has an authenticator app, and these codes.
async fn site() -> (Site, Seed, Vec<String>) {
    let site = Site::new().await;
    let mfa = json!({
        "UserPoolId": site.at.pool, "MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": true},
    });
    site.call("SetUserPoolMfaConfig", mfa).await;
    let mut browser = site.browser();
    let page = by_password(&site, &mut browser).await;
    let page = browser.submit(&page, &[("factor", "SOFTWARE_TOKEN_MFA")]).await.ok();
    let fields = Form::of(&page.body).fields;
    let (_, secret) = fields.into_iter().find(|(name, _)| name == "secret").unwrap();
    let seed = Seed::parse(&secret).unwrap();
    let answer = browser.submit(&page, &[("code", &seed.code(site.now()))]).await;
    assert!(parameter(&answer, "code").is_some(), "{}", answer.body);
    let codes = made(&site, &browser).await;
    (site, seed, codes)
}

/// As the one who has signed in at this browser makes them.
async fn made(site: &Site, browser: &Browser<'_>) -> Vec<String> {
    let pools = &site.rig.app.user_pools;
    let cx = kernel::Cx::internal(&site.rig.world.env, "");
    let pool = kernel::PoolId::new(site.at.pool.as_str());
    let place = pools.place(&pool, &site.app.id).await.unwrap().unwrap();
    let cookie = &browser.cookies["cognito"];
    let signed_in: SignedIn = pools.browser(&cx, &place, cookie).await.unwrap().unwrap();
    pools.make_recovery_codes(&cx, &place, &signed_in).await.unwrap()
}

/// The page that follows name and password.
async fn by_password(site: &Site, browser: &mut Browser<'_>) -> Got {
    let page = browser.get(&format!("/login?{}", site.app.request(&[]))).await.ok();
    browser
        .submit(&page, &[("username", "ana"), ("password", PASSWORD)])
        .await
        .ok()
}

#[tokio::test]
async fn a_recovery_code_signs_in_once_and_says_how_many_are_left() {
    let (site, seed, codes) = Box::pin(site()).await;
    let mut browser = site.browser();
    let page = by_password(&site, &mut browser).await;
    assert!(
        page.body.contains("one-time-code") && page.body.contains(LINK),
        "{}",
        page.body
    );
    // The link stays where a code was wrong.
    let page = browser.submit(&page, &[("code", "000000")]).await.ok();
    assert_eq!(alert(&page.body), Some(MISMATCH));
    let page = browser.submit(&page, &[("recovery", "1")]).await.ok();
    assert!(
        page.body.contains("Recovery code") && !page.body.contains("one-time-code"),
        "{}",
        page.body
    );
    let page = browser.submit(&page, &[("code", "BCDF-GHJK-LMNP")]).await.ok();
    assert_eq!(alert(&page.body), Some(MISMATCH));
    // An authenticator app's code is none.
    let page = browser.submit(&page, &[("code", &seed.code(site.now()))]).await.ok();
    assert_eq!(alert(&page.body), Some(MISMATCH));
    assert!(!browser.cookies.contains_key("cognito"));

    let typed = codes[0].to_lowercase().replace('-', " ");
    let told = browser.submit(&page, &[("code", &typed)]).await.ok();
    assert!(told.body.contains("Codes left: 9."), "{}", told.body);
    assert!(browser.cookies.contains_key("cognito"));
    // Another browser has read nothing.
    let form = Form::of(&told.body);
    let mut stranger = site.browser();
    stranger
        .cookies
        .insert("XSRF-TOKEN".to_owned(), browser.cookies["XSRF-TOKEN"].clone());
    let answer = stranger.post(&form.action, &form.with(&[])).await;
    assert_eq!((answer.status, alert(&answer.body)), (200, Some(EXPIRED)));
    let answer = browser.submit(&told, &[]).await;
    assert!(
        parameter(&answer, "code").is_some(),
        "{} {}",
        answer.status,
        answer.body
    );

    let mut browser = site.browser();
    let page = by_password(&site, &mut browser).await;
    let page = browser.submit(&page, &[("recovery", "1")]).await.ok();
    let page = browser.submit(&page, &[("code", &codes[0])]).await.ok();
    assert_eq!(alert(&page.body), Some(MISMATCH));
    let told = browser.submit(&page, &[("code", &codes[1])]).await.ok();
    assert!(told.body.contains("Codes left: 8."), "{}", told.body);
}

#[tokio::test]
async fn nobody_is_offered_what_they_have_not() {
    let (site, _, codes) = Box::pin(site()).await;
    for (n, code) in codes.iter().enumerate() {
        let mut browser = site.browser();
        let page = by_password(&site, &mut browser).await;
        let page = browser.submit(&page, &[("recovery", "1")]).await.ok();
        let told = browser.submit(&page, &[("code", code)]).await.ok();
        let left = match 9 - n {
            0 => "It was your last one. Make new codes soon.".to_owned(),
            left => format!("Codes left: {left}."),
        };
        assert!(told.body.contains(&left), "{left} {}", told.body);
    }
    let mut browser = site.browser();
    let page = by_password(&site, &mut browser).await;
    assert!(
        page.body.contains("one-time-code") && !page.body.contains(LINK),
        "{}",
        page.body
    );
    // Before a password there is no second factor to stand in for.
    let form = Form::of(&page.body);
    let without = form.with(&[("session", ""), ("recovery", "1")]);
    assert_eq!(browser.post(&form.action, &without).await.status, 400);
}
