//! Google, Facebook, Amazon and Apple, played by a server of ours.

use std::collections::BTreeMap;

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use upstream::{Reach, Upstream};
use vault::jws::{PublicKey, Signed};

use super::{
    HERE, NOW, Zeros, map, nonce,
    site::{Key, Site, encode},
};
use crate::{Answer, Arrival, Federation, Kind, Place, Places, Provider, Refusal, Told, Url};

/// As Apple gives it.
pub fn private_key() -> String {
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
    let text = BASE64_STANDARD.encode(document.as_ref());
    format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n")
}

/// One of the four, as operators may name it: at an address that no tenant's could lead to.
struct Social {
    site: Site,
    key: Key,
    provider: Provider,
    federation: Federation,
}

impl Social {
    async fn new(kind: Kind, details: &[(&str, &str)], mapping: &[(&str, &str)]) -> Self {
        let (site, key) = (Site::new().await, Key::new("a"));
        site.says("/keys", &json!({"keys": [key.jwk()]}));
        let url = |path: &str| Some(Url::of_operator(&site.url(path)).unwrap());
        let place = Place {
            authorize_url: None,
            token_url: url("/token"),
            attributes_url: url("/me"),
            jwks_uri: url("/keys"),
            oidc_issuer: None,
        };
        let mut places = Places::default();
        match kind {
            Kind::Google => places.google = place,
            Kind::Facebook => places.facebook = place,
            Kind::Amazon => places.amazon = place,
            _ => places.apple = place,
        }
        let mut all = map(&[
            ("client_id", "us"),
            ("client_secret", "s"),
            ("team_id", "T1"),
            ("key_id", "K1"),
        ]);
        all.extend(map(details));
        Self {
            provider: Provider::read(kind.as_str(), kind, &all, &map(mapping)).unwrap(),
            federation: Federation::new(Upstream::new(Reach::Public).unwrap(), places),
            site,
            key,
        }
    }

    fn gives(&self, id_token: Option<&str>) {
        let tokens = json!({"access_token": "at", "id_token": id_token});
        self.site.says("/token", &tokens);
    }

    async fn comes_with(&self, user: Option<&str>) -> Result<Arrival, Refusal> {
        let visit = self
            .federation
            .set_out(&self.provider, HERE, &Zeros, NOW)
            .await
            .unwrap();
        let answer = Answer {
            code: Some("c"),
            user,
            ..Answer::default()
        };
        self.federation.back(&self.provider, &visit, answer, NOW).await
    }
}

fn claims(issuer: &str) -> Value {
    json!({
        "iss": issuer, "aud": "us", "sub": "11", "nonce": nonce(), "iat": NOW.secs(), "exp": NOW.secs() + 300,
        "email": "ana@example.com", "email_verified": true,
    })
}

fn told_of_user(arrival: &Arrival) -> &BTreeMap<String, String> {
    match &arrival.told {
        Told::OpenId { user_info, .. } => user_info,
        Told::Saml(_) => panic!("it is no SAML response"),
    }
}

#[tokio::test]
async fn google_names_itself_in_two_ways_and_is_asked_for_more_only_where_more_is_mapped() {
    let simple = Social::new(Kind::Google, &[], &[("email", "email")]).await;
    for (issuer, is_good) in [
        ("https://accounts.google.com", true),
        ("accounts.google.com", true),
        ("http://accounts.google.com", false),
    ] {
        simple.gives(Some(&simple.key.sign(&claims(issuer))));
        match simple.comes_with(None).await {
            Ok(arrival) => assert!(
                is_good && arrival.subject == "11" && arrival.has_verified_email,
                "{issuer}"
            ),
            Err(refusal) => assert!(!is_good && refusal.description == format!("Bad id_token issuer {issuer}")),
        }
    }
    let asked = simple.site.asked("POST /token ").remove(0);
    assert!(
        asked.ends_with(&format!("&client_secret=s&code=c&code_verifier={}", "A".repeat(64))),
        "{asked}"
    );
    assert_eq!(simple.site.asked("GET /me").len(), 0);

    let mapping = [
        ("email", "email"),
        ("phone_number", "phoneNumbers"),
        ("birthdate", "birthdays"),
        ("custom:hd", "hd"),
    ];
    let wider = Social::new(Kind::Google, &[], &mapping).await;
    wider.gives(Some(&wider.key.sign(&claims("https://accounts.google.com"))));
    let date = json!({"year": 1990, "month": 4, "day": 1});
    wider.site.says(
        "/me",
        &json!({"resourceName": "people/11", "phoneNumbers": [{"value": "+43 1"}], "birthdays": [{"date": date}]}),
    );
    let arrival = wider.comes_with(None).await.unwrap();
    assert_eq!(arrival.attributes["phoneNumbers"], "+43 1");
    assert_eq!(
        told_of_user(&arrival),
        &map(&[("phoneNumbers", "+43 1"), ("birthdays", "1990-04-01")])
    );
    let [asked] = wider.site.asked("GET /me").try_into().unwrap();
    assert!(
        asked.starts_with("GET /me?personFields=birthdays%2CphoneNumbers HTTP/1.1\r\n"),
        "{asked}"
    );
    assert!(asked.contains("\r\nauthorization: Bearer at\r\n"), "{asked}");

    let denied =
        json!({"error": {"code": 403, "message": "People API has not been used", "status": "PERMISSION_DENIED"}});
    wider
        .site
        .answers("/me", "403 Forbidden", "application/json", &denied.to_string());
    let refusal = wider.comes_with(None).await.err().unwrap();
    assert_eq!(refusal.description, "Google Error - 403 PERMISSION_DENIED");
}

#[tokio::test]
async fn googles_token_repeats_the_nonce() {
    let social = Social::new(Kind::Google, &[], &[]).await;
    let mut without = claims("https://accounts.google.com");
    without.as_object_mut().unwrap().remove("nonce");
    social.gives(Some(&social.key.sign(&without)));
    assert_eq!(social.comes_with(None).await.err().unwrap().description, "Bad id_token");
}

#[tokio::test]
async fn facebook_is_asked_by_get_for_what_is_mapped() {
    let mapping = [
        ("username", "id"),
        ("email", "email"),
        ("name", "name"),
        ("nickname", "name"),
    ];
    let social = Social::new(Kind::Facebook, &[("api_version", "v25.0")], &mapping).await;
    social.gives(None);
    social.site.says(
        "/me",
        &json!({"id": "99", "name": "Ana", "email": "ana@example.com", "email_verified": true}),
    );
    let arrival = social.comes_with(None).await.unwrap();
    assert_eq!((arrival.subject.as_str(), arrival.has_verified_email), ("99", false));
    assert_eq!(arrival.attributes["email"], "ana@example.com");
    assert_eq!(told_of_user(&arrival)["id"], "99");
    let [asked] = social.site.asked("GET /token").try_into().unwrap();
    let redirect = "redirect_uri=https%3A%2F%2Fauth.example.com%2Foauth2%2Fidpresponse";
    let expected =
        format!("GET /token?grant_type=authorization_code&client_id=us&{redirect}&client_secret=s&code=c HTTP/1.1\r\n");
    assert!(asked.starts_with(&expected), "{asked}");
    let [asked] = social.site.asked("GET /me").try_into().unwrap();
    assert!(
        asked.starts_with("GET /me?fields=id%2Cemail%2Cname HTTP/1.1\r\n"),
        "{asked}"
    );

    for nobody in [json!({"name": "Ana"}), json!({"id": ""}), json!({"id": 99})] {
        social.site.says("/me", &nobody);
        let refusal = social.comes_with(None).await.err().unwrap();
        assert_eq!(
            refusal.description, "Facebook Error - 200 error getting user info",
            "{nobody}"
        );
    }
}

#[tokio::test]
async fn amazon_calls_its_users_by_user_id() {
    let social = Social::new(Kind::Amazon, &[], &[("username", "user_id"), ("email", "email")]).await;
    social.gives(None);
    social.site.says(
        "/me",
        &json!({"user_id": "amzn1.account.K2", "email": "ana@example.com", "postal_code": "1010"}),
    );
    let arrival = social.comes_with(None).await.unwrap();
    assert_eq!(
        (arrival.subject.as_str(), arrival.has_verified_email),
        ("amzn1.account.K2", false)
    );
    assert_eq!(
        (arrival.attributes["postal_code"].as_str(), arrival.level),
        ("1010", None)
    );
    assert_eq!(social.site.asked("POST /token ").len(), 1);
}

#[tokio::test]
async fn apple_takes_a_token_for_a_secret_and_tells_a_name_once() {
    let pem = private_key();
    let details = [("private_key", pem.as_str()), ("authorize_scopes", "email name")];
    let social = Social::new(
        Kind::Apple,
        &details,
        &[("email", "email"), ("given_name", "firstName")],
    )
    .await;
    let mut said = claims("https://appleid.apple.com");
    said["email_verified"] = json!("true");
    social.gives(Some(&social.key.sign(&said)));
    let user = r#"{"name":{"firstName":"Ana","lastName":"Ruiz"},"email":"other@example.com","sub":"1","email_verified":false}"#;
    let arrival = social.comes_with(Some(user)).await.unwrap();
    assert_eq!((arrival.subject.as_str(), arrival.has_verified_email), ("11", true));
    let told = |name: &str| arrival.attributes.get(name).map(String::as_str);
    assert_eq!(
        (told("firstName"), told("lastName"), told("name")),
        (Some("Ana"), Some("Ruiz"), Some("Ana Ruiz"))
    );
    assert_eq!(
        (told("email"), told("email_verified")),
        (Some("ana@example.com"), Some("true"))
    );
    let later = social.comes_with(None).await.unwrap();
    assert!(!later.attributes.contains_key("firstName"));

    let [asked, _] = social.site.asked("POST /token ").try_into().unwrap();
    let secret = asked
        .split("&client_secret=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap();
    let signed = Signed::parse(secret).unwrap();
    assert_eq!(signed.kid(), Some("K1"));
    let der = BASE64_STANDARD.decode(pem.lines().nth(1).unwrap()).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der).unwrap();
    let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
    let jwk = json!({"kty": "EC", "crv": "P-256", "x": encode(x), "y": encode(y)});
    let claims = signed
        .verify(&PublicKey::read(jwk.as_object().unwrap()).unwrap())
        .unwrap();
    let expected = json!({
        "iss": "T1", "sub": "us", "aud": "https://appleid.apple.com", "iat": NOW.secs(), "exp": NOW.secs() + 300,
    });
    assert_eq!(Value::Object(claims), expected);
}
