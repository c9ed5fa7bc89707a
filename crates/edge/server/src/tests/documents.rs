//! Discovery documents and key sets, and that a stock library verifies a real sign-in's tokens by them.

use insta::assert_snapshot;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde_json::{Value, json};
use testkit::MockClock;
use tokens::IssuerMode;

use super::{Draft, HOST, Key, Profile, Rig};

async fn document(rig: &Rig, pool: &str, name: &str) -> Value {
    rig.send(Draft::get(&format!("/{pool}/.well-known/{name}")))
        .await
        .ok()
        .json()
}

/// The tokens of somebody who signs in.
async fn tokens(rig: &Rig, key: &Key, pool: &str, client: &str) -> Value {
    let user = json!({"UserPoolId": pool, "Username": "ana"});
    rig.idp(key, "AdminCreateUser", user).await.ok();
    let password = json!({"UserPoolId": pool, "Username": "ana", "Password": "Passw0rd!", "Permanent": true});
    rig.idp(key, "AdminSetUserPassword", password).await.ok();
    let answers = json!({"USERNAME": "ana", "PASSWORD": "Passw0rd!"});
    let input = json!({"ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": answers});
    rig.public("InitiateAuth", input).await.ok().json()["AuthenticationResult"].clone()
}

#[tokio::test]
async fn each_issuer_mode_has_its_document() {
    let (dev, serve) = (Profile::Dev, Profile::Serve);
    let request = format!("http://{HOST}");
    for (profile, default, own, issuer) in [
        (dev, IssuerMode::Request, None, format!("{request}/{{pool}}")),
        (
            dev,
            IssuerMode::Aws,
            None,
            "https://cognito-idp.eu-west-1.amazonaws.com/{pool}".to_owned(),
        ),
        (
            dev,
            IssuerMode::Request,
            Some("aws"),
            "https://cognito-idp.eu-west-1.amazonaws.com/{pool}".to_owned(),
        ),
        (
            dev,
            IssuerMode::AwsUpdated,
            None,
            "https://issuer-cognito-idp.eu-west-1.amazonaws.com/{pool}".to_owned(),
        ),
        (
            dev,
            IssuerMode::Request,
            Some("https://id.example.com/own"),
            "https://id.example.com/own".to_owned(),
        ),
        (
            serve,
            IssuerMode::Public,
            None,
            "https://id.example.com/{pool}".to_owned(),
        ),
        (
            serve,
            IssuerMode::Public,
            Some("aws"),
            "https://cognito-idp.eu-west-1.amazonaws.com/{pool}".to_owned(),
        ),
    ] {
        let rig = Rig::new(profile, default, &[]).await;
        let key = rig.admin().await;
        let (pool, client) = rig.pool(&key, own).await;
        let issuer = issuer.replace("{pool}", &pool);
        let found = document(&rig, &pool, "openid-configuration").await;
        assert_eq!(found["issuer"], json!(issuer));
        let base = if profile == dev {
            request.as_str()
        } else {
            super::PUBLIC_URL
        };
        assert_eq!(found["jwks_uri"], json!(format!("{base}/{pool}/.well-known/jwks.json")));
        assert_eq!(found["id_token_signing_alg_values_supported"], json!(["RS256"]));

        let tokens = tokens(&rig, &key, &pool, &client).await;
        let keys = document(&rig, &pool, "jwks.json").await;
        verify(&tokens, &keys, &issuer, &client);
    }
}

/// By a stock library, as any resource server does it.
fn verify(tokens: &Value, keys: &Value, issuer: &str, client: &str) {
    let set: JwkSet = serde_json::from_value(keys.clone()).unwrap();
    assert_eq!(set.keys.len(), 2);
    let mut kids = Vec::new();
    for (name, token_use) in [("IdToken", "id"), ("AccessToken", "access")] {
        let token = tokens[name].as_str().unwrap();
        let header = decode_header(token).unwrap();
        assert_eq!(header.alg, Algorithm::RS256);
        let kid = header.kid.unwrap();
        let key = DecodingKey::from_jwk(set.find(&kid).unwrap()).unwrap();
        let mut rules = Validation::new(Algorithm::RS256);
        rules.set_issuer(&[issuer]);
        // The library's clock is the system's, the tokens' the test's.
        rules.validate_exp = false;
        if token_use == "id" {
            rules.set_audience(&[client]);
        } else {
            rules.validate_aud = false;
        }
        let claims = decode::<Value>(token, &key, &rules).unwrap().claims;
        assert_eq!(claims["token_use"], json!(token_use));
        assert_eq!(claims["exp"], json!(MockClock::START.secs() + 3600));
        let other = set
            .keys
            .iter()
            .find(|key| key.common.key_id.as_deref() != Some(kid.as_str()))
            .unwrap();
        assert!(decode::<Value>(token, &DecodingKey::from_jwk(other).unwrap(), &rules).is_err());
        kids.push(kid);
    }
    assert_ne!(kids[0], kids[1], "each use has a key pair of its own");
}

#[tokio::test]
async fn documents_are_open_and_cached() {
    let rig = Rig::dev().await;
    let (pool, _) = rig.pool(&Key::unknown(), None).await;
    for name in ["jwks.json", "openid-configuration"] {
        let path = format!("/{pool}/.well-known/{name}");
        let got = rig
            .send(Draft::get(&path).header("origin", "https://app.example.com"))
            .await
            .ok();
        assert_eq!(got.header("access-control-allow-origin"), "*");
        assert_eq!(got.header("content-type"), "application/json");
        assert_eq!(got.header("cache-control"), "public, max-age=86400");
        let posted = rig.send(Draft::new("POST", &path)).await;
        assert_eq!(
            (
                posted.status,
                posted.header("allow"),
                posted.header("access-control-allow-origin")
            ),
            (405, "GET, HEAD, OPTIONS", "*")
        );
        let preflight = rig.send(Draft::new("OPTIONS", &path)).await;
        assert_eq!(
            (preflight.status, preflight.header("access-control-allow-origin")),
            (200, "*")
        );
    }
    let keys = document(&rig, &pool, "jwks.json").await;
    for key in keys["keys"].as_array().unwrap() {
        assert_eq!(
            (key["kty"].as_str(), key["alg"].as_str(), key["use"].as_str()),
            (Some("RSA"), Some("RS256"), Some("sig"))
        );
        assert!(key.get("d").is_none(), "the private half stays");
    }
}

#[tokio::test]
async fn a_pool_that_is_not_there_has_no_documents() {
    let rig = Rig::dev().await;
    let got = rig.send(Draft::get("/eu-west-1_Nowhere12/.well-known/jwks.json")).await;
    assert_snapshot!(got.printed(), @r#"
    404
    access-control-allow-headers: *
    access-control-allow-methods: GET
    access-control-allow-origin: *
    content-type: application/json

    {"message":"User pool eu-west-1_Nowhere12 does not exist."}
    "#);
    let got = rig
        .send(Draft::get("/eu-west-1_Nowhere12/.well-known/openid-configuration"))
        .await;
    assert_eq!(got.status, 404);
    let misspelt = rig.send(Draft::get("/eu-west-1_Nowhere12/.well-known/jwks")).await;
    assert_snapshot!(misspelt.printed(), @r#"
    400
    access-control-allow-headers: *
    access-control-allow-methods: GET
    access-control-allow-origin: *
    content-type: application/json

    {"code":"BadRequest","message":"The server did not understand the operation that was requested.","type":"client"}
    "#);
}

/// What discovery names where a pool has no domain is answered as the user pools' host answers what it does not know.
#[tokio::test]
async fn the_endpoints_of_a_pool_without_a_domain_are_none() {
    let rig = Rig::dev().await;
    let (pool, _) = rig.pool(&Key::unknown(), None).await;
    let document = document(&rig, &pool, "openid-configuration").await;
    for (member, method) in [
        ("authorization_endpoint", "GET"),
        ("token_endpoint", "POST"),
        ("userinfo_endpoint", "GET"),
        ("revocation_endpoint", "POST"),
        ("end_session_endpoint", "GET"),
    ] {
        let address = document[member].as_str().unwrap();
        let path = address.strip_prefix(&format!("http://{HOST}")).unwrap();
        let got = rig.send(Draft::new(method, path)).await;
        assert_eq!((got.status, got.text("/code").as_str()), (400, "BadRequest"), "{path}");
    }
}
