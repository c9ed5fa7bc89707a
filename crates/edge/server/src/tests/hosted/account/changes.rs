//! What people change: their profile, addresses, password, sessions; and the end.

use serde_json::{Value, json};

use super::{
    super::{
        browser::{alert, between},
        site::{PASSWORD, Site, sign_in},
    },
    SAVED, at, attribute, newest, notice, path, post, user,
};

const NEW: &str = "An0ther-pass!";

#[tokio::test]
async fn a_profile_is_what_the_client_writes() {
    let schema = json!([{"Name": "team", "AttributeDataType": "String", "Mutable": true}]);
    let limits = json!({
        "ReadAttributes": ["email", "name", "nickname", "custom:team"], "WriteAttributes": ["email", "name", "nickname", "address"],
    });
    let site = Site::with(json!({"Schema": schema}), limits).await;
    let team = json!([{"Name": "custom:team", "Value": "Harbour"}, {"Name": "nickname", "Value": "An"}]);
    let input = json!({"UserPoolId": site.at.pool, "Username": "ana", "UserAttributes": team});
    site.call("AdminUpdateUserAttributes", input).await;
    let (mut browser, page) = at(&site, "/profile").await;
    assert!(
        page.body.contains("Harbour") && page.body.contains("attribute.name"),
        "{}",
        page.body
    );
    for kept in [
        "attribute.custom:team",
        "attribute.address",
        "attribute.email",
        "attribute.zoneinfo",
    ] {
        assert!(!page.body.contains(&format!("name=\"{kept}\"")), "{kept}");
    }
    let fields = [
        ("step", "profile"),
        ("attribute.name", "Ana <b>B</b>"),
        ("attribute.nickname", ""),
        ("attribute.custom:team", "Admins"),
        ("attribute.address", "Quay 1"),
        ("attribute.email", "eve@example.com"),
        ("attribute.email_verified", "true"),
    ];
    let page = post(&site, &mut browser, "/profile", &fields).await.ok();
    assert_eq!(notice(&page), SAVED, "{}", page.body);
    assert!(page.body.contains("Ana &lt;b&gt;B&lt;/b&gt;"));
    assert_eq!(attribute(&site, "name").await.as_deref(), Some("Ana <b>B</b>"));
    assert_eq!(attribute(&site, "custom:team").await.as_deref(), Some("Harbour"));
    assert_eq!(attribute(&site, "email").await.as_deref(), Some("ana@example.com"));
    for none in ["nickname", "address"] {
        assert_eq!(attribute(&site, none).await, None, "{none}");
    }
}

#[tokio::test]
async fn a_new_address_is_proven_by_its_code() {
    let keeps = json!({"UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]}});
    let site = Site::with(keeps, json!({})).await;
    let (mut browser, page) = at(&site, "/email").await;
    let page = browser.submit(&page, &[("address", "no address")]).await.ok();
    assert_eq!(alert(&page.body), Some("Enter a valid email address."));
    let page = browser.submit(&page, &[("address", "bea@example.com")]).await.ok();
    assert!(
        page.body.contains("one-time-code") && page.body.contains("b***@e***"),
        "{}",
        page.body
    );
    assert_eq!(attribute(&site, "email").await.as_deref(), Some("ana@example.com"));
    let code = newest(&site, "bea@example.com").await;
    let wrong = if code == "000000" { "111111" } else { "000000" };
    let page = browser.submit(&page, &[("code", wrong)]).await.ok();
    assert_eq!(
        alert(&page.body),
        Some("That code is not right. Check it and try again.")
    );
    let page = browser.submit(&page, &[("code", &code)]).await.ok();
    assert_eq!(notice(&page), Some("Your address is confirmed."), "{}", page.body);
    assert_eq!(attribute(&site, "email").await.as_deref(), Some("bea@example.com"));
    assert_eq!(attribute(&site, "email_verified").await.as_deref(), Some("true"));
    // Somebody else's, where addresses are names, is refused by the same operation: here it may be shared.
    let page = browser.get(&path(&site, "/email")).await.ok();
    assert!(!page.body.contains("send_code"), "{}", page.body);
}

#[tokio::test]
async fn a_password_by_the_one_so_far() {
    let site = Site::new().await;
    let (mut browser, page) = at(&site, "/password").await;
    for (password, new, again, told) in [
        ("Wr0ng-pass!", NEW, NEW, "The current password is not right."),
        (PASSWORD, NEW, "An0ther-pass?", "The two passwords are not the same."),
        (
            PASSWORD,
            "short",
            "short",
            "The password does not meet the requirements.",
        ),
    ] {
        let typed = [
            ("password", password),
            ("new_password", new),
            ("new_password_again", again),
        ];
        let page = browser.submit(&page, &typed).await.ok();
        assert_eq!(alert(&page.body), Some(told));
        assert!(!page.body.contains(new), "what was typed is shown");
    }
    let typed = [
        ("password", PASSWORD),
        ("new_password", NEW),
        ("new_password_again", NEW),
    ];
    let page = browser.submit(&page, &typed).await.ok();
    assert_eq!(notice(&page), SAVED);
    for (password, status) in [(PASSWORD, 400), (NEW, 200)] {
        let input = json!({
            "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": site.app.id, "AuthParameters": {"USERNAME": "ana", "PASSWORD": password},
        });
        assert_eq!(site.public("InitiateAuth", input).await.status, status);
    }
}

async fn tracked() -> Site {
    let site = Site::new().await;
    let on = json!({"UserPoolId": site.at.pool, "UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 5}});
    site.call("SetUserPoolSessionConfiguration", on).await;
    site
}

#[tokio::test]
async fn sessions_end_one_and_the_others() {
    let site = tracked().await;
    let mut others = [site.browser(), site.browser(), site.browser()];
    for other in &mut others {
        other.headers = vec![("user-agent", "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0".to_owned())];
        sign_in(other, &site.app, &[]).await;
    }
    let (mut browser, page) = at(&site, "/sessions").await;
    assert_eq!(page.body.matches("Windows Firefox</b>").count(), 3, "{}", page.body);
    assert_eq!(page.body.matches("This browser").count(), 1);
    let id = between(&page.body, "form=\"session_end\" name=\"which\" value=\"", "\"")
        .unwrap()
        .to_owned();
    let fields = [("step", "session_end"), ("which", id.as_str())];
    let page = post(&site, &mut browser, "/sessions", &fields).await.ok();
    assert_eq!(page.body.matches("Windows Firefox</b>").count(), 2);
    let page = post(&site, &mut browser, "/sessions", &fields).await.ok();
    assert!(alert(&page.body).is_some(), "it is over");
    let page = post(&site, &mut browser, "/sessions", &[("step", "others_end")])
        .await
        .ok();
    assert_eq!(
        (page.body.matches("Windows Firefox</b>").count(), notice(&page)),
        (0, SAVED)
    );
    for other in &mut others {
        assert_eq!(other.get(&path(&site, "")).await.status, 302);
    }
    browser.get(&path(&site, "")).await.ok();
}

#[tokio::test]
async fn nobody_ends_somebody_elses_session() {
    let site = tracked().await;
    site.person(&site.at, "eve").await;
    let mut eve = site.browser();
    let page = eve.get(&format!("/login?{}", site.app.request(&[]))).await.ok();
    eve.submit(&page, &[("username", "eve"), ("password", PASSWORD)]).await;
    let input = json!({"UserPoolId": site.at.pool, "Username": "eve"});
    let listed = site.call("AdminListUserSessions", input).await;
    let id = listed["Sessions"][0]["SessionId"].as_str().unwrap().to_owned();
    let (mut browser, _) = at(&site, "/sessions").await;
    let page = post(
        &site,
        &mut browser,
        "/sessions",
        &[("step", "session_end"), ("which", &id)],
    )
    .await
    .ok();
    assert!(alert(&page.body).is_some(), "{}", page.body);
    eve.get(&path(&site, "")).await.ok();
}

#[tokio::test]
async fn all_sessions_end_where_none_is_tracked() {
    let site = Site::new().await;
    let tokens = site.tokens().await;
    let (mut browser, page) = at(&site, "/sessions").await;
    assert!(page.body.contains("Sign out everywhere<"), "{}", page.body);
    let page = browser.submit(&page, &[]).await.ok();
    assert!(page.body.contains("You’re signed out"), "{}", page.body);
    assert!(!browser.cookies.contains_key("cognito"));
    let refreshed = site
        .refresh(&site.at, &site.app, tokens["refresh_token"].as_str().unwrap())
        .await;
    assert_eq!(refreshed.status, 400);
}

#[tokio::test]
async fn a_copy_and_the_end() {
    let site = Site::new().await;
    let (mut browser, page) = at(&site, "/data").await;
    let copy = browser.submit(&page, &[]).await.ok();
    assert_eq!(
        copy.header("content-disposition"),
        "attachment; filename=\"account.json\""
    );
    let data: Value = copy.json();
    assert_eq!(data["attributes"]["email"], "ana@example.com");
    assert_eq!(
        (data["username"].as_str(), data["status"].as_str()),
        (Some("ana"), Some("CONFIRMED"))
    );
    for secret in ["password", "public_key", "secret\""] {
        assert!(!copy.body.to_lowercase().contains(secret), "{secret}: {}", copy.body);
    }
    for typed in ["", "eve@example.com", "ana"] {
        let fields = [("step", "delete"), ("confirmation", typed)];
        let page = post(&site, &mut browser, "/data", &fields).await.ok();
        assert_eq!(
            alert_of_form(&page.body),
            Some("That is not the name of this account."),
            "{typed}"
        );
    }
    user(&site).await;
    let fields = [("step", "delete"), ("confirmation", " Ana@example.com ")];
    let page = post(&site, &mut browser, "/data", &fields).await.ok();
    assert!(page.body.contains("Your account is deleted"), "{}", page.body);
    assert!(!browser.cookies.contains_key("cognito"));
    let listed = site.call("ListUsers", json!({"UserPoolId": site.at.pool})).await;
    assert_eq!(listed["Users"].as_array().unwrap().len(), 0);
}

/// The page warns as well, below what was wrong.
fn alert_of_form(page: &str) -> Option<&str> {
    between(page, "id=\"error\" role=\"alert\">", "</p>").and_then(|said| between(said, "<span>", "</span>"))
}
