//! When roles were last used. Reference: identity-pools-iam 3.2.

use std::time::Duration;

use serde_json::{Value, json};

use super::app::{App, identity, trusts_pool};
use crate::Iam;

async fn last_used(app: &App, iam: &Iam) -> Value {
    let cx = app.cx();
    let entry = crate::ops::TABLE.entry("GetRole").unwrap();
    let role = (entry.call)(iam, &cx, json!({"RoleName": "Auth"}))
        .await
        .unwrap()
        .tree();
    role["Role"]["RoleLastUsed"].clone()
}

#[tokio::test]
async fn a_roles_last_use_is_shown_at_once_and_written_later() {
    let app = App::new().await;
    let role = app.role("Auth", json!([trusts_pool()]), None).await;
    let session = app.assume(identity(&role)).await.unwrap();
    assert_eq!(last_used(&app, &app.iam).await, json!({}), "assumed, not used");

    let at = |seconds: i64| json!({"LastUsedDate": seconds, "Region": "us-east-1"});
    let start = app.cx().now().secs();
    app.principal(&session).await;
    assert_eq!(last_used(&app, &app.iam).await, at(start));
    let restarted = app.neighbour();
    assert_eq!(last_used(&app, &restarted).await, json!({}), "not written yet");

    app.iam.write_last_uses().await.unwrap();
    assert_eq!(last_used(&app, &restarted).await, at(start));
    assert_eq!(last_used(&app, &app.iam).await, at(start));

    app.advance(Duration::from_secs(60));
    app.principal(&session).await;
    // Whoever changes the role meanwhile is not disturbed, and disturbs nobody.
    app.iam("UpdateRole", json!({"RoleName": "Auth", "Description": "d"}))
        .await
        .ok();
    app.iam.write_last_uses().await.unwrap();
    app.iam.write_last_uses().await.unwrap();
    assert_eq!(last_used(&app, &restarted).await, at(start + 60));

    app.principal(&session).await;
    app.iam("DeleteRole", json!({"RoleName": "Auth"})).await.ok();
    app.iam.write_last_uses().await.unwrap();
}
