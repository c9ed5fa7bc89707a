//! Second factors and passkeys of one's own.

use serde_json::{Value, json};
use testkit::authenticator::Authenticator;
use vault::totp::Seed;

use super::{
    super::{
        Got,
        browser::{Browser, Form, alert, between},
        site::{PASSWORD, Site},
    },
    SAVED, at, notice, post, user,
};

const ORIGIN: &str = "http://app.auth.eu-west-1.localhost:4566";

pub(super) async fn site(mode: &str) -> Site {
    let site = Site::new().await;
    let mfa = json!({
        "UserPoolId": site.at.pool, "MfaConfiguration": mode, "SoftwareTokenMfaConfiguration": {"Enabled": true},
    });
    site.call("SetUserPoolMfaConfig", mfa).await;
    site
}

#[tokio::test]
async fn an_app_is_set_up_turned_off_and_asked_for() {
    let site = site("OPTIONAL").await;
    let (mut browser, page) = at(&site, "/factors").await;
    assert!(page.body.contains("Not set up"), "{}", page.body);
    let set_up = [("step", "set_up"), ("factor", "SOFTWARE_TOKEN_MFA")];
    let page = post(&site, &mut browser, "/factors", &set_up).await.ok();
    let form = Form::of(&page.body);
    let secret = &form.fields.iter().find(|(name, _)| name == "secret").unwrap().1;
    let seed = Seed::parse(secret).unwrap();
    let right = seed.code(site.now());
    let wrong = if right == "000000" { "111111" } else { "000000" };
    let page = browser.submit(&page, &[("code", wrong)]).await.ok();
    assert_eq!(
        alert(&page.body),
        Some("That code is not right. Check it and try again.")
    );
    assert!(page.body.contains(secret), "the same secret");
    let page = browser
        .submit(&page, &[("code", &right), ("device_name", "Phone")])
        .await
        .ok();
    assert_eq!(notice(&page), SAVED, "{}", page.body);
    assert_eq!(user(&site).await["UserMFASettingList"], json!(["SOFTWARE_TOKEN_MFA"]));
    // A sign-in asks for it now.
    let mut other = site.browser();
    let page = other.get(&format!("/login?{}", site.app.request(&[]))).await.ok();
    let page = other
        .submit(&page, &[("username", "ana"), ("password", PASSWORD)])
        .await
        .ok();
    assert!(page.body.contains("Open your authenticator app"), "{}", page.body);
    for (step, told, preferred) in [
        ("turn_first", "On, asked for first", json!("SOFTWARE_TOKEN_MFA")),
        ("turn_off", ">Off<", Value::Null),
        ("turn_on", ">On<", Value::Null),
    ] {
        let fields = [("step", step), ("factor", "SOFTWARE_TOKEN_MFA")];
        let page = post(&site, &mut browser, "/factors", &fields).await.ok();
        assert!(page.body.contains(told), "{step}: {}", page.body);
        assert_eq!(user(&site).await["PreferredMfaSetting"], preferred, "{step}");
    }
    // A factor that the pool has not, or nobody has.
    let sms = [("step", "turn_on"), ("factor", "SMS_MFA")];
    let page = post(&site, &mut browser, "/factors", &sms).await.ok();
    assert!(alert(&page.body).is_some());
    let none = [("step", "turn_on"), ("factor", "PASSWORD")];
    assert_eq!(post(&site, &mut browser, "/factors", &none).await.status, 400);
}

/// Ana with an app that is on.
pub(super) async fn with_app(site: &Site) -> (Browser<'_>, Got) {
    let mut browser = site.browser();
    let sent = browser.get(&super::path(site, "/factors")).await;
    let page = browser.follow(&sent).await.ok();
    let page = browser
        .submit(&page, &[("username", "ana"), ("password", PASSWORD)])
        .await
        .ok();
    let page = browser.submit(&page, &[("factor", "SOFTWARE_TOKEN_MFA")]).await.ok();
    let form = Form::of(&page.body);
    let secret = &form.fields.iter().find(|(name, _)| name == "secret").unwrap().1;
    let code = Seed::parse(secret).unwrap().code(site.now());
    let back = browser.submit(&page, &[("code", &code)]).await;
    assert_eq!(back.header("location"), super::path(site, "/factors"), "{}", back.body);
    let page = browser.follow(&back).await.ok();
    (browser, page)
}

#[tokio::test]
async fn what_a_pool_requires_stays_on() {
    let site = site("ON").await;
    let (mut browser, _) = with_app(&site).await;
    let off = [("step", "turn_off"), ("factor", "SOFTWARE_TOKEN_MFA")];
    let page = post(&site, &mut browser, "/factors", &off).await.ok();
    assert_eq!(
        alert(&page.body),
        Some("Signing in here needs a second step, so it can’t be turned off.")
    );
    assert_eq!(user(&site).await["UserMFASettingList"], json!(["SOFTWARE_TOKEN_MFA"]));
}

#[tokio::test]
async fn passkeys_are_made_and_removed() {
    let factors = json!({"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]});
    let flows = json!({"ExplicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]});
    let site = Site::with(json!({"Policies": {"SignInPolicy": factors}}), flows).await;
    let mut browser = site.browser();
    let sent = browser.get(&super::path(&site, "/factors")).await;
    let page = browser.follow(&sent).await.ok();
    let page = browser.submit(&page, &[("username", "ana")]).await.ok();
    let offer = browser.submit(&page, &[("password", PASSWORD)]).await.ok();
    let back = browser.submit(&offer, &[("answer", "no")]).await;
    let page = browser.follow(&back).await.ok();
    assert!(page.body.contains("passkey_new"), "{}", page.body);
    let offer = post(&site, &mut browser, "/factors", &[("step", "passkey_new")])
        .await
        .ok();
    let options = super::super::browser::attribute(between(&offer.body, "<form", ">").unwrap(), "data-options");
    let options: Value = serde_json::from_str(&options.unwrap()).unwrap();
    let forged = Authenticator::es256(b"other")
        .create(&options, "https://evil.example")
        .to_string();
    let page = browser.submit(&offer, &[("credential", &forged)]).await.ok();
    assert_eq!(
        alert(&page.body),
        Some("The passkey was not created. Try again or skip this.")
    );
    let options = super::super::browser::attribute(between(&page.body, "<form", ">").unwrap(), "data-options");
    let options: Value = serde_json::from_str(&options.unwrap()).unwrap();
    let made = Authenticator::es256(b"phone").create(&options, ORIGIN).to_string();
    let page = browser.submit(&page, &[("credential", &made)]).await.ok();
    assert_eq!(notice(&page), SAVED, "{}", page.body);
    let id = between(&page.body, "form=\"passkey_remove\" name=\"which\" value=\"", "\"")
        .unwrap()
        .to_owned();
    let remove = [("step", "passkey_remove"), ("which", id.as_str())];
    let page = post(&site, &mut browser, "/factors", &remove).await.ok();
    assert_eq!(notice(&page), SAVED);
    assert!(!page.body.contains(&id));
    let page = post(&site, &mut browser, "/factors", &remove).await.ok();
    assert!(alert(&page.body).is_some());
}
