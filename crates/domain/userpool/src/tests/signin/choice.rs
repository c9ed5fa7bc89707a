//! USER_AUTH with passwords. Reference: user-pools 5.8, 17.2.

use kernel::SystemRng;
use serde_json::{Value, json};
use testkit::text;
use vault::srp::Client;

use crate::tests::{
    entry::{EXPIRED_SESSION, INVALID_SESSION, Proof, USED_SESSION, WRONG},
    people::{PASSWORD, People},
};

async fn people() -> People {
    let people = People::with_all_flows(json!({}), json!({"PreventUserExistenceErrors": "ENABLED"})).await;
    people.member("ana", &[]).await;
    people
}

async fn offered(people: &People, name: &str, parameters: Value) -> Value {
    let parameters = testkit::merged(json!({"USERNAME": name}), parameters);
    people.initiate("USER_AUTH", parameters).await.ok()
}

#[tokio::test]
async fn without_a_wish_the_user_chooses() {
    let people = people().await;
    for name in ["ana", "nobody"] {
        for wish in [json!({}), json!({"PREFERRED_CHALLENGE": "EMAIL_OTP"})] {
            let answer = offered(&people, name, wish).await;
            assert_eq!(answer["ChallengeName"], "SELECT_CHALLENGE");
            assert_eq!(answer["AvailableChallenges"], json!(["PASSWORD_SRP", "PASSWORD"]));
            assert!(text(&answer, "/Session").len() >= 20);
        }
    }
    let session = text(&offered(&people, "ana", json!({})).await, "/Session");
    let choose = |responses: Value| {
        people.respond(
            "SELECT_CHALLENGE",
            Some(&session),
            testkit::merged(json!({"USERNAME": "ana"}), responses),
        )
    };
    choose(json!({}))
        .await
        .refused("InvalidParameterException", "Missing required parameter ANSWER");
    choose(json!({"ANSWER": "WEB_AUTHN"})).await.refused(
        "InvalidParameterException",
        "The requested challenge is not available for this user.",
    );
    choose(json!({"ANSWER": "PASSWORD"}))
        .await
        .refused("InvalidParameterException", "Missing required parameter PASSWORD");
    choose(json!({"ANSWER": "PASSWORD", "PASSWORD": "Wr0ng-word"}))
        .await
        .refused_as(WRONG);
    choose(json!({"ANSWER": "PASSWORD", "PASSWORD": PASSWORD, "USERNAME": "nobody"}))
        .await
        .refused_as(INVALID_SESSION);
    choose(json!({"ANSWER": "PASSWORD", "PASSWORD": PASSWORD})).await.ok();
    choose(json!({"ANSWER": "PASSWORD", "PASSWORD": PASSWORD}))
        .await
        .refused_as(USED_SESSION);
}

#[tokio::test]
async fn a_wish_is_followed_at_once() {
    let people = people().await;
    let wish = json!({"PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": PASSWORD});
    let answer = offered(&people, "ana", wish).await;
    assert!(answer["AuthenticationResult"]["AccessToken"].is_string());

    let answer = offered(&people, "ana", json!({"PREFERRED_CHALLENGE": "PASSWORD"})).await;
    assert_eq!(answer["ChallengeName"], "PASSWORD");
    assert_eq!(answer["AvailableChallenges"], json!(["PASSWORD_SRP", "PASSWORD"]));
    let session = text(&answer, "/Session");
    let responses = json!({"USERNAME": "ana", "PASSWORD": PASSWORD});
    people.respond("PASSWORD", Some(&session), responses).await.ok();
}

#[tokio::test]
async fn srp_inside_expects_its_session_back() {
    let people = people().await;
    let start = || async {
        let client = Client::new(&SystemRng);
        let wish = json!({"PREFERRED_CHALLENGE": "PASSWORD_SRP", "SRP_A": client.public_hex()});
        let started = offered(&people, "ana", wish).await;
        assert_eq!(started["AvailableChallenges"], json!(["PASSWORD_SRP", "PASSWORD"]));
        people.proof(&client, started, PASSWORD)
    };
    let (proof, another) = (start().await, start().await);
    for session in [None, another.session] {
        people
            .prove(&Proof {
                session,
                ..proof.clone()
            })
            .await
            .refused_as(INVALID_SESSION);
    }
    people.prove(&proof).await.ok();
    people.prove(&proof).await.refused_as(USED_SESSION);

    // Chosen from the list: one success spends the whole sign-in.
    let session = text(&offered(&people, "ana", json!({})).await, "/Session");
    let client = Client::new(&SystemRng);
    let responses = json!({"USERNAME": "ana", "ANSWER": "PASSWORD_SRP", "SRP_A": client.public_hex()});
    let started = people.respond("SELECT_CHALLENGE", Some(&session), responses).await.ok();
    assert_eq!(started.get("AvailableChallenges"), None);
    people.prove(&people.proof(&client, started, PASSWORD)).await.ok();
    let responses = json!({"USERNAME": "ana", "ANSWER": "PASSWORD", "PASSWORD": PASSWORD});
    people
        .respond("SELECT_CHALLENGE", Some(&session), responses)
        .await
        .refused_as(USED_SESSION);
}

#[tokio::test]
async fn hidden_users_fail_at_the_factor() {
    let people = people().await;
    let session = text(&offered(&people, "nobody", json!({})).await, "/Session");
    let known = text(&offered(&people, "ana", json!({})).await, "/Session");
    assert_eq!(session.len(), known.len());
    let responses = json!({"USERNAME": "nobody", "ANSWER": "PASSWORD", "PASSWORD": PASSWORD});
    people
        .respond("SELECT_CHALLENGE", Some(&session), responses)
        .await
        .refused_as(WRONG);
    people.app.advance(std::time::Duration::from_secs(180));
    let responses = json!({"USERNAME": "nobody", "ANSWER": "PASSWORD", "PASSWORD": PASSWORD});
    people
        .respond("SELECT_CHALLENGE", Some(&session), responses)
        .await
        .refused_as(EXPIRED_SESSION);
}

#[tokio::test]
async fn confirming_lets_in_once() {
    let people = People::with_all_flows(json!({"AutoVerifiedAttributes": ["email"]}), json!({})).await;
    people.sign_up("ana", &[("email", "ana@example.com")]).await.ok();
    people.member("ben", &[]).await;
    let code = people.app.code_for("ana@example.com").await;
    let session = text(&people.confirm("ana", &code).await.ok(), "/Session");
    let sign_in = |name: &str| {
        people.public(
            "InitiateAuth",
            json!({"AuthFlow": "USER_AUTH", "AuthParameters": {"USERNAME": name}, "Session": session}),
        )
    };
    sign_in("ben").await.refused_as(INVALID_SESSION);
    let answer = sign_in("ana").await.ok();
    people
        .get_user(&text(&answer, "/AuthenticationResult/AccessToken"))
        .await
        .ok();
    sign_in("ana").await.refused_as(USED_SESSION);
}

/// Reference: user-pools 5.8, 15.1: it is of the higher plans, also where the client had the flow before the pool lost them.
#[tokio::test]
async fn the_lowest_plan_lets_nobody_choose() {
    let people = people().await;
    people
        .admin("UpdateUserPool", json!({"UserPoolTier": "LITE"}))
        .await
        .ok();
    for parameters in [
        json!({"USERNAME": "ana"}),
        json!({"USERNAME": "ana", "TARGET_ACR_VALUES": "urn:cognito:loa:1"}),
    ] {
        people.initiate("USER_AUTH", parameters.clone()).await.refused(
            "FeatureUnavailableInTierException",
            "The following feature is not available for the LITE pricing tier configured: Passwordless Sign-In",
        );
        let begun = people.admin_initiate("USER_AUTH", parameters).await;
        assert_eq!(begun.code(), "FeatureUnavailableInTierException");
    }
}
