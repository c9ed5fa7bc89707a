//! What a token is worth, told to APIs. Reference: RFC 7662.

use serde_json::{Value, json};

use super::Hosted;

async fn asked(hosted: &Hosted, who: &(String, String), token: &str) -> Value {
    let form = format!("client_id={}&client_secret={}&token={token}", who.0, who.1);
    hosted.post("/oauth2/introspect", &form, None).await.ok().json()
}

fn text<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().unwrap()
}

async fn hosted() -> (Hosted, (String, String)) {
    let hosted = Hosted::with(json!({"poolhouse:introspection": "on"}), json!({})).await;
    let api = hosted.client(json!({"GenerateSecret": true})).await;
    (hosted, api)
}

#[tokio::test]
async fn an_api_is_told_of_a_live_token() {
    let (hosted, api) = hosted().await;
    let tokens = hosted.tokens().await;
    let told = asked(&hosted, &api, text(&tokens, "access_token")).await;
    for (name, expected) in [
        ("active", json!(true)),
        ("scope", json!("openid")),
        ("client_id", json!(hosted.client)),
        ("username", json!("ana")),
        ("iss", json!(hosted.issuer())),
        ("token_type", json!("Bearer")),
    ] {
        assert_eq!(told[name], expected, "{name}");
    }
    for name in ["sub", "exp", "iat", "jti"] {
        assert!(!told[name].is_null(), "{name}");
    }
    assert!(
        told.get("token_use").is_none() && told.get("origin_jti").is_none(),
        "{told}"
    );
    let document = hosted.discovered().await;
    assert!(
        text(&document, "introspection_endpoint").ends_with("/_login/people.auth.eu-west-1/oauth2/introspect")
            || text(&document, "introspection_endpoint").ends_with("/_login/people/oauth2/introspect")
    );
}

#[tokio::test]
async fn nothing_is_told_of_what_is_over_or_none() {
    let inactive = json!({"active": false});
    let (hosted, api) = hosted().await;
    let tokens = hosted.tokens().await;
    let access = text(&tokens, "access_token").to_owned();
    let refresh = text(&tokens, "refresh_token").to_owned();
    for token in [
        "x",
        "a.b.c",
        "a.b.c.d.e",
        text(&tokens, "id_token"),
        &refresh,
        &access[..access.len() - 2],
    ] {
        assert_eq!(asked(&hosted, &api, token).await, inactive, "{token}");
    }
    let ana = json!({"UserPoolId": hosted.pool, "Username": "ana"});
    hosted.call("AdminDisableUser", ana.clone()).await;
    assert_eq!(asked(&hosted, &api, &access).await, inactive, "disabled");
    hosted.call("AdminEnableUser", ana).await;
    let tokens = hosted.tokens().await;
    let access = text(&tokens, "access_token").to_owned();
    let refresh = text(&tokens, "refresh_token").to_owned();
    assert_eq!(asked(&hosted, &api, &access).await["active"], true);
    let form = format!("client_id={}&token={refresh}", hosted.client);
    hosted.post("/oauth2/revoke", &form, None).await.ok();
    assert_eq!(asked(&hosted, &api, &access).await, inactive, "revoked");

    let tokens = hosted.tokens().await;
    let access = text(&tokens, "access_token");
    assert_eq!(asked(&hosted, &api, access).await["active"], true);
    hosted.rig.world.advance(std::time::Duration::from_secs(3601));
    assert_eq!(asked(&hosted, &api, access).await, inactive, "expired");
}

#[tokio::test]
async fn a_refresh_token_is_told_to_its_client_alone() {
    let (hosted, api) = hosted().await;
    // A confidential client whose users sign in.
    let hosted = Hosted {
        client: api.0.clone(),
        ..hosted
    };
    let query = hosted.query("");
    let got = hosted.signed_in(&mut super::Browser::default(), &query).await;
    let code = super::parameter(got.header("location"), "code").unwrap();
    let form = format!(
        "grant_type=authorization_code&client_id={}&client_secret={}&code={code}&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcb",
        api.0, api.1
    );
    let tokens = hosted.post("/oauth2/token", &form, None).await.ok().json();
    let refresh = text(&tokens, "refresh_token");
    let told = asked(&hosted, &api, refresh).await;
    assert_eq!(
        (&told["active"], &told["client_id"], &told["username"]),
        (&json!(true), &json!(api.0), &json!("ana"))
    );
    let other = hosted.client(json!({"GenerateSecret": true})).await;
    assert_eq!(asked(&hosted, &other, refresh).await, json!({"active": false}));
}

#[tokio::test]
async fn who_asks_has_a_secret() {
    let (hosted, api) = hosted().await;
    let access = hosted.tokens().await["access_token"].as_str().unwrap().to_owned();
    for form in [
        format!("client_id={}&token={access}", hosted.client),
        format!("client_id={}&token={access}", api.0),
        format!("client_id={}&client_secret=wrong&token={access}", api.0),
        format!("token={access}"),
    ] {
        let got = hosted.post("/oauth2/introspect", &form, None).await;
        assert_eq!(
            (got.status, &got.json()["error"]),
            (401, &json!("invalid_client")),
            "{form}"
        );
        assert!(got.header("www-authenticate").starts_with("Basic"), "{form}");
    }
    let bearer = format!("Bearer {access}");
    let got = hosted
        .post("/oauth2/introspect", &format!("token={access}"), Some(&bearer))
        .await;
    assert_eq!(got.status, 401);
    let none = format!("client_id={}&client_secret={}", api.0, api.1);
    let got = hosted.post("/oauth2/introspect", &none, None).await;
    assert_eq!((got.status, &got.json()["error"]), (400, &json!("invalid_request")));
}
