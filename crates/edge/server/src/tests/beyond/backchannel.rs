//! What a pool's domain says of back-channel logout, and when a session ends there. Reference: OpenID Connect Back-Channel Logout 1.0.

use kernel::Cx;
use serde_json::json;

use super::{
    Browser, CHALLENGE, Hosted, parameter,
    registration::{app, open, register},
};

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

#[tokio::test]
async fn a_client_says_where_it_hears_when_it_registers() {
    let hosted = Hosted::with(json!({"poolhouse:backchannel-logout": "on"}), open()).await;
    assert_eq!(hosted.discovered().await["backchannel_logout_supported"], true);
    let wanted = |uri: &str| testkit::merged(app(), json!({"backchannel_logout_uri": uri}));
    let is = register(&hosted, None, &wanted(URI)).await.json();
    assert_eq!(
        (
            &is["backchannel_logout_uri"],
            &is["backchannel_logout_session_required"]
        ),
        (&json!(URI), &json!(false))
    );
    let session = json!({"backchannel_logout_session_required": true});
    let is = register(&hosted, None, &testkit::merged(wanted(URI), session))
        .await
        .json();
    assert_eq!(is["backchannel_logout_session_required"], true);

    for uri in [
        json!("http://app.example.com/out"),
        json!("https://app.example.com/#x"),
        json!(7),
    ] {
        let metadata = testkit::merged(app(), json!({"backchannel_logout_uri": uri}));
        let got = register(&hosted, None, &metadata).await;
        assert_eq!(
            (got.status, &got.json()["error"]),
            (400, &json!("invalid_client_metadata")),
            "{uri}"
        );
        assert!(got.body.contains("backchannel_logout_uri"), "{}", got.body);
    }
    let number = json!({"backchannel_logout_session_required": 1});
    assert_eq!(
        register(&hosted, None, &testkit::merged(wanted(URI), number))
            .await
            .status,
        400
    );

    let hosted = Hosted {
        client: is["client_id"].as_str().unwrap().to_owned(),
        ..hosted
    };
    let browser = &mut Browser::default();
    let query = hosted.query(&format!("&code_challenge={CHALLENGE}&code_challenge_method=S256"));
    hosted.signed_in(browser, &query).await.ok();
    let got = hosted
        .send(browser, &format!("/login?{query}"), "step=consent&answer=yes")
        .await;
    let code = parameter(got.header("location"), "code").unwrap();
    hosted
        .traded(&hosted.client, &code, "https%3A%2F%2Fapp.example.com%2Fcb")
        .await;
    assert!(!is_due(&hosted).await);
    let ana = json!({"UserPoolId": hosted.pool, "Username": "ana"});
    hosted.call("AdminDisableUser", ana).await;
    assert!(is_due(&hosted).await);
}

#[tokio::test]
async fn what_it_says_is_left_out_where_it_is_off() {
    let hosted = Hosted::with(json!({}), open()).await;
    let metadata = json!({"backchannel_logout_uri": URI, "backchannel_logout_session_required": true});
    let got = register(&hosted, None, &testkit::merged(app(), metadata)).await;
    assert_eq!(got.status, 201);
    assert!(!got.body.contains("backchannel"), "{}", got.body);
}
