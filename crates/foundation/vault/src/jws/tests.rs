use std::sync::LazyLock;

use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use jsonwebtoken::{DecodingKey, EncodingKey, Header, Validation};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;

type Claims = Map<String, Value>;

static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate().unwrap());
static PUBLIC: LazyLock<VerifyingKey> = LazyLock::new(|| KEY.verifying_key().unwrap());

fn claims() -> Value {
    json!({"sub": "0e2f41d4", "token_use": "id", "iat": 1_700_000_000, "name": "Ana \u{dc}ber"})
}

fn token() -> String {
    KEY.sign(claims().to_string().as_bytes()).unwrap()
}

fn check(token: &str) -> Result<Claims, JwsError> {
    verify(token, |kid, _| (kid == KEY.kid()).then_some(&*PUBLIC))
}

fn encode(text: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(text)
}

/// Signed by our key, but with a header of the test's choice.
fn with_header(header: &Value) -> String {
    let own = KEY.sign(b"{}").unwrap();
    format!(
        "{}.{}.{}",
        encode(&header.to_string()),
        encode("{}"),
        own.rsplit_once('.').unwrap().1
    )
}

fn validation(algorithm: jsonwebtoken::Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    validation
}

#[test]
fn a_token_has_cognitos_form() {
    let token = token();
    let parts: Vec<&str> = token.split('.').collect();
    let header = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(parts[0]).unwrap()).unwrap();
    assert_eq!(header, format!(r#"{{"kid":"{}","alg":"RS256"}}"#, KEY.kid()));
    assert_eq!(KEY.kid().len(), 44);
    assert_eq!(BASE64_STANDARD.decode(KEY.kid()).unwrap().len(), 32);
    assert_eq!(parts[2].len(), 342);
    assert!(token.capacity() < token.len() + 16, "one allocation of the right size");

    let jwk = serde_json::to_string(&KEY.jwk()).unwrap();
    let (n, kid) = (KEY.jwk().n, KEY.kid());
    assert_eq!(
        jwk,
        format!(r#"{{"alg":"RS256","e":"AQAB","kid":"{kid}","kty":"RSA","n":"{n}","use":"sig"}}"#)
    );
    assert_eq!(n.len(), 342);
}

#[test]
fn a_stock_library_verifies_ours() {
    let jwk = KEY.jwk();
    let key = DecodingKey::from_rsa_components(&jwk.n, &jwk.e).unwrap();
    let data = jsonwebtoken::decode::<Value>(token(), &key, &validation(jsonwebtoken::Algorithm::RS256)).unwrap();
    assert_eq!(data.claims, claims());
    assert_eq!(data.header.kid.as_deref(), Some(KEY.kid()));
    assert_eq!(data.header.typ, None);

    let key = SigningKey::from_pkcs8(KEY.to_pkcs8().unwrap().as_bytes()).unwrap();
    let openid = key.with_header("us-east-11", "JWS", Algorithm::Rs512);
    let token = openid.sign(claims().to_string().as_bytes()).unwrap();
    let key = DecodingKey::from_rsa_components(&jwk.n, &jwk.e).unwrap();
    let data = jsonwebtoken::decode::<Value>(&token, &key, &validation(jsonwebtoken::Algorithm::RS512)).unwrap();
    assert_eq!(data.header.typ.as_deref(), Some("JWS"));
    let header = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap()).unwrap();
    assert_eq!(header, r#"{"kid":"us-east-11","typ":"JWS","alg":"RS512"}"#);
    assert_eq!(openid.jwk().alg, Algorithm::Rs512);
    let public = openid.verifying_key().unwrap();
    assert_eq!(Value::Object(verify(&token, |_, _| Some(&public)).unwrap()), claims());
}

#[test]
fn we_verify_a_stock_librarys() {
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        BASE64_STANDARD.encode(KEY.to_pkcs8().unwrap().as_bytes())
    );
    let encoding = EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
    let mut header = Header::new(jsonwebtoken::Algorithm::RS256);
    header.kid = Some(KEY.kid().to_owned());
    let token = jsonwebtoken::encode(&header, &claims(), &encoding).unwrap();
    assert_eq!(Value::Object(check(&token).unwrap()), claims());

    let from_jwk = VerifyingKey::from_jwk(&KEY.jwk()).unwrap();
    assert_eq!(
        Value::Object(Jws::parse(&token).unwrap().verify(&from_jwk).unwrap()),
        claims()
    );
    header.alg = jsonwebtoken::Algorithm::RS512;
    let token = jsonwebtoken::encode(&header, &claims(), &encoding).unwrap();
    assert_eq!(check(&token), Err(JwsError::BadSignature), "RS512 by an RS256 key");
    header.alg = jsonwebtoken::Algorithm::PS256;
    let token = jsonwebtoken::encode(&header, &claims(), &encoding).unwrap();
    assert_eq!(check(&token), Err(JwsError::BadSignature), "PS256 by an RS256 key");
}

#[test]
fn no_other_algorithm_is_taken_for_the_keys() {
    let der = KEY.jwk();
    let secrets = [
        KEY.jwk().n.into_bytes(),
        BASE64_URL_SAFE_NO_PAD.decode(der.n).unwrap(),
        KEY.kid().as_bytes().to_vec(),
    ];
    for secret in secrets {
        let mut header = Header::new(jsonwebtoken::Algorithm::HS256);
        header.kid = Some(KEY.kid().to_owned());
        let forged = jsonwebtoken::encode(&header, &claims(), &EncodingKey::from_secret(&secret)).unwrap();
        assert_eq!(check(&forged), Err(JwsError::BadSignature));
    }
    for alg in [
        "none", "None", "NONE", "", "HS256", "rs256", "RS384", "ES256", "PS256", "RS512",
    ] {
        let header = json!({"kid": KEY.kid(), "alg": alg});
        assert_eq!(check(&with_header(&header)), Err(JwsError::BadSignature), "{alg}");
        let unsigned = format!("{}.{}.", encode(&header.to_string()), encode(&claims().to_string()));
        assert_eq!(check(&unsigned), Err(JwsError::BadSignature), "{alg}");
    }
}

#[test]
fn every_character_counts() {
    let good = token();
    assert!(check(&good).is_ok());
    for n in 0..good.len() {
        let mut bad = good.clone().into_bytes();
        bad[n] = if bad[n] == b'A' { b'B' } else { b'A' };
        assert!(check(&String::from_utf8(bad).unwrap()).is_err(), "character {n}");
    }
    let (head, rest) = good.split_once('.').unwrap();
    let (payload, signature) = rest.split_once('.').unwrap();
    let other = encode(&json!({"sub": "someone else"}).to_string());
    assert_eq!(
        check(&format!("{head}.{other}.{signature}")),
        Err(JwsError::BadSignature)
    );
    assert_eq!(check(&format!("{head}.{payload}.")), Err(JwsError::BadSignature));
    let stranger = SigningKey::generate().unwrap();
    assert_eq!(check(&stranger.sign(b"{}").unwrap()), Err(JwsError::UnknownKey));
    let public = stranger.verifying_key().unwrap();
    assert_eq!(
        verify::<Claims>(&good, |_, _| Some(&public)),
        Err(JwsError::BadSignature)
    );
}

#[test]
fn what_is_no_compact_jws_is_malformed() {
    let good = token();
    let (head, rest) = good.split_once('.').unwrap();
    let kid = KEY.kid();
    let duplicate = format!(r#"{{"kid":"{kid}","alg":"none","alg":"RS256"}}"#);
    let cases = [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "...".to_owned(),
        "a.b".to_owned(),
        format!("{good}.x"),
        format!("{good}="),
        format!(" {good}"),
        format!("{good}\n"),
        format!("{head}=.{rest}"),
        format!("{}.{rest}", encode("[]")),
        format!("{}.{rest}", encode("{}")),
        format!("{}.{rest}", encode("not json")),
        format!("{}.{rest}", encode(&duplicate)),
        format!("{}.{rest}", "A".repeat(8 * 1024 + 4)),
        format!("{head}.{}.AAAA", "A".repeat(64 * 1024)),
        with_header(&json!({"kid": kid, "alg": "RS256", "crit": ["exp"], "exp": 1})),
        with_header(&json!({"kid": kid, "alg": "RS256", "crit": []})),
        with_header(&json!({"kid": kid, "alg": "RS256", "crit": null})),
        with_header(&json!({"kid": 1, "alg": "RS256"})),
        with_header(&json!({"kid": kid, "alg": ["RS256"]})),
        with_header(&json!({"kid": kid})),
        KEY.sign(b"[]").unwrap(),
        KEY.sign(b"not json").unwrap(),
        KEY.sign(b"").unwrap(),
    ];
    for case in cases {
        assert_eq!(check(&case), Err(JwsError::Malformed), "{case}");
    }
    assert_eq!(check(&with_header(&json!({"alg": "RS256"}))), Err(JwsError::UnknownKey));
}

#[test]
fn claims_can_be_read_before_they_are_proved() {
    let token = token();
    let jws = Jws::parse(&token).unwrap();
    assert_eq!(jws.kid(), Some(KEY.kid()));
    assert_eq!(jws.algorithm(), Algorithm::Rs256);
    assert_eq!(Value::Object(jws.unverified_claims().unwrap()), claims());
}

#[test]
fn keys_go_there_and_back() {
    let der = KEY.to_pkcs8().unwrap();
    let again = SigningKey::from_pkcs8(der.as_bytes()).unwrap();
    assert_eq!(again.kid(), KEY.kid());
    assert_eq!(again.sign(b"{}").unwrap(), KEY.sign(b"{}").unwrap());
    assert!(!format!("{:?} {:?}", *KEY, *PUBLIC).contains("pair"));

    assert_eq!(SigningKey::from_pkcs8(b"").unwrap_err(), KeyError::Rejected);
    assert_eq!(
        SigningKey::from_pkcs8(&der.as_bytes()[1..]).unwrap_err(),
        KeyError::Rejected
    );
    let jwk = KEY.jwk();
    for bad in [
        Jwk {
            n: "AQAB".to_owned(),
            ..jwk.clone()
        },
        Jwk {
            n: String::new(),
            ..jwk.clone()
        },
        Jwk {
            n: format!("{}=", jwk.n),
            ..jwk.clone()
        },
        Jwk {
            e: "*".to_owned(),
            ..jwk.clone()
        },
        Jwk {
            kty: "EC".to_owned(),
            ..jwk.clone()
        },
    ] {
        assert_eq!(VerifyingKey::from_jwk(&bad).unwrap_err(), KeyError::Rejected, "{bad:?}");
    }
}

proptest! {
    #[test]
    fn parsing_never_panics(text in ".*", parts in "[A-Za-z0-9_=.-]{0,200}", header in "\\{[a-z\":,0-9\\[\\]]{0,40}\\}") {
        let _ = check(&text);
        let _ = check(&parts);
        let _ = check(&format!("{}.e30.AAAA", encode(&header)));
    }

    #[test]
    fn any_payload_is_signed(name in ".*") {
        let claims = json!({ "name": name });
        let token = KEY.sign(claims.to_string().as_bytes()).unwrap();
        prop_assert_eq!(Value::Object(check(&token).unwrap()), claims);
    }
}
