//! PreAuthentication, PostAuthentication and CustomMessage at sign-in. Reference: user-pools 16.2, 16.3.

use kernel::{PoolId, Sub};
use serde_json::{Value, json};
use store::records::sessions;
use testkit::text;

use super::{INVALID_RESPONSE, UNRECOGNIZABLE, all_flows};
use crate::tests::{
    entry::WRONG,
    people::{PASSWORD, People},
};

const ALL: [&str; 3] = ["PreAuthentication", "PostAuthentication", "CustomMessage"];

async fn people(client: Value) -> People {
    let people = all_flows(&ALL, json!({}), client).await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    people.app.functions.heard();
    people
}

/// With ClientMetadata.
async fn sign_in(people: &People, name: &str, password: &str) -> testkit::Answer {
    let input = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": {"USERNAME": name, "PASSWORD": password},
        "ClientMetadata": {"from": "the test"},
    });
    people.public("InitiateAuth", input).await
}

#[tokio::test]
async fn each_way_in_asks_before_and_tells_after() {
    let people = people(json!({})).await;
    let functions = people.app.functions.clone();
    let both = ["PreAuthentication_Authentication", "PostAuthentication_Authentication"];
    let answer = sign_in(&people, "ana", PASSWORD).await.ok();
    assert_eq!(functions.sources(), both);
    people.sign_in_by_srp("ana", PASSWORD).await.ok();
    assert_eq!(functions.sources(), both);
    let parameters = json!({"USERNAME": "ana", "PASSWORD": PASSWORD});
    people.admin_initiate("ADMIN_USER_PASSWORD_AUTH", parameters).await.ok();
    assert_eq!(functions.sources(), both);
    let wish = json!({"USERNAME": "ana", "PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": PASSWORD});
    people.initiate("USER_AUTH", wish).await.ok();
    assert_eq!(functions.sources(), both);
    // Before the password is looked at; after it only if all was right.
    sign_in(&people, "ana", "Wr0ng-word").await.refused_as(WRONG);
    assert_eq!(functions.sources(), both[..1]);
    let token = text(&answer, "/AuthenticationResult/RefreshToken");
    people.refresh(&token).await.ok();
    assert_eq!(functions.sources(), [""; 0]);
}

#[tokio::test]
async fn what_functions_are_told() {
    let people = people(json!({})).await;
    sign_in(&people, "ana", PASSWORD).await.ok();
    let mut heard = people.app.functions.heard();
    let sub = people.attribute("ana", "sub").await.unwrap();
    for event in &mut heard {
        assert_eq!(event["version"], "1");
        assert_eq!(event["userName"], "ana");
        assert_eq!(event["callerContext"]["clientId"], json!(people.client));
        assert_eq!(event["response"], json!({}));
        let told = event["request"]
            .as_object_mut()
            .unwrap()
            .remove("userAttributes")
            .unwrap();
        assert_eq!(told["sub"], json!(sub));
        assert_eq!(told["cognito:user_status"], "CONFIRMED");
        assert_eq!(told["email"], "ana@example.com");
    }
    assert_eq!(heard[0]["request"], json!({"validationData": {"from": "the test"}}));
    assert_eq!(
        heard[1]["request"],
        json!({"newDeviceUsed": false, "clientMetadata": null})
    );
}

/// How many sessions Ana has.
async fn sessions(people: &People) -> usize {
    let sub = Sub::new(people.attribute("ana", "sub").await.unwrap());
    let pool = PoolId::new(people.pool.as_str());
    let now = people.app.cx().now();
    let found = people
        .app
        .store
        .read(move |r| sessions::of_user(r, (&pool, &sub), now, "", 9));
    found.await.unwrap().len()
}

#[tokio::test]
async fn what_a_function_refuses_or_garbles_leaves_nothing() {
    let people = people(json!({})).await;
    let functions = people.app.functions.clone();
    for source in ["PreAuthentication_Authentication", "PostAuthentication_Authentication"] {
        let trigger = source.split('_').next().unwrap();
        functions.raise(source, "not today");
        let sentence = format!("{trigger} failed with error not today.");
        sign_in(&people, "ana", PASSWORD)
            .await
            .refused("UserLambdaValidationException", &sentence);
        for garbled in ["[]", "no json", "{}", r#"{"response": 1}"#] {
            functions.garble(source, garbled);
            sign_in(&people, "ana", PASSWORD)
                .await
                .refused(INVALID_RESPONSE, UNRECOGNIZABLE);
        }
        functions.respond(source, json!({}));
    }
    assert_eq!(sessions(&people).await, 0);
    sign_in(&people, "ana", PASSWORD).await.ok();
    assert_eq!(sessions(&people).await, 1);
}

#[tokio::test]
async fn functions_hear_that_there_is_nobody_from_clients_that_hide_it() {
    let hiding = people(json!({"PreventUserExistenceErrors": "ENABLED"})).await;
    for (name, not_found) in [("ana", false), ("nobody", true)] {
        sign_in(&hiding, name, "Wr0ng-word").await.refused_as(WRONG);
        let heard = hiding.app.functions.heard();
        assert_eq!(heard[0]["request"]["userNotFound"], not_found, "{name}");
        assert_eq!(heard[0]["userName"], name);
    }
    let told = people(json!({})).await;
    sign_in(&told, "nobody", "Wr0ng-word")
        .await
        .refused("UserNotFoundException", "User does not exist.");
    assert_eq!(told.app.functions.sources(), [""; 0]);
}

#[tokio::test]
async fn a_function_words_the_code_of_a_sign_in() {
    let role = "arn:aws:iam::000000000000:role/texts";
    let pool = json!({"MfaConfiguration": "ON", "SmsConfiguration": {"SnsCallerArn": role, "ExternalId": "x"}});
    let people = all_flows(&["CustomMessage"], pool, json!({})).await;
    let phone = "+15551234567";
    people.member("ana", &[("phone_number", phone)]).await;
    let source = "CustomMessage_Authentication";
    people
        .app
        .functions
        .respond(source, json!({"smsMessage": "so: {####}"}));
    let started = people.sign_in("ana", PASSWORD).await.ok();
    assert_eq!(people.app.functions.sources().last().unwrap(), source);
    let code = people.app.code_for(phone).await;
    assert_eq!(people.app.inbox(phone).await[0].body, format!("so: {code}"));
    let responses = json!({"USERNAME": "ana", "SMS_MFA_CODE": code});
    people
        .respond("SMS_MFA", Some(&text(&started, "/Session")), responses)
        .await
        .ok();
}
