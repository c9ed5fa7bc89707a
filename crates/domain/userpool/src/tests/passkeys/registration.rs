//! StartWebAuthnRegistration and CompleteWebAuthnRegistration. Reference: user-pools 7.2, 7.3.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use testkit::{
    authenticator::{Authenticator, Said, USER_PRESENT},
    text,
};

use super::holder::{ORIGIN, complete, configure, list, people, registered, start};
use crate::tests::people::People;

const NOT_VALID: (&str, &str) = ("InvalidParameterException", "Credential data is not valid");
const NOT_ENABLED: (&str, &str) = (
    "WebAuthnNotEnabledException",
    "WebAuthn is not enabled for the user pool.",
);
const NOT_FOUND: (&str, &str) = (
    "WebAuthnChallengeNotFoundException",
    "The registration was not started, has expired or was completed before.",
);
const NOT_SUPPORTED: (&str, &str) = (
    "WebAuthnCredentialNotSupportedException",
    "The credential is not supported.",
);
const NOT_ALLOWED: (&str, &str) = (
    "WebAuthnOriginNotAllowedException",
    "The origin does not belong to the relying party.",
);
const TOO_MANY: (&str, &str) = ("LimitExceededException", "A user cannot have more than 20 passkeys.");

type Bend = fn(&mut Said);

#[tokio::test]
async fn the_options_are_the_references() {
    let people = people().await;
    people.member("ana", &[]).await;
    let (token, sub) = (people.token("ana").await, people.attribute("ana", "sub").await.unwrap());
    let options = start(&people, &token).await;
    let expected = |challenge: &Value, excluded: Value, verification: &str| {
        json!({
            "challenge": challenge,
            "rp": {"id": "example.com", "name": "example.com"},
            "user": {"id": BASE64_URL_SAFE_NO_PAD.encode(&sub), "name": "ana", "displayName": "ana"},
            "pubKeyCredParams": [{"type": "public-key", "alg": -7}, {"type": "public-key", "alg": -257}],
            "timeout": 60000,
            "excludeCredentials": excluded,
            "authenticatorSelection": {
                "requireResidentKey": true,
                "residentKey": "required",
                "userVerification": verification,
            },
        })
    };
    assert_eq!(options, expected(&options["challenge"], json!([]), "preferred"));
    let drawn = BASE64_URL_SAFE_NO_PAD.decode(text(&options, "/challenge")).unwrap();
    assert!(drawn.len() >= 16);
    assert_ne!(start(&people, &token).await["challenge"], options["challenge"]);

    registered(&people, &token, "phone").await;
    configure(
        &people,
        json!({"RelyingPartyId": "example.com", "UserVerification": "required"}),
    )
    .await;
    let options = start(&people, &token).await;
    let excluded = json!([{"type": "public-key", "id": BASE64_URL_SAFE_NO_PAD.encode("phone")}]);
    assert_eq!(options, expected(&options["challenge"], excluded, "required"));
}

#[tokio::test]
async fn either_key_is_registered_once() {
    let people = people().await;
    people.member("ana", &[]).await;
    let token = people.token("ana").await;
    for mut device in [Authenticator::es256(b"curve"), Authenticator::rs256(b"rsa")] {
        let made = device.create(&start(&people, &token).await, ORIGIN);
        assert_eq!(complete(&people, &token, &made).await.ok(), json!({}));
        complete(&people, &token, &made).await.refused_as(NOT_FOUND);
    }
    assert_eq!(list(&people, &token).await.len(), 2);
}

#[tokio::test]
async fn a_pool_must_allow_passkeys_and_say_for_whom() {
    let people = People::of(json!({})).await;
    people.member("ana", &[]).await;
    let token = people.token("ana").await;
    let begin = || people.with_token(&token, "StartWebAuthnRegistration", json!({}));
    begin().await.refused_as(NOT_ENABLED);
    complete(&people, &token, &json!({})).await.refused_as(NOT_ENABLED);
    let factors = json!({"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}});
    people.admin("UpdateUserPool", json!({"Policies": factors})).await.ok();
    begin().await.refused(
        "WebAuthnConfigurationMissingException",
        "The user pool has neither a relying party ID nor a domain.",
    );
    complete(&people, &token, &json!({})).await.refused_as(NOT_ENABLED);
    configure(&people, json!({"RelyingPartyId": "localhost"})).await;
    let mut device = Authenticator::es256(b"a");
    let made = device.create(&start(&people, &token).await, "http://localhost:3000");
    complete(&people, &token, &made).await.ok();
}

#[tokio::test]
async fn a_challenge_is_its_users_and_its_clients_for_a_while() {
    let people = people().await;
    for name in ["ana", "ben"] {
        people.member(name, &[]).await;
    }
    let (ana, ben) = (people.token("ana").await, people.token("ben").await);
    let made = |options: &Value| Authenticator::es256(b"a").create(options, ORIGIN);
    let of_ana = made(&start(&people, &ana).await);
    complete(&people, &ben, &of_ana).await.refused_as(NOT_FOUND);
    let drawn_by_nobody = json!({
        "challenge": "c2l4dGVlbiBieXRlcyAhIQ", "rp": {"id": "example.com"}, "user": {"id": "YW5h"},
    });
    complete(&people, &ana, &made(&drawn_by_nobody))
        .await
        .refused_as(NOT_FOUND);

    let flows = json!({"ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]});
    let other = People {
        client: people.app.client(&people.pool, flows).await,
        pool: people.pool.clone(),
        app: people.app,
    };
    let by_other = other.token("ana").await;
    complete(&other, &by_other, &of_ana).await.refused(
        "WebAuthnClientMismatchException",
        "The registration was started with another app client.",
    );
    other.app.advance(Duration::from_secs(5 * 60));
    complete(&other, &ana, &of_ana).await.refused_as(NOT_FOUND);
    let again = made(&start(&other, &ana).await);
    other.app.advance(Duration::from_secs(4 * 60));
    complete(&other, &ana, &again).await.ok();
}

#[tokio::test]
async fn what_is_wrong_with_an_answer_is_told() {
    let people = people().await;
    people.member("ana", &[]).await;
    let token = people.token("ana").await;
    let bends: [(Bend, (&str, &str)); 6] = [
        (
            |said| said.client_data["origin"] = json!("https://evil.net"),
            NOT_ALLOWED,
        ),
        (|said| said.client_data["crossOrigin"] = json!(true), NOT_ALLOWED),
        (
            |said| said.relying_party = "login.example.com".to_owned(),
            (
                "WebAuthnRelyingPartyMismatchException",
                "The credential was made for another relying party.",
            ),
        ),
        (|said| said.flags = 0, NOT_SUPPORTED),
        // EdDSA was not offered.
        (|said| said.public_key[4] = 0x27, NOT_SUPPORTED),
        (|said| said.client_data["type"] = json!("webauthn.get"), NOT_VALID),
    ];
    for (number, (bend, refusal)) in bends.into_iter().enumerate() {
        let made = Authenticator::es256(b"a").create_bent(&start(&people, &token).await, ORIGIN, bend);
        let answer = complete(&people, &token, &made).await;
        assert_eq!((answer.code(), answer.sentence()), refusal, "{number}");
    }
    let mut bare = Authenticator::es256(b"a").create(&start(&people, &token).await, ORIGIN);
    bare["response"]
        .as_object_mut()
        .unwrap()
        .retain(|name, _| name == "clientDataJSON" || name == "attestationObject");
    for credential in [bare, json!({}), json!("text"), json!([1])] {
        complete(&people, &token, &credential).await.refused_as(NOT_VALID);
    }
    assert!(list(&people, &token).await.is_empty());
}

#[tokio::test]
async fn the_users_verification_is_required_where_the_pool_says_so() {
    let people = people().await;
    configure(
        &people,
        json!({"RelyingPartyId": "example.com", "UserVerification": "required"}),
    )
    .await;
    people.member("ana", &[]).await;
    let token = people.token("ana").await;
    let unverified = |said: &mut Said| said.flags = USER_PRESENT;
    let made = Authenticator::es256(b"a").create_bent(&start(&people, &token).await, ORIGIN, unverified);
    complete(&people, &token, &made).await.refused_as(NOT_SUPPORTED);
    configure(
        &people,
        json!({"RelyingPartyId": "example.com", "UserVerification": "preferred"}),
    )
    .await;
    complete(&people, &token, &made).await.ok();
}

#[tokio::test]
async fn a_credential_is_registered_by_one_user() {
    let people = people().await;
    for name in ["ana", "ben"] {
        people.member(name, &[]).await;
    }
    let (ana, ben) = (people.token("ana").await, people.token("ben").await);
    registered(&people, &ana, "phone").await;
    for token in [&ana, &ben] {
        let again = Authenticator::es256(b"phone").create(&start(&people, token).await, ORIGIN);
        complete(&people, token, &again)
            .await
            .refused("InvalidParameterException", "The credential is already registered.");
    }
    assert_eq!(
        (list(&people, &ana).await.len(), list(&people, &ben).await.len()),
        (1, 0)
    );
}

#[tokio::test]
async fn twenty_are_the_most_in_parallel_too() {
    let people = people().await;
    people.member("ana", &[]).await;
    let token = people.token("ana").await;
    for number in 0..19 {
        registered(&people, &token, &format!("key{number}")).await;
    }
    let mut made = Vec::new();
    for id in ["left", "right"] {
        made.push(Authenticator::es256(id.as_bytes()).create(&start(&people, &token).await, ORIGIN));
    }
    let (left, right) = tokio::join!(complete(&people, &token, &made[0]), complete(&people, &token, &made[1]));
    let refused = [left, right].into_iter().filter(|answer| answer.result.is_err());
    let refused: Vec<_> = refused
        .map(|answer| (answer.code().to_owned(), answer.sentence().to_owned()))
        .collect();
    assert_eq!(refused, [(TOO_MANY.0.to_owned(), TOO_MANY.1.to_owned())]);
    assert_eq!(list(&people, &token).await.len(), 20);
    people
        .with_token(&token, "StartWebAuthnRegistration", json!({}))
        .await
        .refused_as(TOO_MANY);
}

#[tokio::test]
async fn one_challenge_makes_one_passkey_in_parallel_too() {
    let people = people().await;
    people.member("ana", &[]).await;
    let token = people.token("ana").await;
    let options = start(&people, &token).await;
    let made = [b"left", b"rght"].map(|id| Authenticator::es256(id).create(&options, ORIGIN));
    let (left, right) = tokio::join!(complete(&people, &token, &made[0]), complete(&people, &token, &made[1]));
    let codes = [left.code(), right.code()];
    assert!(codes.contains(&"") && codes.contains(&NOT_FOUND.0), "{codes:?}");
    assert_eq!(list(&people, &token).await.len(), 1);
}

#[tokio::test]
async fn related_origins_are_a_tag() {
    let people = people().await;
    people.member("ana", &[]).await;
    let token = people.token("ana").await;
    let made = |options: &Value, id: &[u8]| Authenticator::es256(id).create(options, "https://example.org");
    let options = start(&people, &token).await;
    complete(&people, &token, &made(&options, b"a"))
        .await
        .refused_as(NOT_ALLOWED);
    let tags = json!({"poolhouse:webauthn-origins": "https://example.net https://example.org"});
    people.admin("UpdateUserPool", json!({"UserPoolTags": tags})).await.ok();
    // An update that names no policies keeps them.
    complete(&people, &token, &made(&options, b"a")).await.ok();
}
