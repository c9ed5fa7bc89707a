//! Devices that are allowed at other browsers, over HTTP. Reference: RFC 8628.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    AT, Browser, Got, Hosted,
    proofs::{at_token, refresh},
};

const GRANT: &str = "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code";

async fn hosted() -> Hosted {
    Hosted::with(json!({"poolhouse:device-grant": "on"}), json!({})).await
}

async fn begun(hosted: &Hosted) -> Value {
    let form = format!("client_id={}&scope=openid+email", hosted.client);
    hosted
        .post("/oauth2/device_authorization", &form, None)
        .await
        .ok()
        .json()
}

async fn polled(hosted: &Hosted, codes: &Value) -> Got {
    hosted.post("/oauth2/token", &poll(hosted, codes), None).await
}

fn poll(hosted: &Hosted, codes: &Value) -> String {
    format!(
        "grant_type={GRANT}&client_id={}&device_code={}",
        hosted.client,
        codes["device_code"].as_str().unwrap()
    )
}

fn user_code(codes: &Value) -> String {
    codes["user_code"].as_str().unwrap().to_owned()
}

/// Enters a code: where the browser is sent.
async fn entered(hosted: &Hosted, browser: &mut Browser, code: &str) -> String {
    hosted.open(browser, "/device").await.ok();
    let got = hosted
        .send(browser, "/device", &format!("step=user_code&user_code={code}"))
        .await;
    assert_eq!(got.status, 302, "{}", got.body);
    let location = got.header("location").to_owned();
    assert!(location.starts_with(&format!("{AT}/login?client_id=")), "{location}");
    location.strip_prefix(AT).unwrap().to_owned()
}

async fn signed_in(hosted: &Hosted, browser: &mut Browser, login: &str) -> Got {
    hosted.open(browser, login).await.ok();
    hosted.send(browser, login, "username=ana&password=Passw0rd%21").await
}

#[tokio::test]
async fn a_device_is_allowed_by_who_sees_its_code() {
    let hosted = hosted().await;
    let document = hosted.discovered().await;
    let codes = begun(&hosted).await;
    let uri = codes["verification_uri"].as_str().unwrap();
    assert!(uri.ends_with(&format!("{AT}/device")), "{uri}");
    let complete = format!("{uri}?user_code={}", user_code(&codes));
    assert_eq!(codes["verification_uri_complete"], complete);
    assert_eq!((&codes["expires_in"], &codes["interval"]), (&json!(600), &json!(5)));
    let endpoint = document["device_authorization_endpoint"].as_str().unwrap();
    assert_eq!(endpoint, uri.replace("/device", "/oauth2/device_authorization"));
    let grants = document["grant_types_supported"].as_array().unwrap();
    assert!(grants.contains(&json!("urn:ietf:params:oauth:grant-type:device_code")));
    assert_eq!(
        polled(&hosted, &codes).await.json(),
        json!({"error": "authorization_pending"})
    );

    let browser = &mut Browser::default();
    let page = hosted
        .open(browser, &format!("/device?user_code={}", user_code(&codes)))
        .await
        .ok();
    assert!(
        page.body.contains(&format!("value=\"{}\"", user_code(&codes))),
        "it is filled in, and not sent"
    );
    let login = entered(&hosted, browser, &user_code(&codes).to_lowercase().replace('-', "+")).await;
    let page = signed_in(&hosted, browser, &login).await.ok();
    for shown in ["web", "ana", &user_code(&codes), "name=\"answer\" value=\"yes\""] {
        assert!(page.body.contains(shown), "{shown}: {}", page.body);
    }
    assert_eq!(polled(&hosted, &codes).await.text("/error"), "slow_down");
    let done = hosted.send(browser, &login, "step=device_allow&answer=yes").await.ok();
    assert!(done.body.contains("Device connected"), "{}", done.body);
    let tokens = polled(&hosted, &codes).await.ok().json();
    for name in ["id_token", "access_token", "refresh_token"] {
        assert!(tokens[name].is_string(), "{name}");
    }
    assert_eq!(polled(&hosted, &codes).await.text("/error"), "invalid_grant");

    // Who has signed in is asked at once, and may deny.
    let codes = begun(&hosted).await;
    let login = entered(&hosted, browser, &user_code(&codes)).await;
    let page = hosted.open(browser, &login).await.ok();
    assert!(page.body.contains("value=\"device_allow\""), "{}", page.body);
    let done = hosted.send(browser, &login, "step=device_allow&answer=no").await.ok();
    assert!(done.body.contains("Device not connected"), "{}", done.body);
    assert_eq!(polled(&hosted, &codes).await.text("/error"), "access_denied");
    hosted.rig.world.advance(Duration::from_secs(600));
    assert_eq!(polled(&hosted, &codes).await.text("/error"), "expired_token");
}

/// An attacker's own code, sent as the address that they came to.
#[tokio::test]
async fn who_is_sent_an_address_enters_the_code_first() {
    let hosted = hosted().await;
    let codes = begun(&hosted).await;
    let login = entered(&hosted, &mut Browser::default(), &user_code(&codes)).await;
    let victim = &mut Browser::default();
    // Signed in already, which would be enough for a page that does not ask.
    hosted.signed_in(victim, &hosted.query("")).await;
    for form in [
        None,
        Some("step=device_allow&answer=yes"),
        Some("username=ana&password=Passw0rd%21"),
    ] {
        let got = match form {
            None => hosted.open(victim, &login).await,
            Some(form) => hosted.send(victim, &login, form).await,
        };
        assert_eq!((got.status, got.header("location")), (200, ""));
        assert!(
            got.body.contains("name=\"user_code\"") && !got.body.contains("device_allow"),
            "{}",
            got.body
        );
    }
    assert_eq!(polled(&hosted, &codes).await.text("/error"), "authorization_pending");
}

#[tokio::test]
async fn another_sites_form_enters_and_allows_nothing() {
    let hosted = hosted().await;
    let codes = begun(&hosted).await;
    let form = format!("step=user_code&user_code={}", user_code(&codes));
    let got = hosted.send(&mut Browser::default(), "/device", &form).await.ok();
    assert!(got.body.contains("name=\"user_code\""), "no cookie was repeated");
    let browser = &mut Browser::default();
    let login = entered(&hosted, browser, &user_code(&codes)).await;
    signed_in(&hosted, browser, &login).await.ok();
    let got = hosted.post(&login, "step=device_allow&answer=yes", None).await;
    assert_eq!(got.header("location"), "");
    assert_eq!(polled(&hosted, &codes).await.text("/error"), "authorization_pending");
}

#[tokio::test]
async fn a_device_leads_nowhere_else() {
    let hosted = hosted().await;
    let codes = begun(&hosted).await;
    let evil = "https%3A%2F%2Fevil.example";
    let browser = &mut Browser::default();
    let login = entered(&hosted, browser, &user_code(&codes)).await;
    signed_in(&hosted, browser, &login).await.ok();
    for path in [
        format!("{login}&redirect_uri={evil}"),
        format!("{login}&response_type=code&redirect_uri={evil}"),
        format!("/device?user_code={}&redirect_uri={evil}", user_code(&codes)),
        format!("{}&logout_uri={evil}", login.replace("/login", "/oauth2/authorize")),
    ] {
        let got = hosted.open(browser, &path).await;
        let location = got.header("location");
        assert!(location.is_empty() || location.starts_with(AT), "{path}: {location}");
        assert!(
            !location.contains("evil") || location.starts_with(&format!("{AT}/login")),
            "{location}"
        );
    }
    // What a page shows is text.
    let hostile = "%22%3E%3Cscript%3E1";
    let got = hosted.open(browser, &format!("/device?user_code={hostile}")).await.ok();
    assert!(!got.body.contains("<script>1"), "{}", got.body);
}

#[tokio::test]
async fn wrong_codes_are_told_and_counted() {
    let hosted = hosted().await;
    let browser = &mut Browser::default();
    hosted.open(browser, "/device").await.ok();
    for _ in 0..10 {
        let got = hosted.send(browser, "/device", "user_code=BBBB-BBBB").await.ok();
        assert!(got.body.contains("That code is not right"), "{}", got.body);
    }
    let codes = begun(&hosted).await;
    let got = hosted
        .send(browser, "/device", &format!("user_code={}", user_code(&codes)))
        .await
        .ok();
    assert!(got.body.contains("role=\"alert\"") && !got.body.contains("That code is not right"));
}

#[tokio::test]
async fn who_may_begin_one() {
    let hosted = hosted().await;
    let (machine, secret) = hosted
        .client(json!({"GenerateSecret": true, "AllowedOAuthFlows": ["implicit"]}))
        .await;
    for (form, status, error) in [
        (
            format!("client_id={machine}&client_secret={secret}"),
            400,
            "unauthorized_client",
        ),
        (format!("client_id={machine}"), 401, "invalid_client"),
        ("client_id=nobody".to_owned(), 401, "invalid_client"),
        (String::new(), 401, "invalid_client"),
        (format!("client_id={}&scope=phone", hosted.client), 400, "invalid_scope"),
        (
            format!("client_id={}&resource=nowhere", hosted.client),
            400,
            "invalid_target",
        ),
        (
            format!("client_id={0}&client_id={0}", hosted.client),
            400,
            "invalid_request",
        ),
    ] {
        let got = hosted.post("/oauth2/device_authorization", &form, None).await;
        assert_eq!((got.status, got.text("/error").as_str()), (status, error), "{form}");
    }
    let form = format!("grant_type={GRANT}&client_id={}", hosted.client);
    assert_eq!(
        hosted.post("/oauth2/token", &form, None).await.text("/error"),
        "invalid_request"
    );

    let off = Hosted::with(json!({}), json!({})).await;
    assert_eq!(
        polled(&off, &json!({"device_code": "x"})).await.text("/error"),
        "unsupported_grant_type"
    );
    assert_eq!(off.open(&mut Browser::default(), "/device").await.status, 404);
}

/// A proof is spent when there are tokens for it, and not while the device waits.
#[tokio::test]
async fn a_devices_tokens_are_bound_to_its_key() {
    let tags = json!({"poolhouse:device-grant": "on", "poolhouse:dpop": "required"});
    let hosted = Hosted::with(tags, json!({})).await;
    let key = testkit::ClientKey::es256();
    let codes = begun(&hosted).await;
    assert_eq!(polled(&hosted, &codes).await.text("/error"), "invalid_dpop_proof");
    let proof = at_token(&hosted, &key, "1");
    let with_proof = async || {
        let form = poll(&hosted, &codes);
        hosted.post_with("/oauth2/token", &form, &[("dpop", &proof)]).await
    };
    assert_eq!(with_proof().await.text("/error"), "authorization_pending");
    let browser = &mut Browser::default();
    let login = entered(&hosted, browser, &user_code(&codes)).await;
    signed_in(&hosted, browser, &login).await.ok();
    hosted.send(browser, &login, "step=device_allow&answer=yes").await.ok();
    let tokens = with_proof().await.ok().json();
    assert_eq!(tokens["token_type"], "DPoP");
    let again = refresh(&hosted, &tokens);
    let got = hosted.post_with("/oauth2/token", &again, &[("dpop", &proof)]).await;
    assert_eq!(got.text("/error"), "invalid_dpop_proof", "shown before");
    let next = at_token(&hosted, &key, "2");
    hosted.post_with("/oauth2/token", &again, &[("dpop", &next)]).await.ok();
}
