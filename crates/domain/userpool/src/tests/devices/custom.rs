//! A device's proof where the functions of CUSTOM_AUTH ask for it. Reference: user-pools 5.9.

use kernel::SystemRng;
use serde_json::{Value, json};
use testkit::{Answer, merged, text};
use vault::srp::Client;

use super::tracked::{Handed, NO_DEVICE, PHONE, SECRET, with_codes_and};
use crate::tests::{
    entry::{INVALID_SESSION, USED_SESSION, WRONG},
    functions::FUNCTION,
    people::{PASSWORD, People},
};

const DEFINE: &str = "DefineAuthChallenge_Authentication";
const UNSERVABLE: (&str, &str) = ("InvalidLambdaResponseException", "Unrecognizable lambda output");

/// Ana with a remembered device, which the functions ask for.
async fn remembered() -> (People, Handed) {
    let lambdas = json!({
        "DefineAuthChallenge": FUNCTION, "CreateAuthChallenge": FUNCTION, "VerifyAuthChallengeResponse": FUNCTION,
    });
    let people = with_codes_and(json!({ "LambdaConfig": lambdas })).await;
    let phone = people.handed_by_code("ana", PHONE).await;
    people.confirm_device(&phone, json!({})).await.ok();
    define(&people, "DEVICE_SRP_AUTH");
    (people, phone)
}

fn define(people: &People, name: &str) {
    people.app.functions.respond(DEFINE, json!({ "challengeName": name }));
}

async fn begin(people: &People, key: &str) -> Answer {
    let parameters = json!({"USERNAME": "ana", "DEVICE_KEY": key});
    people.initiate("CUSTOM_AUTH", parameters).await
}

/// The answer to DEVICE_SRP_AUTH.
async fn answer_device(people: &People, session: &str, key: &str) -> (Client, Answer) {
    let client = Client::new(&SystemRng);
    let responses = json!({"USERNAME": "ana", "DEVICE_KEY": key, "SRP_A": client.public_hex()});
    let answer = people.respond("DEVICE_SRP_AUTH", Some(session), responses).await;
    (client, answer)
}

/// Up to the challenge of the proof.
async fn asked_for_proof(people: &People, device: &Handed) -> (Client, Value) {
    define(people, "DEVICE_SRP_AUTH");
    let asked = begin(people, &device.key).await.ok();
    define(people, "DEVICE_PASSWORD_VERIFIER");
    let (client, answer) = answer_device(people, &text(&asked, "/Session"), &device.key).await;
    (client, answer.ok())
}

#[tokio::test]
async fn the_functions_hear_of_both_steps() {
    let (people, phone) = remembered().await;
    let functions = people.app.functions.clone();
    let asked = begin(&people, &phone.key).await.ok();
    let parameters = json!({"DEVICE_KEY": phone.key, "USERNAME": "ana"});
    assert_eq!(
        (&asked["ChallengeName"], &asked["ChallengeParameters"]),
        (&json!("DEVICE_SRP_AUTH"), &parameters)
    );
    define(&people, "DEVICE_PASSWORD_VERIFIER");
    functions.heard();
    let session = text(&asked, "/Session");
    let (client, answer) = answer_device(&people, &session, &phone.key).await;
    let asked = (client, answer.ok());
    assert_eq!(asked.1["ChallengeName"], "DEVICE_PASSWORD_VERIFIER");
    let round = |name: &str| json!({"challengeName": name, "challengeResult": true, "challengeMetadata": null});
    let expected = json!([round("DEVICE_SRP_AUTH")]);
    assert_eq!(functions.heard()[0]["request"]["session"], expected);
    // Once.
    let (_, again) = answer_device(&people, &session, &phone.key).await;
    again.refused_as(USED_SESSION);
    assert!(functions.heard().is_empty());

    functions.respond(DEFINE, json!({"issueTokens": true}));
    let proof = people.device_proof(&phone, &asked, SECRET);
    let done = people.prove_device(&asked, proof.clone()).await.ok();
    let expected = json!([round("DEVICE_SRP_AUTH"), round("DEVICE_PASSWORD_VERIFIER")]);
    assert_eq!(functions.heard()[0]["request"]["session"], expected);
    let result = &done["AuthenticationResult"];
    assert_eq!(result.get("NewDeviceMetadata"), None);
    let claims = people.claims(result["AccessToken"].as_str().unwrap()).await;
    assert_eq!((&claims["device_key"], claims.get("amr")), (&json!(phone.key), None));
    people.prove_device(&asked, proof).await.refused_as(USED_SESSION);
    assert!(functions.heard().is_empty());
}

#[tokio::test]
async fn a_wrong_proof_is_told_to_no_function() {
    let (people, phone) = remembered().await;
    let asked = asked_for_proof(&people, &phone).await;
    people.app.functions.respond(DEFINE, json!({"issueTokens": true}));
    people.app.functions.heard();
    let wrong = people.device_proof(&phone, &asked, "another secret");
    people.prove_device(&asked, wrong).await.refused_as(WRONG);
    assert!(people.app.functions.heard().is_empty());
    let proof = people.device_proof(&phone, &asked, SECRET);
    people.prove_device(&asked, proof).await.ok();
}

#[tokio::test]
async fn only_a_remembered_device_of_the_user_is_asked() {
    let (people, phone) = remembered().await;
    let of_ben = people.handed_by_code("ben", "+15550001111").await;
    people.confirm_device(&of_ben, json!({})).await.ok();
    people
        .initiate("CUSTOM_AUTH", json!({"USERNAME": "ana"}))
        .await
        .refused_as(UNSERVABLE);
    for key in [of_ben.key.as_str(), "eu-west-1_0f"] {
        begin(&people, key).await.refused_as(NO_DEVICE);
    }
    let session = text(&begin(&people, &phone.key).await.ok(), "/Session");
    define(&people, "DEVICE_PASSWORD_VERIFIER");
    for key in [of_ben.key.as_str(), "eu-west-1_0f"] {
        let (_, answer) = answer_device(&people, &session, key).await;
        answer.refused_as(INVALID_SESSION);
    }
    let zero = json!({"USERNAME": "ana", "DEVICE_KEY": phone.key, "SRP_A": "0"});
    people
        .respond("DEVICE_SRP_AUTH", Some(&session), zero)
        .await
        .refused("InvalidParameterException", "SRP_A is not a valid SRP public value.");
    let as_ben = json!({"USERNAME": "ben", "DEVICE_KEY": phone.key, "SRP_A": Client::new(&SystemRng).public_hex()});
    people
        .respond("DEVICE_SRP_AUTH", Some(&session), as_ben)
        .await
        .refused_as(INVALID_SESSION);
    // The proof of another sign-in of the same device.
    let (one, other) = (
        asked_for_proof(&people, &phone).await,
        asked_for_proof(&people, &phone).await,
    );
    people.app.functions.respond(DEFINE, json!({"issueTokens": true}));
    let proof = people.device_proof(&phone, &one, SECRET);
    people
        .prove_device(&other, proof.clone())
        .await
        .refused_as(INVALID_SESSION);
    // What was proved counts no more once the device is not remembered.
    let hide = json!({"Username": "ana", "DeviceKey": phone.key, "DeviceRememberedStatus": "not_remembered"});
    people.admin("AdminUpdateDeviceStatus", hide).await.ok();
    people.prove_device(&one, proof).await.refused_as(NO_DEVICE);
}

#[tokio::test]
async fn a_device_that_was_proved_is_to_be_remembered_at_the_end() {
    let (people, phone) = remembered().await;
    let asked = asked_for_proof(&people, &phone).await;
    define(&people, "SMS_MFA");
    let proof = people.device_proof(&phone, &asked, SECRET);
    let asked = people.prove_device(&asked, proof).await.ok();
    assert_eq!(asked["ChallengeName"], "SMS_MFA");
    let hide = json!({"Username": "ana", "DeviceKey": phone.key, "DeviceRememberedStatus": "not_remembered"});
    people.admin("AdminUpdateDeviceStatus", hide).await.ok();
    people.app.functions.respond(DEFINE, json!({"issueTokens": true}));
    let responses = json!({"USERNAME": "ana", "SMS_MFA_CODE": people.app.code_for(PHONE).await});
    people
        .respond("SMS_MFA", Some(&text(&asked, "/Session")), responses)
        .await
        .refused_as(NO_DEVICE);
}

#[tokio::test]
async fn a_proof_that_nothing_began_is_not_asked_for() {
    let (people, phone) = remembered().await;
    define(&people, "DEVICE_PASSWORD_VERIFIER");
    begin(&people, &phone.key).await.refused_as(UNSERVABLE);
    // Nor is SRP_A of a password good for a device, nor the other way round.
    let client = Client::new(&SystemRng);
    let parameters = json!({
        "USERNAME": "ana", "DEVICE_KEY": phone.key, "CHALLENGE_NAME": "SRP_A", "SRP_A": client.public_hex(),
    });
    people.initiate("CUSTOM_AUTH", parameters).await.refused_as(UNSERVABLE);
    define(&people, "DEVICE_SRP_AUTH");
    let session = text(&begin(&people, &phone.key).await.ok(), "/Session");
    define(&people, "PASSWORD_VERIFIER");
    let (_, answer) = answer_device(&people, &session, &phone.key).await;
    answer.refused_as(UNSERVABLE);
    // The session was given back.
    define(&people, "DEVICE_PASSWORD_VERIFIER");
    let (_, answer) = answer_device(&people, &session, &phone.key).await;
    assert_eq!(answer.ok()["ChallengeName"], "DEVICE_PASSWORD_VERIFIER");
    let merged_in = merged(json!({"USERNAME": "ana"}), json!({"SMS_MFA_CODE": "123456"}));
    people
        .respond("SMS_MFA", Some(&session), merged_in)
        .await
        .refused_as(INVALID_SESSION);
}

/// Reference: user-pools 5.3 (an unknown DEVICE_KEY at PASSWORD_VERIFIER is ResourceNotFound with `device` in its text: clients forget it
/// there and send the proof again, and nowhere else).
#[tokio::test]
async fn a_device_that_is_unknown_is_told_with_the_passwords_proof() {
    let (people, _) = remembered().await;
    define(&people, "PASSWORD_VERIFIER");
    let client = Client::new(&SystemRng);
    let parameters = json!({"USERNAME": "ana", "CHALLENGE_NAME": "SRP_A", "SRP_A": client.public_hex()});
    let started = people.initiate("CUSTOM_AUTH", parameters).await.ok();
    define(&people, "CUSTOM_CHALLENGE");
    let proof = people.proof(&client, started, PASSWORD);
    people
        .prove(&proof.with(json!({"DEVICE_KEY": "eu-west-1_0f"})))
        .await
        .refused_as(NO_DEVICE);
    let asked = people.prove(&proof).await.ok();
    assert_eq!(asked["ChallengeName"], "CUSTOM_CHALLENGE");
}
