//! What somebody who came from a provider finds at their account, and at other clients. docs/account-page.md

use serde_json::json;

use super::{Abroad, NAME};
use crate::tests::hosted::site::PASSWORD;

/// A provider may send somebody back without asking them anything.
const FRESH: [&str; 6] = ["email", "phone", "password", "factors", "providers", "data"];

#[tokio::test]
async fn a_providers_word_is_no_new_sign_in() {
    let abroad = Abroad::new().await;
    let browser = &mut abroad.browser();
    let asked = abroad.leave(browser, &[]).await;
    abroad.arrive(browser, &asked).await;
    let client = format!("client_id={}", abroad.app.id);
    browser.get(&format!("/account?{client}")).await.ok();
    for section in FRESH {
        let page = browser.get(&format!("/account/{section}?{client}")).await;
        assert_eq!(page.status, 404, "{section}");
        let sent = format!("/login?{client}&account={section}&identity_provider={NAME}");
        let sent = browser.get(&sent).await;
        assert_eq!((sent.status, sent.header("location")), (400, ""), "{section}");
    }
}

#[tokio::test]
async fn whoever_is_linked_proves_themselves_here() {
    let abroad = Abroad::new().await;
    let destination = json!({"ProviderName": "Cognito", "ProviderAttributeValue": "ana"});
    let source = json!({
        "ProviderName": NAME, "ProviderAttributeName": "Cognito_Subject", "ProviderAttributeValue": "248289761001",
    });
    let input = json!({"UserPoolId": abroad.at.pool, "DestinationUser": destination, "SourceUser": source});
    abroad.call("AdminLinkProviderForUser", input).await;
    let browser = &mut abroad.browser();
    let asked = abroad.leave(browser, &[]).await;
    abroad.arrive(browser, &asked).await;
    let data = format!("/account/data?client_id={}", abroad.app.id);
    let sent = browser.get(&data).await;
    assert_eq!(
        sent.header("location"),
        format!("/login?client_id={}&account=data", abroad.app.id)
    );
    let page = browser.follow(&sent).await.ok();
    assert!(!page.body.contains(NAME), "{}", page.body);
    let back = browser
        .submit(&page, &[("username", "ana"), ("password", PASSWORD)])
        .await;
    assert_eq!(back.header("location"), data, "{}", back.body);
    browser.follow(&back).await.ok();
}

#[tokio::test]
async fn another_clients_page_is_for_whom_it_takes() {
    let abroad = Abroad::new().await;
    let own = json!({"SupportedIdentityProviders": ["COGNITO"]});
    let own = abroad.rig.app_of(&abroad.at, own).await;
    let browser = &mut abroad.browser();
    let asked = abroad.leave(browser, &[]).await;
    abroad.arrive(browser, &asked).await;
    let sent = browser.get(&format!("/account?client_id={}", own.id)).await;
    assert_eq!(
        sent.header("location"),
        format!("/login?client_id={}&account=overview", own.id)
    );
}

#[tokio::test]
async fn who_wants_a_new_sign_in_wants_one_of_the_provider() {
    let abroad = Abroad::new().await;
    let asked = abroad.leave(&mut abroad.browser(), &[("max_age", "60")]).await;
    assert_eq!(asked.get("prompt"), Some("login"));
    let asked = abroad.leave(&mut abroad.browser(), &[]).await;
    assert_eq!(asked.get("prompt"), None);
}
