//! Tokens that somebody else signed, and says by what key they are to be verified. Reference: oauth-and-federation 17.2; RFC 7515 section 4.1.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::{Browser, Draft, Site, encoded, parameter, site::code};

/// An RSA key of 2048 bits that comes to no pool of these tests: the last one of the spare ones, as PKCS #8.
const KEY: &[u8] = include_bytes!("../../../../../../testkit/data/signing-key-8.der");

/// The key itself, as PKCS #1, and its modulus.
fn key() -> (EncodingKey, String) {
    let inner = &KEY[26..];
    (
        EncodingKey::from_rsa_der(inner),
        BASE64_URL_SAFE_NO_PAD.encode(&inner[12..268]),
    )
}

fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

/// What the token says, signed by the stranger, with every header that leads to a key.
fn forged(token: &str, change: &Value) -> Vec<String> {
    let head = token.split('.').next().unwrap();
    let head: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(head).unwrap()).unwrap();
    let claims = testkit::merged(claims(token), change.clone());
    let (key, modulus) = key();
    let jwk = json!({"kty": "RSA", "alg": "RS256", "use": "sig", "kid": head["kid"], "n": modulus, "e": "AQAB"});
    let mores = [
        json!({}),
        json!({"jwk": jwk}),
        json!({"jwk": jwk, "kid": "stranger"}),
        json!({"jku": "https://evil.example/jwks.json"}),
        json!({"jku": "https://evil.example/jwks.json", "kid": "stranger"}),
        json!({"x5u": "https://evil.example/chain.pem"}),
        json!({"x5c": ["MIIC"]}),
        json!({"jwk": jwk, "crit": ["jwk"]}),
    ];
    let signed = mores.map(|more| {
        let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(&testkit::merged(head.clone(), more)), part(&claims));
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::RS256).unwrap();
        format!("{message}.{signature}")
    });
    // By the library too, so that a slip above can't be why they are refused.
    let header = Header {
        kid: head["kid"].as_str().map(str::to_owned),
        ..Header::new(Algorithm::RS256)
    };
    signed
        .into_iter()
        .chain([jsonwebtoken::encode(&header, &claims, &key).unwrap()])
        .collect()
}

#[tokio::test]
async fn a_strangers_key_is_worth_nothing_anywhere() {
    let tags = json!({"UserPoolTags": {"poolhouse:introspection": "on"}});
    let site = Site::with(tags, json!({})).await;
    let settings = json!({"GenerateSecret": true, "ExplicitAuthFlows": ["ALLOW_TOKEN_EXCHANGE_IMPERSONATION"]});
    let server = site.app_of(&site.at, settings).await;
    let mut browser = site.browser();
    let code = code(&mut browser, &site.app, &[]).await;
    let tokens = site.trade(&site.at, &site.app, &code).await.ok().json();
    let (access, id) = (
        tokens["access_token"].as_str().unwrap(),
        tokens["id_token"].as_str().unwrap(),
    );
    let exchange = async |token: &str| {
        let pairs = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            ("subject_token", token),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
        ];
        site.token(&site.at, &server, &pairs).await
    };
    let introspect = async |token: &str| {
        let told = site
            .form(
                &site.at,
                "/oauth2/introspect",
                Some(&server.basic()),
                &[("token", token)],
            )
            .await;
        told.ok().json()["active"] == true
    };
    // The right ones are good for each.
    site.user_info(&site.at, access).await.ok();
    assert!(introspect(access).await);
    exchange(access).await.ok();

    // `nbf` is never ours: what says that it is not good yet is no token either.
    for change in [
        json!({}),
        json!({"nbf": 99_999_999_999_i64}),
        json!({"nbf": 0, "exp": 99_999_999_999_i64}),
    ] {
        for token in forged(access, &change) {
            assert_eq!(site.user_info(&site.at, &token).await.status, 401, "{token}");
            assert!(!introspect(&token).await, "{token}");
            let got = exchange(&token).await;
            assert_eq!(
                (got.status, got.text("/error").as_str()),
                (400, "invalid_request"),
                "{token}: {}",
                got.body
            );
            let got = site.public("GetUser", json!({"AccessToken": token})).await;
            assert_eq!(
                (got.status, got.text("/__type").as_str()),
                (400, "NotAuthorizedException")
            );
        }
        for hint in forged(id, &change) {
            let query = encoded(&[
                ("id_token_hint", hint.as_str()),
                ("post_logout_redirect_uri", super::LOGOUT),
            ]);
            let got = browser.get(&format!("/logout?{query}")).await;
            assert_eq!((got.status, got.header("location")), (400, ""));
        }
    }
    still_in(&mut browser, &site).await;
}

async fn still_in(browser: &mut Browser<'_>, site: &Site) {
    let got = browser
        .get(&format!(
            "/oauth2/authorize?{}",
            site.app.request(&[("prompt", "none")])
        ))
        .await;
    assert!(parameter(&got, "code").is_some());
}

/// Nor is a token of another place taken because of where it is shown.
#[tokio::test]
async fn a_token_is_shown_at_its_own_pool() {
    let site = Site::new().await;
    let elsewhere = site.tenant("elsewhere", json!({})).await;
    let tokens = site.tokens().await;
    let id = tokens["id_token"].as_str().unwrap();
    let query = encoded(&[("id_token_hint", id), ("post_logout_redirect_uri", super::LOGOUT)]);
    let draft = Draft::get(&format!("/logout?{query}"));
    let got = site.send(draft.header("host", &elsewhere.host)).await;
    assert_eq!((got.status, got.header("location")), (400, ""));
}
