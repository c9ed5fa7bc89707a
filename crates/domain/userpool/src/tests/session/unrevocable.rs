//! Sessions of clients without token revocation, whose tokens name no family (3.7). Reference: user-pools 15.2.

use serde_json::json;
use testkit::text;

use crate::tests::people::People;

#[tokio::test]
async fn the_callers_own_session_is_known() {
    let people = People::with_all_flows(json!({}), json!({"EnableTokenRevocation": false})).await;
    people.member("ana", &[]).await;
    let tracking = json!({"UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 5}});
    people.admin("SetUserPoolSessionConfiguration", tracking).await.ok();
    let (other, own) = (people.token("ana").await, people.token("ana").await);
    let listed = async |token: &str| {
        let listed = people.with_token(token, "ListUserSessions", json!({})).await.ok();
        listed["Sessions"].as_array().unwrap().clone()
    };
    let current: Vec<bool> = listed(&own)
        .await
        .iter()
        .map(|s| s["IsCurrentSession"] == true)
        .collect();
    assert_eq!(current, [false, true]);
    let sessions = listed(&own).await;
    let revoke = async |at: usize| {
        let id = json!({"SessionId": text(&sessions[at], "/SessionId")});
        people.with_token(&own, "RevokeUserSession", id).await
    };
    revoke(1).await.refused(
        "InvalidParameterException",
        "The session of the access token cannot be revoked.",
    );
    revoke(0).await.ok();
    assert_eq!(listed(&other).await.len(), 1);
}
