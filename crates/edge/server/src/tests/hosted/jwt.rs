//! Tokens that are none, at the userInfo endpoint. Reference: oauth-and-federation 17.2.

use std::time::Duration;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::{Draft, Got, Site, parameter, site::sign_in};

fn part(value: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(value.to_string())
}

pub(super) fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

fn head(token: &str) -> Value {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap()).unwrap()
}

#[track_caller]
fn is_none(got: &Got, of: &str) {
    assert_eq!(
        (got.status, got.text("/error").as_str()),
        (401, "invalid_token"),
        "{of}: {}",
        got.body
    );
    assert!(
        got.header("www-authenticate")
            .starts_with("Bearer error=\"invalid_token\""),
        "{of}"
    );
    assert!(!got.body.contains("ana"), "{of}");
}

/// The public key in the spellings that somebody could take for a shared secret.
fn spellings(key: &Value) -> Vec<Vec<u8>> {
    let n = BASE64_URL_SAFE_NO_PAD.decode(key["n"].as_str().unwrap()).unwrap();
    let hex = "30820122300d06092a864886f70d01010105000382010f003082010a0282010100";
    let prefix = (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap());
    let der: Vec<u8> = prefix.chain(n.clone()).chain([2, 3, 1, 0, 1]).collect();
    let text = base64::prelude::BASE64_STANDARD.encode(&der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----",
        lines.join("\n")
    );
    vec![
        n,
        der,
        format!("{pem}\n").into_bytes(),
        pem.into_bytes(),
        key.to_string().into_bytes(),
        Vec::new(),
    ]
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of forgeries")]
async fn tokens_that_nobody_signed() {
    let site = Site::new().await;
    let tokens = site.tokens().await;
    let token = tokens["access_token"].as_str().unwrap();
    site.user_info(&site.at, token).await.ok();
    let (head, claims) = (head(token), claims(token));
    let signature = token.rsplit('.').next().unwrap();

    let mut forged = Vec::new();
    for alg in ["none", "None", "NONE", "nOnE", "", "HS256", "RS257"] {
        let other = testkit::merged(head.clone(), json!({"alg": alg}));
        for signature in ["", "AA", signature] {
            forged.push(format!("{}.{}.{signature}", part(&other), part(&claims)));
        }
        forged.push(format!("{}.{}", part(&other), part(&claims)));
    }
    let keys = site
        .send(Draft::get(&format!("/{}/.well-known/jwks.json", site.at.pool)))
        .await
        .ok()
        .json();
    for key in keys["keys"].as_array().unwrap() {
        for secret in spellings(key) {
            for alg in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
                let header = Header {
                    kid: key["kid"].as_str().map(str::to_owned),
                    ..Header::new(alg)
                };
                forged.push(jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(&secret)).unwrap());
            }
        }
    }
    for kid in [
        "../../../../dev/null",
        "' OR '1'='1",
        "https://evil.example/key",
        "\0",
        "",
        "|id",
        "file:///dev/null",
    ] {
        let other = testkit::merged(head.clone(), json!({"kid": kid}));
        forged.push(format!("{}.{}.{signature}", part(&other), part(&claims)));
        let header = Header {
            kid: Some(kid.to_owned()),
            ..Header::new(Algorithm::HS256)
        };
        forged.push(jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(b"")).unwrap());
    }
    for more in [
        json!({"jku": "https://evil.example/jwks"}),
        json!({"jwk": {"kty": "oct", "k": ""}}),
        json!({"crit": ["x"]}),
        json!({"x5u": "https://evil.example"}),
    ] {
        forged.push(format!(
            "{}.{}.{signature}",
            part(&testkit::merged(head.clone(), more)),
            part(&claims)
        ));
    }
    for more in [
        json!({"exp": 99_999_999_999_i64}),
        json!({"sub": "other"}),
        json!({"token_use": "id"}),
        json!({"scope": "openid email phone"}),
    ] {
        forged.push(format!(
            "{}.{}.{signature}",
            part(&head),
            part(&testkit::merged(claims.clone(), more))
        ));
    }
    for text in [
        "a",
        "a.b",
        "a.b.c",
        "..",
        "...",
        "a.b.c.d",
        "e30.e30.",
        "\u{ff}",
        token.rsplit_once('.').unwrap().0,
    ] {
        forged.push(text.to_owned());
    }
    for token in forged.iter().filter(|token| token.is_ascii()) {
        is_none(&site.user_info(&site.at, token).await, token);
    }
    assert!(forged.len() > 60);
}

#[tokio::test]
async fn tokens_for_something_else() {
    let machine = json!({
        "GenerateSecret": true, "AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": ["photos/read"],
        "SupportedIdentityProviders": ["COGNITO"],
    });
    let site = Site::new().await;
    let server = json!({
        "UserPoolId": site.at.pool, "Identifier": "photos", "Name": "photos",
        "Scopes": [{"ScopeName": "read", "ScopeDescription": "r"}],
    });
    site.call("CreateResourceServer", server).await;
    let machine = site.app_of(&site.at, machine).await;
    let own = site
        .token(&site.at, &machine, &[("grant_type", "client_credentials")])
        .await
        .ok()
        .text("/access_token");
    is_none(&site.user_info(&site.at, &own).await, "a client's own");

    let tokens = site.tokens().await;
    let (id, access) = (
        tokens["id_token"].as_str().unwrap(),
        tokens["access_token"].as_str().unwrap(),
    );
    is_none(&site.user_info(&site.at, id).await, "an ID token");
    let refresh = tokens["refresh_token"].as_str().unwrap();
    is_none(&site.user_info(&site.at, refresh).await, "a refresh token");

    // Another pool's Ana.
    let elsewhere = site.tenant("elsewhere", json!({})).await;
    is_none(&site.user_info(&elsewhere, access).await, "another pool's");

    // Of the API, which knows no openid.
    let input = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": site.app.id,
        "AuthParameters": {"USERNAME": "ana", "PASSWORD": super::PASSWORD},
    });
    let api = site
        .public("InitiateAuth", input)
        .await
        .ok()
        .text("/AuthenticationResult/AccessToken");
    let got = site.user_info(&site.at, &api).await;
    assert_eq!(
        (got.status, got.text("/error_description").as_str()),
        (401, "Access token does not contain openid scope")
    );

    site.advance(Duration::from_secs(3599));
    site.user_info(&site.at, access).await.ok();
    site.advance(Duration::from_secs(1));
    is_none(&site.user_info(&site.at, access).await, "an expired one");
}

#[tokio::test]
async fn a_token_is_shown_in_one_place() {
    let site = Site::new().await;
    let tokens = site.tokens().await;
    let access = tokens["access_token"].as_str().unwrap();
    for header in [
        access.to_owned(),
        format!("Basic {access}"),
        format!("Bearer{access}"),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        format!("DPoP {access}"),
    ] {
        let draft = Draft::get("/oauth2/userInfo")
            .header("host", &site.at.host)
            .header("authorization", &header);
        let got = site.send(draft).await;
        assert_eq!(
            (got.status, got.text("/error").as_str()),
            (400, "invalid_request"),
            "{header}"
        );
    }
    // What a page could put into a cookie is not looked at.
    let mut browser = site.browser();
    browser.cookies.insert("access_token".to_owned(), access.to_owned());
    assert_eq!(browser.get("/oauth2/userInfo").await.status, 400);
}

/// The implicit flow's tokens are in the browser's hands: what ends the rest ends them.
#[tokio::test]
async fn tokens_of_the_implicit_flow_end_too() {
    let site = Site::new().await;
    let answer = sign_in(&mut site.browser(), &site.app, &[("response_type", "token")]).await;
    assert!(parameter(&answer, "refresh_token").is_none() && parameter(&answer, "code").is_none());
    let access = parameter(&answer, "access_token").unwrap();
    site.user_info(&site.at, &access).await.ok();
    site.on_user(&site.at, "AdminUserGlobalSignOut", "ana").await;
    is_none(&site.user_info(&site.at, &access).await, "signed out");
}
