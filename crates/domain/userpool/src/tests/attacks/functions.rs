//! By what functions do, and what they hear.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use testkit::{Call, merged, text};

use super::{MAIL, PHONE, lambdas, pool, slow};
use crate::{
    ops,
    tests::{
        entry::{EXCEEDED, USED_SESSION},
        functions::FUNCTION,
        people::{PASSWORD, People, other_than},
    },
};

#[tokio::test]
async fn functions_hear_nothing_of_a_right_code_during_a_lock() {
    let people = pool(
        lambdas(&["PostAuthentication", "PreTokenGeneration"]),
        json!({}),
        Some("ON"),
    )
    .await;
    let started = people.sign_in("ana", PASSWORD).await.ok();
    assert_eq!(started["ChallengeName"], "SMS_MFA", "{started}");
    let session = text(&started, "/Session");
    let code = people.app.code_for(PHONE).await;
    let answer = async |code: String| {
        let responses = json!({"USERNAME": "ana", "SMS_MFA_CODE": code});
        people.respond("SMS_MFA", Some(&session), responses).await
    };
    for _ in 0..10 {
        answer(other_than(&code))
            .await
            .refused("CodeMismatchException", "Invalid code or auth state for the user.");
    }
    people.app.functions.heard();
    answer(other_than(&code)).await.refused_as(EXCEEDED);
    assert_eq!(people.app.functions.sources(), [""; 0]);
    // The function may say more, too.
    people.app.functions.raise("PostAuthentication_Authentication", "no");
    let right = answer(code).await;
    assert_eq!((right.code(), right.sentence()), EXCEEDED, "a right code during a lock");
    assert_eq!(people.app.functions.sources(), [""; 0]);
}

#[tokio::test]
async fn a_replayed_answer_is_no_sign_in_to_functions() {
    let people = pool(lambdas(&["PostAuthentication"]), json!({}), Some("ON")).await;
    let started = people.sign_in("ana", PASSWORD).await.ok();
    let session = text(&started, "/Session");
    let responses = json!({"USERNAME": "ana", "SMS_MFA_CODE": people.app.code_for(PHONE).await});
    people.respond("SMS_MFA", Some(&session), responses.clone()).await.ok();
    people.app.functions.heard();
    people
        .respond("SMS_MFA", Some(&session), responses)
        .await
        .refused_as(USED_SESSION);
    assert_eq!(people.app.functions.sources(), [""; 0]);
}

#[tokio::test]
async fn two_sign_ins_of_one_migration() {
    let people = pool(lambdas(&["UserMigration"]), json!({}), None).await;
    let response = json!({"userAttributes": {"email": "bea@example.com", "email_verified": "true"},
        "finalUserStatus": "CONFIRMED", "messageAction": "SUPPRESS"});
    people.app.functions.respond("UserMigration_Authentication", response);
    let (one, two) = tokio::join!(people.sign_in("bea", PASSWORD), people.sign_in("bea", PASSWORD));
    one.ok();
    two.ok();
}

#[tokio::test]
async fn a_migration_whose_alias_is_taken() {
    let people = pool(
        merged(
            lambdas(&["UserMigration"]),
            json!({"AliasAttributes": ["email"], "AutoVerifiedAttributes": ["email"]}),
        ),
        json!({"PreventUserExistenceErrors": "ENABLED"}),
        None,
    )
    .await;
    people
        .set("ana", &[("email", MAIL), ("email_verified", "true")])
        .await
        .ok();
    let response = json!({"userAttributes": {"email": MAIL, "email_verified": "true"}, "finalUserStatus": "CONFIRMED"});
    people.app.functions.respond("UserMigration_Authentication", response);
    let answer = people.sign_in("bea", PASSWORD).await;
    assert_ne!(answer.code(), "AliasExistsException", "{}", answer.sentence());
    assert_ne!(answer.code(), "UsernameExistsException", "{}", answer.sentence());
}

#[tokio::test]
async fn who_is_disabled_while_a_function_thinks_gets_no_tokens() {
    let people = pool(lambdas(&["PreTokenGeneration"]), json!({}), None).await;
    let refresh = text(
        &people.sign_in("ana", PASSWORD).await.ok(),
        "/AuthenticationResult/RefreshToken",
    );
    let (pools, asked, go) = slow(&people.app).await;
    let cx = people.app.cx();
    let input = json!({
        "ClientId": people.client, "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": {"REFRESH_TOKEN": refresh},
    });
    let refreshing = Call::of(&ops::TABLE, "InitiateAuth", input).on(&pools, &cx);
    let meanwhile = async {
        asked.notified().await;
        people.admin("AdminDisableUser", json!({"Username": "ana"})).await.ok();
        people
            .admin("AdminUserGlobalSignOut", json!({"Username": "ana"}))
            .await
            .ok();
        go.notify_one();
    };
    let (answer, ()) = tokio::join!(refreshing, meanwhile);
    assert_eq!(answer.code(), "NotAuthorizedException");
}

/// Ana is asked a custom challenge: with its session.
async fn asked() -> (People, String) {
    let settings = lambdas(&[
        "DefineAuthChallenge",
        "CreateAuthChallenge",
        "VerifyAuthChallengeResponse",
        "PostAuthentication",
    ]);
    let people = pool(settings, json!({}), None).await;
    let functions = &people.app.functions;
    functions.respond(
        "DefineAuthChallenge_Authentication",
        json!({"challengeName": "CUSTOM_CHALLENGE"}),
    );
    functions.respond(
        "CreateAuthChallenge_Authentication",
        json!({"privateChallengeParameters": {"answer": "a needle"}}),
    );
    functions.respond(
        "VerifyAuthChallengeResponse_Authentication",
        json!({"answerCorrect": false}),
    );
    let started = people.initiate("CUSTOM_AUTH", json!({"USERNAME": "ana"})).await.ok();
    let session = text(&started, "/Session");
    (people, session)
}

#[tokio::test]
async fn one_session_of_a_custom_challenge_is_judged_once() {
    let (people, session) = asked().await;
    let functions = people.app.functions.clone();
    functions.heard();
    let guess = |n: u32| {
        let responses = json!({"USERNAME": "ana", "ANSWER": n.to_string()});
        people.respond("CUSTOM_CHALLENGE", Some(&session), responses)
    };
    tokio::join!(
        guess(1),
        guess(2),
        guess(3),
        guess(4),
        guess(5),
        guess(6),
        guess(7),
        guess(8)
    );
    let judged = functions
        .sources()
        .into_iter()
        .filter(|source| source == "VerifyAuthChallengeResponse_Authentication");
    assert_eq!(judged.count(), 1);
    // Nor one that was answered before.
    people
        .respond(
            "CUSTOM_CHALLENGE",
            Some(&session),
            json!({"USERNAME": "ana", "ANSWER": "9"}),
        )
        .await
        .refused_as(USED_SESSION);
    assert_eq!(functions.sources(), [""; 0]);
}

#[tokio::test]
async fn a_used_session_of_a_custom_challenge_is_not_judged() {
    let (people, session) = asked().await;
    let functions = people.app.functions.clone();
    let responses = json!({"USERNAME": "ana", "ANSWER": "x"});
    people
        .respond("CUSTOM_CHALLENGE", Some(&session), responses.clone())
        .await
        .ok();
    functions.heard();
    // The right answer, after a wrong one: refused, but differently seen by time.
    functions.respond(
        "VerifyAuthChallengeResponse_Authentication",
        json!({"answerCorrect": true}),
    );
    functions.respond("DefineAuthChallenge_Authentication", json!({"issueTokens": true}));
    people
        .respond("CUSTOM_CHALLENGE", Some(&session), responses)
        .await
        .refused_as(USED_SESSION);
    assert_eq!(functions.sources(), [""; 0]);
}

#[tokio::test]
async fn guesses_at_somebody_to_be_migrated_lock() {
    let people = pool(lambdas(&["UserMigration"]), json!({}), None).await;
    people
        .app
        .functions
        .respond("UserMigration_Authentication", json!({"userAttributes": null}));
    for _ in 0..8 {
        people.sign_in("bea", "Wr0ng-word").await;
    }
    assert!(people.app.functions.heard().len() <= 5);
}

#[tokio::test]
async fn a_migration_is_told_client_metadata() {
    let people = pool(lambdas(&["UserMigration"]), json!({}), None).await;
    people.app.functions.raise("UserMigration_Authentication", "no");
    people.sign_in("bea", PASSWORD).await;
    let event = people.app.functions.heard().remove(0);
    assert_eq!(event["request"].get("clientMetadata"), Some(&Value::Null), "{event}");
}

#[test]
fn debug_prints_no_secrets() {
    let invocation = triggers::Invocation {
        trigger: "UserMigration".into(),
        arn: FUNCTION.to_owned(),
        event: Arc::new(json!({"request": {"password": "s3cret-word"}})),
    };
    let asked = crate::signin::protocol::Challenge::Totp {
        name: None,
        user_id: "ana".to_owned(),
        session: "s3cret-session".to_owned(),
        recovery: true,
    };
    assert!(!format!("{asked:?}").contains("s3cret"), "a session");
    assert!(!format!("{invocation:?}").contains("s3cret"), "a password");
}

#[tokio::test]
async fn a_message_is_not_worded_for_an_answer_that_does_not_count() {
    let people = pool(lambdas(&["CustomMessage"]), json!({}), Some("OPTIONAL")).await;
    let token = people.token("ana").await;
    let on = json!({"SMSMfaSettings": {"Enabled": true}, "EmailMfaSettings": {"Enabled": true}});
    people.with_token(&token, "SetUserMFAPreference", on).await.ok();
    let started = people.sign_in("ana", PASSWORD).await.ok();
    let (session, choice) = (
        text(&started, "/Session"),
        json!({"USERNAME": "ana", "ANSWER": "SMS_MFA"}),
    );
    people
        .respond("SELECT_MFA_TYPE", Some(&session), choice.clone())
        .await
        .ok();
    people.app.functions.heard();
    people
        .respond("SELECT_MFA_TYPE", Some(&session), choice)
        .await
        .refused_as(USED_SESSION);
    assert_eq!(people.app.functions.sources(), [""; 0]);
}

/// Reference: user-pools 5.7 (the device accompanies the refresh), 10: a device that is forgotten refreshes nothing.
#[tokio::test]
async fn a_device_that_is_forgotten_while_a_function_thinks_gets_no_tokens() {
    let settings = merged(
        lambdas(&["PreTokenGeneration"]),
        json!({"DeviceConfiguration": {"ChallengeRequiredOnNewDevice": true}}),
    );
    let people = pool(settings, json!({}), None).await;
    let tokens = people.sign_in("ana", PASSWORD).await.ok();
    let access = text(&tokens, "/AuthenticationResult/AccessToken");
    let refresh = text(&tokens, "/AuthenticationResult/RefreshToken");
    let key = text(&tokens, "/AuthenticationResult/NewDeviceMetadata/DeviceKey");
    let base64 = |bytes: &[u8]| BASE64_STANDARD.encode(bytes);
    let secret = json!({"PasswordVerifier": base64(&[5; 384]), "Salt": base64(&[7; 16])});
    let confirm = json!({"DeviceKey": key, "DeviceSecretVerifierConfig": secret});
    people.with_token(&access, "ConfirmDevice", confirm).await.ok();

    let (pools, asked, go) = slow(&people.app).await;
    let cx = people.app.cx();
    let input = json!({
        "ClientId": people.client, "AuthFlow": "REFRESH_TOKEN_AUTH",
        "AuthParameters": {"REFRESH_TOKEN": refresh, "DEVICE_KEY": key},
    });
    let refreshing = Call::of(&ops::TABLE, "InitiateAuth", input).on(&pools, &cx);
    let meanwhile = async {
        asked.notified().await;
        let device = json!({"Username": "ana", "DeviceKey": key});
        people.admin("AdminForgetDevice", device).await.ok();
        go.notify_one();
    };
    let (answer, ()) = tokio::join!(refreshing, meanwhile);
    assert_eq!(
        (answer.code(), answer.sentence()),
        ("NotAuthorizedException", "Invalid Refresh Token")
    );
}

/// Reference: user-pools 5.9: what was judged is appended to the session, or a function that counts tries counts none of them.
#[tokio::test]
async fn a_wrong_answer_counts_although_what_follows_fails() {
    let (people, session) = asked().await;
    let functions = people.app.functions.clone();
    let guess = async |answer: &str| {
        let responses = json!({"USERNAME": "ana", "ANSWER": answer});
        people.respond("CUSTOM_CHALLENGE", Some(&session), responses).await
    };
    // Such as one that sends a code, and sends no more of them.
    functions.raise("CreateAuthChallenge_Authentication", "throttled");
    guess("1").await.refused(
        "UserLambdaValidationException",
        "CreateAuthChallenge failed with error throttled.",
    );
    functions.heard();
    for n in 2..20 {
        guess(&n.to_string()).await;
    }
    let judged = functions
        .heard()
        .into_iter()
        .filter(|event| event["triggerSource"] == "VerifyAuthChallengeResponse_Authentication");
    assert_eq!(judged.count(), 0, "guesses that nothing counts");
}

/// The same where our own session has no room for more rounds.
#[tokio::test]
async fn a_wrong_answer_counts_although_no_session_could_hold_it() {
    let (people, first) = asked().await;
    let functions = people.app.functions.clone();
    let riddle = json!({"privateChallengeParameters": {"answer": "a needle"}, "challengeMetadata": "m".repeat(600)});
    functions.respond("CreateAuthChallenge_Authentication", riddle);
    let mut session = first;
    for n in 0..9 {
        let responses = json!({"USERNAME": "ana", "ANSWER": n.to_string()});
        let answer = people.respond("CUSTOM_CHALLENGE", Some(&session), responses).await;
        if !answer.code().is_empty() {
            break;
        }
        session = text(&answer.ok(), "/Session");
    }
    functions.heard();
    let responses = json!({"USERNAME": "ana", "ANSWER": "again"});
    people.respond("CUSTOM_CHALLENGE", Some(&session), responses).await;
    assert_eq!(functions.sources(), [""; 0], "guesses without end");
}
