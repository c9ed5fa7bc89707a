//! Roles and inline policies. Reference: identity-pools-iam 3.

use serde_json::json;
use testkit::text;

use super::app::{App, allow, policy, trusts_pool};

fn role(name: &str) -> serde_json::Value {
    json!({"RoleName": name, "AssumeRolePolicyDocument": policy(json!([trusts_pool()]))})
}

#[tokio::test]
async fn a_role_is_made_read_changed_and_deleted() {
    let app = App::new().await;
    let document = "{ \"Version\": \"2012-10-17\",\n \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"Service\": \
                    \"lambda.amazonaws.com\"}, \"Action\": \"sts:AssumeRole\"}]}";
    let input = json!({"RoleName": "App-Role", "Path": "/app/", "AssumeRolePolicyDocument": document,
        "Description": "for tests", "MaxSessionDuration": 7200, "Tags": [{"Key": "a", "Value": "1"}],
        "PermissionsBoundary": "arn:aws:iam::aws:policy/PowerUserAccess"});
    let made = app.iam("CreateRole", input).await.ok();
    assert_eq!(text(&made, "/Role/Arn"), "arn:aws:iam::123456789012:role/app/App-Role");
    let id = text(&made, "/Role/RoleId");
    assert!(id.starts_with("AROA") && id.len() == 21);

    let got = app.iam("GetRole", json!({"RoleName": "app-role"})).await.ok();
    assert!(made["Role"].get("MaxSessionDuration").is_none() && made["Role"].get("RoleLastUsed").is_none());
    let mut known = made.clone();
    known["Role"]["MaxSessionDuration"] = json!(7200);
    known["Role"]["RoleLastUsed"] = json!({});
    assert_eq!(got, known, "names ignore case; CreateRole leaves two members out");
    let encoded = text(&got, "/Role/AssumeRolePolicyDocument");
    assert!(encoded.starts_with("%7B%20%22Version%22%3A%20%222012-10-17%22%2C%0A%20"));
    let decoded = percent_encoding::percent_decode_str(&encoded).decode_utf8().unwrap();
    assert_eq!(decoded, document, "stored as given, whitespace kept");
    assert_eq!(got["Role"]["MaxSessionDuration"], 7200);
    assert_eq!(got["Role"]["Description"], "for tests");
    assert_eq!(got["Role"]["Tags"], json!([{"Key": "a", "Value": "1"}]));
    let boundary = "arn:aws:iam::aws:policy/PowerUserAccess";
    assert_eq!(got["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"], boundary);
    let listed = app.iam("ListRoles", json!({})).await.ok();
    assert_eq!(listed["Roles"][0]["RoleName"], "App-Role");
    assert!(listed["Roles"][0].get("Tags").is_none() && listed["Roles"][0].get("PermissionsBoundary").is_none());

    let of_role = || app.iam("GetRole", json!({"RoleName": "App-Role"}));
    for (change, description, seconds) in [
        (json!({"MaxSessionDuration": 9000}), "for tests", 9000),
        (json!({"Description": ""}), "", 3600),
    ] {
        let mut input = change;
        input["RoleName"] = json!("App-Role");
        app.iam("UpdateRole", input).await.ok();
        let now = of_role().await.ok();
        assert_eq!(
            (&now["Role"]["Description"], &now["Role"]["MaxSessionDuration"]),
            (&json!(description), &json!(seconds)),
            "a duration that is left out is the default again"
        );
    }
    let renewed = json!({"RoleName": "App-Role", "PolicyDocument": policy(json!([trusts_pool()]))});
    app.iam("UpdateAssumeRolePolicy", renewed).await.ok();
    app.iam("DeleteRolePermissionsBoundary", json!({"RoleName": "App-Role"}))
        .await
        .ok();
    let described = app
        .iam(
            "UpdateRoleDescription",
            json!({"RoleName": "App-Role", "Description": "new"}),
        )
        .await
        .ok();
    assert_eq!(described["Role"]["Description"], "new");
    assert_eq!(described["Role"]["MaxSessionDuration"], 3600);
    assert!(described["Role"].get("PermissionsBoundary").is_none());
    assert!(text(&described, "/Role/AssumeRolePolicyDocument").contains("AssumeRoleWithWebIdentity"));

    let profiles = app
        .iam("ListInstanceProfilesForRole", json!({"RoleName": "App-Role"}))
        .await
        .ok();
    assert_eq!(profiles, json!({"InstanceProfiles": [], "IsTruncated": false}));
    app.iam("DeleteRole", json!({"RoleName": "App-Role"})).await.ok();
    for operation in [
        "GetRole",
        "DeleteRole",
        "ListInstanceProfilesForRole",
        "ListRolePolicies",
        "ListRoleTags",
    ] {
        let gone = app.iam(operation, json!({"RoleName": "App-Role"})).await;
        gone.refused("NoSuchEntity", "The role with name App-Role cannot be found.");
    }
}

#[tokio::test]
async fn what_a_new_role_must_not_be() {
    let app = App::new().await;
    app.iam("CreateRole", role("Auth")).await.ok();
    app.iam("CreateRole", role("AUTH"))
        .await
        .refused("EntityAlreadyExists", "Role with name AUTH already exists.");
    let with = |member: &str, value: serde_json::Value| {
        let mut input = role("Other");
        input[member] = value;
        app.iam("CreateRole", input)
    };
    let twice = json!([{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}]);
    let sentence = "Duplicate tag keys found. Please note that Tag keys are case insensitive.";
    with("Tags", twice).await.refused("InvalidInput", sentence);
    let nope = "arn:aws:iam::123456789012:policy/nope";
    with("PermissionsBoundary", json!(nope)).await.refused(
        "NoSuchEntity",
        &format!("Scope ARN: {nope} does not exist or is not attachable."),
    );
    let mut with_resource = trusts_pool();
    with_resource["Resource"] = json!("*");
    with("AssumeRolePolicyDocument", json!(policy(json!([with_resource]))))
        .await
        .refused("MalformedPolicyDocument", "Has prohibited field Resource");
    let long = json!([{"Effect": "Allow", "Principal": {"Federated": "x".repeat(2000)}, "Action": "sts:AssumeRole"}]);
    let sentence = "Cannot exceed quota for ACLSizePerRole: 2048";
    with("AssumeRolePolicyDocument", json!(policy(long)))
        .await
        .refused("LimitExceeded", sentence);
    with("MaxSessionDuration", json!(60)).await.refused(
        "ValidationError",
        "1 validation error detected: Value at 'maxSessionDuration' failed to satisfy constraint: Member must have \
         value greater than or equal to 3600",
    );
    app.iam("GetRole", json!({"RoleName": "Other"}))
        .await
        .refused("NoSuchEntity", "The role with name Other cannot be found.");
}

#[tokio::test]
async fn a_role_is_emptied_before_it_goes() {
    let app = App::new().await;
    app.iam("CreateRole", role("Auth")).await.ok();
    let arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
    app.iam("AttachRolePolicy", json!({"RoleName": "Auth", "PolicyArn": arn}))
        .await
        .ok();
    let inline = json!({"RoleName": "Auth", "PolicyName": "p", "PolicyDocument": policy(json!([allow("s3:*", "*")]))});
    app.iam("PutRolePolicy", inline).await.ok();
    let delete = || app.iam("DeleteRole", json!({"RoleName": "Auth"}));
    delete().await.refused(
        "DeleteConflict",
        "Cannot delete entity, must detach all policies first.",
    );
    app.iam("DetachRolePolicy", json!({"RoleName": "Auth", "PolicyArn": arn}))
        .await
        .ok();
    delete()
        .await
        .refused("DeleteConflict", "Cannot delete entity, must delete policies first.");
    app.iam("DeleteRolePolicy", json!({"RoleName": "Auth", "PolicyName": "p"}))
        .await
        .ok();
    delete().await.ok();
}

#[tokio::test]
async fn inline_policies_are_put_read_listed_and_deleted() {
    let app = App::new().await;
    app.iam("CreateRole", role("Auth")).await.ok();
    app.iam("CreateUser", json!({"UserName": "Ana"})).await.ok();
    app.iam("CreateGroup", json!({"GroupName": "staff"})).await.ok();
    for (kind, member, owner) in [
        ("Role", "RoleName", "Auth"),
        ("User", "UserName", "Ana"),
        ("Group", "GroupName", "staff"),
    ] {
        let of = |more: serde_json::Value| {
            let mut input = json!({member: owner});
            for (name, value) in more.as_object().unwrap() {
                input[name] = value.clone();
            }
            input
        };
        let document = policy(json!([allow("s3:GetObject", "*")]));
        let put = of(json!({"PolicyName": "p", "PolicyDocument": document}));
        app.iam(&format!("Put{kind}Policy"), put.clone()).await.ok();
        app.iam(&format!("Put{kind}Policy"), put).await.ok();
        let got = app
            .iam(&format!("Get{kind}Policy"), of(json!({"PolicyName": "p"})))
            .await
            .ok();
        assert_eq!(got[member], owner);
        let shown = text(&got, "/PolicyDocument");
        assert_eq!(
            percent_encoding::percent_decode_str(&shown).decode_utf8().unwrap(),
            document
        );
        let listed = app.iam(&format!("List{kind}Policies"), of(json!({}))).await.ok();
        assert_eq!(listed, json!({"PolicyNames": ["p"], "IsTruncated": false}));
        app.iam(&format!("Delete{kind}Policy"), of(json!({"PolicyName": "p"})))
            .await
            .ok();
        let noun = kind.to_lowercase();
        for operation in ["Get", "Delete"] {
            let gone = app
                .iam(&format!("{operation}{kind}Policy"), of(json!({"PolicyName": "p"})))
                .await;
            gone.refused(
                "NoSuchEntity",
                &format!("The {noun} policy with name p cannot be found."),
            );
        }
        let broken = of(json!({"PolicyName": "p", "PolicyDocument": "{\"Version\": \"2012-10-17\"}"}));
        assert_eq!(
            app.iam(&format!("Put{kind}Policy"), broken).await.error().code().0,
            "MalformedPolicyDocument"
        );
    }
}

#[tokio::test]
async fn inline_policies_share_a_size() {
    let app = App::new().await;
    app.iam("CreateRole", role("Auth")).await.ok();
    let put = |name: &str, length: usize| {
        let document = policy(json!([allow(
            "s3:GetObject",
            &format!("arn:aws:s3:::{}", "x".repeat(length))
        )]));
        app.iam(
            "PutRolePolicy",
            json!({"RoleName": "Auth", "PolicyName": name, "PolicyDocument": document}),
        )
    };
    put("a", 6000).await.ok();
    put("b", 5000).await.refused(
        "LimitExceeded",
        "Maximum policy size of 10240 bytes exceeded for role Auth",
    );
    put("a", 9000).await.ok();
    put("b", 500).await.ok();
}

#[tokio::test]
async fn tags_are_added_replaced_and_removed() {
    let app = App::new().await;
    app.iam("CreateRole", role("Auth")).await.ok();
    let tag = |tags: serde_json::Value| app.iam("TagRole", json!({"RoleName": "Auth", "Tags": tags}));
    tag(json!([{"Key": "Team", "Value": "red"}, {"Key": "x", "Value": ""}]))
        .await
        .ok();
    tag(json!([{"Key": "team", "Value": "blue"}])).await.ok();
    let listed = app.iam("ListRoleTags", json!({"RoleName": "Auth"})).await.ok();
    assert_eq!(
        listed["Tags"],
        json!([{"Key": "team", "Value": "blue"}, {"Key": "x", "Value": ""}])
    );
    app.iam("UntagRole", json!({"RoleName": "Auth", "TagKeys": ["TEAM", "absent"]}))
        .await
        .ok();
    let listed = app.iam("ListRoleTags", json!({"RoleName": "Auth"})).await.ok();
    assert_eq!(listed["Tags"], json!([{"Key": "x", "Value": ""}]));
    let many: Vec<_> = (0..50).map(|n| json!({"Key": format!("k{n}"), "Value": ""})).collect();
    tag(json!(many))
        .await
        .refused("LimitExceeded", "Cannot exceed quota for TagsPerResource: 50");
}
