//! The ways to providers that a page shows. Reference: oauth-and-federation 3.2, 9.1, 11.5.

use serde_json::json;

use super::{Abroad, App, Browser, Got, NAME, parameter, state};
use crate::tests::hosted::{
    PASSWORD,
    browser::{Form, alert, attribute, between},
};

/// Where the links to providers lead, and what they say.
fn ways(page: &Got) -> Vec<(String, String)> {
    let links = page.body.split("<a class=\"button provider").skip(1);
    let way = |link: &str| {
        let said = between(link, "<span>", "</span>").unwrap().to_owned();
        (attribute(link, "href").unwrap(), said)
    };
    links.map(way).collect()
}

async fn page(browser: &mut Browser<'_>, app: &App, more: &[(&str, &str)]) -> Got {
    browser.get(&format!("/login?{}", app.request(more))).await.ok()
}

#[tokio::test]
async fn a_page_shows_the_way_to_each_provider_of_the_client() {
    let abroad = Abroad::new().await;
    let google = json!({
        "UserPoolId": abroad.at.pool, "ProviderName": "Google", "ProviderType": "Google",
        "ProviderDetails": {"client_id": "a", "client_secret": "b", "authorize_scopes": "openid email"},
    });
    abroad.call("CreateIdentityProvider", google).await;
    for (providers, has_form) in [
        (json!(["Google", NAME, "COGNITO"]), true),
        (json!(["Google", NAME]), false),
    ] {
        let app = abroad
            .app_of(&abroad.at, json!({ "SupportedIdentityProviders": providers }))
            .await;
        for version in [1, 2] {
            let domain = json!({"UserPoolId": abroad.at.pool, "Domain": "app", "ManagedLoginVersion": version});
            abroad.call("UpdateUserPoolDomain", domain).await;
            let shown = page(&mut abroad.browser(), &app, &[]).await;
            let said: Vec<String> = ways(&shown).into_iter().map(|(_, said)| said).collect();
            assert_eq!(
                said,
                ["Continue with Google", "Continue with Partner"],
                "{}",
                shown.body
            );
            assert_eq!(shown.body.contains("signInFormPassword"), has_form);
        }
    }
}

#[tokio::test]
async fn a_link_leads_to_the_provider_with_the_apps_request() {
    let abroad = Abroad::new().await;
    let browser = &mut abroad.browser();
    let first = page(browser, &abroad.app, &[("prompt", "select_account")]).await;
    let shown = ways(&first);
    let [(href, said)] = shown.as_slice() else {
        panic!("{shown:?}");
    };
    assert_eq!(said, "Continue with Partner");
    let got = browser.get(href).await;
    let asked = abroad.idp.asked(got.header("location"));
    assert_eq!(asked.get("prompt"), Some("select_account"));
    assert!(!state(&asked).is_empty() && first.body.contains("signInFormPassword"));
    // Whoever is to sign in by the pool sees no other way.
    let own = page(browser, &abroad.app, &[("identity_provider", "COGNITO")]).await;
    assert!(ways(&own).is_empty() && own.body.contains("signInFormPassword"));
}

#[tokio::test]
async fn who_has_one_provider_alone_goes_straight_to_it() {
    let abroad = Abroad::with(json!({}), &[NAME]).await;
    let browser = &mut abroad.browser();
    for path in ["/oauth2/authorize", "/login"] {
        let got = browser.get(&format!("{path}?{}", abroad.app.request(&[]))).await;
        abroad.idp.asked(got.header("location"));
    }
    let got = browser
        .get(&format!(
            "/oauth2/authorize?{}",
            abroad.app.request(&[("prompt", "none")])
        ))
        .await;
    assert_eq!(super::told(&got), "error=login_required&state=a-state");
}

/// A client that takes nobody of the pool takes no password, whoever sends the form.
#[tokio::test]
async fn a_password_is_worth_nothing_where_providers_alone_are_asked() {
    let abroad = Abroad::with(json!({}), &[NAME]).await;
    let query = abroad.app.request(&[]);
    let typed = [("username", "ana"), ("password", PASSWORD)];
    for path in [
        "/login",
        "/signup",
        "/forgotPassword",
        "/confirmforgotPassword",
        "/confirm",
    ] {
        let browser = &mut abroad.browser();
        browser.get(&format!("/login?{query}")).await;
        let csrf = browser.cookies["XSRF-TOKEN"].clone();
        let fields: Vec<_> = [("_csrf", csrf.as_str())].into_iter().chain(typed).collect();
        let got = browser.post(&format!("{path}?{query}"), &fields).await;
        match path {
            "/login" => assert_eq!(got.status, 400, "{}", got.body),
            _ => assert_eq!(
                (got.status, got.header("location")),
                (302, format!("/login?{query}").as_str())
            ),
        }
        assert!(!browser.cookies.contains_key("cognito"));
    }
    // So is it where the app wants a provider, though the client takes both.
    let both = Abroad::new().await;
    let browser = &mut both.browser();
    let form = page(browser, &both.app, &[]).await;
    let query = both.app.request(&[("identity_provider", NAME)]);
    let fields = Form::of(&form.body).with(&typed);
    let got = browser.post(&format!("/login?{query}"), &fields).await;
    assert_eq!((got.status, browser.cookies.contains_key("cognito")), (400, false));
}

#[tokio::test]
async fn an_address_leads_to_its_provider() {
    let abroad = Abroad::new().await;
    let named = json!({
        "UserPoolId": abroad.at.pool, "ProviderName": NAME, "IdpIdentifiers": ["Partner.example", "partner"],
    });
    abroad.call("UpdateIdentityProvider", named).await;
    let browser = &mut abroad.browser();
    let first = page(browser, &abroad.app, &[]).await;
    assert!(first.body.contains("corporateEmail"), "{}", first.body);
    let form = first.body.rsplit_once("<form").unwrap().1;
    let form = Form::of(&format!("<form{form}"));
    let unknown = browser
        .post(&form.action, &form.with(&[("email", "ana@nobody.example")]))
        .await
        .ok();
    assert_eq!(
        alert(&unknown.body),
        Some("Nobody signs in here with an email address of this domain.")
    );
    let on = browser
        .post(&form.action, &form.with(&[("email", " ana@PARTNER.example ")]))
        .await
        .ok();
    let to = between(&on.body, "content=\"0;url=", "\"")
        .unwrap()
        .replace("&amp;", "&");
    let got = browser.get(&to).await;
    let asked = abroad.idp.asked(got.header("location"));
    assert_eq!(asked.get("login_hint"), Some("ana@PARTNER.example"));
    // An app may say the same, to the letter.
    for (identifier, is_known) in [("partner", true), ("Partner.example", true), ("PARTNER", false)] {
        let query = abroad.app.request(&[("idp_identifier", identifier)]);
        let got = browser.get(&format!("/oauth2/authorize?{query}")).await;
        assert_eq!(parameter(&got, "code_challenge").is_some(), is_known, "{identifier}");
    }
}
