//! What is asked of an entity, a policy or a boundary that is not there. Reference: identity-pools-iam 3.3.

use serde_json::{Value, json};

use super::app::{App, allow, policy, trusts_pool};

const READ_ONLY: &str = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const NOPE: &str = "arn:aws:iam::123456789012:policy/nope";

/// Whatever any of the operations asks for besides whom it acts on.
fn with(member: &str, name: &str) -> Value {
    let mut input = json!({"PolicyName": "p", "PolicyDocument": policy(json!([allow("s3:*", "*")])),
        "PermissionsBoundary": READ_ONLY, "Description": "d", "Tags": [{"Key": "a", "Value": "1"}], "TagKeys": ["a"],
        "VersionId": "v1", "AccessKeyId": "AKIAAAAAAAAAAAAAAAAA", "Status": "Inactive", "NewPath": "/x/",
        "UserName": "Nobody", "PolicyArn": READ_ONLY});
    input[member] = json!(name);
    input
}

async fn are_refused(app: &App, input: Value, sentence: &str, operations: &[&str]) {
    for operation in operations {
        app.iam(operation, input.clone())
            .await
            .refused("NoSuchEntity", sentence);
    }
}

#[tokio::test]
async fn every_operation_on_an_absent_role_is_refused() {
    let app = App::new().await;
    let sentence = "The role with name Nobody cannot be found.";
    are_refused(
        &app,
        with("RoleName", "Nobody"),
        sentence,
        &[
            "DeleteRole",
            "GetRole",
            "ListInstanceProfilesForRole",
            "ListRoleTags",
            "TagRole",
            "UntagRole",
            "UpdateAssumeRolePolicy",
            "UpdateRole",
            "UpdateRoleDescription",
        ],
    )
    .await;
    are_refused(
        &app,
        with("RoleName", "Nobody"),
        sentence,
        &[
            "AttachRolePolicy",
            "DeleteRolePermissionsBoundary",
            "DeleteRolePolicy",
            "DetachRolePolicy",
            "GetRolePolicy",
            "ListAttachedRolePolicies",
            "ListRolePolicies",
            "PutRolePermissionsBoundary",
            "PutRolePolicy",
        ],
    )
    .await;
}

#[tokio::test]
async fn every_operation_on_an_absent_user_is_refused() {
    let app = App::new().await;
    let sentence = "The user with name Nobody cannot be found.";
    are_refused(
        &app,
        with("UserName", "Nobody"),
        sentence,
        &[
            "CreateAccessKey",
            "DeleteAccessKey",
            "DeleteUser",
            "GetUser",
            "ListAccessKeys",
            "UpdateAccessKey",
            "UpdateUser",
        ],
    )
    .await;
    are_refused(
        &app,
        with("UserName", "Nobody"),
        sentence,
        &["ListGroupsForUser", "ListUserTags", "TagUser", "UntagUser"],
    )
    .await;
    are_refused(
        &app,
        with("UserName", "Nobody"),
        sentence,
        &[
            "AttachUserPolicy",
            "DeleteUserPermissionsBoundary",
            "DeleteUserPolicy",
            "DetachUserPolicy",
            "GetUserPolicy",
            "ListAttachedUserPolicies",
            "ListUserPolicies",
            "PutUserPermissionsBoundary",
            "PutUserPolicy",
        ],
    )
    .await;
}

#[tokio::test]
async fn every_operation_on_an_absent_group_is_refused() {
    let app = App::new().await;
    let sentence = "The group with name Nobody cannot be found.";
    are_refused(
        &app,
        with("GroupName", "Nobody"),
        sentence,
        &[
            "AddUserToGroup",
            "DeleteGroup",
            "GetGroup",
            "RemoveUserFromGroup",
            "UpdateGroup",
        ],
    )
    .await;
    are_refused(
        &app,
        with("GroupName", "Nobody"),
        sentence,
        &[
            "AttachGroupPolicy",
            "DeleteGroupPolicy",
            "DetachGroupPolicy",
            "GetGroupPolicy",
            "ListAttachedGroupPolicies",
            "ListGroupPolicies",
            "PutGroupPolicy",
        ],
    )
    .await;
}

#[tokio::test]
async fn every_operation_on_an_absent_policy_is_refused() {
    let app = App::new().await;
    let sentence = &format!("Policy {NOPE} was not found.");
    are_refused(
        &app,
        with("PolicyArn", NOPE),
        sentence,
        &[
            "DeletePolicy",
            "GetPolicy",
            "ListEntitiesForPolicy",
            "ListPolicyTags",
            "TagPolicy",
            "UntagPolicy",
        ],
    )
    .await;
    are_refused(
        &app,
        with("PolicyArn", NOPE),
        sentence,
        &[
            "CreatePolicyVersion",
            "DeletePolicyVersion",
            "GetPolicyVersion",
            "ListPolicyVersions",
            "SetDefaultPolicyVersion",
        ],
    )
    .await;
}

#[tokio::test]
async fn boundaries_must_be_there_to_be_put_or_taken_away() {
    let app = App::new().await;
    app.role("Auth", json!([trusts_pool()]), None).await;
    app.iam("CreateUser", json!({"UserName": "Ana"})).await.ok();
    for (kind, member, name, put, delete) in [
        (
            "Role",
            "RoleName",
            "Auth",
            "PutRolePermissionsBoundary",
            "DeleteRolePermissionsBoundary",
        ),
        (
            "User",
            "UserName",
            "Ana",
            "PutUserPermissionsBoundary",
            "DeleteUserPermissionsBoundary",
        ),
    ] {
        let put = |arn: &str| app.iam(put, json!({member: name, "PermissionsBoundary": arn}));
        let delete = || app.iam(delete, json!({member: name}));
        put(READ_ONLY).await.ok();
        let sentence = format!("Scope ARN: {NOPE} does not exist or is not attachable.");
        put(NOPE).await.refused("NoSuchEntity", &sentence);
        let shown = app.iam(&format!("Get{kind}"), json!({member: name})).await.ok();
        let kept = &shown[kind]["PermissionsBoundary"]["PermissionsBoundaryArn"];
        assert_eq!(kept, READ_ONLY, "a refusal changes nothing");
        delete().await.ok();
        let sentence = format!("{kind} {name} does not have a permissions boundary.");
        delete().await.refused("NoSuchEntity", &sentence);
    }
}

#[tokio::test]
async fn a_trust_policy_is_not_replaced_by_a_bad_one() {
    let app = App::new().await;
    app.role("Auth", json!([trusts_pool()]), None).await;
    let before = app.iam("GetRole", json!({"RoleName": "Auth"})).await.ok();
    let nobody = "arn:aws:iam::123456789012:user/Nobody";
    let trusts = json!({"Effect": "Allow", "Principal": {"AWS": nobody}, "Action": "sts:AssumeRole"});
    let long = json!({"Effect": "Allow", "Principal": {"Federated": "x".repeat(2048)}, "Action": "sts:AssumeRole"});
    let invalid = format!("Invalid principal in policy: \"AWS\":\"{nobody}\"");
    for (document, code, sentence) in [
        (
            "{".to_owned(),
            "MalformedPolicyDocument",
            "This policy contains invalid Json",
        ),
        (policy(json!([trusts])), "MalformedPolicyDocument", invalid.as_str()),
        (
            policy(json!([long])),
            "LimitExceeded",
            "Cannot exceed quota for ACLSizePerRole: 2048",
        ),
    ] {
        let input = json!({"RoleName": "Auth", "PolicyDocument": document});
        app.iam("UpdateAssumeRolePolicy", input).await.refused(code, sentence);
    }
    assert_eq!(app.iam("GetRole", json!({"RoleName": "Auth"})).await.ok(), before);
}
