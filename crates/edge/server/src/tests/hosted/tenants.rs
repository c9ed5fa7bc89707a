//! One pool's pages, and what is another's. Reference: oauth-and-federation 17.6.

use serde_json::json;

use super::{
    App, Browser, CALLBACK, Draft, Site, parameter,
    site::{code, refused, sign_in},
};
use crate::{Profile, peer::Peer};

#[tokio::test]
async fn a_domain_knows_its_own_clients_alone() {
    let site = Site::new().await;
    let elsewhere = site.tenant("elsewhere", json!({})).await;
    let there = site.app_of(&elsewhere, json!({})).await;
    for path in [
        "/oauth2/authorize",
        "/login",
        "/signup",
        "/forgotPassword",
        "/confirm",
        "/confirmforgotPassword",
    ] {
        let got = site.browser().get(&format!("{path}?{}", there.request(&[]))).await;
        assert!(
            got.header("location").starts_with("/error?error=invalid_request"),
            "{path}: {}",
            got.header("location")
        );
    }
    let out = super::encoded(&[("client_id", there.id.as_str()), ("logout_uri", super::LOGOUT)]);
    let got = site.browser().get(&format!("/logout?{out}")).await;
    assert_eq!((got.status, got.header("location")), (400, ""));
    for pairs in [
        vec![("grant_type", "client_credentials")],
        vec![
            ("grant_type", "authorization_code"),
            ("code", "x"),
            ("redirect_uri", CALLBACK),
        ],
    ] {
        refused(&site.token(&site.at, &there, &pairs).await, 400, "invalid_client");
    }
}

/// A link of one pool's mail opened at another's domain.
#[tokio::test]
async fn links_are_opened_where_they_belong() {
    let site = Site::new().await;
    let by_link = json!({"VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_LINK"}});
    let elsewhere = site.tenant("elsewhere", by_link).await;
    let there = site.app_of(&elsewhere, json!({})).await;
    let attributes = json!([{"Name": "email", "Value": "eve@example.com"}]);
    let input =
        json!({"ClientId": there.id, "Username": "eve", "Password": super::PASSWORD, "UserAttributes": attributes});
    site.public("SignUp", input).await.ok();
    let mails = site.rig.app.delivery.inbox(Some("eve@example.com")).await.unwrap();
    let link = mails[0].message.link.clone().unwrap();
    let path = &link[link.find("/confirmUser").unwrap()..];
    let got = site.browser().get(path).await;
    assert_eq!(got.status, 400, "{}", got.body);
    let got = Browser::new(&site.rig, &elsewhere).get(path).await;
    assert_eq!(got.status, 200, "{}", got.body);
}

#[tokio::test]
async fn only_the_host_says_whose_pages_they_are() {
    let site = Site::new().await;
    let elsewhere = site.tenant("elsewhere", json!({})).await;
    let there = site.app_of(&elsewhere, json!({})).await;
    for name in [
        "x-forwarded-host",
        "x-original-host",
        "x-host",
        "x-forwarded-server",
        "forwarded",
        "x-rewrite-url",
        "x-original-url",
    ] {
        let value = match name {
            "forwarded" => format!("host={}", elsewhere.host),
            "x-rewrite-url" | "x-original-url" => "/nothing".to_owned(),
            _ => elsewhere.host.clone(),
        };
        let mut browser = site.browser();
        browser.headers.push((name, value));
        let got = browser.get(&format!("/oauth2/authorize?{}", there.request(&[]))).await;
        assert!(got.header("location").starts_with("/error"), "{name}");
        let got = browser
            .get(&format!("/oauth2/authorize?{}", site.app.request(&[])))
            .await;
        assert!(got.header("location").starts_with("/login"), "{name}");
        let page = browser.follow(&got).await.ok();
        assert!(!page.body.contains("elsewhere"), "{name}");
    }
    // The host's own form comes before the path's.
    let mut browser = site.browser();
    let got = browser
        .get(&format!("/_login/elsewhere/login?{}", there.request(&[])))
        .await;
    assert_eq!(got.status, 404);
    for (host, found) in [
        ("APP.auth.EU-WEST-1.localhost", true),
        ("app.auth.eu-west-1.localhost:1", true),
        ("app.auth.eu-west-1.id.example.com", true),
        ("app.auth.eu-west-2.localhost", false),
        ("app.auth.eu-west-1.localhost.evil.example", false),
        ("evil.app.auth.eu-west-1.localhost", false),
        ("app.auth.eu-west-1.evil.example", false),
        ("app", false),
        ("elsewhere.auth.eu-west-1.localhost@app.auth.eu-west-1.localhost", false),
        (
            "app.auth.eu-west-1.localhost, elsewhere.auth.eu-west-1.localhost",
            false,
        ),
    ] {
        let got = site
            .send(Draft::get(&format!("/login?{}", site.app.request(&[]))).header("host", host))
            .await;
        assert_eq!(
            got.status == 200 && got.body.contains("name=\"password\""),
            found,
            "{host}: {}",
            got.status
        );
    }
}

/// A custom domain is its pool's: nothing of anybody else's is shown under its name.
#[tokio::test]
async fn a_custom_domain_shows_its_own_pages_alone() {
    let site = Site::new().await;
    let config = json!({"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1b2c3d4e-0000-4000-8000-000000000000"});
    let input = json!({
        "UserPoolId": site.at.pool, "Domain": "auth.example.com", "ManagedLoginVersion": 2, "CustomDomainConfig": config,
    });
    site.call("CreateUserPoolDomain", input).await;
    let elsewhere = site.tenant("elsewhere", json!({})).await;
    let there = site.app_of(&elsewhere, json!({})).await;
    let own = format!("/login?{}", site.app.request(&[]));
    let others = format!("/_login/elsewhere/login?{}", there.request(&[]));
    let buckets = "/a-bucket/login.html";
    // Whether it is shown; what is not is a page of the custom domain, and elsewhere S3's to refuse.
    for (path, custom, any_other) in [
        (own.as_str(), true, false),
        (&others, false, true),
        (buckets, false, false),
    ] {
        for (host, is_shown, is_page) in [
            ("auth.example.com", custom, true),
            ("AUTH.example.com:443", custom, true),
            ("a.example", any_other, any_other),
        ] {
            let got = site.send(Draft::get(path).header("host", host)).await;
            let html = got.header("content-type").starts_with("text/html");
            assert_eq!(
                (got.status == 200, html),
                (is_shown, is_page),
                "{host}{path}: {}",
                got.body
            );
        }
    }
}

/// Pages of the path's form share an origin, not what they know.
#[tokio::test]
async fn by_the_path_as_by_the_host() {
    let site = Site::new().await;
    let elsewhere = site.tenant("elsewhere", json!({})).await;
    let there = site.app_of(&elsewhere, json!({})).await;
    let by_path = |at: &super::Tenant, name: &str| super::Tenant {
        host: "localhost:4566".to_owned(),
        mount: format!("/_login/{name}"),
        ..at.clone()
    };
    let (here, other) = (by_path(&site.at, "app"), by_path(&elsewhere, "elsewhere"));
    let mut browser = Browser::new(&site.rig, &here);
    let code = code(&mut browser, &site.app, &[]).await;
    // The browser shows one pool's cookie to the other all the same.
    let mut stranger = Browser::new(&site.rig, &other);
    stranger.cookies = browser.cookies.clone();
    let got = stranger
        .get(&format!("/oauth2/authorize?{}", there.request(&[("prompt", "none")])))
        .await;
    assert_eq!(parameter(&got, "error").as_deref(), Some("login_required"));
    refused(&site.trade(&other, &there, &code).await, 400, "invalid_grant");
    site.trade(&here, &site.app, &code).await.ok();
    for path in [
        "/_login/app/../elsewhere/login",
        "/_login/app%2f..%2felsewhere/login",
        "/_login/app//login",
        "/_login/APP%20/login",
        "/_login/app\\login",
    ] {
        let got = site.send(Draft::get(&format!("{path}?{}", there.request(&[])))).await;
        assert_ne!(got.status, 200, "{path}");
    }
}

async fn moved(site: &Site, app: &App, what: &str) {
    match what {
        "the domain alone" => {}
        "its pool too" => {
            site.call(
                "DeleteUserPoolDomain",
                json!({"UserPoolId": site.at.pool, "Domain": "app"}),
            )
            .await;
            site.call("DeleteUserPool", json!({"UserPoolId": site.at.pool})).await;
            return;
        }
        _ => {
            site.call(
                "DeleteUserPoolClient",
                json!({"UserPoolId": site.at.pool, "ClientId": app.id}),
            )
            .await;
        }
    }
    site.call(
        "DeleteUserPoolDomain",
        json!({"UserPoolId": site.at.pool, "Domain": "app"}),
    )
    .await;
}

/// A name that another pool has now: nothing that the former one gave is worth anything there.
#[tokio::test]
async fn a_name_that_is_used_again() {
    for what in ["the domain alone", "its pool too", "and its client"] {
        let site = Site::new().await;
        let mut browser = site.browser();
        let code = code(&mut browser, &site.app, &[]).await;
        let tokens = site.tokens().await;
        let (access, refresh) = (
            tokens["access_token"].as_str().unwrap(),
            tokens["refresh_token"].as_str().unwrap(),
        );
        moved(&site, &site.app, what).await;
        let gone = site.browser().get(&format!("/login?{}", site.app.request(&[]))).await;
        assert_eq!(gone.status, 404, "{what}");
        assert_eq!(site.trade(&site.at, &site.app, &code).await.status, 404, "{what}");

        let next = site.tenant("app", json!({})).await;
        assert_eq!(next.host, site.at.host);
        let app = site.app_of(&next, json!({})).await;
        site.person(&next, "ana").await;
        let got = browser
            .get(&format!("/oauth2/authorize?{}", app.request(&[("prompt", "none")])))
            .await;
        assert_eq!(parameter(&got, "error").as_deref(), Some("login_required"), "{what}");
        refused(&site.trade(&next, &app, &code).await, 400, "invalid_grant");
        refused(&site.trade(&next, &site.app, &code).await, 400, "invalid_client");
        refused(&site.refresh(&next, &app, refresh).await, 400, "invalid_grant");
        assert_eq!(site.user_info(&next, access).await.status, 401, "{what}");
        // The form that was still open.
        assert!(
            parameter(&sign_in(&mut browser, &app, &[]).await, "code").is_some(),
            "{what}"
        );
    }
}

/// Behind no proxy nobody else says how the browser came.
#[tokio::test]
async fn a_header_does_not_make_a_cookie_secure() {
    let site = Site::new().await;
    assert!(site.rig.app.profile == Profile::Dev && !site.rig.app.behind_proxy);
    let peer = Peer {
        ip: None,
        secure: false,
    };
    let draft = Draft::get(&format!("/login?{}", site.app.request(&[]))).header("host", &site.at.host);
    let got = site.send_from(peer, draft.header("x-forwarded-proto", "https")).await;
    assert!(
        !got.header("set-cookie").contains("Secure"),
        "{}",
        got.header("set-cookie")
    );
}
