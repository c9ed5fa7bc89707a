//! Clients whose keys are all that they show. Reference: RFC 7523, RFC 7591.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{ClientKey, merged};

use super::{
    AT, CALLBACK, Draft, Hosted, Key,
    assertions::{claims, form, hosted, keyed, refused},
};

/// Who has keys and no secret is no public client, whichever door is asked.
#[tokio::test]
async fn a_client_without_a_secret_is_kept_by_its_keys() {
    let key = ClientKey::es256();
    let (hosted, _) = hosted(&key, json!({})).await;
    let (client, _) = hosted.client(json!({})).await;
    keyed(&hosted, &client, &key).await;
    let hosted = Hosted { client, ..hosted };
    let sign_in = json!({
        "ClientId": hosted.client, "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": "ana", "PASSWORD": "Passw0rd!"},
    });
    let got = hosted.rig.idp(&Key::unknown(), "InitiateAuth", sign_in).await;
    assert!(
        got.status == 400 && got.body.contains("NotAuthorizedException"),
        "{}",
        got.body
    );

    let request = "response_type=code&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcb&scope=openid&state=s";
    let signed = |jti: &str| form(&key.signed(json!({}), &claims(&hosted, jti)));
    let got = hosted
        .post("/oauth2/par", &format!("{}&{request}", signed("1")), None)
        .await;
    assert_eq!(got.status, 201, "{}", got.body);
    let name = got.json()["request_uri"].as_str().unwrap().to_owned();
    let query = format!("client_id={}&request_uri={name}", hosted.client);
    let browser = &mut super::Browser::default();
    hosted.open(browser, &format!("/oauth2/authorize?{query}")).await;
    let got = hosted.signed_in(browser, &query).await;
    let code = super::parameter(got.header("location"), "code").unwrap();
    let trade = format!("grant_type=authorization_code&code={code}&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcb");
    refused(
        &hosted
            .post("/oauth2/token", &format!("{trade}&client_id={}", hosted.client), None)
            .await,
        "its name",
    );
    let tokens = hosted
        .post("/oauth2/token", &format!("{trade}&{}", signed("2")), None)
        .await
        .ok()
        .json();
    let refresh = format!(
        "grant_type=refresh_token&refresh_token={}",
        tokens["refresh_token"].as_str().unwrap()
    );
    refused(
        &hosted
            .post("/oauth2/token", &format!("{refresh}&client_id={}", hosted.client), None)
            .await,
        "its name",
    );
    hosted
        .post("/oauth2/token", &format!("{refresh}&{}", signed("3")), None)
        .await
        .ok();
    hosted.rig.world.advance(Duration::from_secs(3600));
    hosted
        .post("/oauth2/token", &format!("{refresh}&{}", signed("4")), None)
        .await
        .ok();
}

#[tokio::test]
async fn a_client_registers_its_keys() {
    let key = ClientKey::es256();
    let open = json!({"DcrConfiguration": {"OpenDcrEnabled": true}});
    let hosted = Hosted::with(
        json!({"poolhouse:private-key-jwt": "on", "poolhouse:dpop": "on"}),
        open.clone(),
    )
    .await;
    let register = async |hosted: &Hosted, more: Value| {
        let usual = json!({"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "private_key_jwt"});
        let draft = Draft::new("POST", &format!("{AT}/oauth2/register"))
            .header("content-type", "application/json")
            .with_body(&merged(usual, more).to_string());
        hosted.rig.send(draft).await
    };
    let set = json!({"keys": [key.jwk()]});
    let got = register(&hosted, json!({"jwks": set, "dpop_bound_access_tokens": true})).await;
    assert_eq!(got.status, 201, "{}", got.body);
    let is = got.json();
    assert_eq!(
        (
            &is["token_endpoint_auth_method"],
            &is["jwks"],
            &is["dpop_bound_access_tokens"],
            is.get("client_secret")
        ),
        (&json!("private_key_jwt"), &set, &json!(true), None)
    );
    let client = is["client_id"].as_str().unwrap().to_owned();
    // An administrator's change leaves them.
    let change = json!({
        "UserPoolId": hosted.pool, "ClientId": client, "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid"], "CallbackURLs": [CALLBACK],
    });
    hosted.call("UpdateUserPoolClient", change).await;
    let hosted = Hosted { client, ..hosted };
    let trade = "grant_type=authorization_code&code=x&redirect_uri=x";
    refused(
        &hosted
            .post("/oauth2/token", &format!("{trade}&client_id={}", hosted.client), None)
            .await,
        "its name",
    );
    let shown = format!("{trade}&{}", form(&key.signed(json!({}), &claims(&hosted, "1"))));
    let got = hosted.post("/oauth2/token", &shown, None).await;
    assert_eq!(
        got.json()["error"],
        "invalid_dpop_proof",
        "it is the client, and has no proof: {}",
        got.body
    );

    let mut private = key.jwk();
    private["d"] = json!("AA");
    for metadata in [
        json!({}),
        json!({"jwks": {"keys": []}}),
        json!({"jwks": {"keys": [private]}}),
        json!({"jwks": {"keys": [{"kty": "oct", "k": "AA"}]}}),
        json!({"jwks": []}),
        json!({"jwks": set, "jwks_uri": "https://app.example.com/jwks"}),
        json!({"jwks_uri": "ftp://app.example.com/jwks"}),
        json!({"jwks_uri": 1}),
        json!({"jwks": set, "dpop_bound_access_tokens": "yes"}),
    ] {
        let got = register(&hosted, metadata.clone()).await;
        assert_eq!(
            (got.status, &got.json()["error"]),
            (400, &json!("invalid_client_metadata")),
            "{metadata}"
        );
    }
    let off = Hosted::with(json!({}), open).await;
    assert_eq!(register(&off, json!({"jwks": set})).await.status, 400, "it is off");
}
