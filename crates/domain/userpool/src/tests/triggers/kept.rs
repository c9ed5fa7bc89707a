//! What an answer to a question of CUSTOM_AUTH changes: nothing of it where a function fails. Reference: user-pools 5.9, 16.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::text;
use vault::totp::Seed;

use super::named::{DEFINE, PHONE, answer, asked, define, give_tokens, people};
use crate::tests::{entry::USED_SESSION, people::People};

const CREATE: &str = "CreateAuthChallenge_Authentication";
const APP: &str = "SOFTWARE_TOKEN_MFA";

/// An authenticator app of Ana's, none of whose codes of now has counted.
async fn app_of(people: &People) -> Seed {
    let token = people.token("ana").await;
    let made = people
        .with_token(&token, "AssociateSoftwareToken", json!({}))
        .await
        .ok();
    let seed = Seed::parse(&text(&made, "/SecretCode")).unwrap();
    let code = seed.code(people.app.cx().now());
    people
        .with_token(&token, "VerifySoftwareToken", json!({"UserCode": code}))
        .await
        .ok();
    people.app.advance(Duration::from_secs(30));
    seed
}

/// Reference: user-pools 5.6 (a session that is given back is good for the answer).
#[tokio::test]
async fn a_function_that_fails_after_an_apps_code_leaves_the_code_good() {
    let people = people(json!({})).await;
    let seed = app_of(&people).await;
    let session = text(&asked(&people, APP).await, "/Session");
    let right = seed.code(people.app.cx().now());
    people.app.functions.raise(DEFINE, "late");
    answer(&people, &session, APP, &right).await.refused(
        "UserLambdaValidationException",
        "DefineAuthChallenge failed with error late.",
    );
    // Nor does what follows use it up where it can't be asked.
    define(&people, "CUSTOM_CHALLENGE");
    people.app.functions.raise(CREATE, "late");
    answer(&people, &session, APP, &right).await.refused(
        "UserLambdaValidationException",
        "CreateAuthChallenge failed with error late.",
    );
    define(&people, "SMS_MFA");
    people.app.functions.raise("CustomMessage_Authentication", "late");
    answer(&people, &session, APP, &right)
        .await
        .refused("UserLambdaValidationException", "CustomMessage failed with error late.");
    give_tokens(&people);
    people.app.functions.raise("PostAuthentication_Authentication", "late");
    answer(&people, &session, APP, &right).await.refused(
        "UserLambdaValidationException",
        "PostAuthentication failed with error late.",
    );
    people
        .app
        .functions
        .respond("PostAuthentication_Authentication", json!({}));
    answer(&people, &session, APP, &right).await.ok();
}

/// It counts once, whatever follows it.
#[tokio::test]
async fn an_apps_code_is_used_up_with_the_next_question() {
    for next in ["CUSTOM_CHALLENGE", "SMS_MFA", APP] {
        let people = people(json!({})).await;
        let seed = app_of(&people).await;
        let (one, other) = (asked(&people, APP).await, asked(&people, APP).await);
        let right = seed.code(people.app.cx().now());
        define(&people, next);
        let asked = answer(&people, &text(&one, "/Session"), APP, &right).await.ok();
        assert_eq!(asked["ChallengeName"], next);
        answer(&people, &text(&other, "/Session"), APP, &right).await.refused(
            "ExpiredCodeException",
            "Your software token has already been used once.",
        );
    }
}

#[tokio::test]
async fn an_address_is_proven_when_the_next_question_is_asked() {
    let people = people(json!({})).await;
    let session = text(&asked(&people, "SMS_MFA").await, "/Session");
    let code = people.app.code_for(PHONE).await;
    let is_proven = async || people.attribute("ana", "phone_number_verified").await.as_deref() == Some("true");
    people.app.functions.raise(DEFINE, "late");
    answer(&people, &session, "SMS_MFA", &code).await.refused(
        "UserLambdaValidationException",
        "DefineAuthChallenge failed with error late.",
    );
    assert!(!is_proven().await);
    define(&people, "EMAIL_OTP");
    people.app.functions.heard();
    answer(&people, &session, "SMS_MFA", &code).await.ok();
    assert!(is_proven().await);
    // The function hears of the user as they are then.
    let told: Value = people.app.functions.heard().remove(0);
    assert_eq!(
        told["request"]["userAttributes"]["phone_number_verified"], "true",
        "{told}"
    );
    answer(&people, &session, "SMS_MFA", &code)
        .await
        .refused_as(USED_SESSION);
}
