//! Custom senders: what they are told, when, and what becomes of a message that they send. Reference: user-pools 16.3.

use std::{collections::BTreeMap, time::Duration};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use testkit::{Call, merged, text};
use vault::encryption_sdk;

use crate::{
    ops,
    tests::{
        functions::FUNCTION,
        people::{PASSWORD, People, list},
    },
};

const KEY: &str = "arn:aws:kms:eu-west-1:123456789012:key/senders";
const ANA: &str = "ana@example.com";
const PHONE: &str = "+12065550100";

fn sender() -> Value {
    json!({"LambdaVersion": "V1_0", "LambdaArn": FUNCTION})
}

fn mail_sender() -> Value {
    json!({"LambdaConfig": {"CustomEmailSender": sender(), "CustomMessage": FUNCTION, "KMSKeyID": KEY}})
}

async fn people(pool: Value) -> People {
    People::of(merged(json!({"AutoVerifiedAttributes": ["email"]}), pool)).await
}

/// What the functions hear of the outbox, and how many took it.
async fn told(people: &People) -> (u64, Vec<Value>) {
    let taken = people.app.delivery.tell_due().await.unwrap();
    (taken, people.app.functions.heard())
}

/// The one event that waited.
async fn only(people: &People) -> Value {
    let (taken, mut heard) = told(people).await;
    assert_eq!((taken, heard.len()), (1, 1), "{heard:?}");
    heard.remove(0)
}

/// The code in an event, as the function decrypts it.
fn decrypted(people: &People, event: &Value) -> String {
    let message = BASE64_STANDARD.decode(text(event, "/request/code")).unwrap();
    let key = people.app.keyring.kms_key(KEY);
    let (code, context) = encryption_sdk::decrypt(&key, &message).unwrap();
    assert_eq!(
        context,
        BTreeMap::from([("userpool-id".to_owned(), people.pool.clone())])
    );
    String::from_utf8(code).unwrap()
}

#[tokio::test]
async fn the_event_has_its_exact_members_and_its_code_confirms() {
    let people = people(mail_sender()).await;
    let input = json!({
        "Username": "ana", "Password": PASSWORD, "UserAttributes": list(&[("email", ANA)]),
        "ClientMetadata": {"from": "the pier"},
    });
    let answer = people.public("SignUp", input).await.ok();
    assert_eq!(answer["CodeDeliveryDetails"]["Destination"], "a***@e***");
    assert!(
        people.app.functions.heard().is_empty(),
        "nobody waits for it, and nobody is asked for words"
    );
    let event = only(&people).await;
    let code = decrypted(&people, &event);
    assert_eq!(
        event,
        json!({
            "version": "1", "triggerSource": "CustomEmailSender_SignUp", "region": "eu-west-1",
            "userPoolId": people.pool, "userName": "ana",
            "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": people.client},
            "request": {
                "type": "customEmailSenderRequestV1",
                "code": event["request"]["code"],
                "clientMetadata": {"from": "the pier"},
                "userAttributes": {
                    "sub": answer["UserSub"], "cognito:user_status": "UNCONFIRMED",
                    "email": ANA, "email_verified": "false",
                },
            },
            "response": {},
        })
    );
    assert_eq!(told(&people).await, (0, Vec::new()), "once");
    let note = people.app.mail_to(ANA).await;
    assert_eq!(note.subject.as_deref(), Some("CustomEmailSender_SignUp"));
    assert_eq!(note.code.as_deref(), Some(code.as_str()));
    people.confirm("ana", &code).await.ok();
}

#[tokio::test]
async fn each_call_tells_the_sender_by_its_name() {
    let people = people(mail_sender()).await;
    let said = async |call: &str, source: &str| {
        let event = only(&people).await;
        assert_eq!(event["triggerSource"], source, "{call}");
        decrypted(&people, &event)
    };
    people.sign_up("ana", &[("email", ANA)]).await.ok();
    said("SignUp", "CustomEmailSender_SignUp").await;
    people
        .public("ResendConfirmationCode", json!({"Username": "ana"}))
        .await
        .ok();
    let code = said("ResendConfirmationCode", "CustomEmailSender_ResendCode").await;
    people.confirm("ana", &code).await.ok();

    people.public("ForgotPassword", json!({"Username": "ana"})).await.ok();
    let code = said("ForgotPassword", "CustomEmailSender_ForgotPassword").await;
    let input = json!({"Username": "ana", "Password": PASSWORD, "ConfirmationCode": code});
    people.public("ConfirmForgotPassword", input).await.ok();

    let token = people.token("ana").await;
    let attribute = json!({"AttributeName": "email"});
    people
        .with_token(&token, "GetUserAttributeVerificationCode", attribute)
        .await
        .ok();
    said(
        "GetUserAttributeVerificationCode",
        "CustomEmailSender_VerifyUserAttribute",
    )
    .await;
    people.set("ana", &[("email", "new@example.com")]).await.ok();
    let code = said("AdminUpdateUserAttributes", "CustomEmailSender_UpdateUserAttribute").await;
    let input = json!({"AttributeName": "email", "Code": code});
    people.with_token(&token, "VerifyUserAttribute", input).await.ok();
    people
        .admin("AdminResetUserPassword", json!({"Username": "ana"}))
        .await
        .ok();
    said("AdminResetUserPassword", "CustomEmailSender_ForgotPassword").await;

    let input = json!({
        "Username": "bob", "TemporaryPassword": "<Pass>w0rd&\"'", "UserAttributes": list(&[("email", "bob@example.com")]),
    });
    people.admin("AdminCreateUser", input).await.ok();
    let password = said("AdminCreateUser", "CustomEmailSender_AdminCreateUser").await;
    assert_eq!(password, "&lt;Pass&gt;w0rd&amp;&quot;'", "as AWS escapes it");
    assert_eq!(people.app.code_for("bob@example.com").await, "<Pass>w0rd&\"'");
    let silent = json!({"Username": "eve", "MessageAction": "SUPPRESS"});
    people.admin("AdminCreateUser", silent).await.ok();
    assert_eq!(told(&people).await, (0, Vec::new()));
}

#[tokio::test]
async fn a_code_of_sign_in_goes_by_the_sender_too() {
    let policies = json!({"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}});
    let pool = merged(
        json!({"AutoVerifiedAttributes": ["email"], "Policies": policies}),
        mail_sender(),
    );
    let people = People::with_all_flows(pool, json!({})).await;
    people.sign_up("ana", &[("email", ANA)]).await.ok();
    let code = decrypted(&people, &only(&people).await);
    people.confirm("ana", &code).await.ok();
    let parameters = json!({"USERNAME": "ana", "PREFERRED_CHALLENGE": "EMAIL_OTP"});
    let input = json!({"AuthFlow": "USER_AUTH", "AuthParameters": parameters});
    let asked = people.public("InitiateAuth", input).await.ok();
    let event = only(&people).await;
    assert_eq!(event["triggerSource"], "CustomEmailSender_Authentication");
    let responses = json!({"USERNAME": "ana", "EMAIL_OTP_CODE": decrypted(&people, &event)});
    let input = json!({"ChallengeName": "EMAIL_OTP", "Session": asked["Session"], "ChallengeResponses": responses});
    let answer = people.public("RespondToAuthChallenge", input).await.ok();
    assert!(answer["AuthenticationResult"]["AccessToken"].is_string());
}

#[tokio::test]
async fn an_address_that_waits_for_its_code_is_where_the_event_says() {
    let keeps = json!({"UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]}});
    let people = people(merged(mail_sender(), keeps)).await;
    people.sign_up("ana", &[("email", ANA)]).await.ok();
    let code = decrypted(&people, &only(&people).await);
    people.confirm("ana", &code).await.ok();
    let token = people.token("ana").await;
    let changed = json!({"UserAttributes": list(&[("email", "new@example.com")])});
    people.with_token(&token, "UpdateUserAttributes", changed).await.ok();
    let event = only(&people).await;
    let attributes = &event["request"]["userAttributes"];
    assert_eq!(
        (&attributes["email"], &attributes["email_verified"]),
        (&json!("new@example.com"), &json!("false"))
    );
    assert_eq!(people.attribute("ana", "email").await.as_deref(), Some(ANA));
}

#[tokio::test]
async fn each_medium_has_its_own_sender_or_none() {
    let texts = json!({"LambdaConfig": {"CustomSMSSender": sender(), "CustomMessage": FUNCTION, "KMSKeyID": KEY}});
    let people = people(texts).await;
    let attributes = list(&[("email", ANA), ("phone_number", PHONE)]);
    let input = json!({"Username": "ana", "UserAttributes": attributes, "DesiredDeliveryMediums": ["SMS", "EMAIL"]});
    people.admin("AdminCreateUser", input).await.ok();
    assert_eq!(
        people.app.functions.sources(),
        ["CustomMessage_AdminCreateUser"],
        "words for the mail"
    );
    let mail = people.app.mail_to(ANA).await;
    assert!(mail.body.starts_with("Your username is ana"), "{}", mail.body);
    let event = only(&people).await;
    assert_eq!(event["triggerSource"], "CustomSMSSender_AdminCreateUser");
    assert_eq!(event["request"]["type"], "customSMSSenderRequestV1");
    assert_eq!(event["callerContext"]["clientId"], "CLIENT_ID_NOT_APPLICABLE");
    assert_eq!(event["request"]["userAttributes"]["phone_number"], PHONE);
}

#[tokio::test]
async fn with_a_sender_no_other_way_to_send_is_needed() {
    let people = people(mail_sender()).await;
    people.member("ben", &[("email", "ben@example.com")]).await;
    people.set("ben", &[("email_verified", "true")]).await.ok();
    told(&people).await;
    let mute = people.app.mute_neighbour();
    let input = json!({
        "ClientId": people.client, "Username": "ana", "Password": PASSWORD, "UserAttributes": list(&[("email", ANA)]),
    });
    Call::of(&ops::TABLE, "SignUp", input)
        .on(&mute, &people.app.cx())
        .await
        .ok();
    let code = decrypted(&people, &only(&people).await);
    people.confirm("ana", &code).await.ok();
    assert!(
        people.app.inbox(ANA).await.is_empty(),
        "there is no inbox where nothing is kept"
    );
}

#[tokio::test]
async fn who_is_hidden_is_answered_alike_and_causes_no_event() {
    let people = People::with(
        merged(json!({"AutoVerifiedAttributes": ["email"]}), mail_sender()),
        json!({"PreventUserExistenceErrors": "ENABLED"}),
    )
    .await;
    let mute = people.app.mute_neighbour();
    for operation in ["ForgotPassword", "ResendConfirmationCode"] {
        let input = json!({"ClientId": people.client, "Username": "nobody@example.com"});
        let call = Call::of(&ops::TABLE, operation, input);
        let answer = call.on(&mute, &people.app.cx()).await.ok();
        assert_eq!(answer["CodeDeliveryDetails"]["Destination"], "n***@e***");
    }
    assert_eq!(told(&people).await, (0, Vec::new()));
}

#[tokio::test]
async fn a_sender_that_fails_is_told_again_and_at_last_no_more() {
    let people = people(mail_sender()).await;
    let functions = &people.app.functions;
    functions.raise("CustomEmailSender_SignUp", "the post office is closed");
    people.sign_up("ana", &[("email", ANA)]).await.ok();
    let mut codes = Vec::new();
    for pause in [0, 31, 61] {
        people.app.advance(Duration::from_secs(pause));
        let (taken, heard) = told(&people).await;
        assert_eq!((taken, heard.len()), (0, 1));
        assert_eq!(told(&people).await, (0, Vec::new()), "not before the pause is over");
        codes.push(decrypted(&people, &heard[0]));
    }
    assert_eq!(codes[0], codes[2], "encrypted anew, and the same");
    people.app.advance(Duration::from_secs(24 * 3600));
    assert_eq!(told(&people).await, (0, Vec::new()), "given up");

    people
        .public("ResendConfirmationCode", json!({"Username": "ana"}))
        .await
        .ok();
    let code = decrypted(&people, &only(&people).await);
    people.confirm("ana", &code).await.ok();
}

#[tokio::test]
async fn what_a_sender_was_to_be_told_outlives_the_process_and_a_new_key() {
    let mut people = people(mail_sender()).await;
    people.sign_up("ana", &[("email", ANA)]).await.ok();
    people.app = people.app.restarted_with_new_key().await;
    let code = decrypted(&people, &only(&people).await);
    people.confirm("ana", &code).await.ok();
}

#[tokio::test]
async fn what_was_refused_tells_nobody() {
    let people = people(mail_sender()).await;
    people.sign_up("ana", &[("email", ANA)]).await.ok();
    only(&people).await;
    people
        .sign_up("ana", &[("email", "other@example.com")])
        .await
        .refused("UsernameExistsException", "User already exists");
    assert_eq!(told(&people).await, (0, Vec::new()));
}

#[tokio::test]
async fn a_pool_takes_senders_with_their_key_alone() {
    let app = crate::tests::app::App::new().await;
    let create = async |lambdas: Value| {
        let input = json!({"PoolName": "staff", "LambdaConfig": lambdas});
        app.admin.call("CreateUserPool", input).await
    };
    create(json!({"CustomEmailSender": sender()})).await.refused(
        "InvalidParameterException",
        "KMSKeyID is required when CustomEmailSender or CustomSMSSender is set.",
    );
    let lambdas = json!({"CustomEmailSender": sender(), "CustomSMSSender": sender(), "KMSKeyID": KEY});
    let made = create(lambdas.clone()).await.ok();
    assert_eq!(made["UserPool"]["LambdaConfig"], lambdas);
    let old = json!({"CustomEmailSender": {"LambdaVersion": "V2_0", "LambdaArn": FUNCTION}, "KMSKeyID": KEY});
    assert_eq!(create(old).await.code(), "InvalidParameterException");
    let no_arn = json!({"CustomEmailSender": sender(), "KMSKeyID": "alias/senders"});
    assert_eq!(create(no_arn).await.code(), "InvalidParameterException");
}
