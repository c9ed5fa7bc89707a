//! Functions that give the user whom they are asked about another password. Reference: user-pools 16.1: a trigger is asked in the midst
//! of a call. A sign-in goes with the password that was shown in it, and with no other.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Answer, merged, text};

use super::acting::{acting, answer_to, begin, by_mail};
use crate::tests::{
    attacks::{MAIL, PHONE, lambdas, pool},
    entry::{INVALID_SESSION, WRONG},
    people::{PASSWORD, People},
};

const OTHER: &str = "An0ther-word";

/// A call, in which the function sets this user's password and says this.
async fn replacing(people: &People, name: &str, call: (&str, Value), said: Value) -> Answer {
    let act = async || {
        people.app.advance(Duration::from_secs(1));
        let input = json!({"Username": name, "Password": OTHER, "Permanent": true});
        people.admin("AdminSetUserPassword", input).await.ok();
    };
    acting(people, call, said, act).await
}

/// Ana's sign-in by a code, up to the question.
async fn asked_for_code(people: &People) -> Value {
    let input = json!({"USERNAME": "ana", "PREFERRED_CHALLENGE": "EMAIL_OTP"});
    people.initiate("USER_AUTH", input).await.ok()
}

#[tokio::test]
async fn a_code_signs_in_whoever_gets_another_password_meanwhile() {
    for trigger in ["PreTokenGeneration", "PostAuthentication"] {
        let people = pool(merged(by_mail(), lambdas(&[trigger])), json!({}), None).await;
        let asked = asked_for_code(&people).await;
        let code = people.app.code_for(MAIL).await;
        let input = answer_to(&people, "EMAIL_OTP", &asked, json!({"EMAIL_OTP_CODE": code}));
        let answer = replacing(&people, "ana", ("RespondToAuthChallenge", input), json!({})).await;
        assert!(answer.ok()["AuthenticationResult"].is_object(), "{trigger}");
    }
}

#[tokio::test]
async fn a_custom_sign_in_goes_on_beside_another_password() {
    let triggers = [
        "PreAuthentication",
        "DefineAuthChallenge",
        "CreateAuthChallenge",
        "VerifyAuthChallengeResponse",
        "PostAuthentication",
    ];
    let people = pool(lambdas(&triggers), json!({}), None).await;
    let input = begin(&people, "CUSTOM_AUTH", json!({}));
    let by_mail = json!({"challengeName": "EMAIL_OTP", "issueTokens": false, "failAuthentication": false});
    let asked = replacing(&people, "ana", ("InitiateAuth", input), by_mail).await.ok();
    let code = people.app.code_for(MAIL).await;
    let input = answer_to(&people, "EMAIL_OTP", &asked, json!({"EMAIL_OTP_CODE": code}));
    let tokens = json!({"challengeName": null, "issueTokens": true, "failAuthentication": false});
    let answer = replacing(&people, "ana", ("RespondToAuthChallenge", input), tokens).await;
    assert!(answer.ok()["AuthenticationResult"].is_object());
}

#[tokio::test]
async fn who_has_just_signed_up_gets_another_password_meanwhile() {
    for trigger in ["PreAuthentication", "PostAuthentication"] {
        let settings = merged(json!({"AutoVerifiedAttributes": ["email"]}), lambdas(&[trigger]));
        let people = pool(settings, json!({}), None).await;
        let signed_up = people.sign_up("bea", &[("email", "bea@example.com")]).await.ok();
        let input = json!({
            "Username": "bea", "ConfirmationCode": people.app.code_for("bea@example.com").await,
            "Session": text(&signed_up, "/Session"),
        });
        let session = text(&people.public("ConfirmSignUp", input).await.ok(), "/Session");
        let input = merged(
            begin(&people, "USER_AUTH", json!({"USERNAME": "bea"})),
            json!({"Session": session}),
        );
        let answer = replacing(&people, "bea", ("InitiateAuth", input), json!({})).await;
        assert!(answer.ok()["AuthenticationResult"].is_object(), "{trigger}");
    }
}

/// Before it is compared, too: what was read then is not the user's any more.
#[tokio::test]
async fn a_password_that_was_replaced_lets_nobody_in() {
    for trigger in ["PreAuthentication", "PreTokenGeneration", "PostAuthentication"] {
        let people = pool(lambdas(&[trigger]), json!({}), None).await;
        let input = begin(&people, "USER_PASSWORD_AUTH", json!({"PASSWORD": PASSWORD}));
        replacing(&people, "ana", ("InitiateAuth", input), json!({}))
            .await
            .refused_as(WRONG);
        let input = begin(
            &people,
            "USER_AUTH",
            json!({"PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": OTHER}),
        );
        replacing(&people, "ana", ("InitiateAuth", input), json!({}))
            .await
            .refused_as(WRONG);
    }
}

#[tokio::test]
async fn a_second_factor_does_not_make_up_for_a_password_that_was_replaced() {
    for trigger in ["PreTokenGeneration", "PostAuthentication"] {
        let people = pool(lambdas(&[trigger]), json!({}), Some("ON")).await;
        let asked = people.sign_in("ana", PASSWORD).await.ok();
        let code = people.app.code_for(PHONE).await;
        let input = answer_to(&people, "SMS_MFA", &asked, json!({"SMS_MFA_CODE": code}));
        replacing(&people, "ana", ("RespondToAuthChallenge", input), json!({}))
            .await
            .refused_as(INVALID_SESSION);
    }
}

/// What a token earns goes with the password, whatever of it was shown.
#[tokio::test]
async fn credit_ends_with_the_password() {
    let people = pool(lambdas(&["PreAuthentication"]), json!({}), Some("OPTIONAL")).await;
    let token = people.token("ana").await;
    people.app.advance(Duration::from_secs(1));
    let step_up = json!({"TARGET_ACR_VALUES": "urn:cognito:loa:2", "ACCESS_TOKEN": token});
    let input = begin(&people, "USER_AUTH", step_up);
    replacing(&people, "ana", ("InitiateAuth", input), json!({}))
        .await
        .refused_as(WRONG);
}
