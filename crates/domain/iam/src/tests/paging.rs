//! Lists page without gap or overlap. Reference: identity-pools-iam 3.1.

use serde_json::{Value, json};

use super::app::{App, allow, policy, trusts_pool};

async fn walk(app: &App, operation: &str, list: &str, name: &str, base: Value) -> Vec<String> {
    let mut seen = Vec::new();
    let mut input = base;
    input["MaxItems"] = json!(2);
    loop {
        let page = app.iam(operation, input.clone()).await.ok();
        let items = page[list].as_array().unwrap();
        assert!(items.len() <= 2, "{operation}");
        let text = |item: &Value| item.as_str().or(item[name].as_str()).unwrap().to_owned();
        seen.extend(items.iter().map(text));
        assert_eq!(
            page["IsTruncated"].as_bool().unwrap(),
            page.get("Marker").is_some(),
            "{operation}"
        );
        match page.get("Marker") {
            Some(marker) => input["Marker"] = marker.clone(),
            None => return seen,
        }
    }
}

#[tokio::test]
async fn every_list_is_walked_by_its_markers() {
    let app = App::new().await;
    let names = ["a", "B", "c", "D", "e"];
    for name in names {
        app.role(name, json!([trusts_pool()]), None).await;
        app.iam("CreateUser", json!({"UserName": name})).await.ok();
        app.iam("CreateGroup", json!({"GroupName": name})).await.ok();
        let document = policy(json!([allow("s3:*", "*")]));
        app.iam("CreatePolicy", json!({"PolicyName": name, "PolicyDocument": document}))
            .await
            .ok();
        app.iam(
            "PutRolePolicy",
            json!({"RoleName": "a", "PolicyName": name, "PolicyDocument": document}),
        )
        .await
        .ok();
        app.iam(
            "TagRole",
            json!({"RoleName": "a", "Tags": [{"Key": name, "Value": ""}]}),
        )
        .await
        .ok();
        let arn = format!("arn:aws:iam::123456789012:policy/{name}");
        app.iam("AttachRolePolicy", json!({"RoleName": "a", "PolicyArn": arn}))
            .await
            .ok();
        app.iam("AddUserToGroup", json!({"GroupName": name, "UserName": "a"}))
            .await
            .ok();
        app.iam("AddUserToGroup", json!({"GroupName": "a", "UserName": name}))
            .await
            .ok();
    }
    for (operation, list, name, base) in [
        ("ListRoles", "Roles", "RoleName", json!({})),
        ("ListUsers", "Users", "UserName", json!({})),
        ("ListGroups", "Groups", "GroupName", json!({})),
        ("ListPolicies", "Policies", "PolicyName", json!({"Scope": "Local"})),
        ("ListRolePolicies", "PolicyNames", "", json!({"RoleName": "a"})),
        ("ListRoleTags", "Tags", "Key", json!({"RoleName": "a"})),
        (
            "ListAttachedRolePolicies",
            "AttachedPolicies",
            "PolicyName",
            json!({"RoleName": "a"}),
        ),
        ("ListGroupsForUser", "Groups", "GroupName", json!({"UserName": "a"})),
        ("GetGroup", "Users", "UserName", json!({"GroupName": "a"})),
    ] {
        let mut seen = walk(&app, operation, list, name, base).await;
        if operation == "ListRoles" {
            assert_eq!(seen, names, "by name ignoring case");
        }
        seen.sort_by_key(|name| name.to_lowercase());
        assert_eq!(seen, names, "{operation}");
    }
    let all = walk(&app, "ListPolicies", "Policies", "PolicyName", json!({})).await;
    assert_eq!(all.len(), crate::managed::ALL.len() + 5);
}

#[tokio::test]
async fn a_foreign_marker_is_refused() {
    let app = App::new().await;
    for operation in ["ListRoles", "ListUsers", "ListPolicies"] {
        let foreign = app.iam(operation, json!({"Marker": "?"})).await;
        foreign.refused("ValidationError", "Invalid Marker.");
    }
}

#[tokio::test]
async fn a_marker_continues_its_own_list_alone() {
    let app = App::new().await;
    for user in ["ana", "ben"] {
        app.iam("CreateUser", json!({"UserName": user})).await.ok();
        for group in ["a", "b"] {
            // The second user finds the groups there.
            drop(app.iam("CreateGroup", json!({"GroupName": group})).await);
            let membership = json!({"GroupName": group, "UserName": user});
            app.iam("AddUserToGroup", membership).await.ok();
        }
    }
    let first = json!({"UserName": "ana", "MaxItems": 1});
    let page = app.iam("ListGroupsForUser", first).await.ok();
    let marker = &page["Marker"];
    let next = json!({"UserName": "ana", "Marker": marker});
    let page = app.iam("ListGroupsForUser", next).await.ok();
    assert_eq!(page["Groups"].as_array().unwrap().len(), 1);
    for (operation, input) in [
        ("ListGroupsForUser", json!({"UserName": "ben", "Marker": marker})),
        ("ListGroups", json!({"Marker": marker})),
    ] {
        app.iam(operation, input)
            .await
            .refused("ValidationError", "Invalid Marker.");
    }
}
