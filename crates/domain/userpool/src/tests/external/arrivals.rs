//! Whoever comes becomes a user once, and is that user whenever they come again.

use kernel::{PoolId, Timestamp};
use serde_json::json;
use store::records::{
    external_users::{self, ExternalUser, SUBJECT},
    users::Identity,
};

use super::{CORP, arrival, arrives, arrives_at, attributes, pairs, people, provide, refused};
use crate::tests::people::{PASSWORD, People};

const MAIL: (&str, &str) = ("mail", "ana@example.com");

async fn rows(people: &People, signed_in: &crate::hosted::LoggedIn) -> Vec<ExternalUser> {
    let (pool, sub) = (PoolId::new(people.pool.as_str()), signed_in.user.sub.clone());
    let found = people
        .app
        .store
        .read(move |r| external_users::of_user(r, &pool, &sub))
        .await;
    found.unwrap()
}

#[tokio::test]
async fn who_comes_first_becomes_a_user_and_is_the_same_later() {
    let people = people(json!({}), json!({})).await;
    let first = arrives(&people, "Ana-7", &[MAIL]).await.unwrap();
    let user = people.user("corp_ana-7").await;
    assert_eq!(user["UserStatus"], "EXTERNAL_PROVIDER");
    assert_eq!(user["Enabled"], true);
    assert_eq!(user["Username"], "corp_ana-7");
    assert_eq!(
        attributes(&people, "corp_ana-7").await,
        pairs([("email", "ana@example.com"), ("email_verified", "false")])
    );
    let begun = first.user.created;
    let expected = ExternalUser {
        pool: PoolId::new(people.pool.as_str()),
        provider: CORP.to_owned(),
        attribute: SUBJECT.to_owned(),
        value: "Ana-7".to_owned(),
        sub: first.user.sub.clone(),
        linked: false,
        created: begun,
    };
    assert_eq!(rows(&people, &first).await, std::slice::from_ref(&expected));

    let identity = Identity {
        provider: CORP.to_owned(),
        kind: "OIDC".to_owned(),
        issuer: None,
        user_id: "Ana-7".to_owned(),
        primary: true,
        created: begun,
    };
    assert_eq!(first.user.doc.identities, [identity]);

    let groups = people
        .admin("AdminListGroupsForUser", json!({"Username": "corp_ana-7"}))
        .await
        .ok();
    assert_eq!(
        groups["Groups"][0]["GroupName"],
        json!(format!("{}_{CORP}", people.pool))
    );
    assert_eq!(groups["Groups"].as_array().unwrap().len(), 1);

    let second = arrives(&people, "Ana-7", &[MAIL]).await.unwrap();
    assert_eq!(second.user.sub, first.user.sub);
    assert_eq!(rows(&people, &second).await, [expected]);
    assert_eq!(second.user.modified, begun, "nothing has changed");
}

#[tokio::test]
async fn two_first_arrivals_at_once_make_one_user() {
    let people = people(json!({}), json!({})).await;
    let neighbour = people.app.neighbour();
    let (one, other) = tokio::join!(
        arrives(&people, "ana", &[MAIL]),
        arrives_at(&neighbour, &people, CORP, arrival("ana", &[MAIL])),
    );
    assert_eq!(one.unwrap().user.sub, other.unwrap().user.sub);
    let users = people.admin("ListUsers", json!({})).await.ok();
    assert_eq!(users["Users"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_subject_is_one_of_its_provider_letter_by_letter() {
    let people = people(json!({"UsernameConfiguration": {"CaseSensitive": true}}), json!({})).await;
    provide(&people, "Other", json!({})).await;
    let ana = arrives(&people, "Ana", &[]).await.unwrap();
    let small = arrives(&people, "ana", &[]).await.unwrap();
    assert_eq!(
        (ana.user.username.as_str(), small.user.username.as_str()),
        ("Corp_Ana", "Corp_ana")
    );
    let elsewhere = arrives_at(&people.app.pools, &people, "Other", arrival("Ana", &[])).await;
    assert_eq!(elsewhere.unwrap().user.username, "Other_Ana");
    // One letter by two sequences of Unicode.
    let composed = arrives(&people, "andr\u{e9}", &[]).await.unwrap();
    let decomposed = arrives(&people, "andre\u{301}", &[]).await.unwrap();
    assert_ne!(composed.user.sub, decomposed.user.sub);
}

#[tokio::test]
async fn who_is_disabled_stays_outside_and_who_was_deleted_begins_anew() {
    let people = people(json!({}), json!({})).await;
    let first = arrives(&people, "ana", &[MAIL]).await.unwrap();
    let named = || json!({"Username": "corp_ana"});
    people.admin("AdminDisableUser", named()).await.ok();
    refused(arrives(&people, "ana", &[MAIL]).await, "User is not enabled");
    people.admin("AdminEnableUser", named()).await.ok();
    assert!(arrives(&people, "ana", &[MAIL]).await.is_ok());

    people.admin("AdminDeleteUser", named()).await.ok();
    let group = json!({"GroupName": format!("{}_{CORP}", people.pool)});
    people.admin("DeleteGroup", group.clone()).await.ok();
    let again = arrives(&people, "ana", &[MAIL]).await.unwrap();
    assert_ne!(again.user.sub, first.user.sub);
    let members = people.admin("ListUsersInGroup", group).await.ok();
    assert_eq!(members["Users"][0]["Username"], "corp_ana", "the group is made anew");
}

#[tokio::test]
async fn the_pools_own_ways_in_are_closed_until_an_administrator_sets_a_password() {
    let people = people(json!({"AutoVerifiedAttributes": ["email"]}), json!({})).await;
    arrives(&people, "ana", &[MAIL]).await.unwrap();
    people
        .sign_in("corp_ana", PASSWORD)
        .await
        .refused("NotAuthorizedException", "Incorrect username or password.");
    people
        .public("ForgotPassword", json!({"Username": "corp_ana"}))
        .await
        .refused(
            "NotAuthorizedException",
            "User password cannot be reset in the current state.",
        );
    let password = json!({"Username": "corp_ana", "Password": PASSWORD, "Permanent": true});
    people.admin("AdminSetUserPassword", password).await.ok();
    assert_eq!(people.status("corp_ana").await, "CONFIRMED");
    people.sign_in("corp_ana", PASSWORD).await.ok();
    let by_provider = arrives(&people, "ana", &[MAIL]).await.unwrap();
    assert_eq!(by_provider.user.username, "corp_ana");
}

#[tokio::test]
async fn what_was_shown_once_is_not_taken_again_at_any_node() {
    let people = people(json!({}), json!({})).await;
    let until = people.app.cx().wall().plus(std::time::Duration::from_secs(300));
    let shown = |id: &str, until: Timestamp| {
        let once = federation::Once {
            id: id.to_owned(),
            until,
        };
        federation::Arrival {
            once: Some(once),
            ..arrival("ana", &[MAIL])
        }
    };
    let node = &people.app.pools;
    assert!(arrives_at(node, &people, CORP, shown("_1", until)).await.is_ok());
    for node in [node, &people.app.neighbour()] {
        refused(
            arrives_at(node, &people, CORP, shown("_1", until)).await,
            "The response is already processed",
        );
    }
    assert!(arrives_at(node, &people, CORP, shown("_2", until)).await.is_ok());
}
