//! SRP sign-in from the first number to the tokens. Reference: user-pools 5.3, 17.2.

use std::time::Duration;

use kernel::SystemRng;
use serde_json::{Value, json};
use testkit::text;
use vault::srp::Client;

use crate::tests::{
    entry::{EXPIRED_SESSION, USED_SESSION, WRONG},
    people::{PASSWORD, People},
};

async fn people() -> People {
    let people = People::with_all_flows(json!({}), json!({})).await;
    people.member("ana", &[]).await;
    people
}

#[tokio::test]
async fn the_challenge_has_cognitos_form_and_a_proof_gets_tokens() {
    let people = people().await;
    let proof = people.srp("ana", PASSWORD).await;
    let members: Vec<&str> = proof
        .challenge
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        members,
        ["ChallengeName", "ChallengeParameters"],
        "no Session in plain USER_SRP_AUTH"
    );
    let parameters = proof.challenge["ChallengeParameters"].as_object().unwrap();
    let names: Vec<&str> = parameters.keys().map(String::as_str).collect();
    assert_eq!(names, ["SALT", "SECRET_BLOCK", "SRP_B", "USERNAME", "USER_ID_FOR_SRP"]);
    assert_eq!(
        (&parameters["USERNAME"], &parameters["USER_ID_FOR_SRP"]),
        (&json!("ana"), &json!("ana"))
    );

    let answer = people.prove(&proof).await.ok();
    people
        .get_user(&text(&answer, "/AuthenticationResult/AccessToken"))
        .await
        .ok();
}

#[tokio::test]
async fn administrators_go_the_same_way_through_their_own_door() {
    let people = people().await;
    let client = Client::new(&SystemRng);
    let parameters = json!({"USERNAME": "ana", "SRP_A": client.public_hex()});
    let started = people.admin_initiate("USER_SRP_AUTH", parameters).await.ok();
    let proof = people.proof(&client, started, PASSWORD);
    people.prove(&proof).await.refused_as(WRONG);
    people
        .admin_respond("PASSWORD_VERIFIER", None, proof.responses)
        .await
        .ok();
}

#[tokio::test]
async fn the_sub_is_the_user_id_where_an_attribute_is_the_name() {
    let people = People::with_all_flows(json!({"UsernameAttributes": ["email"]}), json!({})).await;
    people.member("ana@example.com", &[]).await;
    let sub = people.attribute("ana@example.com", "sub").await.unwrap();
    let proof = people.srp("ana@example.com", PASSWORD).await;
    assert_eq!(proof.challenge["ChallengeParameters"]["USER_ID_FOR_SRP"], json!(sub));
    people
        .prove(&proof.with(json!({"USERNAME": "ana@example.com"})))
        .await
        .ok();
    people.sign_in_by_srp("ana@example.com", PASSWORD).await.ok();
}

#[tokio::test]
async fn whatever_is_changed_in_an_answer_is_noticed() {
    let people = people().await;
    people.member("ben", &[]).await;
    let another = people.srp("ana", PASSWORD).await.responses;
    let proof = people.srp("ana", PASSWORD).await;
    let (block, other_block) = (
        text(&proof.responses, "/PASSWORD_CLAIM_SECRET_BLOCK"),
        &another["PASSWORD_CLAIM_SECRET_BLOCK"],
    );
    let cut = &block[..block.len() - 4];
    let changes: [Value; 8] = [
        json!({"PASSWORD_CLAIM_SIGNATURE": another["PASSWORD_CLAIM_SIGNATURE"]}),
        json!({"PASSWORD_CLAIM_SIGNATURE": "not base64"}),
        json!({"PASSWORD_CLAIM_SECRET_BLOCK": other_block}),
        json!({"PASSWORD_CLAIM_SECRET_BLOCK": cut}),
        json!({"PASSWORD_CLAIM_SECRET_BLOCK": ""}),
        json!({"TIMESTAMP": "now"}),
        json!({"USERNAME": "ben"}),
        json!({"USERNAME": "nobody"}),
    ];
    for change in changes {
        people.prove(&proof.with(change.clone())).await.refused_as(WRONG);
        people.app.advance(Duration::from_secs(20));
    }
    people.prove(&proof).await.ok();
}

/// The group's modulus (RFC 3526 section 4), which is zero in the group.
const PRIME: &str = concat!(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD",
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED",
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F",
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B",
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510",
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7",
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C",
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
);

#[tokio::test]
async fn numbers_that_srp_forbids_are_refused() {
    let people = people().await;
    for srp_a in [PRIME, "0", "", "xyz", "-1", &"0".repeat(768), &"f".repeat(800)] {
        let answer = people
            .initiate("USER_SRP_AUTH", json!({"USERNAME": "ana", "SRP_A": srp_a}))
            .await;
        answer.refused("InvalidParameterException", "SRP_A is not a valid SRP public value.");
    }
}

#[tokio::test]
async fn an_answer_counts_once() {
    let people = people().await;
    let proof = people.srp("ana", PASSWORD).await;
    people.prove(&proof).await.ok();
    people.prove(&proof).await.refused_as(USED_SESSION);

    // Two at a time: one of them.
    let proof = people.srp("ana", PASSWORD).await;
    let (first, second) = tokio::join!(people.prove(&proof), people.prove(&proof));
    assert_eq!([first, second].iter().filter(|answer| answer.result.is_ok()).count(), 1);
}

#[tokio::test]
async fn a_challenge_is_answered_in_time_and_by_a_true_clock() {
    let people = People::with_all_flows(json!({}), json!({"AuthSessionValidity": 15})).await;
    people.member("ana", &[]).await;
    let proof = people.srp("ana", PASSWORD).await;
    people.app.advance(Duration::from_secs(299));
    people.prove(&proof).await.ok();

    let proof = people.srp("ana", PASSWORD).await;
    people.app.advance(Duration::from_secs(301));
    people.prove(&proof).await.refused_as(WRONG);

    let proof = people.srp("ana", PASSWORD).await;
    people.app.advance(Duration::from_secs(15 * 60));
    people.prove(&proof).await.refused_as(EXPIRED_SESSION);
}

#[tokio::test]
async fn a_stale_answer_does_not_tell_right_from_wrong_nor_count() {
    let people = people().await;
    for password in [PASSWORD, "Wr0ng-word"].repeat(5) {
        let proof = people.srp("ana", password).await;
        people
            .prove(&proof.with(json!({"TIMESTAMP": "Tue Sep 5 08:09:10 UTC 2017"})))
            .await
            .refused_as(WRONG);
    }
    people.sign_in("ana", PASSWORD).await.ok();
}

#[tokio::test]
async fn a_challenge_belongs_to_its_client_and_pool() {
    let people = people().await;
    let proof = people.srp("ana", PASSWORD).await;
    let other_client = people.app.client(&people.pool, crate::tests::entry::all_flows()).await;
    let mut input = json!({"ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": proof.responses});
    input["ClientId"] = json!(other_client);
    people
        .app
        .anon
        .call("RespondToAuthChallenge", input.clone())
        .await
        .refused_as(WRONG);

    let other_pool = people.app.pool(json!({})).await;
    let other_client = people.app.client(&other_pool, crate::tests::entry::all_flows()).await;
    input["ClientId"] = json!(other_client);
    input["ChallengeResponses"]["USERNAME"] = json!("ana");
    people
        .app
        .anon
        .call("RespondToAuthChallenge", input)
        .await
        .refused_as(WRONG);
    people.prove(&proof).await.ok();
}

#[tokio::test]
async fn an_unknown_device_is_named_and_the_proof_stays_good() {
    let people = people().await;
    let proof = people.srp("ana", PASSWORD).await;
    let with_device = proof.with(json!({"DEVICE_KEY": "eu-west-1_2b6c7a2e-0000-4000-8000-000000000000"}));
    people
        .prove(&with_device)
        .await
        .refused("ResourceNotFoundException", "Device does not exist.");
    people.prove(&proof).await.ok();
}

#[tokio::test]
async fn hidden_users_and_known_ones_look_alike() {
    for (pool, known, unknown) in [
        (json!({}), "ana", "nobody"),
        (
            json!({"UsernameAttributes": ["email"]}),
            "ana@example.com",
            "nobody@example.com",
        ),
    ] {
        let people = People::with_all_flows(pool, json!({"PreventUserExistenceErrors": "ENABLED"})).await;
        people.member(known, &[]).await;
        let mut shapes = Vec::new();
        for name in [known, unknown] {
            let proof = people.srp(name, "Wr0ng-word").await;
            let again = people.srp(name, "Wr0ng-word").await;
            let parameter = |proof: &crate::tests::entry::Proof, p: &str| {
                text(&proof.challenge, &format!("/ChallengeParameters/{p}"))
            };
            for stable in ["SALT", "USER_ID_FOR_SRP"] {
                assert_eq!(parameter(&proof, stable), parameter(&again, stable), "{name} {stable}");
            }
            for fresh in ["SRP_B", "SECRET_BLOCK"] {
                assert_ne!(parameter(&proof, fresh), parameter(&again, fresh), "{name} {fresh}");
            }
            let id = parameter(&proof, "USER_ID_FOR_SRP");
            let id_is_the_name = id == name;
            let lengths = ["SALT", "SECRET_BLOCK"].map(|p| parameter(&proof, p).len());
            let members: Vec<String> = proof.challenge["ChallengeParameters"]
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect();
            shapes.push((members, id_is_the_name, id_is_the_name || id.len() == 36, lengths));
            people.prove(&proof).await.refused_as(WRONG);
        }
        assert_eq!(shapes[0], shapes[1]);
        assert!(shapes[0].2);
    }
}

#[tokio::test]
async fn hidden_users_are_spelled_as_known_ones() {
    let ignoring_case = json!({"UsernameConfiguration": {"CaseSensitive": false}});
    let heeding_case = json!({"UsernameConfiguration": {"CaseSensitive": true}});
    let by_mail = json!({"UsernameAttributes": ["email"]});
    for (pool, names, expected) in [
        (ignoring_case, ["Ana", "Nobody"], Some(["ana", "nobody"])),
        (heeding_case, ["Ana", "Nobody"], Some(["Ana", "Nobody"])),
        (by_mail, ["Ana@example.com", "Nobody@example.com"], None),
    ] {
        let people = People::with_all_flows(pool, json!({"PreventUserExistenceErrors": "ENABLED"})).await;
        people.member(names[0], &[]).await;
        for (n, name) in names.into_iter().enumerate() {
            let id = |challenge: &Value| text(challenge, "/ChallengeParameters/USER_ID_FOR_SRP");
            let started = people.srp(name, PASSWORD).await.challenge;
            // The same when the factor is chosen from the list.
            let offered = people.initiate("USER_AUTH", json!({"USERNAME": name})).await.ok();
            let client = Client::new(&SystemRng);
            let responses = json!({"USERNAME": name, "ANSWER": "PASSWORD_SRP", "SRP_A": client.public_hex()});
            let chosen = people
                .respond("SELECT_CHALLENGE", Some(&text(&offered, "/Session")), responses)
                .await
                .ok();
            assert_eq!(id(&started), id(&chosen), "{name}");
            match expected {
                Some(ids) => assert_eq!(id(&started), ids[n]),
                None => assert!(kernel::Sub::parse(&id(&started)).is_some(), "{started}"),
            }
        }
    }
}
