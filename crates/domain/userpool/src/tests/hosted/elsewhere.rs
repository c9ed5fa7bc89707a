//! Users who sign in at a provider, on our pages. Reference: oauth-and-federation 6.4, 10.4.

use serde_json::json;

use super::{code, people, place, presented};
use crate::hosted::Start;

#[tokio::test]
async fn neither_the_sign_in_nor_the_recovery_page_lets_them_in() {
    let people = people().await;
    people.set("ana", &[("email_verified", "true")]).await.ok();
    let user =
        json!({"ProviderName": "Cognito", "ProviderAttributeName": "Cognito_Subject", "ProviderAttributeValue": "ana"});
    people
        .admin("AdminDisableProviderForUser", json!({"User": user}))
        .await
        .ok();
    let (place, pools, cx) = (place(&people).await, &people.app.pools, people.app.cx());
    let start = Start::Password {
        username: "ana".to_owned(),
        password: crate::tests::people::PASSWORD.to_owned(),
        step_up: None,
    };
    let refused = Box::pin(pools.begin_at(&cx, &place, start)).await.err().unwrap();
    assert_eq!(refused.message(), "Incorrect username or password.");
    let in_this_state = "User password cannot be reset in the current state.";
    let refused = pools.forgot_at(&cx, &place, "ana").await.unwrap_err();
    assert_eq!(refused.message(), in_this_state);
    let given = ("123456", "An0ther-word");
    let refused = pools.reset_at(&cx, &place, "ana", given).await.unwrap_err();
    assert_eq!(refused.message(), in_this_state);
    assert_eq!(people.app.inbox("ana@example.com").await.len(), 0);
}

#[tokio::test]
async fn user_info_tells_who_they_are_elsewhere() {
    let people = people().await;
    let details = json!({"client_id": "app", "client_secret": "hush", "authorize_scopes": "email"});
    let google = json!({"ProviderName": "Google", "ProviderType": "Google", "ProviderDetails": details});
    people.admin("CreateIdentityProvider", google).await.ok();
    let source =
        json!({"ProviderName": "Google", "ProviderAttributeName": "Cognito_Subject", "ProviderAttributeValue": "G1"});
    let input = json!({
        "DestinationUser": {"ProviderName": "Cognito", "ProviderAttributeValue": "ana"}, "SourceUser": source,
    });
    people.admin("AdminLinkProviderForUser", input).await.ok();
    let shown = people.attribute("ana", "identities").await.unwrap();
    let (place, pools, cx) = (place(&people).await, &people.app.pools, people.app.cx());
    let code = code(&people).await;
    let tokens = pools.trade_code(&cx, &place, presented(&code)).await.unwrap();
    let pool = kernel::PoolId::new(people.pool.as_str());
    let told = pools.user_info(&cx, &pool, (&tokens.access_token, None)).await.unwrap();
    assert_eq!(told.0["identities"], json!(shown));
}
