//! What is bound to a key, and what it becomes. Reference: RFC 9449.

use std::time::Duration;

use serde_json::json;
use testkit::{ClientKey, merged};

use super::{
    Browser, CALLBACK, Hosted, Key, parameter,
    proofs::{TOKEN, at_token, at_user_info, bound, claims, code, hosted, key_of, refresh, refused, said, user_info},
};

#[tokio::test]
async fn a_code_is_bound_before_it_is_given() {
    let hosted = hosted(json!({})).await;
    let (key, other) = (ClientKey::es256(), ClientKey::es256());
    let jkt = key_of(&bound(&hosted, &key).await);
    let trade = code(&hosted, &format!("&dpop_jkt={}", jkt.as_str().unwrap())).await;
    refused(&hosted.post(TOKEN, &trade, None).await, "invalid_grant", "no proof");
    let got = hosted
        .post_with(TOKEN, &trade, &[("dpop", &at_token(&hosted, &other, "1"))])
        .await;
    refused(&got, "invalid_grant", "another key");
    hosted
        .post_with(TOKEN, &trade, &[("dpop", &at_token(&hosted, &key, "2"))])
        .await
        .ok();
    let got = hosted
        .open(
            &mut Browser::default(),
            &format!("/oauth2/authorize?{}", hosted.query("&dpop_jkt=short")),
        )
        .await;
    assert!(
        got.header("location").contains("error=invalid_request"),
        "{}",
        got.header("location")
    );
}

#[tokio::test]
async fn a_pushed_request_is_bound_by_the_proof_that_it_came_with() {
    let hosted = hosted(json!({})).await;
    let (key, other) = (ClientKey::es256(), ClientKey::es256());
    let jkt = key_of(&bound(&hosted, &key).await);
    let (client, secret) = hosted.client(json!({"GenerateSecret": true})).await;
    let hosted = Hosted { client, ..hosted };
    let request = format!(
        "client_id={}&client_secret={secret}&response_type=code&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcb&scope=openid&state=s",
        hosted.client
    );
    let at_par = |key: &ClientKey, jti: &str| key.proof(&claims(&hosted, "/oauth2/par", jti));
    let got = hosted
        .post_with(
            "/oauth2/par",
            &format!("{request}&dpop_jkt={}", jkt.as_str().unwrap()),
            &[("dpop", &at_par(&other, "3"))],
        )
        .await;
    refused(&got, "invalid_dpop_proof", "two keys");
    let proof = at_par(&key, "4");
    let got = hosted.post_with("/oauth2/par", &request, &[("dpop", &proof)]).await;
    assert_eq!(got.status, 201, "{}", got.body);
    refused(
        &hosted.post_with("/oauth2/par", &request, &[("dpop", &proof)]).await,
        "invalid_dpop_proof",
        "shown before",
    );
    let name = got.json()["request_uri"].as_str().unwrap().to_owned();
    let query = format!("client_id={}&request_uri={name}", hosted.client);
    let browser = &mut Browser::default();
    hosted.open(browser, &format!("/oauth2/authorize?{query}")).await;
    let got = hosted.signed_in(browser, &query).await;
    let code = parameter(got.header("location"), "code").unwrap();
    let trade = format!(
        "grant_type=authorization_code&client_id={}&client_secret={secret}&code={code}&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcb",
        hosted.client
    );
    let got = hosted
        .post_with(TOKEN, &trade, &[("dpop", &at_token(&hosted, &other, "5"))])
        .await;
    refused(&got, "invalid_grant", "another key");
    let tokens = hosted
        .post_with(TOKEN, &trade, &[("dpop", &at_token(&hosted, &key, "6"))])
        .await
        .ok()
        .json();
    // Who has shown its secret may change its key.
    let again = format!("{}&client_secret={secret}", refresh(&hosted, &tokens));
    let renewed = hosted
        .post_with(TOKEN, &again, &[("dpop", &at_token(&hosted, &other, "7"))])
        .await
        .ok()
        .json();
    assert_ne!(key_of(&renewed), key_of(&tokens));
    assert_eq!(
        hosted.post(TOKEN, &again, None).await.ok().json()["token_type"],
        "Bearer"
    );
}

#[tokio::test]
async fn where_it_is_required_nobody_gets_other_tokens() {
    let hosted = hosted(json!({"poolhouse:dpop": "required"})).await;
    let trade = code(&hosted, "").await;
    refused(
        &hosted.post(TOKEN, &trade, None).await,
        "invalid_dpop_proof",
        "no proof",
    );
    let query = hosted.query("").replace("response_type=code", "response_type=token");
    let got = hosted
        .open(&mut Browser::default(), &format!("/oauth2/authorize?{query}"))
        .await;
    assert!(
        got.header("location").contains("error=unauthorized_client"),
        "{}",
        got.header("location")
    );
    let key = ClientKey::es256();
    hosted
        .post_with(TOKEN, &trade, &[("dpop", &at_token(&hosted, &key, "1"))])
        .await
        .ok();
    let document = hosted.discovered().await;
    assert!(
        document["dpop_signing_alg_values_supported"]
            .as_array()
            .unwrap()
            .contains(&json!("ES256"))
    );
}

#[tokio::test]
async fn a_proof_repeats_what_it_was_given() {
    let hosted = hosted(json!({"poolhouse:dpop-nonce": "required"})).await;
    let key = ClientKey::es256();
    let trade = code(&hosted, "").await;
    let got = hosted
        .post_with(TOKEN, &trade, &[("dpop", &at_token(&hosted, &key, "1"))])
        .await;
    refused(&got, "use_dpop_nonce", "no nonce");
    assert!(got.header("access-control-expose-headers").contains("dpop-nonce"));
    let nonce = got.header("dpop-nonce").to_owned();
    let of = |jti: &str, nonce: &str| key.proof(&merged(claims(&hosted, TOKEN, jti), json!({"nonce": nonce})));
    let got = hosted.post_with(TOKEN, &trade, &[("dpop", &of("2", "made-up"))]).await;
    refused(&got, "use_dpop_nonce", "made up");
    let tokens = hosted
        .post_with(TOKEN, &trade, &[("dpop", &of("3", &nonce))])
        .await
        .ok();
    let next = tokens.header("dpop-nonce").to_owned();
    let tokens = tokens.json();
    let again = refresh(&hosted, &tokens);
    hosted.rig.world.advance(Duration::from_secs(299));
    hosted.post_with(TOKEN, &again, &[("dpop", &of("4", &next))]).await.ok();
    hosted.rig.world.advance(Duration::from_secs(1));
    refused(
        &hosted.post_with(TOKEN, &again, &[("dpop", &of("5", &next))]).await,
        "use_dpop_nonce",
        "old",
    );

    let access = tokens["access_token"].as_str().unwrap();
    let got = user_info(
        &hosted,
        "DPoP",
        access,
        Some(&at_user_info(&hosted, &key, access, json!({"jti": "6"}))),
    )
    .await;
    assert!(got.status == 401 && got.header("www-authenticate").contains("use_dpop_nonce"));
    let nonce = got.header("dpop-nonce").to_owned();
    let proof = at_user_info(&hosted, &key, access, json!({"jti": "7", "nonce": nonce}));
    user_info(&hosted, "DPoP", access, Some(&proof)).await.ok();
}

/// Of a pool that has it off the header is nothing, and no token is bound.
#[tokio::test]
async fn where_it_is_off_a_proof_is_overlooked() {
    let hosted = Hosted::with(json!({}), json!({})).await;
    let trade = code(&hosted, "&dpop_jkt=short").await;
    let got = hosted.post_with(TOKEN, &trade, &[("dpop", "x")]).await.ok();
    assert_eq!(
        (got.json()["token_type"].clone(), got.header("dpop-nonce")),
        (json!("Bearer"), "")
    );
    let tokens = got.json();
    let access = tokens["access_token"].as_str().unwrap();
    user_info(&hosted, "Bearer", access, None).await.ok();
    let proof = at_user_info(&hosted, &ClientKey::es256(), access, json!({}));
    assert_eq!(
        user_info(&hosted, "DPoP", access, Some(&proof)).await.status,
        400,
        "there is no such scheme"
    );
}

#[tokio::test]
async fn what_is_made_of_a_bound_token_is_bound_to_the_same_key() {
    let hosted = hosted(json!({})).await;
    let (key, other) = (ClientKey::es256(), ClientKey::es256());
    let trade = code(&hosted, "").await;
    let tokens = hosted
        .post_with(TOKEN, &trade, &[("dpop", &at_token(&hosted, &key, "1"))])
        .await
        .ok()
        .json();
    let (client, secret) = hosted
        .client(json!({
            "GenerateSecret": true, "ExplicitAuthFlows": ["ALLOW_TOKEN_EXCHANGE_IMPERSONATION"], "CallbackURLs": [CALLBACK],
        }))
        .await;
    let access = tokens["access_token"].as_str().unwrap();
    let exchange = format!(
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&client_id={client}&client_secret={secret}&subject_token={access}&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token"
    );
    assert_eq!(hosted.post(TOKEN, &exchange, None).await.status, 400, "no proof");
    let got = hosted
        .post_with(TOKEN, &exchange, &[("dpop", &at_token(&hosted, &other, "2"))])
        .await;
    assert_eq!(got.status, 400, "another key");
    let made = hosted
        .post_with(TOKEN, &exchange, &[("dpop", &at_token(&hosted, &key, "3"))])
        .await
        .ok()
        .json();
    assert_eq!(made["token_type"], "DPoP");
    let (made, own) = (said(made["access_token"].as_str().unwrap()), said(access));
    assert_eq!(made["cnf"], own["cnf"]);
    let by_api = json!({
        "ClientId": client, "ClientSecret": secret, "SubjectToken": access, "SubjectTokenType": "ACCESS_TOKEN",
    });
    assert_eq!(
        hosted.rig.idp(&Key::unknown(), "GetDerivedToken", by_api).await.status,
        400,
        "by the API"
    );
}
