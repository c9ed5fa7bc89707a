//! Managed policies on users, groups and roles. Reference: identity-pools-iam 3.3.

use serde_json::{Value, json};

use super::app::{App, trusts_pool};
use super::managed_policies::made;

#[tokio::test]
async fn attachments_are_listed_from_both_sides() {
    let app = App::new().await;
    let arn = made(&app, "P").await;
    app.role("Auth", json!([trusts_pool()]), None).await;
    app.iam("CreateUser", json!({"UserName": "Ana"})).await.ok();
    app.iam("CreateGroup", json!({"GroupName": "staff", "Path": "/hr/"}))
        .await
        .ok();
    for (kind, member, owner) in [
        ("Role", "RoleName", "Auth"),
        ("User", "UserName", "Ana"),
        ("Group", "GroupName", "staff"),
    ] {
        let input = json!({member: owner, "PolicyArn": arn});
        app.iam(&format!("Attach{kind}Policy"), input.clone()).await.ok();
        app.iam(&format!("Attach{kind}Policy"), input).await.ok();
        let listed = app
            .iam(&format!("ListAttached{kind}Policies"), json!({member: owner}))
            .await
            .ok();
        let expected = json!([{"PolicyName": "P", "PolicyArn": arn}]);
        assert_eq!(listed, json!({"AttachedPolicies": expected, "IsTruncated": false}));
        let elsewhere = json!({member: owner, "PathPrefix": "/x/"});
        let listed = app.iam(&format!("ListAttached{kind}Policies"), elsewhere).await.ok();
        assert_eq!(listed["AttachedPolicies"], json!([]));
        let nope = json!({member: owner, "PolicyArn": "arn:aws:iam::123456789012:policy/nope"});
        app.iam(&format!("Attach{kind}Policy"), nope.clone()).await.refused(
            "NoSuchEntity",
            "Policy arn:aws:iam::123456789012:policy/nope does not exist or is not attachable.",
        );
        app.iam(&format!("Detach{kind}Policy"), nope).await.refused(
            "NoSuchEntity",
            "Policy arn:aws:iam::123456789012:policy/nope was not found.",
        );
    }
    let entities = |more: Value| {
        let mut input = json!({"PolicyArn": arn});
        for (name, value) in more.as_object().unwrap() {
            input[name] = value.clone();
        }
        app.iam("ListEntitiesForPolicy", input)
    };
    let all = entities(json!({})).await.ok();
    assert_eq!(all["PolicyRoles"][0]["RoleName"], "Auth");
    assert_eq!(all["PolicyUsers"][0]["UserName"], "Ana");
    assert_eq!(all["PolicyGroups"][0]["GroupName"], "staff");
    let groups = entities(json!({"EntityFilter": "Group"})).await.ok();
    assert_eq!(
        (&groups["PolicyRoles"], &groups["PolicyUsers"]),
        (&json!([]), &json!([]))
    );
    assert_eq!(
        entities(json!({"PathPrefix": "/hr/"})).await.ok()["PolicyUsers"],
        json!([])
    );
    let bounded = entities(json!({"PolicyUsageFilter": "PermissionsBoundary"})).await.ok();
    assert_eq!(bounded["PolicyGroups"], json!([]));
    app.iam("DeletePolicy", json!({"PolicyArn": arn}))
        .await
        .refused("DeleteConflict", "Cannot delete a policy attached to entities.");
}

#[tokio::test]
async fn ten_policies_fit_on_a_role() {
    let app = App::new().await;
    app.role("Auth", json!([trusts_pool()]), None).await;
    for n in 0..11 {
        let arn = made(&app, &format!("P{n}")).await;
        let attached = app
            .iam("AttachRolePolicy", json!({"RoleName": "Auth", "PolicyArn": arn}))
            .await;
        if n < 10 {
            attached.ok();
        } else {
            attached.refused("LimitExceeded", "Cannot exceed quota for PoliciesPerRole: 10");
        }
    }
}
