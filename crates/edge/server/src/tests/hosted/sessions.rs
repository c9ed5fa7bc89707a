//! The browser's session: when it begins, what it is worth, and when it is over. Reference: oauth-and-federation 17.3; oauth-and-federation 4.

use std::time::Duration;

use serde_json::json;

use super::{
    App, Browser, CALLBACK, LOGOUT, Site, encoded, parameter,
    site::{code, sign_in},
};

/// What an app hears that wants nobody asked.
pub(super) async fn silent(browser: &mut Browser<'_>, app: &App) -> Result<String, String> {
    let got = browser
        .get(&format!("/oauth2/authorize?{}", app.request(&[("prompt", "none")])))
        .await;
    assert!(
        got.header("location").starts_with(CALLBACK),
        "{} {}",
        got.status,
        got.body
    );
    parameter(&got, "code").ok_or_else(|| parameter(&got, "error").unwrap())
}

pub(super) fn required() -> Result<String, String> {
    Err("login_required".to_owned())
}

#[tokio::test]
async fn nothing_that_was_there_before_is_worth_anything() {
    let site = Site::new().await;
    // Of a session of Ana's own elsewhere, or made up.
    let mut elsewhere = site.browser();
    sign_in(&mut elsewhere, &site.app, &[]).await;
    let planted = "A".repeat(43);
    for planted in [planted.as_str(), "00000000-0000-4000-8000-000000000000", ""] {
        let mut browser = site.browser();
        browser.cookies.insert("cognito".to_owned(), planted.to_owned());
        assert_eq!(silent(&mut browser, &site.app).await, required());
        sign_in(&mut browser, &site.app, &[]).await;
        assert_ne!(browser.cookies["cognito"], planted);
        let mut attacker = site.browser();
        attacker.cookies.insert("cognito".to_owned(), planted.to_owned());
        assert_eq!(silent(&mut attacker, &site.app).await, required());
    }
}

#[tokio::test]
async fn both_cookies_change_with_a_sign_in_and_its_end() {
    let site = Site::new().await;
    let mut browser = site.browser();
    browser.get(&format!("/login?{}", site.app.request(&[]))).await.ok();
    let before = browser.cookies["XSRF-TOKEN"].clone();
    sign_in(&mut browser, &site.app, &[]).await;
    let first = browser.cookies.clone();
    assert_ne!(first["XSRF-TOKEN"], before);
    // Once more, though signed in: the former session is over.
    sign_in(&mut browser, &site.app, &[("prompt", "login")]).await;
    assert_ne!(browser.cookies["cognito"], first["cognito"]);
    assert_ne!(browser.cookies["XSRF-TOKEN"], first["XSRF-TOKEN"]);
    let mut former = site.browser();
    former.cookies.insert("cognito".to_owned(), first["cognito"].clone());
    assert_eq!(silent(&mut former, &site.app).await, required());

    let last = browser.cookies.clone();
    let out = encoded(&[("client_id", site.app.id.as_str()), ("logout_uri", LOGOUT)]);
    browser.get(&format!("/logout?{out}")).await;
    assert!(!browser.cookies.contains_key("cognito"));
    assert_ne!(browser.cookies["XSRF-TOKEN"], last["XSRF-TOKEN"]);
    former.cookies.insert("cognito".to_owned(), last["cognito"].clone());
    assert_eq!(
        silent(&mut former, &site.app).await,
        required(),
        "whoever kept the cookie"
    );
}

#[tokio::test]
async fn cookies_say_where_they_belong() {
    let site = Site::new().await;
    let mut by_path = site.at.clone();
    (by_path.host, by_path.mount) = ("localhost:4566".to_owned(), "/_login/app".to_owned());
    for (at, is_secure, path) in [
        (&site.at, true, "/"),
        (&site.at, false, "/"),
        (&by_path, true, "/_login/app"),
    ] {
        let mut browser = Browser::new(&site.rig, at);
        browser.is_secure = is_secure;
        let got = sign_in(&mut browser, &site.app, &[]).await;
        assert_eq!(got.status, 302, "{}", got.body);
        let cookies: Vec<&str> = got
            .headers
            .get_all("set-cookie")
            .iter()
            .map(|value| value.to_str().unwrap())
            .collect();
        assert_eq!(cookies.len(), 2, "{cookies:?}");
        for cookie in cookies {
            let attributes: Vec<&str> = cookie.split("; ").skip(1).collect();
            for wanted in ["HttpOnly", "SameSite=Lax", &format!("Path={path}")] {
                assert!(attributes.contains(&wanted), "{cookie}");
            }
            assert_eq!(attributes.contains(&"Secure"), is_secure, "{cookie}");
            assert!(!attributes.iter().any(|text| text.starts_with("Domain")), "{cookie}");
            assert_eq!(
                attributes.contains(&"Max-Age=3600"),
                cookie.starts_with("cognito="),
                "{cookie}"
            );
        }
        // Nothing is in it that could be read or made.
        let value = &browser.cookies["cognito"];
        assert!(value.len() >= 43 && !value.contains('.'), "{value}");
    }
}

#[tokio::test]
async fn a_cookie_that_was_tampered_with() {
    let site = Site::new().await;
    let mut browser = site.browser();
    sign_in(&mut browser, &site.app, &[]).await;
    let right = browser.cookies["cognito"].clone();
    let (short, first) = (&right[..right.len() - 1], &right[1..]);
    let case: String = right
        .chars()
        .map(|c| {
            if c.is_ascii_lowercase() {
                c.to_ascii_uppercase()
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect();
    let endless = "a".repeat(7000);
    for wrong in [
        short,
        first,
        &format!("{right}A"),
        &format!("{right}%00"),
        &case,
        "' OR 1=1",
        "null",
        &endless,
    ] {
        browser.cookies.insert("cognito".to_owned(), wrong.to_owned());
        assert_eq!(silent(&mut browser, &site.app).await, required(), "{wrong}");
        let page = browser.get(&format!("/login?{}", site.app.request(&[]))).await.ok();
        assert!(page.body.contains("name=\"password\""), "{wrong}");
    }
    browser.cookies.insert("cognito".to_owned(), right);
    silent(&mut browser, &site.app).await.unwrap();
}

#[tokio::test]
async fn an_hour_and_no_longer() {
    let site = Site::new().await;
    let mut browser = site.browser();
    sign_in(&mut browser, &site.app, &[]).await;
    site.advance(Duration::from_secs(3599));
    silent(&mut browser, &site.app).await.unwrap();
    // Its use did not make it longer.
    site.advance(Duration::from_secs(1));
    assert_eq!(silent(&mut browser, &site.app).await, required());
    let page = browser.get(&format!("/login?{}", site.app.request(&[]))).await.ok();
    assert!(page.body.contains("name=\"password\"") && !page.body.contains("ana@example.com"));
}

#[tokio::test]
async fn what_ends_with_its_user() {
    for operation in ["AdminDisableUser", "AdminDeleteUser"] {
        let site = Site::new().await;
        let mut browser = site.browser();
        sign_in(&mut browser, &site.app, &[]).await;
        site.on_user(&site.at, operation, "ana").await;
        assert_eq!(silent(&mut browser, &site.app).await, required(), "{operation}");
        if operation == "AdminDeleteUser" {
            // A new Ana is somebody else.
            site.person(&site.at, "ana").await;
            assert_eq!(silent(&mut browser, &site.app).await, required());
        }
    }
    // The documented one goes on.
    let site = Site::new().await;
    let mut browser = site.browser();
    sign_in(&mut browser, &site.app, &[]).await;
    site.on_user(&site.at, "AdminUserGlobalSignOut", "ana").await;
    silent(&mut browser, &site.app).await.unwrap();
}

#[tokio::test]
async fn clients_of_a_pool_share_it_unless_they_do_not_want_to() {
    let site = Site::with(json!({"UserPoolTier": "PLUS"}), json!({})).await;
    let other = site.app_of(&site.at, json!({})).await;
    let mut browser = site.browser();
    sign_in(&mut browser, &site.app, &[]).await;
    let code = silent(&mut browser, &other).await.unwrap();
    site.trade(&site.at, &other, &code).await.ok();

    let elsewhere = site.tenant("elsewhere", json!({})).await;
    let there = site.app_of(&elsewhere, json!({})).await;
    site.person(&elsewhere, "ana").await;
    let mut stranger = Browser::new(&site.rig, &elsewhere);
    stranger.cookies = browser.cookies.clone();
    assert_eq!(silent(&mut stranger, &there).await, required(), "another pool's");
    // Nor does it end there.
    let out = encoded(&[("client_id", there.id.as_str()), ("logout_uri", LOGOUT)]);
    stranger.get(&format!("/logout?{out}")).await;
    silent(&mut browser, &site.app).await.unwrap();
}

/// Two codes of one session are two.
#[tokio::test]
async fn a_code_is_of_one_sign_in() {
    let site = Site::new().await;
    let mut browser = site.browser();
    let first = code(&mut browser, &site.app, &[("nonce", "n1")]).await;
    let second = silent(&mut browser, &site.app).await.unwrap();
    assert_ne!(first, second);
    let one = site
        .trade(&site.at, &site.app, &first)
        .await
        .ok()
        .text("/refresh_token");
    let two = site
        .trade(&site.at, &site.app, &second)
        .await
        .ok()
        .text("/refresh_token");
    site.form(
        &site.at,
        "/oauth2/revoke",
        None,
        &[("client_id", &site.app.id), ("token", &one)],
    )
    .await
    .ok();
    site.refresh(&site.at, &site.app, &two).await.ok();
}

/// In a pool that tracks sessions a client says itself how long it believes the browser.
#[tokio::test]
async fn a_client_that_wants_everybody_asked() {
    let site = Site::new().await;
    let other = site.app_of(&site.at, json!({})).await;
    let tracking =
        json!({"UserPoolId": site.at.pool, "UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 5}});
    site.call("SetUserPoolSessionConfiguration", tracking).await;
    for (app, minutes) in [(&site.app, 0), (&other, 120)] {
        let sso =
            json!({"UserPoolId": site.at.pool, "ClientId": app.id, "SSOSession": {"MaxValidityMinutes": minutes}});
        site.call("SetUserPoolClientSessionConfiguration", sso).await;
    }
    let mut browser = site.browser();
    sign_in(&mut browser, &site.app, &[]).await;
    assert_eq!(silent(&mut browser, &site.app).await, required());
    silent(&mut browser, &other).await.unwrap();
    // Nor does the button do what the address does not.
    let target = format!("/login?{}", site.app.request(&[]));
    let page = browser.get(&target).await.ok();
    assert!(page.body.contains("name=\"password\""));
    let csrf = browser.cookies["XSRF-TOKEN"].clone();
    let got = browser
        .post(&target, &[("step", "continue"), ("_csrf", csrf.as_str())])
        .await;
    assert_eq!(got.header("location"), "");
    site.advance(Duration::from_secs(2 * 3600 - 1));
    silent(&mut browser, &other).await.unwrap();
    site.advance(Duration::from_secs(1));
    assert_eq!(silent(&mut browser, &other).await, required());
}

/// Whoever signed in by the one kind of pages signs in again by the other.
#[tokio::test]
async fn other_pages_begin_anew() {
    let site = Site::new().await;
    let mut browser = site.browser();
    sign_in(&mut browser, &site.app, &[]).await;
    let elsewhere = site.tenant("elsewhere", json!({})).await;
    let there = site.app_of(&elsewhere, json!({})).await;
    site.person(&elsewhere, "ana").await;
    let mut neighbour = Browser::new(&site.rig, &elsewhere);
    sign_in(&mut neighbour, &there, &[]).await;
    for (version, ends) in [(2, false), (1, true)] {
        let named = json!({"UserPoolId": site.at.pool, "Domain": "app", "ManagedLoginVersion": version});
        site.call("UpdateUserPoolDomain", named).await;
        assert_eq!(silent(&mut browser, &site.app).await.is_err(), ends, "{version}");
    }
    assert!(silent(&mut neighbour, &there).await.is_ok(), "another pool's");
}
