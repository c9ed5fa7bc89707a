//! UserMigration at ForgotPassword. Reference: user-pools 4.7, 16.3, 17.2.

use serde_json::{Value, json};
use testkit::{Answer, merged};

use super::{INVALID_RESPONSE, UNRECOGNIZABLE, all_flows};
use crate::tests::people::{PASSWORD, People};

const SOURCE: &str = "UserMigration_ForgotPassword";
const ANA: &str = "ana@example.com";
const NOBODY: (&str, &str) = ("UserNotFoundException", "Username/client id combination not found.");
const MISSING: (&str, &str) = ("UserNotFoundException", "User does not exist.");

async fn people(triggers: &[&str], client: Value) -> People {
    let people = all_flows(triggers, json!({"UsernameAttributes": ["email"]}), client).await;
    answers(&people, json!({}));
    people
}

/// The function knows Ana, whose answer has these members too.
fn answers(people: &People, more: Value) {
    let attributes = json!({"email": ANA, "email_verified": "true", "name": "Ana"});
    let answer = merged(json!({"userAttributes": attributes, "messageAction": "SUPPRESS"}), more);
    people.app.functions.respond(SOURCE, answer);
}

fn hiding() -> Value {
    json!({"PreventUserExistenceErrors": "ENABLED"})
}

async fn forgot(people: &People, name: &str) -> Answer {
    let input = json!({"Username": name, "ClientMetadata": {"from": "the test"}});
    people.public("ForgotPassword", input).await
}

async fn is_missing(people: &People) {
    people
        .admin("AdminGetUser", json!({"Username": ANA}))
        .await
        .refused_as(MISSING);
    assert!(people.app.inbox(ANA).await.is_empty());
}

#[tokio::test]
async fn who_was_elsewhere_gets_a_code_and_is_a_user_with_it() {
    let all = ["UserMigration", "PreSignUp", "CustomMessage"];
    let people = people(&all, json!({})).await;
    let functions = people.app.functions.clone();
    let sent = forgot(&people, ANA).await.ok();
    let details = json!({"AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "a***@e***"});
    assert_eq!(sent["CodeDeliveryDetails"], details);
    let heard = functions.heard();
    let request = json!({"validationData": null, "clientMetadata": {"from": "the test"}, "userAttributes": null});
    assert_eq!((&heard[0]["userName"], &heard[0]["request"]), (&json!(ANA), &request));
    assert_eq!(heard[1]["triggerSource"], "PreSignUp_AdminCreateUser");
    assert_eq!(heard[1]["callerContext"]["clientId"], people.client);
    let request = json!({
        "userAttributes": {"email": ANA, "email_verified": "true", "name": "Ana"},
        "validationData": null, "clientMetadata": {"from": "the test"},
    });
    assert_eq!(heard[1]["request"], request);
    assert_eq!(heard[2]["triggerSource"], "CustomMessage_ForgotPassword");
    assert_eq!(heard.len(), 3);
    assert_eq!(people.app.inbox(ANA).await.len(), 1);
    assert_eq!(people.status(ANA).await, "RESET_REQUIRED");

    // A user like any other: the function is asked no more, and there is no password yet.
    people
        .sign_in(ANA, PASSWORD)
        .await
        .refused("PasswordResetRequiredException", "Password reset required for the user");
    forgot(&people, ANA).await.ok();
    assert_eq!(functions.sources(), ["CustomMessage_ForgotPassword"]);
    let code = people.app.code_for(ANA).await;
    let input = json!({"Username": ANA, "Password": PASSWORD, "ConfirmationCode": code});
    people.public("ConfirmForgotPassword", input).await.ok();
    people.sign_in(ANA, PASSWORD).await.ok();
    people.sign_in_by_srp(ANA, PASSWORD).await.ok();
}

#[tokio::test]
async fn the_code_is_all_the_greeting_there_is() {
    let people = people(&["UserMigration"], json!({})).await;
    // Nor is a medium wanted that nothing could go by.
    answers(
        &people,
        json!({"messageAction": null, "desiredDeliveryMediums": ["SMS"]}),
    );
    forgot(&people, ANA).await.ok();
    let mails = people.app.inbox(ANA).await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].code.is_some(), "{}", mails[0].body);
}

#[tokio::test]
async fn who_is_confirmed_at_once_has_no_password_before_the_code_is_given() {
    let people = people(&["UserMigration"], json!({})).await;
    answers(&people, json!({"finalUserStatus": "CONFIRMED"}));
    forgot(&people, ANA).await.ok();
    assert_eq!(people.status(ANA).await, "CONFIRMED");
    for password in [PASSWORD, "", " "] {
        let answer = people.sign_in(ANA, password).await;
        assert_eq!(answer.code(), "NotAuthorizedException");
    }
    let wrong = people.srp(ANA, PASSWORD).await;
    assert_eq!(people.prove(&wrong).await.code(), "NotAuthorizedException");
}

#[tokio::test]
async fn whom_the_function_refuses_or_does_not_know_is_nobody() {
    let told = people(&["UserMigration"], json!({})).await;
    told.app.functions.raise(SOURCE, "never heard");
    let sentence = format!("Exception migrating user in app client {}", told.client);
    forgot(&told, ANA).await.refused("UserNotFoundException", &sentence);
    told.app.functions.respond(SOURCE, json!({"userAttributes": null}));
    forgot(&told, ANA).await.refused_as(NOBODY);
    is_missing(&told).await;

    let hidden = people(&["UserMigration"], hiding()).await;
    let known = forgot(&hidden, ANA).await.ok();
    hidden.admin("AdminDeleteUser", json!({"Username": ANA})).await.ok();
    for said in [None, Some(json!({"userAttributes": null})), Some(json!([]))] {
        match said {
            None => hidden.app.functions.raise(SOURCE, "never heard"),
            Some(Value::Array(_)) => hidden.app.functions.garble(SOURCE, "[]"),
            Some(response) => hidden.app.functions.respond(SOURCE, response),
        }
        assert_eq!(forgot(&hidden, ANA).await.ok(), known);
    }
    hidden
        .admin("AdminGetUser", json!({"Username": ANA}))
        .await
        .refused_as(MISSING);
    assert_eq!(hidden.app.inbox(ANA).await.len(), 1, "the first code alone");
}

#[tokio::test]
async fn a_step_that_refuses_leaves_nobody_behind() {
    let all = ["UserMigration", "PreSignUp", "CustomMessage"];
    let people = people(&all, json!({})).await;
    let functions = people.app.functions.clone();
    let pre = "PreSignUp_AdminCreateUser";
    functions.raise(pre, "closed");
    let sentence = format!("Exception migrating user in app client {}", people.client);
    forgot(&people, ANA).await.refused("UserNotFoundException", &sentence);
    is_missing(&people).await;
    functions.respond(pre, json!({}));
    functions.raise("CustomMessage_ForgotPassword", "no words");
    forgot(&people, ANA).await.refused(
        "UserLambdaValidationException",
        "CustomMessage failed with error no words.",
    );
    is_missing(&people).await;
    functions.respond("CustomMessage_ForgotPassword", json!({}));

    let unverified = json!({"userAttributes": {"email": ANA, "email_verified": "false"}});
    answers(&people, unverified);
    forgot(&people, ANA).await.refused(
        "InvalidParameterException",
        "Cannot reset password for the user as there is no registered/verified email or phone_number",
    );
    is_missing(&people).await;
    for more in [
        json!({"userAttributes": {"email": ANA, "shoe": "7"}}),
        json!({"userAttributes": {"email": "bea@example.com"}}),
        json!({"enableSMSMFA": true}),
        json!({"desiredDeliveryMediums": ["PIGEON"]}),
    ] {
        answers(&people, more.clone());
        assert!(!forgot(&people, ANA).await.code().is_empty(), "{more}");
        is_missing(&people).await;
    }
    answers(&people, json!({}));
    functions.garble(SOURCE, "no json");
    people.app.advance(std::time::Duration::from_secs(3600));
    forgot(&people, ANA).await.refused(INVALID_RESPONSE, UNRECOGNIZABLE);
    is_missing(&people).await;
}

#[tokio::test]
async fn the_function_is_asked_as_often_as_a_user_might_ask() {
    for client in [json!({}), hiding()] {
        let people = people(&["UserMigration"], client).await;
        people.app.functions.respond(SOURCE, json!({"userAttributes": null}));
        for _ in 0..10 {
            forgot(&people, ANA).await;
        }
        assert_eq!(people.app.functions.heard().len(), 10);
        let limit = (
            "LimitExceededException",
            "Attempt limit exceeded, please try after some time.",
        );
        forgot(&people, ANA).await.refused_as(limit);
        assert_eq!(people.app.functions.heard().len(), 0);
        forgot(&people, "bea@example.com").await;
        assert_eq!(people.app.functions.heard().len(), 1);
    }
}

#[tokio::test]
async fn of_two_at_once_one_makes_the_user() {
    let people = people(&["UserMigration"], json!({})).await;
    let (one, two) = tokio::join!(forgot(&people, ANA), forgot(&people, ANA));
    assert_eq!(one.ok(), two.ok());
    let users = people.admin("ListUsers", json!({})).await.ok();
    assert_eq!(users["Users"].as_array().unwrap().len(), 1);
    assert_eq!(people.app.inbox(ANA).await.len(), 2);
}

#[tokio::test]
async fn an_alias_that_is_somebodys_is_theirs_unless_it_is_forced() {
    for client in [json!({}), hiding()] {
        let pool = json!({"AliasAttributes": ["email"]});
        let people = all_flows(&["UserMigration"], pool, client.clone()).await;
        people.member("bea", &[("email", ANA)]).await;
        people.set("bea", &[("email_verified", "true")]).await.ok();
        answers(&people, json!({}));
        let refused = forgot(&people, "ana").await;
        if client == json!({}) {
            refused.refused(INVALID_RESPONSE, UNRECOGNIZABLE);
        } else {
            refused.ok();
        }
        people
            .admin("AdminGetUser", json!({"Username": "ana"}))
            .await
            .refused_as(MISSING);
        assert_eq!(people.attribute("bea", "email_verified").await.as_deref(), Some("true"));
        answers(&people, json!({"forceAliasCreation": true}));
        forgot(&people, "ana").await.ok();
        assert_eq!(
            people.attribute("bea", "email_verified").await.as_deref(),
            Some("false")
        );
        assert_eq!(people.user(ANA).await["Username"], "ana");
    }
}
