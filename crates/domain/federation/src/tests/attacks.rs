//! What somebody could try on the way back. Reference: oauth-and-federation 17.4. What a token is held to is tried in `upstream`; here, that
//! it is held to it.

use serde_json::{Value, json};
use upstream::{Reach, Upstream};

use super::{
    HERE, NOW, Op, SECRET, Zeros, map, nonce,
    site::{Key, sign_by_secret},
};
use crate::{Answer, Federation, Kind, Places, Provider, Refused};

const BAD: &str = "Bad id_token";

#[tokio::test]
async fn an_answer_that_names_another_issuer_is_another_providers() {
    let op = Op::new().await;
    let own = op.site.base.clone();
    let with = |iss| Answer {
        code: Some("c"),
        iss,
        ..Answer::default()
    };
    for (iss, is_good) in [
        (Some("https://evil.example"), false),
        (Some(""), false),
        (Some(own.as_str()), true),
        (None, true),
    ] {
        match op.comes_with(with(iss)).await {
            Ok(_) => assert!(is_good, "{iss:?}"),
            Err(refusal) => assert!(
                !is_good && refusal.description == "Bad authorization response issuer",
                "{iss:?}"
            ),
        }
    }
    assert_eq!(op.site.asked("POST /token ").len(), 2, "another's code goes nowhere");

    let mut op = op;
    op.discovers(&json!({"authorization_response_iss_parameter_supported": true}));
    op.federation = super::federation();
    assert!(op.comes_with(with(None)).await.is_err());
    let cancelled = Answer {
        error: Some("access_denied"),
        ..Answer::default()
    };
    let refusal = op.comes_with(cancelled).await.err().unwrap();
    assert_eq!(refusal.error, "invalid_request", "an error counts as little");
    let own = op.comes_with(with(Some(&own))).await;
    assert_eq!(own.unwrap().subject, "7");
}

#[tokio::test]
async fn a_token_of_another_issuer_party_request_or_time_is_refused() {
    let op = Op::new().await;
    let both = json!(["us", "them"]);
    for (name, value, why) in [
        ("aud", json!("them"), "it is for others"),
        ("aud", both, "it was given to another"),
        ("azp", json!("them"), "it was given to another"),
        ("nonce", json!("of another visit"), "it answers another request"),
        ("exp", json!(NOW.secs() - 61), "it has expired"),
        ("iat", json!(NOW.secs() + 61), "its time has not come"),
        ("sub", json!(""), "it has no subject"),
    ] {
        op.gives(&op.key.sign(&op.claims_with(name, value.clone())));
        assert_eq!(
            op.refusal().await,
            (BAD.to_owned(), format!("Corp: the ID token: {why}")),
            "{name}={value}"
        );
    }
    op.gives(&op.key.sign(&op.claims_with("iss", json!("https://evil.example/\n"))));
    assert_eq!(op.refusal().await.0, "Bad id_token issuer https://evil.example/");
    assert_eq!(op.site.asked("GET /user ").len(), 0);
    // A provider that knows no nonce still works.
    let mut without = op.claims();
    without.as_object_mut().unwrap().remove("nonce");
    op.gives(&op.key.sign(&without));
    assert_eq!(op.comes().await.unwrap().subject, "7");
}

#[tokio::test]
async fn no_signature_and_no_secret_stand_in_for_the_providers_key() {
    let op = Op::new().await;
    let header = |alg: &str| json!({"alg": alg, "kid": "a"});
    let none = op.key.sign_under(&header("none"), &op.claims());
    let public = op.key.jwk().to_string();
    let (unsigned, _) = none.rsplit_once('.').unwrap();
    for token in [
        none.clone(),
        format!("{unsigned}."),
        op.key.sign_under(&header("RS256"), &op.claims()),
        sign_by_secret(public.as_bytes(), &op.claims()),
        sign_by_secret(SECRET.as_bytes(), &op.claims()),
    ] {
        op.gives(&token);
        assert_eq!(op.refusal().await.0, BAD, "{token}");
    }
}

#[tokio::test]
async fn a_client_secret_signs_where_the_provider_says_that_it_does() {
    let op = Op::new().await;
    op.discovers(&json!({"id_token_signing_alg_values_supported": ["HS256", "ES256"]}));
    op.gives(&sign_by_secret(SECRET.as_bytes(), &op.claims()));
    assert_eq!(op.comes().await.unwrap().subject, "7");
    op.gives(&sign_by_secret(op.key.jwk().to_string().as_bytes(), &op.claims()));
    assert_eq!(op.refusal().await.0, BAD);
}

#[tokio::test]
async fn a_storm_of_unknown_keys_asks_the_provider_once() {
    let op = Op::new().await;
    for n in 0..20 {
        let header = json!({"alg": "ES256", "kid": format!("k{n}")});
        op.gives(&op.key.sign_under(&header, &op.claims()));
        assert_eq!(
            op.refusal().await.1,
            "Corp: the ID token: it names a key that the issuer does not have"
        );
    }
    assert_eq!(op.site.asked("GET /keys ").len(), 1);
}

#[tokio::test]
async fn keys_that_anybody_could_have_are_none() {
    let op = Op::new().await;
    let leaked = Key::new("b");
    let mut private = leaked.jwk();
    private["d"] = json!("AAAA");
    let shared = json!({"kty": "oct", "kid": "a", "k": super::site::encode(SECRET)});
    op.site.says("/keys", &json!({"keys": [private, shared, op.key.jwk()]}));
    op.gives(&leaked.sign(&op.claims()));
    assert_eq!(op.refusal().await.0, BAD);
    op.gives(&sign_by_secret(SECRET.as_bytes(), &op.claims()));
    assert_eq!(op.refusal().await.0, BAD);
    op.gives(&op.key.sign(&op.claims()));
    assert!(op.comes().await.is_ok());
}

#[tokio::test]
async fn another_providers_key_of_the_same_name_is_another_key() {
    let (op, other) = (Op::new().await, Op::new().await);
    // Both are known to one federation.
    let (provider, visit) = (other.provider(), other.set_out().await);
    let answer = Answer {
        code: Some("c"),
        ..Answer::default()
    };
    op.federation.back(&provider, &visit, answer, NOW).await.unwrap();
    op.gives(&other.key.sign(&op.claims()));
    assert_eq!(
        op.refusal().await.1,
        "Corp: the ID token: its signature is not the key's"
    );
    // And a whole answer of one is none of the other's.
    op.gives(&other.key.sign(&other.claims()));
    assert_eq!(op.refusal().await.0, BAD);
}

#[tokio::test]
async fn user_info_is_of_the_same_subject_and_unsigned() {
    let op = Op::new().await;
    for user in [
        json!({"sub": "8"}),
        json!({"email": "x@example.com"}),
        json!({"sub": 7}),
        json!({"sub": ["7"]}),
    ] {
        op.site.says("/user", &user);
        assert_eq!(op.refusal().await.0, "Bad userInfo subject", "{user}");
    }
    for (kind, body) in [
        ("application/jwt", op.key.sign(&op.claims())),
        ("text/html", "<h1>no</h1>".to_owned()),
        ("application/json", "[]".to_owned()),
    ] {
        op.site.answers("/user", "200 OK", kind, &body);
        assert_eq!(
            op.refusal().await.0,
            "Corp Error - 200 error getting user info",
            "{kind}"
        );
    }
}

#[tokio::test]
async fn claims_stand_in_for_neither_tokens_nor_subject() {
    let op = Op::new().await;
    let mut claims = op.claims_with("access_token", json!("claimed"));
    claims["id_token"] = json!({"a": 1});
    op.gives(&op.key.sign(&claims));
    let arrival = op.comes().await.unwrap();
    assert_eq!(arrival.attributes["access_token"], "at");
    assert!(arrival.attributes["id_token"].starts_with("eyJ"));
    let printed = format!("{arrival:?}");
    assert!(
        !printed.contains("ana@example.com") && !printed.contains("eyJ"),
        "{printed}"
    );
}

#[tokio::test]
async fn tenants_addresses_lead_to_no_neighbour_and_only_by_https() {
    let site = super::Site::new().await;
    let guarded = || Federation::new(Upstream::new(Reach::Public).unwrap(), Places::default());
    let secure = site.base.replace("http:", "https:");
    for issuer in [
        site.base.as_str(),
        &secure,
        "https://localhost",
        "https://169.254.169.254",
        "https://[fd00:ec2::254]",
        "https://10.0.0.1",
        "http://op.example",
    ] {
        let details = map(&[("client_id", "us"), ("oidc_issuer", issuer)]);
        let provider = Provider::read("Corp", Kind::OpenId, &details, &map(&[])).unwrap();
        let refused = guarded().check(&provider, NOW).await.err().unwrap();
        assert!(
            matches!(&refused, Refused::NotDiscovered(_)) && refused.to_string().contains("not allowed"),
            "{issuer}: {refused}"
        );
        let refusal = guarded().set_out(&provider, HERE, &Zeros, NOW).await.err().unwrap();
        assert_eq!(refusal.description, "Unable to contact well-known endpoint", "{issuer}");
    }
    let at = |path: &str| format!("{secure}{path}");
    let (token, keys) = (at("/token"), at("/keys"));
    let details = map(&[
        ("client_id", "us"),
        ("oidc_issuer", "https://op.example"),
        ("authorize_url", "https://op.example/authorize"),
        ("token_url", &token),
        ("attributes_url", "https://op.example/user"),
        ("jwks_uri", &keys),
    ]);
    let provider = Provider::read("Corp", Kind::OpenId, &details, &map(&[])).unwrap();
    let visit = guarded().set_out(&provider, HERE, &Zeros, NOW).await.unwrap();
    assert_eq!(visit.nonce.as_deref(), Some(nonce().as_str()));
    let answer = Answer {
        code: Some("c"),
        ..Answer::default()
    };
    let refusal = guarded().back(&provider, &visit, answer, NOW).await.err().unwrap();
    assert_eq!(refusal.description, "Connection reset");
    assert!(refusal.because.contains("not allowed"), "{}", refusal.because);
    let token = Key::new("a").sign(&Value::Null);
    let refusal = guarded().presented(&provider, &token, NOW).await.err().unwrap();
    assert_eq!(refusal.description, "Timeout in calling jwks uri");
    assert_eq!(site.asked("").len(), 0);
}
