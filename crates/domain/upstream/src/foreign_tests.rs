use std::time::Duration;

use aws_lc_rs::hmac;
use kernel::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};
use vault::jws::{Algorithm, SigningKey};

use crate::{
    Address, Expected, KeySets, Nonce, NotVerified, Reach, Upstream,
    testing::{Key, Site, encode},
};

const NOW: i64 = 1_800_000_000;
const ISSUER: &str = "https://op.example";
const SECRET: &str = "a client secret of forty-one characters..";

fn sets() -> KeySets {
    KeySets::new(Upstream::new(Reach::Anywhere).unwrap())
}

fn claims() -> Value {
    json!({"iss": ISSUER, "aud": "us", "sub": "1", "nonce": "n", "iat": NOW, "exp": NOW + 300})
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

fn expected(keys: &Address) -> Expected<'_> {
    Expected {
        issuers: &[ISSUER, "op.example"],
        audiences: &["us", "our-app"],
        nonce: Nonce::Repeated("n"),
        keys,
        secret: None,
        skew: Duration::from_secs(60),
    }
}

async fn why(sets: &KeySets, token: &str, expected: &Expected<'_>) -> Option<NotVerified> {
    sets.verified(token, expected, Timestamp::from_secs(NOW)).await.err()
}

#[tokio::test]
async fn a_token_is_of_its_issuer_and_for_us_and_now() {
    use NotVerified as Not;
    let key = Key::new("a");
    let site = Site::saying(&json!({"keys": [key.jwk()]})).await;
    let (sets, address) = (sets(), Address::of_tenant(&site.url("/")).unwrap());
    let other = |issuer: &str| Some(Not::Issuer(issuer.to_owned()));
    for (claims, expected_why) in [
        (claims(), None),
        (with("iss", json!("https://op.example/")), other("https://op.example/")),
        (with("iss", json!("https://OP.example")), other("https://OP.example")),
        (
            with("iss", json!("https://op.example.evil.example")),
            other("https://op.example.evil.example"),
        ),
        (with("iss", json!([ISSUER])), Some(Not::Issuer(String::new()))),
        (with("iss", json!("")), Some(Not::Issuer(String::new()))),
        (without("iss"), Some(Not::Issuer(String::new()))),
        (with("iss", json!("op.example")), None),
        (with("aud", json!("other")), Some(Not::Audience)),
        (with("aud", json!("US")), Some(Not::Audience)),
        (with("aud", json!("")), Some(Not::Audience)),
        (with("aud", json!([])), Some(Not::Audience)),
        (with("aud", json!(["us", 1])), Some(Not::Audience)),
        (with("aud", json!({"us": 1})), Some(Not::Audience)),
        (without("aud"), Some(Not::Audience)),
        (with("aud", json!(["us"])), None),
        (with("aud", json!(["other", "us"])), Some(Not::AuthorizedParty)),
        (with("azp", json!("our-app")), None),
        (with("azp", json!("other")), Some(Not::AuthorizedParty)),
        (with("azp", json!("")), Some(Not::AuthorizedParty)),
        (with("azp", Value::Null), Some(Not::AuthorizedParty)),
        (without("sub"), Some(Not::Subject)),
        (with("sub", json!("")), Some(Not::Subject)),
        (with("sub", json!(1)), Some(Not::Subject)),
        (with("nonce", json!("m")), Some(Not::Nonce)),
        (with("nonce", json!("nn")), Some(Not::Nonce)),
        (with("nonce", Value::Null), Some(Not::Nonce)),
        (without("nonce"), Some(Not::Nonce)),
        (with("exp", json!(NOW - 60)), Some(Not::Expired)),
        (with("exp", json!(NOW - 59)), None),
        (with("exp", json!("9999999999")), Some(Not::Time)),
        (without("exp"), Some(Not::Time)),
        (with("iat", json!(NOW + 60)), None),
        (with("iat", json!(NOW + 61)), Some(Not::TooEarly)),
        (with("iat", json!(1e300)), Some(Not::Time)),
        (without("iat"), Some(Not::Time)),
        (with("nbf", json!(NOW + 60)), None),
        (with("nbf", json!(NOW + 61)), Some(Not::TooEarly)),
        (with("nbf", json!("x")), Some(Not::Time)),
    ] {
        let got = why(&sets, &key.sign(&claims), &expected(&address)).await;
        assert_eq!(got, expected_why, "{claims}");
    }
    let mut both = with("aud", json!(["other", "us"]));
    both["azp"] = json!("us");
    assert_eq!(why(&sets, &key.sign(&both), &expected(&address)).await, None);
    let lenient = |nonce| Expected {
        nonce,
        ..expected(&address)
    };
    for (claims, nonce, expected_why) in [
        (without("nonce"), Nonce::RepeatedIfAny("n"), None),
        (with("nonce", json!("m")), Nonce::RepeatedIfAny("n"), Some(Not::Nonce)),
        (with("nonce", json!(1)), Nonce::RepeatedIfAny("n"), Some(Not::Nonce)),
        (claims(), Nonce::RepeatedIfAny("n"), None),
        (claims(), Nonce::NotSent, None),
    ] {
        let got = why(&sets, &key.sign(&claims), &lenient(nonce)).await;
        assert_eq!(got, expected_why, "{claims}");
    }
    assert_eq!(site.asked(), 1);
}

#[tokio::test]
async fn a_header_chooses_neither_algorithm_nor_key() {
    use NotVerified as Not;
    let (key, stranger) = (Key::new("a"), Key::new("a"));
    let site = Site::saying(&json!({"keys": [key.jwk()]})).await;
    let elsewhere = Site::saying(&json!({"keys": [stranger.jwk()]})).await;
    let (sets, address) = (sets(), Address::of_tenant(&site.url("/")).unwrap());
    let public = key.jwk();
    for (header, why_not) in [
        (json!({"alg": "none", "kid": "a"}), Not::Algorithm),
        (json!({"alg": "HS256", "kid": "a"}), Not::Algorithm),
        (json!({"alg": "RS256", "kid": "a"}), Not::UnknownKey),
        (json!({"alg": "ES384", "kid": "a"}), Not::UnknownKey),
        (json!({"alg": "ES256"}), Not::NoKeyName),
        (json!({"alg": "ES256", "kid": ""}), Not::UnknownKey),
        (json!({"alg": "ES256", "kid": "../a"}), Not::UnknownKey),
        (json!({"alg": "ES256", "kid": 1}), Not::Malformed),
        (
            json!({"alg": "ES256", "kid": "a", "crit": ["b64"], "b64": true}),
            Not::Malformed,
        ),
        (json!({"alg": "ES256", "kid": "a", "typ": "at+jwt"}), Not::Typ),
        (json!({"alg": "ES256", "kid": "a", "typ": "Logout+JWT"}), Not::Typ),
    ] {
        let token = key.sign_under(&header, &claims());
        assert_eq!(why(&sets, &token, &expected(&address)).await, Some(why_not), "{header}");
    }
    for header in [
        json!({"alg": "ES256", "kid": "a", "jwk": stranger.jwk()}),
        json!({"alg": "ES256", "kid": "a", "jku": elsewhere.url("/")}),
        json!({"alg": "ES256", "kid": "a", "x5u": elsewhere.url("/"), "typ": "JWT"}),
    ] {
        assert_eq!(
            why(&sets, &stranger.sign_under(&header, &claims()), &expected(&address)).await,
            Some(Not::Signature),
            "{header}"
        );
        assert_eq!(
            why(&sets, &key.sign_under(&header, &claims()), &expected(&address)).await,
            None
        );
    }
    // By what everybody knows, also where a secret counts.
    for secret in [public["x"].as_str().unwrap(), &public.to_string()] {
        let token = by_secret("HS256", secret.as_bytes());
        let configured = Expected {
            secret: Some(SECRET),
            ..expected(&address)
        };
        assert_eq!(why(&sets, &token, &expected(&address)).await, Some(Not::Algorithm));
        assert_eq!(why(&sets, &token, &configured).await, Some(Not::Signature));
    }
    let long = key.sign(&with("x", json!("x".repeat(64 * 1024))));
    assert_eq!(why(&sets, &long, &expected(&address)).await, Some(Not::Malformed));
    assert_eq!((site.asked(), elsewhere.asked()), (1, 0));
}

fn by_secret(alg: &str, secret: &[u8]) -> String {
    let text = format!(
        "{}.{}",
        encode(json!({"alg": alg}).to_string()),
        encode(claims().to_string())
    );
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    format!("{text}.{}", encode(hmac::sign(&key, text.as_bytes())))
}

#[tokio::test]
async fn a_client_secret_signs_only_where_it_is_configured() {
    let nobody = Address::of_tenant("http://127.0.0.1:9/").unwrap();
    let sets = sets();
    let held = |secret| Expected {
        secret,
        ..expected(&nobody)
    };
    let token = by_secret("HS256", SECRET.as_bytes());
    assert_eq!(why(&sets, &token, &held(Some(SECRET))).await, None);
    assert_eq!(why(&sets, &token, &held(None)).await, Some(NotVerified::Algorithm));
    let other = by_secret("HS256", b"another secret of forty-one characters..");
    assert_eq!(
        why(&sets, &other, &held(Some(SECRET))).await,
        Some(NotVerified::Signature)
    );
    let short = by_secret("HS256", b"short");
    assert_eq!(
        why(&sets, &short, &held(Some("short"))).await,
        Some(NotVerified::Algorithm)
    );
    let none = by_secret("none", SECRET.as_bytes());
    assert_eq!(
        why(&sets, &none, &held(Some(SECRET))).await,
        Some(NotVerified::Algorithm)
    );
}

#[tokio::test]
async fn keys_are_those_of_the_issuers_own_set_and_public() {
    use NotVerified as Not;
    let (ours, theirs, leaked) = (Key::new("a"), Key::new("a"), Key::new("b"));
    let mut private = leaked.jwk();
    private["d"] = json!("AAAA");
    let mut unnamed = theirs.jwk();
    unnamed.as_object_mut().unwrap().remove("kid");
    let shared = json!({"kty": "oct", "k": encode(SECRET), "kid": "c"});
    let site = Site::saying(&json!({"keys": [private, shared, unnamed, ours.jwk()]})).await;
    let other = Site::saying(&json!({"keys": [theirs.jwk()]})).await;
    let sets = sets();
    let [here, there] = [&site, &other].map(|site| Address::of_tenant(&site.url("/")).unwrap());
    for (key, address, why_not) in [
        (&ours, &here, None),
        (&theirs, &there, None),
        (&theirs, &here, Some(Not::Signature)),
        (&ours, &there, Some(Not::Signature)),
        (&leaked, &here, Some(Not::UnknownKey)),
    ] {
        let got = why(&sets, &key.sign(&claims()), &expected(address)).await;
        assert_eq!(got, why_not, "{} {address}", key.jwk());
    }
    let rsa = SigningKey::generate()
        .unwrap()
        .with_header("r", "JWT", Algorithm::Rs256);
    let site = Site::saying(&json!({"keys": [rsa.jwk()]})).await;
    let address = Address::of_tenant(&site.url("/")).unwrap();
    let token = rsa.sign(claims().to_string().as_bytes()).unwrap();
    assert_eq!(why(&sets, &token, &expected(&address)).await, None);
}

#[tokio::test]
async fn a_storm_of_unknown_keys_asks_once_a_minute() {
    let key = Key::new("a");
    let site = Site::saying(&json!({"keys": [key.jwk()]})).await;
    let (sets, address) = (sets(), Address::of_tenant(&site.url("/")).unwrap());
    assert_eq!(why(&sets, &key.sign(&claims()), &expected(&address)).await, None);
    for n in 0..50 {
        let header = json!({"alg": "ES256", "kid": format!("k{n}")});
        let token = key.sign_under(&header, &claims());
        let got = why(&sets, &token, &expected(&address)).await;
        assert_eq!(got, Some(NotVerified::UnknownKey));
    }
    assert_eq!(site.asked(), 1);
    let token = key.sign_under(&json!({"alg": "ES256", "kid": "z"}), &claims());
    for seconds in [60, 61] {
        let at = Timestamp::from_secs(NOW + seconds);
        assert!(sets.verified(&token, &expected(&address), at).await.is_err());
    }
    assert_eq!(site.asked(), 2);
    let gone = Address::of_tenant("http://127.0.0.1:9/").unwrap();
    let got = why(&sets, &key.sign(&claims()), &expected(&gone)).await;
    assert_eq!(got, Some(NotVerified::NoKeys));
}

proptest! {
    #[test]
    fn whatever_comes_is_refused(text in "\\PC{0,200}", header in "\\PC{0,60}", alg in "(ES256|HS256|none|RS256)") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let address = Address::of_tenant("https://127.0.0.1:9/").unwrap();
        let sets = KeySets::new(Upstream::new(Reach::Public).unwrap());
        let held = Expected { secret: Some(SECRET), ..expected(&address) };
        let head = format!(r#"{{"alg":"{alg}","kid":"a"}}"#);
        for token in [text.clone(), format!("{}.{}.AA", encode(&header), encode(&text)), format!("{}.{}.AA", encode(head), encode(&text))] {
            prop_assert!(runtime.block_on(why(&sets, &token, &held)).is_some());
        }
    }
}
