//! Sessions of users, in pools that track them. Reference: user-pools 15.2.

use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};
use testkit::{Answer, merged, text};

use crate::tests::people::People;

const OFF: (&str, &str) = (
    "InvalidParameterException",
    "User session tracking is not enabled for the user pool.",
);
const NO_SESSION: (&str, &str) = ("ResourceNotFoundException", "Session does not exist.");
const NO_USER: (&str, &str) = ("UserNotFoundException", "User does not exist.");
const REVOKED: (&str, &str) = ("NotAuthorizedException", "Access Token has been revoked");
const REFRESH_REVOKED: (&str, &str) = ("NotAuthorizedException", "Refresh Token has been revoked");

async fn people() -> People {
    let people = People::with_all_flows(json!({}), json!({})).await;
    people.member("ana", &[]).await;
    people.member("ben", &[]).await;
    people
}

async fn track(people: &People, tracking: &str, most: i32) -> Answer {
    let settings = json!({"UserSessionTracking": tracking, "TokenSession": {"MaxPerUser": most}});
    people.admin("SetUserPoolSessionConfiguration", settings).await
}

async fn tracked(most: i32) -> People {
    let people = people().await;
    track(&people, "ENABLED", most).await.ok();
    people
}

fn access(tokens: &Value) -> &str {
    tokens["AccessToken"].as_str().unwrap()
}

fn refresh(tokens: &Value) -> &str {
    tokens["RefreshToken"].as_str().unwrap()
}

/// A user's own list.
async fn own(people: &People, tokens: &Value) -> Vec<Value> {
    let listed = people
        .with_token(access(tokens), "ListUserSessions", json!({}))
        .await
        .ok();
    listed["Sessions"].as_array().unwrap().clone()
}

fn id(session: &Value) -> String {
    text(session, "/SessionId")
}

async fn current(people: &People, tokens: &Value) -> String {
    let own = own(people, tokens).await;
    id(own.iter().find(|session| session["IsCurrentSession"] == true).unwrap())
}

async fn revoke(people: &People, by: &Value, id: &str) -> Answer {
    people
        .with_token(access(by), "RevokeUserSession", json!({"SessionId": id}))
        .await
}

async fn admin_revoke(people: &People, name: &str, id: &str) -> Answer {
    let input = json!({"Username": name, "SessionId": id, "RevokeAssociatedSessions": "LINKED"});
    people.admin("AdminRevokeUserSession", input).await
}

#[tokio::test]
async fn a_pools_tracking_is_off_until_it_is_set() {
    let people = people().await;
    let get = async || people.admin("GetUserPoolSessionConfiguration", json!({})).await.ok();
    let expected = |tracking: &str, most: i32| {
        json!({
            "UserPoolId": people.pool, "UserSessionTracking": tracking, "TokenSession": {"MaxPerUser": most},
        })
    };
    assert_eq!(get().await, expected("DISABLED", 20));
    assert_eq!(track(&people, "ENABLED", 3).await.ok(), expected("ENABLED", 3));
    assert_eq!(get().await, expected("ENABLED", 3));
    // What else is changed of the pool leaves it.
    people.admin("UpdateUserPool", json!({})).await.ok();
    assert_eq!(get().await, expected("ENABLED", 3));
    let described = people.admin("DescribeUserPool", json!({})).await.ok();
    assert!(!described.to_string().contains("MaxPerUser"), "{described}");
    track(&people, "DISABLED", 4).await.ok();
    assert_eq!(get().await, expected("DISABLED", 4));

    for most in [0, 101] {
        assert_eq!(
            track(&people, "ENABLED", most).await.code(),
            "InvalidParameterException"
        );
    }
    let nowhere = json!({"UserPoolId": "eu-west-1_nowhere00"});
    let missing = (
        "ResourceNotFoundException",
        "User pool eu-west-1_nowhere00 does not exist.",
    );
    people
        .admin("GetUserPoolSessionConfiguration", nowhere.clone())
        .await
        .refused_as(missing);
    let set = json!({"UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 1}});
    people
        .admin("SetUserPoolSessionConfiguration", merged(set, nowhere))
        .await
        .refused_as(missing);
}

#[tokio::test]
async fn the_lite_plan_has_no_tracking() {
    let lacks = (
        "FeatureUnavailableInTierException",
        "The following feature is not available for the LITE pricing tier configured: User Session Tracking",
    );
    let lite = People::of(json!({"UserPoolTier": "LITE"})).await;
    track(&lite, "ENABLED", 1).await.refused_as(lacks);
    let client = json!({"ClientId": lite.client, "SSOSession": {"MaxValidityMinutes": 1}});
    lite.admin("SetUserPoolClientSessionConfiguration", client)
        .await
        .refused_as(lacks);
    // Where the plan is left, what was set rests.
    let people = tracked(3).await;
    people
        .admin("UpdateUserPool", json!({"UserPoolTier": "LITE"}))
        .await
        .ok();
    people
        .admin("AdminListUserSessions", json!({"Username": "ana"}))
        .await
        .refused_as(OFF);
    people
        .admin("UpdateUserPool", json!({"UserPoolTier": "ESSENTIALS"}))
        .await
        .ok();
    people
        .admin("AdminListUserSessions", json!({"Username": "ana"}))
        .await
        .ok();
}

#[tokio::test]
async fn a_clients_configuration_outlives_its_updates() {
    let people = people().await;
    let named = json!({"ClientId": people.client});
    let get = async || {
        let answer = people
            .admin("GetUserPoolClientSessionConfiguration", named.clone())
            .await
            .ok();
        answer["SSOSession"]["MaxValidityMinutes"].as_i64().unwrap()
    };
    let set = async |minutes: i32| {
        let input = merged(named.clone(), json!({"SSOSession": {"MaxValidityMinutes": minutes}}));
        people.admin("SetUserPoolClientSessionConfiguration", input).await
    };
    assert_eq!(get().await, 60);
    set(5).await.refused_as(OFF);
    track(&people, "ENABLED", 3).await.ok();
    let answer = set(0).await.ok();
    let expected = json!({
        "UserPoolId": people.pool, "ClientId": people.client, "SSOSession": {"MaxValidityMinutes": 0},
    });
    assert_eq!(answer, expected);
    assert_eq!(get().await, 0);
    people.admin("UpdateUserPoolClient", named.clone()).await.ok();
    assert_eq!(get().await, 0);
    let described = people.admin("DescribeUserPoolClient", named.clone()).await.ok();
    assert!(!described.to_string().contains("SSOSession"), "{described}");
    track(&people, "DISABLED", 3).await.ok();
    assert_eq!(get().await, 0, "it rests");

    let nobody = json!({"ClientId": "nosuchclient", "SSOSession": {"MaxValidityMinutes": 1}});
    let missing = (
        "ResourceNotFoundException",
        "User pool client nosuchclient does not exist.",
    );
    for operation in [
        "GetUserPoolClientSessionConfiguration",
        "SetUserPoolClientSessionConfiguration",
    ] {
        people.admin(operation, nobody.clone()).await.refused_as(missing);
    }
}

#[tokio::test]
async fn sessions_are_listed_with_the_callers_own_marked() {
    let people = tracked(20).await;
    let (first, second) = (people.tokens("ana").await, people.tokens("ana").await);
    people.tokens("ben").await;
    let listed = own(&people, &second).await;
    let ids: BTreeSet<String> = listed.iter().map(id).collect();
    assert_eq!(ids.len(), 2);
    for id in &ids {
        let form = id.len() == 28 && id.starts_with("tkn");
        assert!(
            form && id[3..].bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()),
            "{id}"
        );
    }
    let marks: Vec<_> = listed
        .iter()
        .map(|session| session["IsCurrentSession"].clone())
        .collect();
    assert_eq!(marks, [false, true], "the oldest first");
    let session = &listed[1];
    assert_eq!(
        (&session["SessionType"], &session["ClientId"]),
        (&json!("TOKEN"), &json!(people.client))
    );
    assert_eq!(session["CreateDate"], session["LastActiveDate"]);
    assert_ne!(current(&people, &first).await, current(&people, &second).await);

    let all = people
        .admin("AdminListUserSessions", json!({"Username": "ana"}))
        .await
        .ok();
    let all = all["Sessions"].as_array().unwrap();
    assert_eq!(all.iter().map(id).collect::<BTreeSet<_>>(), ids);
    assert!(all.iter().all(|session| session["IsCurrentSession"] == false));
    people
        .admin("AdminListUserSessions", json!({"Username": "nobody"}))
        .await
        .refused_as(NO_USER);
    let foreign = ("InvalidParameterException", "Invalid pagination token given.");
    let token = json!({"NextToken": "none"});
    people
        .with_token(access(&first), "ListUserSessions", token)
        .await
        .refused_as(foreign);
}

#[tokio::test]
async fn a_session_ends_by_its_id() {
    let people = tracked(20).await;
    let (first, second) = (people.tokens("ana").await, people.tokens("ana").await);
    let of_ben = people.tokens("ben").await;
    let (own_id, other) = (current(&people, &second).await, current(&people, &first).await);
    let own_session = (
        "InvalidParameterException",
        "The session of the access token cannot be revoked.",
    );
    revoke(&people, &second, &own_id).await.refused_as(own_session);
    // Nobody else's, and none that there is not.
    let bens = current(&people, &of_ben).await;
    for none in [
        bens.as_str(),
        "tkn0000000000000000000000000",
        "sso0000000000000000000000000",
    ] {
        revoke(&people, &second, none).await.refused_as(NO_SESSION);
        admin_revoke(&people, "ana", none).await.refused_as(NO_SESSION);
    }
    people.get_user(access(&of_ben)).await.ok();

    assert_eq!(revoke(&people, &second, &other).await.ok(), json!({}));
    people.get_user(access(&first)).await.refused_as(REVOKED);
    people.refresh(refresh(&first)).await.refused_as(REFRESH_REVOKED);
    revoke(&people, &second, &other).await.refused_as(NO_SESSION);
    assert_eq!(own(&people, &second).await.len(), 1);

    admin_revoke(&people, "nobody", &own_id).await.refused_as(NO_USER);
    assert_eq!(admin_revoke(&people, "ana", &own_id).await.ok(), json!({}));
    people.get_user(access(&second)).await.refused_as(REVOKED);
    admin_revoke(&people, "ana", &own_id).await.refused_as(NO_SESSION);
}

#[tokio::test]
async fn what_a_global_sign_out_ended_is_no_session() {
    let people = tracked(20).await;
    let first = people.tokens("ana").await;
    let ended = current(&people, &first).await;
    people
        .admin("AdminUserGlobalSignOut", json!({"Username": "ana"}))
        .await
        .ok();
    let second = people.tokens("ana").await;
    assert_eq!(own(&people, &second).await.len(), 1);
    revoke(&people, &second, &ended).await.refused_as(NO_SESSION);
}

#[tokio::test]
async fn a_pool_that_tracks_none_lists_none() {
    let people = people().await;
    let tokens = people.tokens("ana").await;
    let some = "tkn0000000000000000000000000";
    people
        .with_token(access(&tokens), "ListUserSessions", json!({}))
        .await
        .refused_as(OFF);
    revoke(&people, &tokens, some).await.refused_as(OFF);
    people
        .admin("AdminListUserSessions", json!({"Username": "ana"}))
        .await
        .refused_as(OFF);
    admin_revoke(&people, "ana", some).await.refused_as(OFF);
    let none = ("NotAuthorizedException", "Invalid Access Token");
    people
        .with_token("none", "ListUserSessions", json!({}))
        .await
        .refused_as(none);
    people
        .with_token("none", "RevokeUserSession", json!({"SessionId": some}))
        .await
        .refused_as(none);
}

#[tokio::test]
async fn the_least_recently_used_session_makes_room() {
    let people = tracked(2).await;
    let (first, second) = (people.tokens("ana").await, people.tokens("ana").await);
    let of_ben = people.tokens("ben").await;
    people.app.advance(Duration::from_secs(60));
    people.refresh(refresh(&first)).await.ok();
    let active = own(&people, &first).await;
    let of_first = active
        .iter()
        .find(|session| session["IsCurrentSession"] == true)
        .unwrap();
    let at = |member: &str| of_first[member].as_f64().unwrap();
    assert!(at("LastActiveDate") - at("CreateDate") > 59.0, "{of_first}");

    let third = people.tokens("ana").await;
    people.get_user(access(&second)).await.refused_as(REVOKED);
    assert!(people.refresh(refresh(&second)).await.code() == "NotAuthorizedException");
    for tokens in [&first, &third, &of_ben] {
        people.get_user(access(tokens)).await.ok();
    }
    assert_eq!(own(&people, &third).await.len(), 2);
    // Lowering the limit ends none until the next sign-in.
    track(&people, "ENABLED", 1).await.ok();
    assert_eq!(own(&people, &third).await.len(), 2);
    let fourth = people.tokens("ana").await;
    assert_eq!(own(&people, &fourth).await.len(), 1);
    people.get_user(access(&of_ben)).await.ok();
}

#[tokio::test]
async fn parallel_sign_ins_keep_to_the_limit() {
    let people = tracked(3).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (anon, client) = (people.app.anon.clone(), people.client.clone());
        tasks.spawn(async move {
            let parameters = json!({"USERNAME": "ana", "PASSWORD": crate::tests::people::PASSWORD});
            let input = json!({"ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters});
            anon.call("InitiateAuth", input).await.ok();
        });
    }
    tasks.join_all().await;
    let listed = people
        .admin("AdminListUserSessions", json!({"Username": "ana"}))
        .await
        .ok();
    assert_eq!(listed["Sessions"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn without_tracking_there_is_no_limit() {
    let people = people().await;
    let mut all = Vec::new();
    for _ in 0..22 {
        all.push(people.tokens("ana").await);
    }
    for tokens in &all {
        people.get_user(access(tokens)).await.ok();
    }
}

#[tokio::test]
async fn a_rotation_is_a_use() {
    let people = People::with(
        json!({}),
        json!({
            "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
            "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0},
        }),
    )
    .await;
    people.member("ana", &[]).await;
    track(&people, "ENABLED", 2).await.ok();
    let (first, second) = (people.tokens("ana").await, people.tokens("ana").await);
    people.get_tokens(refresh(&first)).await.ok();
    people.tokens("ana").await;
    people.get_user(access(&first)).await.ok();
    people.get_user(access(&second)).await.refused_as(REVOKED);
}
