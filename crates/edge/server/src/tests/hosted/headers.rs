//! What browsers are told with every page. Reference: oauth-and-federation 17.3.

use super::{Draft, Got, Site, encoded, site::sign_in};

/// Nobody frames it, and nobody keeps it.
#[track_caller]
fn guarded(got: &Got, what: &str) {
    let policy = got.header("content-security-policy");
    assert!(policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
    assert!(
        policy.contains("default-src 'none'") && policy.contains("base-uri 'none'"),
        "{what}: {policy}"
    );
    assert!(!policy.contains("unsafe"), "{what}: {policy}");
    for (name, value) in [
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(got.header(name), value, "{what}: {name}");
    }
    assert!(
        got.header("cache-control").contains("no-store"),
        "{what}: {}",
        got.header("cache-control")
    );
    assert_ne!(got.status, 307, "{what}");
    assert_ne!(got.status, 308, "{what}");
    if !got.body.is_empty() && got.header("content-type").starts_with("text/html") {
        let body = &got.body;
        assert!(
            !body.contains("<style") && !body.contains(" style=") && !body.contains("<script>"),
            "{what}: {body}"
        );
        assert!(!body.contains(" onclick") && !body.contains(" onload"), "{what}");
    }
}

#[tokio::test]
async fn every_answer_is_guarded() {
    let site = Site::new().await;
    let request = site.app.request(&[]);
    let wrong = site.app.request(&[("redirect_uri", "https://evil.example/")]);
    let large = "a".repeat(17 * 1024);
    let targets = [
        format!("/login?{request}"),
        format!("/signup?{request}"),
        format!("/forgotPassword?{request}"),
        format!("/confirm?{request}"),
        format!("/confirmforgotPassword?{request}"),
        format!("/oauth2/authorize?{request}"),
        format!("/oauth2/authorize?{wrong}"),
        format!("/login?{wrong}"),
        "/login".to_owned(),
        "/logout".to_owned(),
        "/error?error=x".to_owned(),
        "/nothing".to_owned(),
        "/".to_owned(),
        "/.well-known/openid-configuration".to_owned(),
        "/assets/x/none.css".to_owned(),
        "/confirmUser?client_id=a&user_name=b&confirmation_code=1".to_owned(),
        "/login?%".to_owned(),
        format!("/login?x={large}"),
        "/oauth2/token".to_owned(),
        "/oauth2/userInfo".to_owned(),
        "/oauth2/revoke".to_owned(),
    ];
    for target in &targets {
        for method in ["GET", "HEAD", "POST", "PUT", "OPTIONS", "TRACE"] {
            let draft = Draft::new(method, target).header("host", &site.at.host);
            let draft = draft.header("content-type", "application/x-www-form-urlencoded");
            guarded(
                &site.send(draft.clone()).await,
                &format!("{method} {}", &target[..target.len().min(80)]),
            );
            let other = draft.header("content-type", "text/plain").with_body("x");
            guarded(
                &site.send(other).await,
                &format!("{method} {} text", &target[..target.len().min(80)]),
            );
        }
    }
    let mut browser = site.browser();
    let page = browser.get(&format!("/login?{request}")).await;
    let wrong = browser
        .submit(&page, &[("username", "ana"), ("password", "wrong")])
        .await;
    guarded(&wrong, "a wrong password");
    let answer = sign_in(&mut browser, &site.app, &[]).await;
    guarded(&answer, "the way back");
    assert_eq!(answer.status, 302);
    guarded(&browser.get(&format!("/login?{request}")).await, "who is it");
    let out = encoded(&[
        ("post_logout_redirect_uri", ""),
        ("client_id", &site.app.id),
        ("id_token_hint", ""),
    ]);
    guarded(&browser.get(&format!("/logout?{out}")).await, "signed out");
}

#[tokio::test]
async fn a_host_of_no_domain_is_guarded_too() {
    let site = Site::new().await;
    for (host, path) in [
        ("nobody.auth.eu-west-1.localhost:4566", "/login"),
        ("localhost:4566", "/_login/nobody/login"),
    ] {
        let got = site.send(Draft::get(path).header("host", host)).await;
        assert_eq!(got.status, 404);
        guarded(&got, host);
    }
}

/// An address that was not admitted opens nothing.
#[tokio::test]
async fn forms_may_lead_to_an_apps_own_scheme_if_it_is_listed() {
    let site = Site::with(
        serde_json::json!({}),
        serde_json::json!({"CallbackURLs": [super::CALLBACK, "myapp://in"]}),
    )
    .await;
    let listed = site
        .browser()
        .get(&format!(
            "/login?{}",
            site.app.request(&[("redirect_uri", "myapp://in")])
        ))
        .await
        .ok();
    assert!(
        listed.header("content-security-policy").contains(" myapp:;"),
        "{}",
        listed.header("content-security-policy")
    );
    for path in ["/login", "/error", "/nothing", "/logout"] {
        for uri in ["javascript:alert(1)", "data:text/html,x", "evil:x", ":x"] {
            let got = site
                .browser()
                .get(&format!("{path}?{}", site.app.request(&[("redirect_uri", uri)])))
                .await;
            let policy = got.header("content-security-policy");
            for scheme in [" javascript:", " evil:", "http://127.0.0.1:* data:", " :"] {
                assert!(!policy.contains(scheme), "{path} {uri}: {policy}");
            }
        }
    }
}

#[tokio::test]
async fn over_tls_browsers_are_told_to_stay_there() {
    let site = Site::new().await;
    let mut browser = site.browser();
    browser.is_secure = true;
    let got = browser.get("/nothing").await;
    assert!(got.header("strict-transport-security").starts_with("max-age=31536000"));
}

/// Whoever asks in a way that a path does not have hears which there are, and a page elsewhere hears it too where it may.
#[tokio::test]
async fn another_method_is_told_which_there_are() {
    let site = Site::new().await;
    let pages = "GET, HEAD, POST";
    for (method, path, allow, is_open) in [
        ("PUT", "/oauth2/authorize", pages, false),
        ("OPTIONS", "/login", pages, false),
        ("DELETE", "/logout", pages, false),
        ("POST", "/error", "GET, HEAD", false),
        ("GET", "/oauth2/token", "POST, OPTIONS", true),
        ("PUT", "/oauth2/revoke", "POST, OPTIONS", true),
        ("DELETE", "/oauth2/userInfo", "GET, HEAD, POST, OPTIONS", true),
    ] {
        let got = site.send(Draft::new(method, path).header("host", &site.at.host)).await;
        let told = (got.status, got.body.as_str(), got.header("allow"));
        assert_eq!(told, (405, "", allow), "{method} {path}");
        let (origin, cookie) = (got.header("access-control-allow-origin"), got.header("set-cookie"));
        assert_eq!(
            (origin == "*", cookie.is_empty()),
            (is_open, is_open),
            "{method} {path}"
        );
        assert!(is_open || cookie.starts_with("XSRF-TOKEN="), "{cookie}");
    }
}

#[tokio::test]
async fn what_programs_are_answered_is_over_at_once() {
    let site = Site::new().await;
    for path in ["/oauth2/token", "/oauth2/userInfo", "/oauth2/revoke"] {
        let got = site.form(&site.at, path, None, &[]).await;
        assert_eq!(
            (got.header("expires"), got.header("pragma")),
            ("0", "no-cache"),
            "{path}"
        );
        assert_eq!(got.header("content-type"), "application/json;charset=UTF-8", "{path}");
    }
    // The way back to an app has none.
    let answer = sign_in(&mut site.browser(), &site.app, &[]).await;
    assert_eq!(answer.header("expires"), "");
}
