//! Groups and who is in them. Reference: user-pools 9.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{merged, text};

use super::app::App;

const NOT_FOUND: &str = "ResourceNotFoundException";

async fn user(app: &App, pool: &str, name: &str) {
    let input = json!({"UserPoolId": pool, "Username": name, "MessageAction": "SUPPRESS"});
    app.admin.call("AdminCreateUser", input).await.ok();
}

async fn group(app: &App, pool: &str, name: &str) {
    app.admin
        .call("CreateGroup", json!({"UserPoolId": pool, "GroupName": name}))
        .await
        .ok();
}

#[tokio::test]
async fn a_group_lives() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let named = json!({"UserPoolId": pool, "GroupName": "editors"});
    let role = "arn:aws:iam::123456789012:role/editors";
    let plain = merged(
        named.clone(),
        json!({
            "CreationDate": 1_768_478_400, "LastModifiedDate": 1_768_478_400,
        }),
    );
    assert_eq!(
        app.admin.call("CreateGroup", named.clone()).await.ok(),
        json!({"Group": plain})
    );
    assert_eq!(
        app.admin.call("GetGroup", named.clone()).await.ok(),
        json!({"Group": plain})
    );

    let foreign = merged(
        named.clone(),
        json!({"RoleArn": "arn:aws:iam::999999999999:role/editors"}),
    );
    let others = merged(foreign.clone(), json!({"GroupName": "others"}));
    for (operation, input) in [("CreateGroup", others), ("UpdateGroup", foreign)] {
        let answer = app.admin.call(operation, input).await;
        answer.refused("InvalidParameterException", "Cross-account pass role is not allowed.");
    }
    let listed = app.admin.call("ListGroups", json!({"UserPoolId": pool})).await.ok();
    assert_eq!(listed, json!({"Groups": [plain]}));

    // An update replaces what is sent and nothing else.
    app.advance(Duration::from_secs(1));
    let first = json!({"Description": "They edit", "RoleArn": role, "Precedence": 0});
    app.admin
        .call("UpdateGroup", merged(named.clone(), first.clone()))
        .await
        .ok();
    app.advance(Duration::from_secs(1));
    let updated = app
        .admin
        .call("UpdateGroup", merged(named.clone(), json!({"Precedence": 7})))
        .await
        .ok();
    let now = merged(
        merged(plain, first),
        json!({"Precedence": 7, "LastModifiedDate": 1_768_478_402}),
    );
    assert_eq!(updated, json!({"Group": now}));
    assert_eq!(
        app.admin.call("GetGroup", named.clone()).await.ok(),
        json!({"Group": now})
    );
    let listed = app.admin.call("ListGroups", json!({"UserPoolId": pool})).await.ok();
    assert_eq!(listed, json!({"Groups": [now]}));

    let again = app.admin.call("CreateGroup", named.clone()).await;
    again.refused("GroupExistsException", "A group with the name already exists.");
    assert_eq!(app.admin.call("DeleteGroup", named.clone()).await.ok(), Value::Null);
    for operation in ["GetGroup", "UpdateGroup", "DeleteGroup", "ListUsersInGroup"] {
        app.admin
            .call(operation, named.clone())
            .await
            .refused(NOT_FOUND, "Group not found.");
    }
}

#[tokio::test]
async fn members_come_and_go() {
    let app = App::new().await;
    let pool = app.pool(json!({"AliasAttributes": ["preferred_username"]})).await;
    user(&app, &pool, "ana").await;
    group(&app, &pool, "editors").await;
    let member = json!({"UserPoolId": pool, "GroupName": "editors", "Username": "ana"});
    let of_ana = json!({"UserPoolId": pool, "Username": "ana"});
    let in_group = json!({"UserPoolId": pool, "GroupName": "editors"});

    // Adding twice is adding once; removing who is not there is fine.
    for _ in 0..2 {
        assert_eq!(
            app.admin.call("AdminAddUserToGroup", member.clone()).await.ok(),
            Value::Null
        );
    }
    let users = app.admin.call("ListUsersInGroup", in_group.clone()).await.ok();
    let sub = text(&users, "/Users/0/Attributes/0/Value");
    assert_eq!(
        users,
        json!({"Users": [{
            "Username": "ana", "Enabled": true, "UserStatus": "FORCE_CHANGE_PASSWORD",
            "Attributes": [{"Name": "sub", "Value": sub}],
            "UserCreateDate": 1_768_478_400, "UserLastModifiedDate": 1_768_478_400,
        }]})
    );
    let groups = app
        .admin
        .call("AdminListGroupsForUser", json!({"UserPoolId": pool, "Username": sub}))
        .await
        .ok();
    assert_eq!(groups["Groups"][0]["GroupName"], "editors");
    for _ in 0..2 {
        assert_eq!(
            app.admin.call("AdminRemoveUserFromGroup", member.clone()).await.ok(),
            Value::Null
        );
    }
    assert_eq!(
        app.admin.call("ListUsersInGroup", in_group.clone()).await.ok(),
        json!({"Users": []})
    );
    assert_eq!(
        app.admin.call("AdminListGroupsForUser", of_ana.clone()).await.ok(),
        json!({"Groups": []})
    );

    // A deleted group takes its memberships along: one of the same name begins empty.
    app.admin.call("AdminAddUserToGroup", member).await.ok();
    app.admin.call("DeleteGroup", in_group.clone()).await.ok();
    group(&app, &pool, "editors").await;
    assert_eq!(
        app.admin.call("ListUsersInGroup", in_group).await.ok(),
        json!({"Users": []})
    );
    assert_eq!(
        app.admin.call("AdminListGroupsForUser", of_ana).await.ok(),
        json!({"Groups": []})
    );
}

#[tokio::test]
async fn who_or_what_is_missing_is_named() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    user(&app, &pool, "ana").await;
    group(&app, &pool, "editors").await;
    for operation in ["AdminAddUserToGroup", "AdminRemoveUserFromGroup"] {
        let call = |group: &str, name: &str| {
            app.admin.call(
                operation,
                json!({"UserPoolId": pool, "GroupName": group, "Username": name}),
            )
        };
        call("editors", "eve")
            .await
            .refused("UserNotFoundException", "User does not exist.");
        call("writers", "ana").await.refused(NOT_FOUND, "Group not found.");
    }
    let unknown = json!({"UserPoolId": pool, "Username": "eve"});
    let answer = app.admin.call("AdminListGroupsForUser", unknown).await;
    answer.refused("UserNotFoundException", "User does not exist.");

    let everything = json!({"UserPoolId": "eu-west-1_None", "GroupName": "editors", "Username": "ana"});
    for operation in [
        "CreateGroup",
        "GetGroup",
        "UpdateGroup",
        "DeleteGroup",
        "ListGroups",
        "ListUsersInGroup",
        "AdminAddUserToGroup",
        "AdminRemoveUserFromGroup",
        "AdminListGroupsForUser",
    ] {
        let answer = app.admin.call(operation, everything.clone()).await;
        answer.refused(NOT_FOUND, "User pool eu-west-1_None does not exist.");
    }
}

#[tokio::test]
async fn a_user_is_in_a_hundred_groups_at_most() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    user(&app, &pool, "ana").await;
    let add = |name: String| {
        let input = json!({"UserPoolId": pool, "GroupName": name, "Username": "ana"});
        app.admin.call("AdminAddUserToGroup", input)
    };
    for n in 0..101 {
        group(&app, &pool, &format!("group{n}")).await;
    }
    for n in 0..100 {
        add(format!("group{n}")).await.ok();
    }
    let refused = add("group100".to_owned()).await;
    refused.refused("InvalidParameterException", "A user cannot be in more than 100 groups.");
    // Being in it already is no more than before.
    add("group0".to_owned()).await.ok();
    let left = json!({"UserPoolId": pool, "GroupName": "group0", "Username": "ana"});
    app.admin.call("AdminRemoveUserFromGroup", left).await.ok();
    add("group100".to_owned()).await.ok();
}

/// Follows a list to its end by pages of `size`; the names at `pointer` of each item.
async fn all(app: &App, operation: &str, input: Value, list: &str, pointer: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut input = input;
    loop {
        let page = app.admin.call(operation, input.clone()).await.ok();
        let items = page[list].as_array().unwrap();
        assert!(items.len() <= 2, "{page}");
        found.extend(items.iter().map(|item| text(item, pointer)));
        let Some(token) = page.get("NextToken") else {
            return found;
        };
        input = merged(input, json!({"NextToken": token}));
    }
}

#[tokio::test]
async fn lists_are_paged() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let groups: Vec<String> = (0..5).map(|n| format!("group{n}")).collect();
    let users: Vec<String> = (0..5).map(|n| format!("user{n}")).collect();
    for name in &users {
        user(&app, &pool, name).await;
    }
    for name in &groups {
        group(&app, &pool, name).await;
        let member = json!({"UserPoolId": pool, "GroupName": name, "Username": "user0"});
        app.admin.call("AdminAddUserToGroup", member).await.ok();
    }
    for name in &users {
        let member = json!({"UserPoolId": pool, "GroupName": "group0", "Username": name});
        app.admin.call("AdminAddUserToGroup", member).await.ok();
    }
    let two = json!({"UserPoolId": pool, "Limit": 2});
    assert_eq!(
        all(&app, "ListGroups", two.clone(), "Groups", "/GroupName").await,
        groups
    );
    let of_user = merged(two.clone(), json!({"Username": "user0"}));
    assert_eq!(
        all(&app, "AdminListGroupsForUser", of_user.clone(), "Groups", "/GroupName").await,
        groups
    );
    let in_group = merged(two, json!({"GroupName": "group0"}));
    let mut members = all(&app, "ListUsersInGroup", in_group.clone(), "Users", "/Username").await;
    members.sort();
    assert_eq!(members, users);

    // A limit of 0 is none.
    let whole = app
        .admin
        .call("ListGroups", json!({"UserPoolId": pool, "Limit": 0}))
        .await
        .ok();
    assert_eq!(whole["Groups"].as_array().unwrap().len(), 5);
    // A token belongs to one user's or group's list.
    let token = app.admin.call("AdminListGroupsForUser", of_user.clone()).await.ok()["NextToken"].clone();
    let other = merged(of_user, json!({"Username": "user1", "NextToken": token}));
    let invalid = ("InvalidParameterException", "Invalid pagination token given.");
    app.admin
        .call("AdminListGroupsForUser", other)
        .await
        .refused(invalid.0, invalid.1);
    let wrong = merged(in_group, json!({"NextToken": token}));
    app.admin
        .call("ListUsersInGroup", wrong)
        .await
        .refused(invalid.0, invalid.1);
    let bad = json!({"UserPoolId": pool, "NextToken": "abc"});
    app.admin.call("ListGroups", bad).await.refused(invalid.0, invalid.1);
}
