//! Pools in lists, after a restart, at their end. Reference: user-pools 2.2, 2.7.

use std::time::Duration;

use api::{
    Wire,
    cognito_idp::{AdminCreateUserRequest, SignUpRequest},
};
use kernel::PoolId;
use serde_json::{Value, json};
use testkit::{merged, text};

use super::settings::{describe, plain_pool};
use crate::jobs::deletions;
use crate::tests::{
    app::App,
    people::{PASSWORD, People},
};

#[tokio::test]
async fn pools_are_listed_page_by_page() {
    let app = App::new().await;
    let mut ids = Vec::new();
    for n in 0..5 {
        let tags = json!({"_custom_id_": format!("eu-west-1_Pool{n}")});
        ids.push(
            app.pool(json!({"PoolName": format!("pool {n}"), "UserPoolTags": tags}))
                .await,
        );
    }
    let first = app.admin.call("ListUserPools", json!({"MaxResults": 2})).await.ok();
    assert_eq!(
        first["UserPools"][0],
        json!({
            "Id": ids[0], "Name": "pool 0", "LambdaConfig": {}, "CreationDate": 1_768_478_400,
            "LastModifiedDate": 1_768_478_400,
        })
    );
    let mut listed = Vec::new();
    let mut page = first.clone();
    loop {
        listed.extend(
            page["UserPools"]
                .as_array()
                .unwrap()
                .iter()
                .map(|pool| text(pool, "/Id")),
        );
        let Some(token) = page.get("NextToken") else { break };
        page = app
            .admin
            .call("ListUserPools", json!({"MaxResults": 2, "NextToken": token}))
            .await
            .ok();
    }
    assert_eq!(listed, ids);

    // A token serves its own list, for an hour.
    let token = &first["NextToken"];
    let invalid = ("InvalidParameterException", "Invalid pagination token given.");
    let elsewhere = app
        .admin
        .call_in(
            "us-east-1",
            "ListUserPools",
            json!({"MaxResults": 2, "NextToken": token}),
        )
        .await;
    elsewhere.refused(invalid.0, invalid.1);
    let other = json!({"UserPoolId": ids[0], "NextToken": token});
    app.admin.call("ListGroups", other).await.refused(invalid.0, invalid.1);
    app.admin
        .call("ListUserPools", json!({"MaxResults": 2, "NextToken": "abc"}))
        .await
        .refused(invalid.0, invalid.1);
    app.advance(Duration::from_secs(3600));
    let late = app
        .admin
        .call("ListUserPools", json!({"MaxResults": 2, "NextToken": token}))
        .await;
    late.refused(invalid.0, invalid.1);
}

#[tokio::test]
async fn a_pool_outlives_the_process() {
    let app = App::new().await;
    let id = app.pool(json!({"UserPoolTags": {"team": "core"}})).await;
    let client = app.client(&id, json!({"GenerateSecret": true})).await;
    let named = json!({"UserPoolId": id, "ClientId": client});
    let before = app.admin.call("DescribeUserPoolClient", named.clone()).await.ok();
    let keys = app.tokens.jwks(&id).await.unwrap().unwrap();

    let app = app.restarted().await;
    assert_eq!(
        describe(&app, &id).await,
        merged(plain_pool(&id), json!({"UserPoolTags": {"team": "core"}}))
    );
    assert_eq!(app.admin.call("DescribeUserPoolClient", named).await.ok(), before);
    assert_eq!(app.tokens.jwks(&id).await.unwrap().unwrap(), keys);
}

#[tokio::test]
async fn a_deleted_pool_is_gone_with_all_it_had() {
    let app = App::new().await;
    let pinned = json!({"UserPoolTags": {"_custom_id_": "eu-west-1_Pinned", "_custom_id_:web": "webclient"}});
    let id = app.pool(pinned.clone()).await;
    let client = app.client(&id, json!({})).await;
    let group = json!({"UserPoolId": id, "GroupName": "editors"});
    app.admin.call("CreateGroup", group.clone()).await.ok();
    let user = json!({"UserPoolId": id, "Username": "ana", "MessageAction": "SUPPRESS"});
    app.admin.call("AdminCreateUser", user.clone()).await.ok();
    app.admin
        .call("AdminAddUserToGroup", merged(group.clone(), json!({"Username": "ana"})))
        .await
        .ok();

    let named = json!({"UserPoolId": id});
    assert_eq!(app.admin.call("DeleteUserPool", named.clone()).await.ok(), Value::Null);
    let gone = format!("User pool {id} does not exist.");
    for operation in [
        "DescribeUserPool",
        "DeleteUserPool",
        "UpdateUserPool",
        "GetUserPoolMfaConfig",
    ] {
        app.admin
            .call(operation, named.clone())
            .await
            .refused("ResourceNotFoundException", &gone);
    }
    assert_eq!(app.tokens.jwks(&id).await.unwrap(), None);
    assert_eq!(
        app.admin.call("ListUserPools", json!({"MaxResults": 60})).await.ok(),
        json!({"UserPools": []})
    );

    // A new pool of the same id begins empty, and the client's id is free again.
    assert_eq!(app.pool(pinned).await, id);
    assert_eq!(app.client(&id, json!({})).await, client);
    let unknown = json!({"UserPoolId": id, "Username": "ana"});
    app.admin
        .call("AdminGetUser", unknown)
        .await
        .refused("UserNotFoundException", "User does not exist.");
    app.admin
        .call("GetGroup", group.clone())
        .await
        .refused("ResourceNotFoundException", "Group not found.");
    app.admin.call("CreateGroup", group.clone()).await.ok();
    assert_eq!(
        app.admin.call("ListUsersInGroup", group).await.ok(),
        json!({"Users": []})
    );
    app.admin.call("AdminCreateUser", user).await.ok();
}

#[tokio::test]
async fn an_interrupted_deletion_is_finished_and_touches_no_other_pool() {
    use store::records;

    let app = App::new().await;
    let (id, other) = (app.pool(json!({})).await, app.pool(json!({})).await);
    for pool in [&id, &other] {
        let user = json!({"UserPoolId": pool, "Username": "ana", "MessageAction": "SUPPRESS"});
        app.admin.call("AdminCreateUser", user).await.ok();
    }
    let pool = PoolId::new(id);
    let row = pool.clone();
    // As far as DeleteUserPool's own transaction goes.
    app.store
        .write(move |tx| Ok(records::pools::delete(tx, &row)?))
        .await
        .unwrap();
    let count = |id: PoolId| app.store.read(move |r| records::pools::estimate_users(r, &id));
    assert_eq!(count(pool.clone()).await.unwrap(), 1);

    app.pools.finish_deletions().await.unwrap();
    assert_eq!(count(pool).await.unwrap(), 0);
    deletions::purge(&app.store, &PoolId::new(other.as_str()))
        .await
        .unwrap();
    assert_eq!(count(PoolId::new(other)).await.unwrap(), 1);
}

#[tokio::test]
async fn a_protected_pool_stays() {
    let app = App::new().await;
    let id = app.pool(json!({"DeletionProtection": "ACTIVE"})).await;
    let named = json!({"UserPoolId": id});
    app.admin.call("DeleteUserPool", named.clone()).await.refused(
        "InvalidParameterException",
        "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.",
    );
    app.admin.call("UpdateUserPool", named.clone()).await.ok();
    app.admin.call("DeleteUserPool", named).await.ok();
}

#[tokio::test]
async fn a_new_user_is_counted_at_once() {
    let app = App::new().await;
    let id = app.pool(json!({})).await;
    assert_eq!(describe(&app, &id).await["EstimatedNumberOfUsers"], 0);
    let user = json!({"UserPoolId": id, "Username": "ana", "MessageAction": "SUPPRESS"});
    app.admin.call("AdminCreateUser", user).await.ok();
    assert_eq!(describe(&app, &id).await["EstimatedNumberOfUsers"], 1);
}

#[tokio::test]
async fn nobody_is_put_into_what_another_node_deleted() {
    for deleted in ["DeleteUserPool", "DeleteUserPoolClient"] {
        let people = People::of(json!({})).await;
        let app = &people.app;
        let other = app.neighbour();
        let sign_up = |name: &str| {
            let input = json!({"ClientId": people.client, "Username": name, "Password": PASSWORD});
            SignUpRequest::from_json(input).unwrap()
        };
        let create = |name: &str| {
            let input = json!({"UserPoolId": people.pool, "Username": name, "TemporaryPassword": PASSWORD});
            AdminCreateUserRequest::from_json(input).unwrap()
        };
        // The other node knows the pool now and believes in it for a while.
        other.sign_up(&app.cx(), sign_up("ana")).await.unwrap();

        let input = match deleted {
            "DeleteUserPool" => json!({}),
            _ => json!({"ClientId": people.client}),
        };
        people.admin(deleted, input).await.ok();
        let refused = other.sign_up(&app.cx(), sign_up("ben")).await.unwrap_err();
        let sentence = format!("User pool client {} does not exist.", people.client);
        assert_eq!(
            (refused.code().0, refused.message()),
            ("ResourceNotFoundException", sentence.as_str())
        );
        let created = other.admin_create_user(&app.cx(), create("eva")).await;
        if deleted == "DeleteUserPool" {
            let sentence = format!("User pool {} does not exist.", people.pool);
            assert_eq!(created.unwrap_err().message(), sentence);
            deletions::purge(&app.store, &PoolId::new(people.pool.as_str()))
                .await
                .unwrap();
            let pool = PoolId::new(people.pool.as_str());
            let left = app
                .store
                .read(move |r| store::records::users::list(r, &pool, "", 1))
                .await;
            assert!(left.unwrap().is_empty());
        } else {
            created.unwrap();
        }
    }
}
