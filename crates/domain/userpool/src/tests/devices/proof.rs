//! The device's proof in the place of a second factor. Reference: user-pools 5.3, 5.4, 10.

use std::time::Duration;

use kernel::SystemRng;
use serde_json::{Value, json};
use testkit::{merged, text};
use vault::srp::Client;

use super::tracked::{Handed, NO_DEVICE, PHONE, SECRET, with_codes};
use crate::tests::{
    entry::{EXCEEDED, EXPIRED_SESSION, INVALID_SESSION, USED_SESSION, WRONG},
    people::{PASSWORD, People},
};

/// Ana with a remembered device.
async fn remembered() -> (People, Handed) {
    let people = with_codes().await;
    let phone = people.handed_by_code("ana", PHONE).await;
    people.confirm_device(&phone, json!({})).await.ok();
    (people, phone)
}

#[tokio::test]
async fn a_remembered_device_replaces_the_second_factor() {
    let (people, phone) = remembered().await;
    let asked = people.sign_in_from("ana", &phone.key).await.ok();
    let parameters = json!({"DEVICE_KEY": phone.key, "USERNAME": "ana"});
    assert_eq!(
        (&asked["ChallengeName"], &asked["ChallengeParameters"]),
        (&json!("DEVICE_SRP_AUTH"), &parameters)
    );
    let (client, asked) = people.asked_for_proof("ana", &phone).await;
    assert_eq!(asked["ChallengeName"], "DEVICE_PASSWORD_VERIFIER");
    let names: Vec<&str> = asked["ChallengeParameters"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(names, ["DEVICE_KEY", "SALT", "SECRET_BLOCK", "SRP_B", "USERNAME"]);

    let asked = (client, asked);
    let proof = people.device_proof(&phone, &asked, SECRET);
    let done = people.prove_device(&asked, proof.clone()).await.ok();
    let result = &done["AuthenticationResult"];
    assert_eq!(result.get("NewDeviceMetadata"), None);
    let claims = people.claims(result["AccessToken"].as_str().unwrap()).await;
    assert_eq!(claims["device_key"], phone.key.as_str());
    people.prove_device(&asked, proof).await.refused_as(USED_SESSION);

    // After SRP too.
    let password = people.srp("ana", PASSWORD).await.with(json!({"DEVICE_KEY": phone.key}));
    let asked = people.prove(&password).await.ok();
    assert_eq!(asked["ChallengeName"], "DEVICE_SRP_AUTH");
}

#[tokio::test]
async fn a_wrong_proof_is_counted_and_locks() {
    let (people, phone) = remembered().await;
    let asked = people.asked_for_proof("ana", &phone).await;
    let wrong = people.device_proof(&phone, &asked, "another secret");
    for _ in 0..4 {
        people.prove_device(&asked, wrong.clone()).await.refused_as(WRONG);
    }
    // Another's names in the proof.
    let other = Handed {
        group: "-AAAAAAAA".to_owned(),
        ..phone.clone()
    };
    people
        .prove_device(&asked, people.device_proof(&other, &asked, SECRET))
        .await
        .refused_as(WRONG);
    people
        .prove_device(&asked, people.device_proof(&phone, &asked, SECRET))
        .await
        .refused_as(EXCEEDED);
    people.app.advance(Duration::from_secs(2));
    people
        .prove_device(&asked, people.device_proof(&phone, &asked, SECRET))
        .await
        .ok();
}

#[tokio::test]
async fn only_the_device_that_was_asked_may_answer() {
    let (people, phone) = remembered().await;
    let laptop = people.handed_by_code("ana", PHONE).await;
    people.confirm_device(&laptop, json!({})).await.ok();
    let of_ben = people.handed_by_code("ben", "+15550001111").await;
    people.confirm_device(&of_ben, json!({})).await.ok();
    people.sign_in_from("ana", &of_ben.key).await.refused_as(NO_DEVICE);

    let first = text(&people.sign_in_from("ana", &phone.key).await.ok(), "/Session");
    let client = Client::new(&SystemRng);
    let responses = json!({"USERNAME": "ana", "DEVICE_KEY": phone.key, "SRP_A": client.public_hex()});
    for key in [&laptop.key, &of_ben.key, &"eu-west-1_0f".to_owned()] {
        let responses = merged(responses.clone(), json!({"DEVICE_KEY": key}));
        people
            .respond("DEVICE_SRP_AUTH", Some(&first), responses)
            .await
            .refused_as(INVALID_SESSION);
    }
    let as_ben = merged(responses.clone(), json!({"USERNAME": "ben"}));
    people
        .respond("DEVICE_SRP_AUTH", Some(&first), as_ben)
        .await
        .refused_as(INVALID_SESSION);
    let zero = merged(responses.clone(), json!({"SRP_A": "0"}));
    let invalid = ("InvalidParameterException", "SRP_A is not a valid SRP public value.");
    people
        .respond("DEVICE_SRP_AUTH", Some(&first), zero)
        .await
        .refused_as(invalid);
    // By the door that it came by.
    people
        .admin_respond("DEVICE_SRP_AUTH", Some(&first), responses)
        .await
        .refused_as(INVALID_SESSION);

    let asked = people.asked_for_proof("ana", &phone).await;
    let proof = people.device_proof(&phone, &asked, SECRET);
    for key in [&laptop.key, &of_ben.key] {
        let responses = merged(proof.clone(), json!({"DEVICE_KEY": key}));
        people.prove_device(&asked, responses).await.refused_as(INVALID_SESSION);
    }
    people.prove_device(&asked, proof).await.ok();
}

#[tokio::test]
async fn no_other_challenge_is_answered_by_a_devices() {
    let (people, phone) = remembered().await;
    let first = people.sign_in_from("ana", &phone.key).await.ok();
    let session = text(&first, "/Session");
    for (challenge, members) in [
        ("SMS_MFA", json!({"SMS_MFA_CODE": "123456"})),
        ("SOFTWARE_TOKEN_MFA", json!({"SOFTWARE_TOKEN_MFA_CODE": "123456"})),
        ("NEW_PASSWORD_REQUIRED", json!({"NEW_PASSWORD": "An0ther-word"})),
        ("MFA_SETUP", json!({})),
    ] {
        let responses = merged(json!({"USERNAME": "ana"}), members);
        people
            .respond(challenge, Some(&session), responses)
            .await
            .refused_as(INVALID_SESSION);
    }
    // The proof without the challenge before it, and with the block of another question.
    let (asked, other) = (
        people.asked_for_proof("ana", &phone).await,
        people.asked_for_proof("ana", &phone).await,
    );
    let proof = people.device_proof(&phone, &asked, SECRET);
    people
        .respond("DEVICE_PASSWORD_VERIFIER", Some(&session), proof.clone())
        .await
        .refused_as(INVALID_SESSION);
    people
        .prove_device(&other, proof.clone())
        .await
        .refused_as(INVALID_SESSION);
    // The device's block is no password's, nor the other way round.
    people
        .respond("PASSWORD_VERIFIER", Some(&text(&asked.1, "/Session")), proof.clone())
        .await
        .refused_as(INVALID_SESSION);
    let password = people.srp("ana", PASSWORD).await;
    let swapped = merged(password.responses.clone(), json!({"DEVICE_KEY": phone.key}));
    people.prove_device(&asked, swapped).await.refused_as(INVALID_SESSION);
    // A code's session is not a device's.
    let code = text(&people.sign_in("ana", PASSWORD).await.ok(), "/Session");
    let responses = json!({"USERNAME": "ana", "DEVICE_KEY": phone.key, "SRP_A": Client::new(&SystemRng).public_hex()});
    people
        .respond("DEVICE_SRP_AUTH", Some(&code), responses)
        .await
        .refused_as(INVALID_SESSION);
    people.app.advance(Duration::from_secs(181));
    people.prove_device(&asked, proof).await.refused_as(EXPIRED_SESSION);
}

#[tokio::test]
async fn a_device_that_is_forgotten_or_remembered_no_more_proves_nothing() {
    let (people, phone) = remembered().await;
    let asked = people.asked_for_proof("ana", &phone).await;
    let hide = json!({"Username": "ana", "DeviceKey": phone.key, "DeviceRememberedStatus": "not_remembered"});
    people.admin("AdminUpdateDeviceStatus", hide).await.ok();
    people
        .prove_device(&asked, people.device_proof(&phone, &asked, SECRET))
        .await
        .refused_as(NO_DEVICE);
    people
        .admin_of_device("ana", "AdminUpdateDeviceStatus", &phone.key)
        .await
        .ok();
    people
        .admin_of_device("ana", "AdminForgetDevice", &phone.key)
        .await
        .ok();
    people
        .prove_device(&asked, people.device_proof(&phone, &asked, SECRET))
        .await
        .refused_as(NO_DEVICE);
    people.sign_in_from("ana", &phone.key).await.refused_as(NO_DEVICE);
    let asked = people.sign_in("ana", PASSWORD).await.ok();
    assert_eq!(asked["ChallengeName"], "SMS_MFA");
}

#[tokio::test]
async fn of_parallel_answers_one_counts() {
    let (people, phone) = remembered().await;
    let asked = people.asked_for_proof("ana", &phone).await;
    let proof = people.device_proof(&phone, &asked, SECRET);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let (anon, client) = (people.app.anon.clone(), people.client.clone());
        let (session, responses) = (text(&asked.1, "/Session"), proof.clone());
        tasks.spawn(async move {
            let input = json!({
                "ClientId": client, "ChallengeName": "DEVICE_PASSWORD_VERIFIER", "Session": session,
                "ChallengeResponses": responses,
            });
            anon.call("RespondToAuthChallenge", input).await.sentence().to_owned()
        });
    }
    let told = tasks.join_all().await;
    assert_eq!(
        told.iter().filter(|sentence| sentence.is_empty()).count(),
        1,
        "{told:?}"
    );
    assert!(
        told.iter()
            .all(|sentence| sentence.is_empty() || sentence == USED_SESSION.1),
        "{told:?}"
    );
}

#[tokio::test]
async fn a_verifier_outlives_a_change_of_the_keyring() {
    let (people, phone) = remembered().await;
    let People { app, pool, client } = people;
    let people = People {
        app: app.restarted_with_new_key().await,
        pool,
        client,
    };
    let result: Value = people.signed_in_from("ana", &phone).await;
    assert!(result["AccessToken"].is_string());
}
