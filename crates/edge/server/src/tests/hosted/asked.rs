//! What a page does not ask for is not taken. Reference: oauth-and-federation 9.1, 17.3.

use serde_json::json;

use super::{
    Key, PASSWORD, Site,
    browser::{Form, alert},
    parameter,
};

/// A form asks for what the pool requires: nobody gives themselves more.
#[tokio::test]
async fn nobody_signs_up_with_more_than_is_asked_for() {
    let schema = json!([{"Name": "role", "AttributeDataType": "String", "Mutable": true}]);
    let site = Site::with(json!({"Schema": schema}), json!({"GenerateSecret": true})).await;
    let more = [
        ("attribute.custom:role", "admin"),
        ("attribute.email_verified", "true"),
        ("attribute.sub", "x"),
        ("attribute.identities", "[]"),
        ("attribute.nickname", "boss"),
        ("attribute.cognito:user_status", "CONFIRMED"),
    ];
    for (at, one) in more.into_iter().enumerate() {
        let (name, mail) = (format!("eve{at}"), format!("eve{at}@example.com"));
        let typed = [
            ("username", name.as_str()),
            ("password", PASSWORD),
            ("attribute.email", &mail),
            one,
        ];
        site.by_page("/signup", &typed).await.ok();
        let user = site
            .call("AdminGetUser", json!({"UserPoolId": site.at.pool, "Username": name}))
            .await;
        let attributes = user["UserAttributes"].as_array().unwrap();
        let mut names: Vec<&str> = attributes.iter().map(|one| one["Name"].as_str().unwrap()).collect();
        names.sort_unstable();
        assert!(
            names == ["email", "sub"] || names == ["email", "email_verified", "sub"],
            "{one:?}: {user}"
        );
        let is_verified = attributes
            .iter()
            .any(|one| one["Name"] == "email_verified" && one["Value"] == "true");
        assert!(!is_verified && user["UserStatus"] == "UNCONFIRMED", "{one:?}: {user}");
    }

    // Nor when they are to change their password.
    let user = json!({"UserPoolId": site.at.pool, "Username": "new", "TemporaryPassword": PASSWORD, "MessageAction": "SUPPRESS"});
    site.call("AdminCreateUser", user).await;
    let page = site
        .by_page(
            "/login",
            &[("username", "new"), ("password", PASSWORD), ("step", "password")],
        )
        .await;
    let session = Form::of(&page.body)
        .fields
        .into_iter()
        .find(|(name, _)| name == "session")
        .unwrap()
        .1;
    let new = "An0ther-pass!";
    let mut typed = vec![
        ("username", "new"),
        ("session", &session),
        ("step", "new_password"),
        ("new_password", new),
        ("new_password_again", new),
    ];
    typed.extend(more);
    let got = site.by_page("/login", &typed).await;
    assert!(
        parameter(&got, "code").is_some(),
        "{} {:?}",
        got.status,
        alert(&got.body)
    );
    let user = site
        .call("AdminGetUser", json!({"UserPoolId": site.at.pool, "Username": "new"}))
        .await;
    assert!(
        !user.to_string().contains("admin") && !user.to_string().contains("boss"),
        "{user}"
    );
    // What was answered is answered.
    let again = site.by_page("/login", &typed).await;
    assert_eq!(again.header("location"), "");
}

#[tokio::test]
async fn nobody_signs_up_where_an_administrator_does_it() {
    let site = Site::with(
        json!({"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true}}),
        json!({}),
    )
    .await;
    let typed = [
        ("username", "eve"),
        ("password", PASSWORD),
        ("attribute.email", "eve@example.com"),
    ];
    assert_eq!(site.by_page("/signup", &typed).await.status, 403);
    let got = site
        .idp(
            &Key::unknown(),
            "AdminGetUser",
            json!({"UserPoolId": site.at.pool, "Username": "eve"}),
        )
        .await;
    assert_eq!(got.status, 400);
}

/// Addresses are kept in histories and logs: nobody signs in by one.
#[tokio::test]
async fn what_an_address_says_signs_nobody_in() {
    let site = Site::new().await;
    let query = site
        .app
        .request(&[("username", "ana"), ("password", PASSWORD), ("step", "password")]);
    let mut browser = site.browser();
    let page = browser.get(&format!("/login?{query}")).await.ok();
    assert!(!browser.cookies.contains_key("cognito"));
    assert!(Form::of(&page.body).fields.iter().all(|(_, value)| value != PASSWORD));
    let csrf = browser.cookies["XSRF-TOKEN"].clone();
    let got = browser
        .post(&format!("/login?{query}"), &[("_csrf", csrf.as_str())])
        .await;
    assert!(got.header("location").is_empty() && !browser.cookies.contains_key("cognito"));
}

/// Below the plan that steps up, nothing of it is read.
#[tokio::test]
async fn what_a_lite_pool_does_not_know_it_overlooks() {
    let site = Site::with(json!({}), json!({})).await;
    for (tier, heard) in [("ESSENTIALS", true), ("LITE", false)] {
        let classic = json!({"UserPoolId": site.at.pool, "Domain": "app", "ManagedLoginVersion": 1});
        site.call("UpdateUserPoolDomain", classic).await;
        let plan = json!({"UserPoolId": site.at.pool, "UserPoolTier": tier, "AutoVerifiedAttributes": ["email"]});
        site.call("UpdateUserPool", plan).await;
        let query = site.app.request(&[("max_age", "soon"), ("acr_values", "x")]);
        let got = site.browser().get(&format!("/oauth2/authorize?{query}")).await;
        let error = parameter(&got, "error");
        assert_eq!(
            error.as_deref() == Some("invalid_request"),
            heard,
            "{tier} {}",
            got.header("location")
        );
    }
}
