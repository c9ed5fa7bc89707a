//! What a pool's domain says of back-channel logout, and when a session ends there. Reference: OpenID Connect Back-Channel Logout 1.0.

use kernel::Cx;
use serde_json::json;

use super::{Browser, Hosted, parameter};

/// Nobody listens there: who is told is seen by what is due.
const URI: &str = "http://127.0.0.1:9/backchannel";

async fn hosted() -> Hosted {
    let hosted = Hosted::with(json!({}), json!({})).await;
    let tags = json!({(format!("poolhouse:backchannel-logout:{}", hosted.client)): URI});
    let settings = json!({"UserPoolId": hosted.pool, "UserPoolTags": tags});
    hosted.call("UpdateUserPool", settings).await;
    hosted
}

async fn is_due(hosted: &Hosted) -> bool {
    let cx = Cx::internal(&hosted.rig.world.env, "");
    hosted
        .rig
        .app
        .user_pools
        .until_next_logout(&cx)
        .await
        .unwrap()
        .is_some()
}

async fn signed_in(hosted: &Hosted, browser: &mut Browser) {
    let got = hosted.signed_in(browser, &hosted.query("")).await;
    let code = parameter(got.header("location"), "code").unwrap();
    let form = format!(
        "grant_type=authorization_code&client_id={}&code={code}&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcb",
        hosted.client
    );
    hosted.post("/oauth2/token", &form, None).await.ok();
}

#[tokio::test]
async fn both_dialects_of_logout_end_a_session() {
    for name in ["logout_uri", "post_logout_redirect_uri"] {
        let hosted = hosted().await;
        let settings = json!({
            "UserPoolId": hosted.pool, "ClientId": hosted.client, "AllowedOAuthFlowsUserPoolClient": true,
            "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid"], "CallbackURLs": [super::CALLBACK],
            "LogoutURLs": ["https://app.example.com/bye"],
        });
        hosted.call("UpdateUserPoolClient", settings).await;
        let (browser, other) = (&mut Browser::default(), &mut Browser::default());
        signed_in(&hosted, browser).await;
        signed_in(&hosted, other).await;
        assert!(!is_due(&hosted).await);
        let query = format!("client_id={}&{name}=https%3A%2F%2Fapp.example.com%2Fbye", hosted.client);
        let got = hosted.open(browser, &format!("/logout?{query}")).await;
        assert_eq!(got.header("location"), "https://app.example.com/bye", "{}", got.body);
        assert!(is_due(&hosted).await);
    }
}

#[tokio::test]
async fn discovery_says_so_where_it_is_on() {
    let names = ["backchannel_logout_supported", "backchannel_logout_session_supported"];
    let document = hosted().await.discovered().await;
    assert!(names.iter().all(|name| document[*name] == true), "{document}");
    let document = Hosted::with(json!({}), json!({})).await.discovered().await;
    assert!(names.iter().all(|name| document.get(*name).is_none()));
}
