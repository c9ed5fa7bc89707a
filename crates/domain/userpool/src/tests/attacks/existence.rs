//! To know who is there.

use serde_json::json;
use testkit::{Call, merged};

use super::{MAIL, lambdas, pool, user_auth};
use crate::ops;

#[tokio::test]
async fn nobody_is_offered_what_no_user_is() {
    let settings =
        json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "SMS_OTP"]}}});
    let people = pool(settings, json!({"PreventUserExistenceErrors": "ENABLED"}), Some("ON")).await;
    let known = user_auth(&people, "ana", json!({})).await.ok();
    let unknown = user_auth(&people, "nobody", json!({})).await.ok();
    assert_eq!(known["AvailableChallenges"], unknown["AvailableChallenges"]);
}

#[tokio::test]
async fn a_level_out_of_reach_does_not_tell_who_exists() {
    let people = pool(
        json!({}),
        json!({"PreventUserExistenceErrors": "ENABLED"}),
        Some("OPTIONAL"),
    )
    .await;
    let target = json!({"TARGET_ACR_VALUES": "urn:cognito:loa:4"});
    let known = user_auth(&people, "ana", target.clone()).await;
    let names = ["nobody", "noone", "bea", "carl", "dora", "emil", "frida", "gustav"];
    let mut same = 0;
    for name in names {
        let unknown = user_auth(&people, name, target.clone()).await;
        same += usize::from((unknown.code(), unknown.sentence()) == (known.code(), known.sentence()));
    }
    assert!(
        same > 0,
        "ana: {}; of nobody the answer is never this",
        known.sentence()
    );
}

#[tokio::test]
async fn a_message_that_fails_does_not_tell_who_exists() {
    let settings = merged(
        lambdas(&["CustomMessage"]),
        json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}}),
    );
    let people = pool(settings, json!({"PreventUserExistenceErrors": "ENABLED"}), None).await;
    people
        .app
        .functions
        .raise("CustomMessage_Authentication", "out of order");
    let wish = json!({"PREFERRED_CHALLENGE": "EMAIL_OTP"});
    let known = user_auth(&people, "ana", wish.clone()).await;
    let unknown = user_auth(&people, "nobody", wish).await;
    assert_eq!((known.code(), known.sentence()), (unknown.code(), unknown.sentence()));
}

#[tokio::test]
async fn where_nothing_can_be_sent() {
    let settings = json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}});
    let people = pool(settings, json!({"PreventUserExistenceErrors": "ENABLED"}), None).await;
    let app = &people.app;
    let mute = app.mute_neighbour();
    let said = async |name: &str| {
        let parameters = json!({"USERNAME": name, "PREFERRED_CHALLENGE": "EMAIL_OTP"});
        let input = json!({"ClientId": people.client, "AuthFlow": "USER_AUTH", "AuthParameters": parameters});
        let answer = Call::of(&ops::TABLE, "InitiateAuth", input).on(&mute, &app.cx()).await;
        (answer.code().to_owned(), answer.sentence().to_owned())
    };
    let unknown = said("nobody").await;
    assert_eq!(said("ana").await, unknown);
}

#[tokio::test]
async fn a_message_that_fails_does_not_tell_who_forgot() {
    let people = pool(
        lambdas(&["CustomMessage"]),
        json!({"PreventUserExistenceErrors": "ENABLED"}),
        None,
    )
    .await;
    people
        .set("ana", &[("email", MAIL), ("email_verified", "true")])
        .await
        .ok();
    people
        .app
        .functions
        .raise("CustomMessage_ForgotPassword", "out of order");
    let known = people.public("ForgotPassword", json!({"Username": "ana"})).await;
    let unknown = people.public("ForgotPassword", json!({"Username": "nobody"})).await;
    assert_eq!((known.code(), known.sentence()), (unknown.code(), unknown.sentence()));
}
