use std::sync::LazyLock;

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeyPair as RsaKeyPair,
    signature::{self, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RsaEncoding},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;

/// RFC 7638 section 3.1.
const RSA: &str = r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#;

/// RFC 8037 appendix A.
const ED25519: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

/// RFC 9449 section 4.1.
const EC: &str = r#"{"kty":"EC","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA","crv":"P-256"}"#;

static PAIR: LazyLock<RsaKeyPair> = LazyLock::new(|| RsaKeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).unwrap());

fn object(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).unwrap()
}

fn changed(jwk: &str, name: &str, value: Value) -> Map<String, Value> {
    let mut jwk = object(jwk);
    jwk.insert(name.to_owned(), value);
    jwk
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn rsa() -> Map<String, Value> {
    let (n, e) = (PAIR.public_key().modulus(), PAIR.public_key().exponent());
    let (n, e) = (n.big_endian_without_leading_zero(), e.big_endian_without_leading_zero());
    object(&json!({"kty": "RSA", "n": encode(n), "e": encode(e)}).to_string())
}

fn by_rsa(header: &Value, encoding: &'static dyn RsaEncoding) -> String {
    let text = format!("{}.{}", encode(header.to_string()), encode("{\"a\":1}"));
    let mut signature = vec![0; PAIR.public_modulus_len()];
    PAIR.sign(encoding, &SystemRandom::new(), text.as_bytes(), &mut signature)
        .unwrap();
    format!("{text}.{}", encode(signature))
}

#[test]
fn a_thumbprint_is_of_what_makes_the_key() {
    for (jwk, expected) in [
        (RSA, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"),
        (ED25519, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"),
        (EC, "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"),
    ] {
        assert_eq!(PublicKey::read(&object(jwk)).unwrap().thumbprint(), expected);
        let dressed = changed(jwk, "kid", json!("other"));
        assert_eq!(PublicKey::read(&dressed).unwrap().thumbprint(), expected);
    }
}

#[test]
fn a_key_is_public_long_enough_and_for_signatures() {
    let short = encode([&[0x80], [1; 254].as_slice()].concat());
    let zero = encode([&[0], [0x80; 256].as_slice()].concat());
    let low = encode([0x7f; 256]);
    let long = encode([0x80; 1025]);
    for (jwk, name, value, expected) in [
        (RSA, "use", json!("sig"), None),
        (RSA, "use", json!("enc"), Some(Unusable::Unknown)),
        (RSA, "key_ops", json!(["verify"]), None),
        (RSA, "key_ops", json!(["sign"]), Some(Unusable::Unknown)),
        (RSA, "key_ops", json!("verify"), Some(Unusable::Unknown)),
        (RSA, "alg", json!("PS512"), None),
        (RSA, "alg", json!("ES256"), Some(Unusable::Unknown)),
        (RSA, "alg", json!("HS256"), Some(Unusable::Unknown)),
        (RSA, "alg", json!("none"), Some(Unusable::Unknown)),
        (RSA, "alg", json!(1), Some(Unusable::Unknown)),
        (RSA, "d", json!("AA"), Some(Unusable::Private)),
        (RSA, "k", json!("AA"), Some(Unusable::Private)),
        (RSA, "n", json!(short), Some(Unusable::Unknown)),
        (RSA, "n", json!(low), Some(Unusable::Unknown)),
        (RSA, "n", json!(zero), Some(Unusable::Unknown)),
        (RSA, "n", json!(long), Some(Unusable::Unknown)),
        (RSA, "n", json!("!"), Some(Unusable::Unknown)),
        (RSA, "e", json!(""), Some(Unusable::Unknown)),
        (RSA, "kty", json!("oct"), Some(Unusable::Unknown)),
        (EC, "x", json!("AA"), Some(Unusable::Unknown)),
        (EC, "crv", json!("P-384"), Some(Unusable::Unknown)),
        (EC, "crv", json!("secp256k1"), Some(Unusable::Unknown)),
        (ED25519, "crv", json!("X25519"), Some(Unusable::Unknown)),
        (ED25519, "x", json!("AA"), Some(Unusable::Unknown)),
        (ED25519, "d", json!("AA"), Some(Unusable::Private)),
    ] {
        let read = PublicKey::read(&changed(jwk, name, value.clone()));
        assert_eq!(read.err(), expected, "{name} {value}");
    }
}

#[test]
fn a_key_signs_by_the_algorithms_of_its_kind() {
    let published = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    let ed25519 = PublicKey::read(&object(ED25519)).unwrap();
    assert!(Signed::parse(published).unwrap().is_signed_by(&ed25519));

    let key = PublicKey::read(&rsa()).unwrap();
    for (name, encoding) in [
        ("RS256", &signature::RSA_PKCS1_SHA256 as &'static dyn RsaEncoding),
        ("RS384", &signature::RSA_PKCS1_SHA384),
        ("RS512", &signature::RSA_PKCS1_SHA512),
        ("PS256", &signature::RSA_PSS_SHA256),
        ("PS384", &signature::RSA_PSS_SHA384),
        ("PS512", &signature::RSA_PSS_SHA512),
    ] {
        let text = by_rsa(&json!({"alg": name, "typ": "JWT"}), encoding);
        let signed = Signed::parse(&text).unwrap();
        assert_eq!(
            (signed.typ(), signed.verify(&key).unwrap().get("a")),
            (Some("JWT"), Some(&json!(1)))
        );
        assert_eq!(signed.verify(&ed25519), Err(JwsError::BadSignature));
        let other = if name == "RS256" { "PS256" } else { "RS256" };
        let misnamed = by_rsa(&json!({"alg": other}), encoding);
        assert!(
            !Signed::parse(&misnamed).unwrap().is_signed_by(&key),
            "{name} as {other}"
        );
        let narrow = PublicKey::read(&{
            let mut jwk = rsa();
            jwk.insert("alg".to_owned(), json!(other));
            jwk
        });
        assert!(!signed.is_signed_by(&narrow.unwrap()), "a key for {other}");
    }

    let pair = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap();
    let (x, y) = pair.public_key().as_ref()[1..].split_at(48);
    let jwk = json!({"kty": "EC", "crv": "P-384", "x": encode(x), "y": encode(y)});
    let key = PublicKey::read(&object(&jwk.to_string())).unwrap();
    let text = format!("{}.{}", encode("{\"alg\":\"ES384\"}"), encode("{}"));
    let signature = pair.sign(&SystemRandom::new(), text.as_bytes()).unwrap();
    let text = format!("{text}.{}", encode(signature));
    assert!(Signed::parse(&text).unwrap().is_signed_by(&key));
}

/// Nobody signs with what everybody knows.
#[test]
fn an_algorithm_without_a_key_of_ones_own_is_refused() {
    let key = PublicKey::read(&rsa()).unwrap();
    for alg in ["none", "None", "HS256", "HS512", ""] {
        let text = by_rsa(&json!({"alg": alg}), &signature::RSA_PKCS1_SHA256);
        assert_eq!(Signed::parse(&text).err(), Some(JwsError::BadSignature), "{alg}");
    }
    for header in [
        json!({"alg": "RS256", "crit": ["b64"], "b64": false}),
        json!({"typ": "JWT"}),
        json!({"alg": ["RS256"]}),
        json!({"alg": "RS256", "jwk": "x"}),
        json!([]),
    ] {
        let text = by_rsa(&header, &signature::RSA_PKCS1_SHA256);
        assert_eq!(Signed::parse(&text).err(), Some(JwsError::Malformed), "{header}");
    }
    let twice = format!("{}.e30.AA", encode(r#"{"alg":"RS256","alg":"none"}"#));
    assert_eq!(Signed::parse(&twice).err(), Some(JwsError::Malformed));
    // What the header says of keys leads nowhere.
    let header = json!({"alg": "RS256", "jku": "https://evil.example/", "x5u": "https://evil.example/", "x5c": ["AA"]});
    let text = by_rsa(&header, &signature::RSA_PKCS1_SHA256);
    assert!(Signed::parse(&text).unwrap().is_signed_by(&key));
}

#[test]
fn the_signer_is_found_among_the_keys_that_are_meant() {
    let with = |kid: Option<&str>| {
        let mut jwk = rsa();
        kid.map(|kid| jwk.insert("kid".to_owned(), json!(kid)));
        Value::Object(jwk)
    };
    let set = |keys: Vec<Value>| KeySet::read(&object(&json!({"keys": keys}).to_string()));
    let text = |kid: Option<&str>| by_rsa(&json!({"alg": "RS256", "kid": kid}), &signature::RSA_PKCS1_SHA256);
    let unknown = json!({"kty": "OKP", "crv": "Ed448", "x": "AA"});
    for (keys, kid, expected) in [
        (vec![with(Some("a"))], Some("a"), true),
        (vec![with(Some("a"))], Some("../a"), false),
        (vec![with(Some("a"))], None, true),
        (vec![with(None)], Some("a"), true),
        (
            vec![unknown.clone(), serde_json::from_str(RSA).unwrap(), with(Some("a"))],
            Some("a"),
            true,
        ),
        (vec![serde_json::from_str(RSA).unwrap()], Some("2011-04-29"), false),
    ] {
        let set = set(keys.clone()).unwrap();
        let text = text(kid);
        let signed = Signed::parse(&text).unwrap();
        assert_eq!(set.signer(&signed).is_some(), expected, "{kid:?} {keys:?}");
    }
    let mut private = rsa();
    private.insert("d".to_owned(), json!("AA"));
    for (keys, expected) in [
        (vec![], Unusable::Unknown),
        (vec![unknown], Unusable::Unknown),
        (vec![with(None), Value::Object(private)], Unusable::Private),
        (vec![with(None); 33], Unusable::Unknown),
    ] {
        assert_eq!(set(keys).err(), Some(expected));
    }
    let mut private = rsa();
    private.insert("d".to_owned(), json!("AA"));
    private.insert("kid".to_owned(), json!("a"));
    let shared = json!({"kty": "oct", "k": "AAAA", "kid": "a"});
    let published = |keys: Vec<Value>| KeySet::published(&object(&json!({"keys": keys}).to_string()));
    let set = published(vec![
        Value::Object(private.clone()),
        shared.clone(),
        with(Some("b")),
        with(None),
    ]);
    let set = set.unwrap();
    for (kid, expected) in [("a", 0), ("b", 1), ("c", 0)] {
        let text = text(Some(kid));
        let found = set.named(kid, &Signed::parse(&text).unwrap()).count();
        assert_eq!(found, expected, "{kid}");
    }
    assert_eq!(
        published(vec![Value::Object(private), shared]).err(),
        Some(Unusable::Unknown)
    );
    assert!(!KeySet::default().may_hold_signer(&Signed::parse(&text(None)).unwrap()));
}

proptest! {
    #[test]
    fn whatever_comes_is_read_or_refused(text in "\\PC{0,200}", header in "\\PC{0,60}", jwk in "[a-z0-9{}\":,]{0,80}") {
        let _ = Signed::parse(&text).map(|signed| signed.unverified_claims());
        let dressed = format!("{}.{}.AA", encode(&header), encode(&text));
        let _ = Signed::parse(&dressed).map(|signed| signed.unverified_claims());
        let embedded = format!("{}.{}.AA", encode(format!(r#"{{"alg":"RS256","jwk":{jwk}}}"#)), encode("{}"));
        if let Ok(signed) = Signed::parse(&embedded) {
            let _ = signed.jwk().map(PublicKey::read);
        }
    }

    #[test]
    fn a_key_of_any_members_is_read_or_refused(kty in "(RSA|EC|OKP|oct)", crv in "(P-256|P-384|Ed25519|x)", bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let text = encode(&bytes);
        let jwk = object(&json!({"kty": kty, "crv": crv, "x": text, "y": text, "n": text, "e": "AQAB"}).to_string());
        if let Ok(key) = PublicKey::read(&jwk) {
            let text = by_rsa(&json!({"alg": "RS256"}), &signature::RSA_PKCS1_SHA256);
            prop_assert!(!Signed::parse(&text).unwrap().is_signed_by(&key));
        }
    }
}
