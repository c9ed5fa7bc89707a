//! UserMigration at sign-in. Reference: user-pools 16.3.

use serde_json::{Value, json};
use testkit::{Answer, merged};

use super::{INVALID_RESPONSE, UNRECOGNIZABLE, all_flows};
use crate::tests::{
    entry::{EXCEEDED, WRONG},
    people::{PASSWORD, People},
};

const SOURCE: &str = "UserMigration_Authentication";
const ANA: &str = "ana@example.com";
const PHONE: &str = "+15551234567";

async fn people(client: Value) -> People {
    let people = all_flows(&["UserMigration"], json!({"UsernameAttributes": ["email"]}), client).await;
    let attributes = json!({"email": ANA, "email_verified": "true", "name": "Ana"});
    let response = json!({"userAttributes": attributes, "finalUserStatus": "CONFIRMED", "messageAction": "SUPPRESS"});
    people.app.functions.respond(SOURCE, response);
    people
}

#[tokio::test]
async fn who_was_elsewhere_signs_in_with_their_password() {
    let people = people(json!({})).await;
    let functions = people.app.functions.clone();
    // No policy here: it was theirs.
    people.sign_in(ANA, "short1").await.ok();
    let event = functions.heard().remove(0);
    assert_eq!(event["userName"], ANA);
    let request = json!({"password": "short1", "validationData": null, "clientMetadata": null, "userAttributes": null});
    assert_eq!(event["request"], request);
    assert_eq!(people.status(ANA).await, "CONFIRMED");
    assert_eq!(people.attribute(ANA, "name").await.as_deref(), Some("Ana"));
    people.sign_in(ANA, "short1").await.ok();
    people.sign_in(ANA, PASSWORD).await.refused_as(WRONG);
    people.sign_in_by_srp(ANA, "short1").await.ok();
    assert_eq!(functions.sources(), [""; 0]);
}

#[tokio::test]
async fn whom_the_function_refuses_is_nobody() {
    let told = people(json!({})).await;
    told.app.functions.raise(SOURCE, "Bad password");
    let sentence = format!("Exception migrating user in app client {}", told.client);
    told.sign_in(ANA, PASSWORD)
        .await
        .refused("UserNotFoundException", &sentence);
    let hidden = people(json!({"PreventUserExistenceErrors": "ENABLED"})).await;
    hidden.app.functions.raise(SOURCE, "Bad password");
    for _ in 0..5 {
        hidden.sign_in(ANA, PASSWORD).await.refused_as(WRONG);
    }
    // Guesses lock as they do of users, and the function hears no more of them.
    hidden.app.functions.heard();
    hidden.sign_in(ANA, PASSWORD).await.refused_as(EXCEEDED);
    assert_eq!(hidden.app.functions.sources(), [""; 0]);
}

#[tokio::test]
async fn whom_it_does_not_know_or_garbles_is_not_made() {
    let people = people(json!({})).await;
    let functions = people.app.functions.clone();
    let missing = ("UserNotFoundException", "User does not exist.");
    let mismatch = "Invalid user name. User name in Lambda mismatches the actual username.";
    for (attributes, refusal) in [
        (json!(null), missing),
        (json!({"email": 1}), (INVALID_RESPONSE, UNRECOGNIZABLE)),
        (json!({"username": "bob"}), (INVALID_RESPONSE, mismatch)),
    ] {
        functions.respond(SOURCE, json!({ "userAttributes": attributes }));
        people.sign_in(ANA, PASSWORD).await.refused_as(refusal);
    }
    people
        .admin("AdminGetUser", json!({"Username": ANA}))
        .await
        .refused_as(missing);
}

#[tokio::test]
async fn a_reset_is_the_default() {
    let people = people(json!({})).await;
    let attributes = json!({"email": ANA, "email_verified": "true"});
    let response = json!({"userAttributes": attributes, "finalUserStatus": null});
    people.app.functions.respond(SOURCE, response);
    people
        .sign_in(ANA, PASSWORD)
        .await
        .refused("PasswordResetRequiredException", "Password reset required for the user");
    assert_eq!(people.status(ANA).await, "RESET_REQUIRED");
}

/// What becomes of Ana, who comes with these members of an answer.
async fn arriving(people: &People, more: Value) -> Answer {
    let attributes = json!({"email": ANA, "email_verified": "true"});
    let answer = json!({"userAttributes": attributes, "finalUserStatus": "CONFIRMED", "messageAction": null});
    people.app.functions.respond(SOURCE, merged(answer, more));
    people.sign_in(ANA, PASSWORD).await
}

fn texts() -> Value {
    json!({"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::000000000000:role/texts", "ExternalId": "x"}})
}

#[tokio::test]
async fn who_comes_is_greeted_unless_the_function_says_no() {
    let both = json!({"email": ANA, "email_verified": "true", "phone_number": PHONE});
    let greeting = format!("Your username is {ANA} and temporary password is ********.");
    for (settings, more, by_mail, by_text) in [
        (json!({}), json!({"messageAction": "SUPPRESS"}), 0, 0),
        (json!({}), json!({}), 1, 0),
        // What nothing could carry is not sent.
        (json!({}), json!({"userAttributes": both}), 1, 0),
        (texts(), json!({}), 1, 0),
        (texts(), json!({"userAttributes": both}), 0, 1),
        (
            texts(),
            json!({"userAttributes": both, "desiredDeliveryMediums": ["EMAIL"]}),
            1,
            0,
        ),
        (
            texts(),
            json!({"userAttributes": both, "desiredDeliveryMediums": ["SMS", "EMAIL", "SMS"]}),
            1,
            1,
        ),
    ] {
        let pool = merged(json!({"UsernameAttributes": ["email"]}), settings);
        let people = all_flows(&["UserMigration"], pool, json!({})).await;
        arriving(&people, more.clone()).await.ok();
        let (mails, texts) = (people.app.inbox(ANA).await, people.app.inbox(PHONE).await);
        assert_eq!((mails.len(), texts.len()), (by_mail, by_text), "{more}");
        for message in mails.iter().chain(&texts) {
            assert_eq!((message.body.as_str(), &message.code), (greeting.as_str(), &None));
        }
    }
}

#[tokio::test]
async fn a_greeting_that_cannot_go_where_it_is_wanted_makes_nobody() {
    let people = all_flows(
        &["UserMigration", "CustomMessage"],
        json!({"UsernameAttributes": ["email"]}),
        json!({}),
    )
    .await;
    arriving(&people, json!({"desiredDeliveryMediums": ["SMS"]}))
        .await
        .refused(
            "InvalidParameterException",
            "User has no phone_number attribute to send a message to.",
        );
    let phone = json!({"email": ANA, "email_verified": "true", "phone_number": PHONE});
    let more = json!({"userAttributes": phone, "desiredDeliveryMediums": ["SMS"]});
    arriving(&people, more).await.refused(
        "InvalidParameterException",
        "Unable to send the message. User pool does not have SMS configuration to send messages.",
    );
    people.app.functions.raise("CustomMessage_AdminCreateUser", "no words");
    arriving(&people, json!({})).await.refused(
        "UserLambdaValidationException",
        "CustomMessage failed with error no words.",
    );
    people
        .admin("AdminGetUser", json!({"Username": ANA}))
        .await
        .refused("UserNotFoundException", "User does not exist.");
    assert!(people.app.inbox(ANA).await.is_empty());
    let words = json!({"emailMessage": "{username}, {####}"});
    people.app.functions.respond("CustomMessage_AdminCreateUser", words);
    people.app.functions.heard();
    arriving(&people, json!({})).await.ok();
    assert_eq!(people.app.inbox(ANA).await[0].body, format!("{ANA}, ********"));
    let heard = people.app.functions.heard();
    assert_eq!(heard[1]["triggerSource"], "CustomMessage_AdminCreateUser");
    assert_eq!(heard[1]["callerContext"]["clientId"], people.client);
}

#[tokio::test]
async fn text_messages_are_a_second_factor_where_there_is_a_number() {
    let pool = merged(
        texts(),
        json!({"UsernameAttributes": ["email"], "MfaConfiguration": "OPTIONAL"}),
    );
    let people = all_flows(&["UserMigration"], pool, json!({})).await;
    let quiet = json!({"messageAction": "SUPPRESS", "enableSMSMFA": true});
    arriving(&people, quiet.clone())
        .await
        .refused(INVALID_RESPONSE, UNRECOGNIZABLE);
    let both = json!({"email": ANA, "email_verified": "true", "phone_number": PHONE});
    let asked = arriving(&people, merged(quiet.clone(), json!({"userAttributes": both})))
        .await
        .ok();
    assert_eq!(asked["ChallengeName"], "SMS_MFA");
    assert_eq!(people.user(ANA).await["UserMFASettingList"], json!(["SMS_MFA"]));
    // Nor in a pool that sends none.
    let silent = all_flows(&["UserMigration"], json!({"UsernameAttributes": ["email"]}), json!({})).await;
    let more = merged(quiet, json!({"userAttributes": both}));
    arriving(&silent, more).await.refused(INVALID_RESPONSE, UNRECOGNIZABLE);
}

#[tokio::test]
async fn pre_sign_up_may_refuse_who_comes() {
    let triggers = ["UserMigration", "PreSignUp"];
    let told = all_flows(&triggers, json!({"UsernameAttributes": ["email"]}), json!({})).await;
    let pre = "PreSignUp_AdminCreateUser";
    // Confirming and verifying is not its affair.
    told.app
        .functions
        .respond(pre, json!({"autoConfirmUser": true, "autoVerifyPhone": true}));
    let parameters = json!({"USERNAME": ANA, "PASSWORD": PASSWORD});
    let begin = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters, "ClientMetadata": {"from": "the test"},
    });
    let answer = json!({"userAttributes": {"email": ANA}, "messageAction": "SUPPRESS"});
    told.app.functions.respond(SOURCE, answer);
    told.public("InitiateAuth", begin)
        .await
        .refused("PasswordResetRequiredException", "Password reset required for the user");
    let heard = told.app.functions.heard();
    assert_eq!(heard[1]["triggerSource"], pre);
    let request = json!({
        "userAttributes": {"email": ANA}, "validationData": {"from": "the test"}, "clientMetadata": null,
    });
    assert_eq!(heard[1]["request"], request);

    let hidden = all_flows(&triggers, json!({"UsernameAttributes": ["email"]}), hiding()).await;
    hidden.app.functions.raise(pre, "closed");
    arriving(&hidden, json!({})).await.refused_as(WRONG);
    hidden
        .admin("AdminGetUser", json!({"Username": ANA}))
        .await
        .refused("UserNotFoundException", "User does not exist.");
}

fn hiding() -> Value {
    json!({"PreventUserExistenceErrors": "ENABLED"})
}
