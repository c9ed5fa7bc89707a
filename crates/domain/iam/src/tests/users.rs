//! Users and groups. Reference: identity-pools-iam 3.

use serde_json::json;
use testkit::text;

use super::app::{App, allow, policy, root};

#[tokio::test]
async fn a_user_is_made_read_renamed_and_deleted() {
    let app = App::new().await;
    let input = json!({"UserName": "Ana", "Path": "/hr/", "Tags": [{"Key": "a", "Value": "1"}]});
    let made = app.iam("CreateUser", input).await.ok();
    assert_eq!(text(&made, "/User/Arn"), "arn:aws:iam::123456789012:user/hr/Ana");
    assert_eq!(app.iam("GetUser", json!({"UserName": "ana"})).await.ok(), made);
    let twice = app.iam("CreateUser", json!({"UserName": "ANA"})).await;
    twice.refused("EntityAlreadyExists", "User with name ANA already exists.");
    app.iam("CreateUser", json!({"UserName": "Eve"})).await.ok();
    let taken = app
        .iam("UpdateUser", json!({"UserName": "Ana", "NewUserName": "EVE"}))
        .await;
    taken.refused("EntityAlreadyExists", "User with name EVE already exists.");
    let rename = json!({"UserName": "Ana", "NewUserName": "ANA-2", "NewPath": "/it/"});
    app.iam("UpdateUser", rename).await.ok();
    let renamed = app.iam("GetUser", json!({"UserName": "ana-2"})).await.ok();
    assert_eq!(text(&renamed, "/User/Arn"), "arn:aws:iam::123456789012:user/it/ANA-2");
    assert_eq!(renamed["User"]["UserId"], made["User"]["UserId"]);
    app.iam(
        "TagUser",
        json!({"UserName": "ANA-2", "Tags": [{"Key": "b", "Value": "2"}]}),
    )
    .await
    .ok();
    app.iam("UntagUser", json!({"UserName": "ANA-2", "TagKeys": ["a"]}))
        .await
        .ok();
    let tags = app.iam("ListUserTags", json!({"UserName": "ANA-2"})).await.ok();
    assert_eq!(tags["Tags"], json!([{"Key": "b", "Value": "2"}]));
    let listed = app.iam("ListUsers", json!({"PathPrefix": "/it/"})).await.ok();
    assert_eq!(listed["Users"].as_array().unwrap().len(), 1);
    assert!(listed["Users"][0].get("Tags").is_none());
    app.iam("DeleteUser", json!({"UserName": "ANA-2"})).await.ok();
    let gone = app.iam("GetUser", json!({"UserName": "Ana"})).await;
    gone.refused("NoSuchEntity", "The user with name Ana cannot be found.");
}

/// A permission on a path is none to move somebody out of it, nor into it.
#[tokio::test]
async fn a_renaming_needs_the_permission_on_both_names() {
    let app = App::new().await;
    let (ana, _) = app.user("Ana").await;
    let arn = |kind: &str, rest: &str| format!("arn:aws:iam::123456789012:{kind}/{rest}");
    for (kind, operation, member, new_name) in [
        ("user", "UpdateUser", "UserName", "NewUserName"),
        ("group", "UpdateGroup", "GroupName", "NewGroupName"),
    ] {
        let create = operation.replace("Update", "Create");
        app.iam(&create, json!({member: "Temp", "Path": "/temps/"})).await.ok();
        let action = format!("iam:{operation}");
        let denied = |resource: &str| {
            format!(
                "User: arn:aws:iam::123456789012:user/Ana is not authorized to perform: {action} on resource: {resource} \
                 because no identity-based policy allows the {action} action"
            )
        };
        app.allow_user("Ana", json!([allow(&action, &arn(kind, "temps/*"))]))
            .await;
        for (input, becomes) in [
            (json!({member: "Temp", "NewPath": "/admins/"}), "admins/Temp"),
            (json!({member: "Temp", new_name: "Chief", "NewPath": "/"}), "Chief"),
        ] {
            let moved = app.iam_as(&ana, operation, input).await;
            moved.refused("AccessDenied", &denied(&arn(kind, becomes)));
        }
        // The case of a name counts in policies, though not in finding it.
        app.allow_user("Ana", json!([allow(&action, &arn(kind, "temps/Temp"))]))
            .await;
        let respelt = app
            .iam_as(&ana, operation, json!({member: "Temp", new_name: "TEMP"}))
            .await;
        respelt.refused("AccessDenied", &denied(&arn(kind, "temps/TEMP")));
        app.allow_user("Ana", json!([allow(&action, &arn(kind, "admins/*"))]))
            .await;
        let out = app
            .iam_as(&ana, operation, json!({member: "Temp", "NewPath": "/admins/"}))
            .await;
        out.refused("AccessDenied", &denied(&arn(kind, "temps/Temp")));

        app.allow_user("Ana", json!([allow(&action, &arn(kind, "temps/*"))]))
            .await;
        let within = json!({member: "Temp", new_name: "Temp-2"});
        app.iam_as(&ana, operation, within).await.ok();
    }
}

#[tokio::test]
async fn without_a_name_the_caller_is_meant() {
    let app = App::new().await;
    let (ana, _) = app.user("Ana").await;
    let own = json!({"Effect": "Allow", "Action": "iam:GetUser", "Resource": "arn:aws:iam::123456789012:user/${aws:username}"});
    app.allow_user("Ana", json!([own])).await;
    let got = app.iam_as(&ana, "GetUser", json!({})).await.ok();
    assert_eq!(got["User"]["Arn"], ana.principal.arn.as_str());
    app.iam("CreateUser", json!({"UserName": "Eve"})).await.ok();
    assert!(
        app.iam_as(&ana, "GetUser", json!({"UserName": "Eve"}))
            .await
            .result
            .is_err()
    );
    let sentence = "Must specify userName when calling with non-User credentials";
    app.iam_as(&root(), "GetUser", json!({}))
        .await
        .refused("ValidationError", sentence);
}

#[tokio::test]
async fn a_user_is_emptied_before_it_goes() {
    let app = App::new().await;
    let (_, keys) = app.user("Ana").await;
    let name = json!({"UserName": "Ana"});
    app.iam("CreateGroup", json!({"GroupName": "staff"})).await.ok();
    app.iam("AddUserToGroup", json!({"GroupName": "staff", "UserName": "Ana"}))
        .await
        .ok();
    app.allow_user("Ana", json!([allow("s3:*", "*")])).await;
    let arn = "arn:aws:iam::aws:policy/AmazonS3FullAccess";
    app.iam("AttachUserPolicy", json!({"UserName": "Ana", "PolicyArn": arn}))
        .await
        .ok();
    let steps = [
        (
            "delete access keys",
            "DeleteAccessKey",
            json!({"UserName": "Ana", "AccessKeyId": keys.key}),
        ),
        (
            "detach all policies",
            "DetachUserPolicy",
            json!({"UserName": "Ana", "PolicyArn": arn}),
        ),
        (
            "delete policies",
            "DeleteUserPolicy",
            json!({"UserName": "Ana", "PolicyName": "p"}),
        ),
        (
            "remove user from groups",
            "RemoveUserFromGroup",
            json!({"GroupName": "staff", "UserName": "Ana"}),
        ),
    ];
    for (first, operation, input) in steps {
        let sentence = format!("Cannot delete entity, must {first} first.");
        app.iam("DeleteUser", name.clone())
            .await
            .refused("DeleteConflict", &sentence);
        app.iam(operation, input).await.ok();
    }
    app.iam("DeleteUser", name).await.ok();
}

#[tokio::test]
async fn groups_hold_users() {
    let app = App::new().await;
    let made = app
        .iam("CreateGroup", json!({"GroupName": "Staff", "Path": "/hr/"}))
        .await
        .ok();
    assert_eq!(text(&made, "/Group/Arn"), "arn:aws:iam::123456789012:group/hr/Staff");
    let again = app.iam("CreateGroup", json!({"GroupName": "staff"})).await;
    again.refused("EntityAlreadyExists", "Group with name staff already exists.");
    app.iam("CreateUser", json!({"UserName": "Ana"})).await.ok();
    let membership = json!({"GroupName": "Staff", "UserName": "Ana"});
    app.iam("AddUserToGroup", membership.clone()).await.ok();
    app.iam("AddUserToGroup", membership.clone()).await.ok();
    let got = app.iam("GetGroup", json!({"GroupName": "Staff"})).await.ok();
    assert_eq!(got["Users"].as_array().unwrap().len(), 1);
    let of_ana = app.iam("ListGroupsForUser", json!({"UserName": "Ana"})).await.ok();
    assert_eq!(of_ana["Groups"][0]["GroupName"], "Staff");
    app.iam("UpdateGroup", json!({"GroupName": "Staff", "NewGroupName": "people"}))
        .await
        .ok();
    let listed = app.iam("ListGroups", json!({})).await.ok();
    assert_eq!(listed["Groups"][0]["GroupName"], "people");
    let delete = || app.iam("DeleteGroup", json!({"GroupName": "people"}));
    delete().await.refused(
        "DeleteConflict",
        "Cannot delete entity, must remove users from group first.",
    );
    let left = json!({"GroupName": "people", "UserName": "Ana"});
    app.iam("RemoveUserFromGroup", left).await.ok();
    let inline =
        json!({"GroupName": "people", "PolicyName": "p", "PolicyDocument": policy(json!([allow("s3:*", "*")]))});
    app.iam("PutGroupPolicy", inline).await.ok();
    assert!(delete().await.result.is_err());
    app.iam("DeleteGroupPolicy", json!({"GroupName": "people", "PolicyName": "p"}))
        .await
        .ok();
    delete().await.ok();
    let gone = app.iam("GetGroup", json!({"GroupName": "people"})).await;
    gone.refused("NoSuchEntity", "The group with name people cannot be found.");
}

#[tokio::test]
async fn the_account_is_summed_up() {
    let app = App::new().await;
    app.user("Ana").await;
    app.iam("CreateGroup", json!({"GroupName": "staff"})).await.ok();
    let administrator = json!({"GroupName": "staff", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"});
    app.iam("AttachGroupPolicy", administrator).await.ok();
    let summary = app.iam("GetAccountSummary", json!({})).await.ok();
    for (name, n) in [
        ("Users", 1),
        ("Groups", 1),
        ("Roles", 0),
        ("Policies", 0),
        ("AccessKeysPerUserQuota", 2),
        ("AssumeRolePolicySizeQuota", 2048),
        ("PolicyVersionsInUse", 1),
        ("MFADevices", 0),
    ] {
        assert_eq!(summary["SummaryMap"][name], n, "{name}");
    }
    assert_eq!(
        summary["SummaryMap"].as_object().unwrap().len(),
        34,
        "every key of the model"
    );
}
