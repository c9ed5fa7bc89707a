//! Factors that DefineAuthChallenge asks for by name. Reference: user-pools 5.9, 16.3.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Answer, merged, text};
use vault::totp::Seed;

use super::{INVALID_RESPONSE, UNRECOGNIZABLE, all_flows};
use crate::tests::{
    entry::{EXCEEDED, INVALID_SESSION, USED_SESSION, WRONG},
    people::{PASSWORD, People, other_than},
};

const ALL: [&str; 5] = [
    "DefineAuthChallenge",
    "CreateAuthChallenge",
    "VerifyAuthChallengeResponse",
    "CustomMessage",
    "PostAuthentication",
];
pub(super) const DEFINE: &str = "DefineAuthChallenge_Authentication";
pub(super) const PHONE: &str = "+15551234567";
const MAIL: &str = "ana@example.com";
const MISMATCH: (&str, &str) = ("CodeMismatchException", "Invalid code or auth state for the user.");
const HIDING: &str = "ENABLED";

/// Ana, who can be reached, in a pool where nobody needs a second factor.
pub(super) async fn people(client: Value) -> People {
    let role = "arn:aws:iam::000000000000:role/texts";
    let pool = json!({
        "MfaConfiguration": "OPTIONAL", "SmsConfiguration": {"SnsCallerArn": role, "ExternalId": "x"},
    });
    let people = all_flows(&ALL, pool, client).await;
    people.member("ana", &[("phone_number", PHONE), ("email", MAIL)]).await;
    let factors = json!({
        "MfaConfiguration": "OPTIONAL", "SmsMfaConfiguration": {}, "SoftwareTokenMfaConfiguration": {"Enabled": true},
    });
    people.admin("SetUserPoolMfaConfig", factors).await.ok();
    people.app.functions.heard();
    people
}

fn hiding() -> Value {
    json!({"PreventUserExistenceErrors": HIDING})
}

pub(super) fn define(people: &People, name: &str) {
    people.app.functions.respond(DEFINE, json!({ "challengeName": name }));
}

pub(super) fn give_tokens(people: &People) {
    let answer = json!({"issueTokens": true, "challengeName": null});
    people.app.functions.respond(DEFINE, answer);
}

/// A custom sign-in that begins with a challenge of this name.
pub(super) async fn asked(people: &People, name: &str) -> Value {
    define(people, name);
    let started = people.initiate("CUSTOM_AUTH", json!({"USERNAME": "ana"})).await.ok();
    assert_eq!(started["ChallengeName"], name);
    started
}

pub(super) async fn answer(people: &People, session: &str, name: &str, code: &str) -> Answer {
    let responses = json!({"USERNAME": "ana", format!("{name}_CODE"): code});
    people.respond(name, Some(session), responses).await
}

/// The rounds that the function was told of last.
fn rounds(people: &People) -> Value {
    let heard = people.app.functions.heard();
    let mut defined = heard.into_iter().filter(|event| event["triggerSource"] == DEFINE);
    defined.next_back().unwrap()["request"]["session"].clone()
}

fn round(name: &str) -> Value {
    json!({"challengeName": name, "challengeResult": true, "challengeMetadata": null})
}

#[tokio::test]
async fn a_code_is_sent_and_the_function_hears_that_it_was_right() {
    for (name, to, amr, shown) in [
        ("SMS_MFA", PHONE, "sms", ("SMS", "+*******4567")),
        ("EMAIL_OTP", MAIL, "email_otp", ("EMAIL", "a***@e***")),
    ] {
        let people = people(json!({})).await;
        let started = asked(&people, name).await;
        let parameters = json!({
            "CODE_DELIVERY_DELIVERY_MEDIUM": shown.0, "CODE_DELIVERY_DESTINATION": shown.1, "USER_ID_FOR_SRP": "ana",
        });
        assert_eq!(started["ChallengeParameters"], parameters);
        let sources = people.app.functions.sources();
        assert_eq!(sources, [DEFINE, "CustomMessage_Authentication"]);
        let (session, code) = (text(&started, "/Session"), people.app.code_for(to).await);
        assert_eq!(code.len(), 6);
        give_tokens(&people);
        // What is wrong is told to no function, and the session is good for another answer.
        answer(&people, &session, name, &other_than(&code))
            .await
            .refused_as(MISMATCH);
        assert!(people.app.functions.heard().is_empty());
        let done = answer(&people, &session, name, &code).await.ok();
        assert_eq!(rounds(&people), json!([round(name)]));
        let claims = people.claims(&text(&done, "/AuthenticationResult/IdToken")).await;
        assert_eq!(claims["amr"], json!([amr]));
        answer(&people, &session, name, &code).await.refused_as(USED_SESSION);
        assert!(people.app.functions.heard().is_empty());
        let flag = if to == PHONE {
            "phone_number_verified"
        } else {
            "email_verified"
        };
        assert_eq!(people.attribute("ana", flag).await.as_deref(), Some("true"));
    }
}

#[tokio::test]
async fn an_app_is_asked_and_its_code_counts_once() {
    let people = people(json!({})).await;
    let token = people.token("ana").await;
    let answer_of = people
        .with_token(&token, "AssociateSoftwareToken", json!({}))
        .await
        .ok();
    let seed = Seed::parse(&text(&answer_of, "/SecretCode")).unwrap();
    let code = |people: &People| seed.code(people.app.cx().now());
    let first = json!({"UserCode": code(&people), "FriendlyDeviceName": "phone"});
    people.with_token(&token, "VerifySoftwareToken", first).await.ok();
    people.app.advance(Duration::from_secs(30));

    let name = "SOFTWARE_TOKEN_MFA";
    let (one, other) = (asked(&people, name).await, asked(&people, name).await);
    // Not what it is called, to somebody who has shown nothing.
    assert_eq!(one["ChallengeParameters"], json!({"USER_ID_FOR_SRP": "ana"}));
    give_tokens(&people);
    let (one, other) = (text(&one, "/Session"), text(&other, "/Session"));
    let wrong = ("CodeMismatchException", "Invalid code received for user");
    let right = code(&people);
    answer(&people, &one, name, &other_than(&right)).await.refused_as(wrong);
    let done = answer(&people, &one, name, &right).await.ok();
    assert_eq!(rounds(&people), json!([round(name)]));
    let claims = people.claims(&text(&done, "/AuthenticationResult/IdToken")).await;
    assert_eq!(claims["amr"], json!(["otp"]));
    answer(&people, &other, name, &right).await.refused(
        "ExpiredCodeException",
        "Your software token has already been used once.",
    );
    assert!(people.app.functions.heard().is_empty());
}

#[tokio::test]
async fn the_function_decides_what_follows() {
    let people = people(json!({})).await;
    let started = asked(&people, "SMS_MFA").await;
    let first = text(&started, "/Session");
    define(&people, "EMAIL_OTP");
    let code = people.app.code_for(PHONE).await;
    let second = answer(&people, &first, "SMS_MFA", &code).await.ok();
    assert_eq!(second["ChallengeName"], "EMAIL_OTP");
    let second = text(&second, "/Session");
    define(&people, "CUSTOM_CHALLENGE");
    let code = people.app.code_for(MAIL).await;
    let third = answer(&people, &second, "EMAIL_OTP", &code).await.ok();
    assert_eq!(third["ChallengeName"], "CUSTOM_CHALLENGE");
    people.app.functions.respond(
        "VerifyAuthChallengeResponse_Authentication",
        json!({"answerCorrect": true}),
    );
    give_tokens(&people);
    people.app.functions.heard();
    let responses = json!({"USERNAME": "ana", "ANSWER": "x"});
    let done = people
        .respond("CUSTOM_CHALLENGE", Some(&text(&third, "/Session")), responses)
        .await
        .ok();
    let custom = json!({"challengeName": "CUSTOM_CHALLENGE", "challengeResult": true, "challengeMetadata": null});
    assert_eq!(rounds(&people), json!([round("SMS_MFA"), round("EMAIL_OTP"), custom]));
    let claims = people.claims(&text(&done, "/AuthenticationResult/IdToken")).await;
    assert_eq!(claims["amr"], json!(["sms", "email_otp", "mfa"]));

    // Or fails.
    let started = asked(&people, "SMS_MFA").await;
    people
        .app
        .functions
        .respond(DEFINE, json!({"failAuthentication": true}));
    let code = people.app.code_for(PHONE).await;
    let session = text(&started, "/Session");
    answer(&people, &session, "SMS_MFA", &code).await.refused_as(WRONG);
    give_tokens(&people);
    answer(&people, &session, "SMS_MFA", &code)
        .await
        .refused_as(USED_SESSION);
}

#[tokio::test]
async fn a_function_that_fails_after_a_right_code_leaves_the_session_good() {
    let people = people(json!({})).await;
    let session = text(&asked(&people, "SMS_MFA").await, "/Session");
    let code = people.app.code_for(PHONE).await;
    for said in [json!({"challengeName": "TEA"}), json!({"challengeName": 1})] {
        people.app.functions.respond(DEFINE, said);
        answer(&people, &session, "SMS_MFA", &code)
            .await
            .refused(INVALID_RESPONSE, UNRECOGNIZABLE);
    }
    people.app.functions.raise(DEFINE, "late");
    answer(&people, &session, "SMS_MFA", &code).await.refused(
        "UserLambdaValidationException",
        "DefineAuthChallenge failed with error late.",
    );
    give_tokens(&people);
    answer(&people, &session, "SMS_MFA", &code).await.ok();
}

#[tokio::test]
async fn no_other_answer_takes_the_place_of_what_was_asked() {
    let people = people(json!({})).await;
    let session = text(&asked(&people, "SMS_MFA").await, "/Session");
    let code = people.app.code_for(PHONE).await;
    give_tokens(&people);
    people.app.functions.heard();
    for (name, members) in [
        ("EMAIL_OTP", json!({"EMAIL_OTP_CODE": code})),
        ("SMS_OTP", json!({"SMS_OTP_CODE": code})),
        ("SOFTWARE_TOKEN_MFA", json!({"SOFTWARE_TOKEN_MFA_CODE": code})),
        ("CUSTOM_CHALLENGE", json!({"ANSWER": "x"})),
        ("PASSWORD", json!({"PASSWORD": PASSWORD})),
        ("SELECT_MFA_TYPE", json!({"ANSWER": "SMS_MFA"})),
        ("NEW_PASSWORD_REQUIRED", json!({"NEW_PASSWORD": "An0ther-word"})),
        ("DEVICE_SRP_AUTH", json!({"SRP_A": "ab"})),
        ("MFA_SETUP", json!({})),
    ] {
        let responses = merged(json!({"USERNAME": "ana"}), members);
        people
            .respond(name, Some(&session), responses)
            .await
            .refused_as(INVALID_SESSION);
    }
    assert!(people.app.functions.heard().is_empty());
    // Nor is a custom challenge's session, or a password's, one of a code.
    let custom = text(&asked(&people, "CUSTOM_CHALLENGE").await, "/Session");
    answer(&people, &custom, "SMS_MFA", &code)
        .await
        .refused_as(INVALID_SESSION);
    // By another door, and of somebody else.
    let responses = json!({"USERNAME": "ana", "SMS_MFA_CODE": code});
    people
        .admin_respond("SMS_MFA", Some(&session), responses)
        .await
        .refused_as(INVALID_SESSION);
    people.member("bea", &[("phone_number", "+15550001111")]).await;
    let as_bea = json!({"USERNAME": "bea", "SMS_MFA_CODE": code});
    people
        .respond("SMS_MFA", Some(&session), as_bea)
        .await
        .refused_as(INVALID_SESSION);
    // A code to a number that is no more the user's.
    people.set("ana", &[("phone_number", "+15559999999")]).await.ok();
    answer(&people, &session, "SMS_MFA", &code).await.refused_as(MISMATCH);
}

#[tokio::test]
async fn of_parallel_answers_one_is_told() {
    let people = people(json!({})).await;
    let session = text(&asked(&people, "SMS_MFA").await, "/Session");
    let code = people.app.code_for(PHONE).await;
    give_tokens(&people);
    people.app.functions.heard();
    let right = || answer(&people, &session, "SMS_MFA", &code);
    let (a, b, c, d) = tokio::join!(right(), right(), right(), right());
    let answers = [a, b, c, d];
    let won = answers.iter().filter(|answer| answer.code().is_empty());
    assert_eq!(won.count(), 1);
    let defined = people
        .app
        .functions
        .sources()
        .into_iter()
        .filter(|source| source == DEFINE);
    assert_eq!(defined.count(), 1);
}

#[tokio::test]
async fn guesses_lock_as_in_any_sign_in() {
    let people = people(json!({})).await;
    let session = text(&asked(&people, "SMS_MFA").await, "/Session");
    let code = people.app.code_for(PHONE).await;
    give_tokens(&people);
    people.app.functions.heard();
    for _ in 0..10 {
        answer(&people, &session, "SMS_MFA", &other_than(&code))
            .await
            .refused_as(MISMATCH);
    }
    answer(&people, &session, "SMS_MFA", &code).await.refused_as(EXCEEDED);
    assert!(people.app.functions.heard().is_empty());
    people.app.advance(Duration::from_secs(2));
    answer(&people, &session, "SMS_MFA", &code).await.ok();
    // As many codes as a user gets in an hour.
    define(&people, "SMS_MFA");
    let begin = || people.initiate("CUSTOM_AUTH", json!({"USERNAME": "ana"}));
    for _ in 0..19 {
        begin().await.ok();
    }
    begin().await.refused("TooManyRequestsException", "Too many requests");
}

#[tokio::test]
async fn what_a_user_has_no_means_for_is_not_asked_of_them() {
    let people = people(json!({})).await;
    people.member("bea", &[]).await;
    let sentence = "No MFA mechanism is registered or deliverable for the user.";
    for name in ["SMS_MFA", "EMAIL_OTP", "SOFTWARE_TOKEN_MFA"] {
        define(&people, name);
        people
            .initiate("CUSTOM_AUTH", json!({"USERNAME": "bea"}))
            .await
            .refused("InvalidParameterException", sentence);
        people
            .admin_initiate("CUSTOM_AUTH", json!({"USERNAME": "bea"}))
            .await
            .refused("MFAMethodNotFoundException", sentence);
    }
    people.admin("AdminDisableUser", json!({"Username": "ana"})).await.ok();
    for name in ["SMS_MFA", "SOFTWARE_TOKEN_MFA"] {
        define(&people, name);
        people
            .initiate("CUSTOM_AUTH", json!({"USERNAME": "ana"}))
            .await
            .refused("NotAuthorizedException", "User is disabled.");
    }
    assert!(people.app.inbox(PHONE).await.is_empty());
}

#[tokio::test]
async fn clients_that_hide_users_tell_nobody_from_somebody() {
    let people = people(hiding()).await;
    people.member("bea", &[]).await;
    for (name, wrong) in [
        ("SMS_MFA", MISMATCH),
        ("EMAIL_OTP", MISMATCH),
        (
            "SOFTWARE_TOKEN_MFA",
            ("CodeMismatchException", "Invalid code received for user"),
        ),
    ] {
        define(&people, name);
        for who in ["ana", "bea", "nobody"] {
            let started = people.initiate("CUSTOM_AUTH", json!({"USERNAME": who})).await.ok();
            assert_eq!(started["ChallengeName"], name, "{who}");
            assert_eq!(started["ChallengeParameters"]["USER_ID_FOR_SRP"], who);
            let responses = json!({"USERNAME": who, format!("{name}_CODE"): "000000"});
            give_tokens(&people);
            let session = text(&started, "/Session");
            people.respond(name, Some(&session), responses).await.refused_as(wrong);
            define(&people, name);
        }
    }
    // A device that is named is nobody's; where none is named the function asks for what can't be.
    define(&people, "DEVICE_SRP_AUTH");
    for who in ["ana", "nobody"] {
        let named = json!({"USERNAME": who, "DEVICE_KEY": "eu-west-1_0f"});
        people
            .initiate("CUSTOM_AUTH", named)
            .await
            .refused("ResourceNotFoundException", "Device does not exist.");
        people
            .initiate("CUSTOM_AUTH", json!({"USERNAME": who}))
            .await
            .refused(INVALID_RESPONSE, UNRECOGNIZABLE);
    }
}

#[tokio::test]
async fn a_code_confirms_nobody() {
    let people = people(json!({})).await;
    people.sign_up("kim", &[("phone_number", "+15550002222")]).await.ok();
    define(&people, "SMS_MFA");
    let started = people.initiate("CUSTOM_AUTH", json!({"USERNAME": "kim"})).await.ok();
    let code = people.app.code_for("+15550002222").await;
    give_tokens(&people);
    let responses = json!({"USERNAME": "kim", "SMS_MFA_CODE": code});
    people
        .respond("SMS_MFA", Some(&text(&started, "/Session")), responses)
        .await
        .refused("UserNotConfirmedException", "User is not confirmed.");
    assert_eq!(people.status("kim").await, "UNCONFIRMED");
}
