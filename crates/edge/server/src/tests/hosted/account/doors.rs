//! Who gets to an account: somebody who is signed in, for what weakens it just now, by a page of ours, where there is such a page.

use serde_json::json;

use super::{
    super::{
        App,
        browser::{Browser, alert, parameter},
        site::{Site, sign_in},
    },
    STALE, arrived, at, attribute, path, post, user,
};

const SECTIONS: [&str; 8] = [
    "",
    "/profile",
    "/email",
    "/phone",
    "/password",
    "/factors",
    "/sessions",
    "/data",
];
const FRESH: [&str; 5] = ["/email", "/phone", "/password", "/factors", "/data"];

#[tokio::test]
async fn a_sign_in_leads_back_to_the_section() {
    let site = Site::new().await;
    for section in SECTIONS {
        let (_, page) = at(&site, section).await;
        assert!(page.body.contains("<h1>"), "{section}");
    }
    // Whoever has signed in for an app is there at once.
    let mut browser = site.browser();
    sign_in(&mut browser, &site.app, &[]).await;
    let page = browser.get(&path(&site, "")).await.ok();
    assert!(page.body.contains("<b>ana@example.com</b>"), "{}", page.body);
    let word = format!("/login?client_id={}&account=data", site.app.id);
    let sent = browser.get(&word).await;
    assert_eq!(sent.header("location"), path(&site, "/data"));
}

#[tokio::test]
async fn no_address_leads_elsewhere() {
    let site = Site::new().await;
    let mut browser = site.browser();
    sign_in(&mut browser, &site.app, &[]).await;
    for word in [
        "https://evil.example",
        "//evil.example",
        "/account",
        "data%2F..%2F",
        "DATA",
        "",
    ] {
        let sent = browser
            .get(&format!("/login?client_id={}&account={word}", site.app.id))
            .await;
        // Not of the account: an app's request, which it is not.
        assert_eq!((sent.status, sent.header("location")), (400, ""), "{word}");
    }
    // What an app has asked for is the app's.
    let request = site.app.request(&[("account", "data")]);
    let answer = browser.get(&format!("/oauth2/authorize?{request}")).await;
    assert!(parameter(&answer, "code").is_some(), "{}", answer.header("location"));
}

#[tokio::test]
async fn what_weakens_an_account_wants_a_new_sign_in() {
    let site = Site::new().await;
    let (mut browser, _) = at(&site, "").await;
    site.advance(STALE);
    for section in SECTIONS {
        let page = browser.get(&path(&site, section)).await;
        let expected = if FRESH.contains(&section) { 302 } else { 200 };
        assert_eq!(page.status, expected, "{section}");
    }
    // Nor is a form taken that was opened before.
    let before = user(&site).await;
    let forms: [(&str, &[(&str, &str)]); 6] = [
        ("/email", &[("step", "address"), ("address", "eve@example.com")]),
        ("/phone", &[("step", "address"), ("address", "+15550100")]),
        (
            "/password",
            &[
                ("step", "change_password"),
                ("password", "Passw0rd!"),
                ("new_password", "An0ther-pass!"),
                ("new_password_again", "An0ther-pass!"),
            ],
        ),
        ("/factors", &[("step", "passkey_new")]),
        ("/data", &[("step", "download")]),
        ("/data", &[("step", "delete"), ("confirmation", "ana@example.com")]),
    ];
    for (section, fields) in forms {
        let answer = post(&site, &mut browser, section, fields).await;
        assert_eq!(answer.status, 302, "{section}");
        let to = format!("/login?client_id={}&account={}", site.app.id, &section[1..]);
        assert_eq!(answer.header("location"), to);
    }
    assert_eq!(user(&site).await, before);
    assert_eq!(site.rig.app.delivery.inbox(None).await.unwrap().len(), 0);
    // The page of that sign-in knows whom it asks.
    let sent = browser.get(&path(&site, "/data")).await;
    let page = browser.follow(&sent).await.ok();
    assert!(page.body.contains("value=\"ana\""), "{}", page.body);
    arrived(&site, &mut browser, "/data").await;
}

#[tokio::test]
async fn nobody_elses_form_is_taken() {
    let site = Site::new().await;
    let (mut browser, _) = at(&site, "/data").await;
    let delete = [("step", "delete"), ("confirmation", "ana@example.com")];
    let right = browser.cookies["XSRF-TOKEN"].clone();
    for (csrf, header) in [
        ("", None),
        ("7b0e0d3c-6b1f-4c55-9c5b-2f5a3a1d9b10", None),
        (right.as_str(), Some("cross-site")),
        (right.as_str(), Some("same-site")),
    ] {
        browser.headers = header
            .map(|site| ("sec-fetch-site", site.to_owned()))
            .into_iter()
            .collect();
        let mut fields = vec![("_csrf", csrf)];
        fields.extend(delete);
        let page = browser.post(&path(&site, "/data"), &fields).await.ok();
        assert_eq!(
            alert(&page.body),
            Some("This page has expired. Try again."),
            "{csrf} {header:?}"
        );
    }
    browser.headers.clear();
    assert!(attribute(&site, "email").await.is_some());
    // Of the one who was here before.
    let page = post(&site, &mut site.browser(), "/data", &delete).await;
    assert_eq!(page.status, 302);
    assert!(attribute(&site, "email").await.is_some());
}

#[tokio::test]
async fn a_page_is_there_for_clients_that_may_have_the_scope() {
    let site = Site::new().await;
    let scopes = json!({"AllowedOAuthScopes": ["openid", "email"]});
    let bare = site.app_of(&site.at, scopes).await;
    let of = |app: &App| format!("/account?client_id={}", app.id);
    assert_eq!(site.browser().get(&of(&bare)).await.status, 404);
    assert_eq!(
        site.browser()
            .get(&format!("/login?client_id={}&account=overview", bare.id))
            .await
            .status,
        404
    );
    assert_eq!(site.browser().get(&of(&site.app)).await.status, 302);
    assert_eq!(site.browser().get("/account").await.status, 400);
    let sent = site.browser().get("/account?client_id=nobody").await;
    assert!(sent.header("location").starts_with("/error?error=invalid_request"));
    // What the API answers to one with a secret stays on its server.
    let secretive = site.app_of(&site.at, json!({"GenerateSecret": true})).await;
    assert_eq!(site.browser().get(&of(&secretive)).await.status, 404);
    let pool = site.call("DescribeUserPool", json!({"UserPoolId": site.at.pool})).await;
    let arn = &pool["UserPool"]["Arn"];
    for (word, of_bare, of_app) in [("on", 302, 302), ("off", 404, 404)] {
        let tags = json!({"ResourceArn": arn, "Tags": {"poolhouse:account-page": word}});
        site.call("TagResource", tags).await;
        assert_eq!(site.browser().get(&of(&bare)).await.status, of_bare, "{word}");
        assert_eq!(site.browser().get(&of(&site.app)).await.status, of_app, "{word}");
    }
}

#[tokio::test]
async fn classic_domains_have_none() {
    let site = Site::new().await;
    let domain = json!({"UserPoolId": site.at.pool, "Domain": "app", "ManagedLoginVersion": 1});
    site.call("UpdateUserPoolDomain", domain).await;
    assert_eq!(site.browser().get(&path(&site, "")).await.status, 404);
}

#[tokio::test]
async fn another_pools_session_is_none() {
    let site = Site::new().await;
    let other = site.rig.tenant("other", json!({})).await;
    let app = site.app_of(&other, json!({})).await;
    let (browser, _) = at(&site, "").await;
    let mut there = Browser::new(&site.rig, &other);
    there.cookies = browser.cookies.clone();
    let sent = there.get(&format!("/account?client_id={}", app.id)).await;
    assert_eq!(
        sent.header("location"),
        format!("/login?client_id={}&account=overview", app.id)
    );
    // Nor is a client of the one known to the other.
    let sent = there.get(&path(&site, "")).await;
    assert!(sent.header("location").starts_with("/error?"));
}
