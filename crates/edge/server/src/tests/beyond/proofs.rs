//! Tokens that are bound to a key. Reference: RFC 9449.

use std::sync::Arc;

use serde_json::{Value, json};
use testkit::{ClientKey, merged};

use super::{AT, Browser, Draft, Got, Hosted, Key, address, parameter};

pub(super) const TOKEN: &str = "/oauth2/token";
const USER_INFO: &str = "/oauth2/userInfo";

pub(super) async fn hosted(tags: Value) -> Hosted {
    let tags = merged(
        json!({"poolhouse:dpop": "on", "poolhouse:introspection": "on", "poolhouse:par": "on"}),
        tags,
    );
    Hosted::with(tags, json!({})).await
}

pub(super) fn claims(hosted: &Hosted, path: &str, jti: &str) -> Value {
    json!({"htm": "POST", "htu": address(path), "iat": hosted.wall(), "jti": jti})
}

pub(super) fn at_token(hosted: &Hosted, key: &ClientKey, jti: &str) -> String {
    key.proof(&claims(hosted, TOKEN, jti))
}

/// For the token, to be shown by GET.
pub(super) fn at_user_info(hosted: &Hosted, key: &ClientKey, token: &str, changed: Value) -> String {
    let usual = json!({"htm": "GET", "ath": kernel_hash(token)});
    let usual = merged(claims(hosted, USER_INFO, "u"), usual);
    key.proof(&merged(usual, changed))
}

fn kernel_hash(token: &str) -> String {
    use base64::Engine as _;
    base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(vault::sha256(token.as_bytes()))
}

pub(super) fn said(token: &str) -> Value {
    use base64::Engine as _;
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

pub(super) fn refused(got: &Got, error: &str, what: &str) {
    assert_eq!(
        (got.status, got.json()["error"].clone()),
        (400, json!(error)),
        "{what}: {}",
        got.body
    );
}

/// What trades a code that Ana has signed in for.
pub(super) async fn code(hosted: &Hosted, more: &str) -> String {
    let got = hosted.signed_in(&mut Browser::default(), &hosted.query(more)).await;
    let code = parameter(got.header("location"), "code").unwrap();
    format!(
        "grant_type=authorization_code&client_id={}&code={code}&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcb",
        hosted.client
    )
}

pub(super) fn refresh(hosted: &Hosted, tokens: &Value) -> String {
    let token = tokens["refresh_token"].as_str().unwrap();
    format!(
        "grant_type=refresh_token&client_id={}&refresh_token={token}",
        hosted.client
    )
}

pub(super) async fn user_info(hosted: &Hosted, scheme: &str, token: &str, proof: Option<&str>) -> Got {
    let draft = Draft::get(&format!("{AT}{USER_INFO}")).header("authorization", &format!("{scheme} {token}"));
    let draft = match proof {
        Some(proof) => draft.header("dpop", proof),
        None => draft,
    };
    hosted.rig.send(draft).await
}

const BAD_PROOF: &str = "invalid_dpop_proof";

/// What a code gives that comes with a proof of this key.
pub(super) async fn bound(hosted: &Hosted, key: &ClientKey) -> Value {
    let trade = code(hosted, "").await;
    let proof = at_token(hosted, key, "1");
    let tokens = hosted.post_with(TOKEN, &trade, &[("dpop", &proof)]).await.ok().json();
    assert_eq!(tokens["token_type"], "DPoP");
    tokens
}

/// To which key an access token is bound.
pub(super) fn key_of(tokens: &Value) -> Value {
    said(tokens["access_token"].as_str().unwrap())["cnf"]["jkt"].clone()
}

#[tokio::test]
async fn an_access_token_is_good_with_its_key_alone() {
    let hosted = hosted(json!({})).await;
    let (key, other) = (ClientKey::es256(), ClientKey::ed25519());
    let tokens = bound(&hosted, &key).await;
    let access = tokens["access_token"].as_str().unwrap();
    assert!(key_of(&tokens).is_string());
    assert!(said(tokens["id_token"].as_str().unwrap()).get("cnf").is_none());

    let proof = at_user_info(&hosted, &key, access, json!({}));
    assert_eq!(
        user_info(&hosted, "DPoP", access, Some(&proof)).await.ok().json()["username"],
        "ana"
    );
    let got = user_info(&hosted, "DPoP", access, Some(&proof)).await;
    assert!(
        got.status == 401 && got.header("www-authenticate").contains("invalid_dpop_proof"),
        "shown before"
    );
    let shown = |key: &ClientKey, changed: Value| Some(at_user_info(&hosted, key, access, changed));
    let usual = merged(claims(&hosted, USER_INFO, "c"), json!({"htm": "GET"}));
    let token_endpoint = json!({"htu": address(TOKEN)});
    let bearers = shown(&key, json!({"jti": "a"}));
    for (what, scheme, proof, error) in [
        ("as a bearer's", "Bearer", None, "invalid_token"),
        ("as a bearer's with a proof", "Bearer", bearers, "invalid_token"),
        ("no proof", "DPoP", None, BAD_PROOF),
        (
            "another key",
            "DPoP",
            shown(&other, json!({"jti": "b"})),
            "invalid_token",
        ),
        (
            "another token",
            "DPoP",
            shown(&key, json!({"ath": kernel_hash("x")})),
            BAD_PROOF,
        ),
        ("no token", "DPoP", Some(key.proof(&usual)), BAD_PROOF),
        ("another method", "DPoP", shown(&key, json!({"htm": "POST"})), BAD_PROOF),
        ("another endpoint", "DPoP", shown(&key, token_endpoint), BAD_PROOF),
    ] {
        let got = user_info(&hosted, scheme, access, proof.as_deref()).await;
        let challenge = got.header("www-authenticate");
        assert_eq!(got.status, 401, "{what}");
        assert!(
            challenge.starts_with("DPoP ") && challenge.contains(error) && challenge.contains("ES256"),
            "{what}: {challenge}"
        );
    }
    let posted = hosted.post(USER_INFO, &format!("access_token={access}"), None).await;
    assert_eq!(posted.status, 401, "in a form");
    // The API has no place for a proof.
    let got = hosted
        .rig
        .idp(&Key::unknown(), "GetUser", json!({"AccessToken": access}))
        .await;
    assert!(
        got.status == 400 && got.body.contains("NotAuthorizedException"),
        "{}",
        got.body
    );

    // What it is worth, as an API hears.
    let (asks, secret) = hosted.client(json!({"GenerateSecret": true})).await;
    let form = format!("client_id={asks}&client_secret={secret}&token={access}");
    let told = hosted.post("/oauth2/introspect", &form, None).await.ok().json();
    assert_eq!(told["token_type"], "DPoP");
    assert_eq!(told["cnf"], json!({"jkt": key_of(&tokens)}));
}

#[tokio::test]
async fn a_refresh_token_of_a_public_client_is_good_with_its_key_alone() {
    let hosted = hosted(json!({})).await;
    let (key, other) = (ClientKey::es256(), ClientKey::ed25519());
    let tokens = bound(&hosted, &key).await;
    let again = refresh(&hosted, &tokens);
    refused(
        &hosted.post(TOKEN, &again, None).await,
        "invalid_grant",
        "without a proof",
    );
    let got = hosted
        .post_with(TOKEN, &again, &[("dpop", &at_token(&hosted, &other, "2"))])
        .await;
    refused(&got, "invalid_grant", "with another key");
    let proof = at_token(&hosted, &key, "3");
    let renewed = hosted.post_with(TOKEN, &again, &[("dpop", &proof)]).await.ok().json();
    assert_eq!(renewed["token_type"], "DPoP");
    assert_eq!(key_of(&renewed), key_of(&tokens));
    refused(
        &hosted.post_with(TOKEN, &again, &[("dpop", &proof)]).await,
        "invalid_dpop_proof",
        "shown before",
    );
    let by_api = json!({
        "ClientId": hosted.client, "AuthFlow": "REFRESH_TOKEN_AUTH",
        "AuthParameters": {"REFRESH_TOKEN": tokens["refresh_token"]},
    });
    assert_eq!(
        hosted.rig.idp(&Key::unknown(), "InitiateAuth", by_api).await.status,
        400,
        "by the API"
    );
}

#[tokio::test]
async fn a_proof_is_for_this_call_and_now() {
    let hosted = hosted(json!({})).await;
    let key = ClientKey::es256();
    let trade = code(&hosted, "").await;
    let usual = |jti: &str, changed: Value| merged(claims(&hosted, TOKEN, jti), changed);
    let of = |jti: &str, changed: Value| key.proof(&usual(jti, changed));
    let with = |header: Value| {
        key.signed(
            merged(json!({"typ": "dpop+jwt", "jwk": key.jwk()}), header),
            &usual("h", json!({})),
        )
    };
    let mut private = key.jwk();
    private["d"] = json!("AA");
    let now = hosted.wall();
    for (what, proof) in [
        ("another method", of("a", json!({"htm": "GET"}))),
        ("another endpoint", of("b", json!({"htu": address(USER_INFO)}))),
        (
            "another domain",
            of("c", json!({"htu": address(TOKEN).replace("people", "others")})),
        ),
        (
            "another server",
            of("d", json!({"htu": "https://evil.example/_login/people/oauth2/token"})),
        ),
        (
            "another scheme",
            of("e", json!({"htu": address(TOKEN).replace("http:", "https:")})),
        ),
        ("no address", of("f", json!({"htu": null}))),
        ("old", of("g", json!({"iat": now - 61}))),
        ("to come", of("h", json!({"iat": now + 61}))),
        ("no time", of("i", json!({"iat": null}))),
        ("no jti", of("j", json!({"jti": null}))),
        ("another typ", with(json!({"typ": "JWT"}))),
        ("another's key", with(json!({"jwk": ClientKey::es256().jwk()}))),
        ("a private key", with(json!({"jwk": private}))),
        (
            "a shared key",
            with(json!({"jwk": {"kty": "oct", "k": "AAAA"}, "alg": "HS256"})),
        ),
        ("no key", with(json!({"jwk": null}))),
        ("no signature", with(json!({"alg": "none"}))),
        ("garbage", "x".to_owned()),
        ("long", "A".repeat(9000)),
    ] {
        let got = hosted.post_with(TOKEN, &trade, &[("dpop", &proof)]).await;
        refused(&got, "invalid_dpop_proof", what);
        assert!(got.json()["error_description"].is_string(), "{what}");
    }
    let two = [of("k", json!({})), of("l", json!({}))];
    let got = hosted
        .post_with(TOKEN, &trade, &[("dpop", &two[0]), ("dpop", &two[1])])
        .await;
    refused(&got, "invalid_dpop_proof", "two proofs");
    // None of these cost the code, and an address has more than one spelling.
    let here = of(
        "m",
        json!({"htu": format!("{}?x=1#y", address(TOKEN).replace("http", "HTTP"))}),
    );
    hosted.post_with(TOKEN, &trade, &[("dpop", &here)]).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_refreshes_with_one_proof_one_is_the_first() {
    let hosted = hosted(json!({})).await;
    let key = ClientKey::es256();
    let trade = code(&hosted, "").await;
    let tokens = hosted
        .post_with(TOKEN, &trade, &[("dpop", &at_token(&hosted, &key, "1"))])
        .await
        .ok()
        .json();
    let (again, proof) = (
        Arc::new(refresh(&hosted, &tokens)),
        Arc::new(at_token(&hosted, &key, "2")),
    );
    let hosted = Arc::new(hosted);
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (hosted, again, proof) = (Arc::clone(&hosted), Arc::clone(&again), Arc::clone(&proof));
        all.spawn(async move { hosted.post_with(TOKEN, &again, &[("dpop", &proof)]).await.status });
    }
    let statuses = all.join_all().await;
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        1,
        "{statuses:?}"
    );
}
