//! Clients that show who they are by what they sign. Reference: RFC 7523; OIDC Core 9.

use std::sync::Arc;

use serde_json::{Value, json};
use testkit::{ClientKey, merged};

use super::{Got, Hosted, Key, address};

/// With a client for itself that has this key.
pub(super) async fn hosted(key: &ClientKey, tags: Value) -> (Hosted, String) {
    let tags = merged(
        json!({"poolhouse:private-key-jwt": "on", "poolhouse:introspection": "on", "poolhouse:par": "on"}),
        tags,
    );
    let hosted = Hosted::with(tags, json!({})).await;
    let server = json!({
        "UserPoolId": hosted.pool, "Identifier": "photos", "Name": "photos",
        "Scopes": [{"ScopeName": "read", "ScopeDescription": "r"}],
    });
    hosted.call("CreateResourceServer", server).await;
    let (client, secret) = hosted
        .client(json!({
            "GenerateSecret": true, "AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": ["photos/read"],
        }))
        .await;
    keyed(&hosted, &client, key).await;
    (Hosted { client, ..hosted }, secret)
}

pub(super) async fn keyed(hosted: &Hosted, client: &str, key: &ClientKey) {
    let name = format!("poolhouse:client-keys:{client}");
    hosted.tag(&name, &key.jwk().to_string()).await.ok();
}

pub(super) fn claims(hosted: &Hosted, jti: &str) -> Value {
    let now = hosted.wall();
    json!({
        "iss": hosted.client, "sub": hosted.client, "aud": hosted.issuer(), "iat": now, "nbf": now, "exp": now + 60, "jti": jti,
    })
}

pub(super) fn form(assertion: &str) -> String {
    format!(
        "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion={assertion}"
    )
}

async fn asked(hosted: &Hosted, assertion: &str, more: &str) -> Got {
    let form = format!("grant_type=client_credentials&{}{more}", form(assertion));
    hosted.post("/oauth2/token", &form, None).await
}

pub(super) fn refused(got: &Got, what: &str) {
    assert_eq!(
        (got.status, got.json()["error"].clone()),
        (400, json!("invalid_client")),
        "{what}: {}",
        got.body
    );
}

#[tokio::test]
async fn an_assertion_is_good_at_every_endpoint_once() {
    let key = ClientKey::es256();
    let (hosted, secret) = hosted(&key, json!({})).await;
    let signed = |jti: &str, changed: Value| key.signed(json!({"typ": "JWT"}), &merged(claims(&hosted, jti), changed));
    let first = signed("1", json!({}));
    let token = asked(&hosted, &first, "").await.ok().json();
    assert_eq!(token["token_type"], "Bearer");
    refused(&asked(&hosted, &first, "").await, "shown before");
    refused(
        &asked(&hosted, &signed("1", json!({"x": 1})), "").await,
        "its jti was used",
    );
    let named = format!("&client_id={}", hosted.client);
    asked(&hosted, &signed("2", json!({"aud": address("/oauth2/token")})), &named)
        .await
        .ok();
    asked(
        &hosted,
        &signed("3", json!({"aud": ["https://elsewhere.example", hosted.issuer()]})),
        "",
    )
    .await
    .ok();

    let token = token["access_token"].as_str().unwrap();
    for (path, aud) in [
        ("/oauth2/introspect", hosted.issuer()),
        ("/oauth2/introspect", address("/oauth2/introspect")),
        ("/oauth2/introspect", address("/oauth2/token")),
    ] {
        let form = format!("{}&token={token}", form(&signed(&aud, json!({"aud": aud}))));
        assert_eq!(
            hosted.post(path, &form, None).await.ok().json()["active"],
            true,
            "{aud}"
        );
    }
    let form = format!("{}&token=x.x.x.x.x", form(&signed("5", json!({}))));
    assert_eq!(hosted.post("/oauth2/revoke", &form, None).await.status, 200);
    assert_eq!(
        hosted.post("/oauth2/revoke", &form, None).await.status,
        401,
        "shown before"
    );

    // Its secret shows less, and so does its name.
    let plain = format!("grant_type=client_credentials&client_id={}", hosted.client);
    refused(
        &hosted
            .post("/oauth2/token", &format!("{plain}&client_secret={secret}"), None)
            .await,
        "a secret",
    );
    refused(&hosted.post("/oauth2/token", &plain, None).await, "nothing");
    let both = asked(&hosted, &signed("6", json!({})), &format!("&client_secret={secret}")).await;
    assert_eq!(both.json()["error"], "invalid_request");
    let document = hosted.discovered().await;
    for endpoint in ["token", "revocation", "introspection"] {
        let of = |what: &str| document[format!("{endpoint}_endpoint_auth_{what}_supported")].clone();
        assert!(
            of("methods").as_array().unwrap().contains(&json!("private_key_jwt")),
            "{endpoint}"
        );
        let algorithms = of("signing_alg_values");
        let algorithms = algorithms.as_array().unwrap();
        assert!(
            algorithms.contains(&json!("ES256")) && !algorithms.contains(&json!("HS256")),
            "{endpoint}"
        );
    }
}

#[tokio::test]
async fn an_assertion_of_anybody_else_or_for_anything_else_shows_nothing() {
    let key = ClientKey::ed25519();
    let (hosted, _) = hosted(&key, json!({})).await;
    let (other, _) = hosted.client(json!({"GenerateSecret": true})).await;
    let usual = |jti: &str| claims(&hosted, jti);
    let of = |jti: &str, changed: Value| key.signed(json!({}), &merged(usual(jti), changed));
    let (foreign, now) = (ClientKey::ed25519(), hosted.wall());
    for (what, assertion) in [
        ("another key", foreign.signed(json!({}), &usual("a"))),
        (
            "another key that it names itself",
            foreign.signed(json!({"jwk": foreign.jwk()}), &usual("b")),
        ),
        (
            "another key at an address",
            foreign.signed(
                json!({"jku": "http://127.0.0.1:1/jwks", "x5u": "http://127.0.0.1:1/"}),
                &usual("c"),
            ),
        ),
        ("no signature", key.signed(json!({"alg": "none"}), &usual("d"))),
        (
            "the key as a shared one",
            key.signed(json!({"alg": "HS256"}), &usual("e")),
        ),
        (
            "a proof of possession",
            key.signed(json!({"typ": "dpop+jwt"}), &usual("f")),
        ),
        ("an extension", key.signed(json!({"crit": ["b64"]}), &usual("g"))),
        (
            "another pool",
            of(
                "h",
                json!({"aud": format!("http://{}/us-east-1_Other", super::super::HOST)}),
            ),
        ),
        ("another endpoint", of("i", json!({"aud": address("/oauth2/revoke")}))),
        (
            "another domain",
            of("j", json!({"aud": "http://evil.example/oauth2/token"})),
        ),
        ("another issuer", of("k", json!({"iss": other}))),
        ("another subject", of("l", json!({"sub": other}))),
        ("another client", of("m", json!({"iss": other, "sub": other}))),
        ("no such client", of("n", json!({"iss": "nobody", "sub": "nobody"}))),
        ("it is over", of("o", json!({"exp": now}))),
        ("it lasts", of("p", json!({"exp": now + 3600}))),
        ("it is to come", of("q", json!({"nbf": now + 61}))),
        ("no jti", of("r", json!({"jti": null}))),
        ("no text", "x".to_owned()),
        ("parts", "e30.e30.e30".to_owned()),
        ("long", format!("{}.{}.AA", "A".repeat(6000), "A".repeat(6000))),
    ] {
        refused(&asked(&hosted, &assertion, "").await, what);
    }
}

#[tokio::test]
async fn an_assertion_is_all_that_counts_and_shows_one_client() {
    let key = ClientKey::ed25519();
    let (hosted, secret) = hosted(&key, json!({})).await;
    let (other, _) = hosted.client(json!({"GenerateSecret": true})).await;
    let of = |jti: &str| key.signed(json!({}), &claims(&hosted, jti));
    // A key's name is a name, and no path or statement.
    for kid in ["../../etc/passwd", "' OR '1'='1", "http://127.0.0.1:1/", "\0"] {
        asked(&hosted, &key.signed(json!({"kid": kid}), &claims(&hosted, kid)), "")
            .await
            .ok();
    }
    let good = of("s");
    let got = asked(&hosted, &good, &format!("&client_id={other}")).await;
    assert_eq!(got.json()["error"], "invalid_request", "two clients");
    for form in [
        format!("grant_type=client_credentials&client_assertion={good}"),
        format!(
            "grant_type=client_credentials&client_assertion={good}&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:saml2-bearer"
        ),
        format!(
            "grant_type=client_credentials&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_id={}&client_secret={secret}",
            hosted.client
        ),
    ] {
        refused(&hosted.post("/oauth2/token", &form, None).await, &form);
    }
    asked(&hosted, &good, "").await.ok();

    // Off, the keys are asked for still: nothing less is taken.
    let described = hosted
        .call("DescribeUserPool", json!({"UserPoolId": hosted.pool}))
        .await;
    let untagged = json!({"ResourceArn": described["UserPool"]["Arn"], "TagKeys": ["poolhouse:private-key-jwt"]});
    hosted.rig.idp(&Key::unknown(), "UntagResource", untagged).await.ok();
    refused(&asked(&hosted, &of("t"), "").await, "it is off");
    let plain = format!(
        "grant_type=client_credentials&client_id={}&client_secret={secret}",
        hosted.client
    );
    refused(&hosted.post("/oauth2/token", &plain, None).await, "a secret");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_at_once_one_is_the_first() {
    let key = ClientKey::es256();
    let (hosted, _) = hosted(&key, json!({})).await;
    let assertion = Arc::new(key.signed(json!({}), &claims(&hosted, "1")));
    let hosted = Arc::new(hosted);
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (hosted, assertion) = (Arc::clone(&hosted), Arc::clone(&assertion));
        all.spawn(async move { asked(&hosted, &assertion, "").await.status });
    }
    let statuses = all.join_all().await;
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        1,
        "{statuses:?}"
    );
    assert_eq!(
        statuses.iter().filter(|status| **status == 400).count(),
        19,
        "{statuses:?}"
    );
}
