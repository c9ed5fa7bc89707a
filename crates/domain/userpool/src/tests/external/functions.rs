//! What functions hear of people whom a provider sends, in which order, and what they can do. Reference: oauth-and-federation 10.7;
//! user-pools 16.3.

use serde_json::{Value, json};
use testkit::merged;

use super::{arrives, attributes, pairs, refused};
use crate::tests::{functions::FUNCTION, people::People};

const MAIL: (&str, &str) = ("mail", "ana@example.com");

async fn people(pool: Value) -> People {
    let lambdas: Value = [
        "PreSignUp",
        "PostConfirmation",
        "PreAuthentication",
        "PostAuthentication",
        "CustomMessage",
        "UserMigration",
        "PreTokenGeneration",
    ]
    .into_iter()
    .map(|trigger| (trigger.to_owned(), json!(FUNCTION)))
    .collect();
    let inbound = json!({"InboundFederation": {"LambdaVersion": "V1_0", "LambdaArn": FUNCTION}});
    let lambdas = json!({"LambdaConfig": merged(lambdas, inbound)});
    super::people(
        merged(lambdas, pool),
        json!({"AttributeMapping": {"email": "mail", "name": "name"}}),
    )
    .await
}

#[tokio::test]
async fn functions_hear_in_the_order_of_the_first_and_of_later_sign_ins() {
    let people = people(json!({})).await;
    let functions = people.app.functions.clone();
    arrives(&people, "Ana", &[MAIL]).await.unwrap();
    assert_eq!(
        functions.sources(),
        [
            "InboundFederation_ExternalProvider",
            "PreSignUp_ExternalProvider",
            "PostConfirmation_ConfirmSignUp",
        ]
    );
    arrives(&people, "Ana", &[MAIL]).await.unwrap();
    assert_eq!(
        functions.sources(),
        [
            "InboundFederation_ExternalProvider",
            "PreAuthentication_Authentication",
            "PostAuthentication_Authentication",
        ]
    );
}

#[tokio::test]
async fn what_functions_are_told() {
    let people = people(json!({})).await;
    let first = arrives(&people, "Ana", &[MAIL]).await.unwrap();
    let heard = people.app.functions.heard();
    for event in &heard {
        assert_eq!(event["version"], "1");
        assert_eq!(event["userName"], "corp_ana");
        assert_eq!(event["callerContext"]["clientId"], json!(people.client));
    }
    assert_eq!(
        heard[0]["request"],
        json!({
            "providerName": "Corp", "providerType": "OIDC",
            "attributes": {
                "tokenResponse": {"token_type": "Bearer"}, "idToken": {"mail": "ana@example.com"}, "userInfo": {},
            },
        })
    );
    assert_eq!(heard[0]["response"], json!({"userAttributesToMap": {}}));
    assert_eq!(
        heard[1]["request"],
        json!({
            "userAttributes": {
                "email": "ana@example.com", "email_verified": "false",
                "cognito:email_alias": "", "cognito:phone_number_alias": "",
            },
            "validationData": null, "clientMetadata": null,
        })
    );
    assert_eq!(
        heard[1]["response"],
        json!({"autoConfirmUser": false, "autoVerifyEmail": false, "autoVerifyPhone": false})
    );
    let told = &heard[2]["request"]["userAttributes"];
    assert_eq!(told["sub"], json!(first.user.sub.as_str()));
    assert_eq!(told["cognito:user_status"], "EXTERNAL_PROVIDER");
}

#[tokio::test]
async fn what_a_function_says_of_an_arrival_stands_in_the_place_of_what_the_provider_said() {
    let people = people(json!({})).await;
    let functions = people.app.functions.clone();
    let source = "InboundFederation_ExternalProvider";
    let said = [MAIL, ("name", "Ana")];
    for kept in [json!({}), Value::Null] {
        functions.respond(source, json!({"userAttributesToMap": kept}));
        arrives(&people, "ana", &said).await.unwrap();
        let expected = pairs([
            ("email", "ana@example.com"),
            ("email_verified", "false"),
            ("name", "Ana"),
        ]);
        assert_eq!(attributes(&people, "corp_ana").await, expected);
    }
    functions.respond(source, json!({"userAttributesToMap": {"name": "Bea"}}));
    arrives(&people, "bea", &said).await.unwrap();
    assert_eq!(attributes(&people, "corp_bea").await, pairs([("name", "Bea")]));

    functions.respond(source, json!({"userAttributesToMap": {"name": 1}}));
    refused(arrives(&people, "cid", &said).await, "Unrecognizable lambda output ");
    functions.raise(source, "not from there");
    refused(
        arrives(&people, "cid", &said).await,
        "InboundFederation failed with error not from there. ",
    );
}

#[tokio::test]
async fn a_function_verifies_addresses_and_refuses_people() {
    let people = people(json!({})).await;
    let functions = people.app.functions.clone();
    let source = "PreSignUp_ExternalProvider";
    functions.respond(source, json!({"autoConfirmUser": true, "autoVerifyEmail": true}));
    arrives(&people, "ana", &[MAIL]).await.unwrap();
    assert_eq!(people.attribute("corp_ana", "email_verified").await.unwrap(), "true");
    assert_eq!(people.status("corp_ana").await, "EXTERNAL_PROVIDER");
    arrives(&people, "ana", &[MAIL]).await.unwrap();
    assert_eq!(people.attribute("corp_ana", "email_verified").await.unwrap(), "true");
    refused(arrives(&people, "bob", &[]).await, "Unrecognizable lambda output ");

    functions.raise(source, "members only");
    refused(
        arrives(&people, "bob", &[MAIL]).await,
        "PreSignUp failed with error members only. ",
    );
    let users = people.admin("ListUsers", json!({})).await.ok();
    assert_eq!(users["Users"].as_array().unwrap().len(), 1);

    // Whoever is let in is a user, though what follows fails.
    functions.respond(source, json!({}));
    functions.raise("PostConfirmation_ConfirmSignUp", "no room");
    refused(
        arrives(&people, "cid", &[MAIL]).await,
        "PostConfirmation failed with error no room. ",
    );
    assert_eq!(people.status("corp_cid").await, "EXTERNAL_PROVIDER");
    functions.heard();
    arrives(&people, "cid", &[MAIL]).await.unwrap();
    assert_eq!(functions.sources().len(), 3, "it is no first sign-in any more");
}

#[tokio::test]
async fn a_function_keeps_people_out_who_were_here_before() {
    let people = people(json!({})).await;
    let functions = people.app.functions.clone();
    arrives(&people, "ana", &[MAIL]).await.unwrap();
    for source in ["PreAuthentication_Authentication", "PostAuthentication_Authentication"] {
        functions.raise(source, "not today");
        let trigger = source.split('_').next().unwrap();
        let refusal = arrives(&people, "ana", &[("mail", "new@example.com")]).await;
        refused(refusal, &format!("{trigger} failed with error not today. "));
        functions.respond(source, json!({}));
    }
    assert_eq!(people.attribute("corp_ana", "email").await.unwrap(), "ana@example.com");
}
