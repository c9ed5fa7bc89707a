//! OpenID providers that do as they should.

use serde_json::json;
use upstream::NotDiscovered;

use super::{HERE, NOW, Op, SECRET, Zeros, map, site::sign_by_secret};
use crate::{Answer, Kind, Provider, Refused, Told, Unusable};

#[tokio::test]
async fn somebody_comes_by_an_openid_provider() {
    let op = Op::new().await;
    let arrival = op.comes().await.unwrap();
    assert_eq!(arrival.subject, "7");
    assert_eq!(
        (arrival.level.as_deref(), arrival.has_verified_email),
        (Some("gold"), true)
    );
    let told = |name: &str| arrival.attributes.get(name).map(String::as_str);
    assert_eq!(told("email"), Some("ana@example.com"), "the ID token's");
    assert_eq!(told("email_verified"), Some("true"));
    assert_eq!(told("groups"), Some("[a,b+c]"));
    assert_eq!(told("access_token"), Some("at"));
    assert_eq!(told("iat"), Some("1800000000"));
    let Told::OpenId {
        token_response,
        id_token,
        user_info,
    } = &arrival.told
    else {
        panic!("it is no SAML response");
    };
    assert_eq!(token_response["expires_in"], "300");
    assert_eq!(token_response["id_token"], arrival.attributes["id_token"]);
    assert_eq!(
        (id_token["email"].as_str(), id_token["acr"].as_str()),
        ("ana@example.com", "gold")
    );
    assert_eq!(user_info["email"], "of-user-info@example.com");
    assert!(arrival.saml.is_none() && arrival.once.is_none());

    let [asked] = op.site.asked("POST /token ").try_into().unwrap();
    let (head, body) = asked.split_once("\r\n\r\n").unwrap();
    assert!(
        head.contains("\r\ncontent-type: application/x-www-form-urlencoded; charset=UTF-8"),
        "{head}"
    );
    assert!(!head.contains("authorization"), "{head}");
    assert_eq!(
        body,
        "grant_type=authorization_code&client_id=us&redirect_uri=https%3A%2F%2Fauth.example.com%2Foauth2%2Fidpresponse\
         &client_secret=a+client+secret+of+forty-one+characters..&code=c%2F1"
    );
    let [asked] = op.site.asked("GET /user ").try_into().unwrap();
    assert!(asked.contains("\r\nauthorization: Bearer at\r\n"), "{asked}");
}

#[tokio::test]
async fn a_code_is_bound_where_the_provider_takes_s256_and_user_info_is_posted_where_that_is_wanted() {
    let op = Op::new().await.detail("attributes_request_method", "POST");
    op.discovers(&json!({"code_challenge_methods_supported": ["plain", "S256"]}));
    assert_eq!(op.comes().await.unwrap().subject, "7");
    let [asked] = op.site.asked("POST /token ").try_into().unwrap();
    assert!(
        asked.ends_with(&format!("&code=c%2F1&code_verifier={}", "A".repeat(64))),
        "{asked}"
    );
    assert_eq!(
        (op.site.asked("POST /user ").len(), op.site.asked("GET /user ").len()),
        (1, 0)
    );
}

#[tokio::test]
async fn addresses_that_are_named_need_no_discovery() {
    let op = Op::new().await;
    let [authorize, token, user, keys] = ["/authorize", "/token", "/user", "/keys"].map(|path| op.site.url(path));
    let op = op.detail("authorize_url", &authorize).detail("token_url", &token);
    let op = op.detail("attributes_url", &user);
    assert_eq!(op.comes().await.unwrap().subject, "7");
    assert_eq!(
        op.site.asked("GET /.well-known/openid-configuration ").len(),
        1,
        "for its keys"
    );
    let op = op.detail("jwks_uri", &keys);
    let federation = super::federation();
    federation.check(&op.provider(), NOW).await.unwrap();
    let visit = federation.set_out(&op.provider(), HERE, &Zeros, NOW).await.unwrap();
    let answer = Answer {
        code: Some("c"),
        ..Answer::default()
    };
    let arrival = federation.back(&op.provider(), &visit, answer, NOW).await;
    assert_eq!(arrival.unwrap().subject, "7");
    assert_eq!(op.site.asked("GET /.well-known/openid-configuration ").len(), 1);
}

#[tokio::test]
async fn what_is_made_known_is_looked_at() {
    let op = Op::new().await;
    op.federation.check(&op.provider(), NOW).await.unwrap();
    let refused = |op: &Op| {
        let provider = op.provider();
        async move { super::federation().check(&provider, NOW).await.err().unwrap() }
    };
    op.discovers(&json!({"token_endpoint": null}));
    assert_eq!(refused(&op).await, Refused::Incomplete("token endpoint"));
    op.discovers(&json!({"authorization_endpoint": null}));
    assert_eq!(refused(&op).await, Refused::Incomplete("authorization endpoint"));
    op.discovers(&json!({"issuer": "https://other.example"}));
    let other = NotDiscovered::OtherIssuer("https://other.example".to_owned());
    assert_eq!(refused(&op).await, Refused::NotDiscovered(other));
    op.site.answers(
        "/.well-known/openid-configuration",
        "404 Not Found",
        "text/html",
        "<h1>no</h1>",
    );
    assert!(matches!(
        refused(&op).await,
        Refused::NotDiscovered(NotDiscovered::Unreachable(_))
    ));
}

#[tokio::test]
async fn an_address_counts_as_verified_only_by_the_word_beside_it() {
    let user = json!({"sub": "7", "email": "b@example.com", "email_verified": true});
    for (email, verified, source, expected) in [
        (json!("a@example.com"), json!(true), "email", true),
        (json!("a@example.com"), json!("true"), "email", true),
        (json!("a@example.com"), json!(false), "email", false),
        // UserInfo's word is of another address.
        (json!("a@example.com"), json!(null), "email", false),
        (json!(["a@example.com"]), json!(true), "email", false),
        // The pool takes another claim for the address.
        (json!("a@example.com"), json!(true), "upn", false),
    ] {
        let mut op = Op::new().await;
        op.mapping = map(&[("email", source)]);
        op.site.says("/user", &user);
        let mut claims = op.claims_with("email", email.clone());
        claims["email_verified"] = verified.clone();
        op.gives(&op.key.sign(&claims));
        assert_eq!(
            op.comes().await.unwrap().has_verified_email,
            expected,
            "{email} {verified} {source}"
        );
    }
    let op = Op::new().await;
    op.site.says("/user", &user);
    let mut claims = op.claims();
    claims
        .as_object_mut()
        .unwrap()
        .retain(|name, _| !name.starts_with("email"));
    op.gives(&op.key.sign(&claims));
    let arrival = op.comes().await.unwrap();
    assert!(arrival.has_verified_email && arrival.attributes["email"] == "b@example.com");
}

#[tokio::test]
async fn a_native_apps_token_is_of_the_provider_and_for_the_client() {
    let op = Op::new().await;
    let (federation, provider) = (&op.federation, op.provider());
    let token = op.key.sign(&op.claims_with("nonce", json!("of the app's own")));
    let arrival = federation.presented(&provider, &token, NOW).await.unwrap();
    assert_eq!((arrival.subject.as_str(), arrival.has_verified_email), ("7", true));
    assert_eq!(arrival.attributes["id_token"], token);
    assert!(!arrival.attributes.contains_key("access_token"));
    assert_eq!(op.site.asked("POST /token").len() + op.site.asked("GET /user").len(), 0);
    op.discovers(&json!({"id_token_signing_alg_values_supported": ["HS256"]}));
    let other = op.key.sign(&op.claims_with("aud", json!("another app")));
    // Whoever has the app has its secret.
    let shared = sign_by_secret(SECRET.as_bytes(), &op.claims());
    for token in [other.as_str(), &shared, "", "a.b.c"] {
        let refusal = super::federation()
            .presented(&provider, token, NOW)
            .await
            .err()
            .unwrap();
        assert_eq!(refusal.description, "Bad id_token", "{token}");
    }
    let details = map(&[("client_id", "us"), ("client_secret", "s")]);
    let facebook = Provider::read("Facebook", Kind::Facebook, &details, &map(&[])).unwrap();
    assert!(federation.presented(&facebook, &token, NOW).await.is_err());
}

#[test]
fn details_that_nobody_could_come_by_are_told() {
    let good = map(&[
        ("client_id", "us"),
        ("client_secret", "s"),
        ("oidc_issuer", "https://op.example"),
    ]);
    let read = |kind, name: &str, value: &str| {
        let mut details = good.clone();
        details.insert(name.to_owned(), value.to_owned());
        Provider::read("P", kind, &details, &map(&[])).err()
    };
    for (kind, name, value, expected) in [
        (Kind::OpenId, "client_secret", "", None),
        (Kind::OpenId, "client_id", "", Some(Unusable::Missing("client_id"))),
        (Kind::OpenId, "oidc_issuer", "", Some(Unusable::Missing("oidc_issuer"))),
        (
            Kind::OpenId,
            "token_url",
            "file:///etc/passwd",
            Some(Unusable::Address("token_url")),
        ),
        (
            Kind::OpenId,
            "jwks_uri",
            "https://u:p@op.example",
            Some(Unusable::Address("jwks_uri")),
        ),
        (Kind::OpenId, "attributes_request_method", "PUT", Some(Unusable::Method)),
        (
            Kind::Google,
            "client_secret",
            "",
            Some(Unusable::Missing("client_secret")),
        ),
        (Kind::Facebook, "api_version", "v25.0", None),
        (Kind::Facebook, "api_version", "../x", Some(Unusable::Version)),
        (Kind::Apple, "team_id", "T", Some(Unusable::Missing("key_id"))),
        (Kind::Saml, "client_id", "", None),
    ] {
        assert_eq!(read(kind, name, value), expected, "{kind:?} {name}={value}");
    }
    let details = map(&[
        ("client_id", "us"),
        ("team_id", "T"),
        ("key_id", "K"),
        ("private_key", "AAAA"),
    ]);
    let apple = Provider::read("SignInWithApple", Kind::Apple, &details, &map(&[]));
    assert_eq!(apple.err(), Some(Unusable::PrivateKey));
}
