//! What of IAM itself is asked about: roles that are passed, boundaries, paths and tags. Reference: identity-pools-iam 1.3, 6.2.

use model::Passed;
use serde_json::{Value, json};

use super::app::{App, allow, deny, policy, trusts_pool};
use crate::Denial;

/// The IAM user guide's delegation: whoever rules users rules those alone who keep within a boundary. Reference: 6.2.
#[tokio::test]
async fn who_has_which_boundary_is_known_where_rights_change() {
    let app = App::new().await;
    let (ana, _) = app.user("Ana").await;
    let edge = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
    let delegated = [
        "AttachUserPolicy",
        "CreateUser",
        "DeleteUserPolicy",
        "DetachUserPolicy",
        "PutUserPermissionsBoundary",
        "PutUserPolicy",
    ];
    let actions: Vec<_> = delegated.iter().map(|name| format!("iam:{name}")).collect();
    let within = json!({"Effect": "Allow", "Action": actions, "Resource": "*",
        "Condition": {"StringEquals": {"iam:PermissionsBoundary": edge}}});
    app.allow_user("Ana", json!([within])).await;
    let ask = |operation: &'static str, input: Value| app.iam_as(&ana, operation, input);
    app.iam("CreateUser", json!({"UserName": "Free"})).await.ok();
    let rule = policy(json!([allow("s3:*", "*")]));
    for (name, allowed) in [("Free", false), ("Kept", true)] {
        let mut created = json!({"UserName": "Kept"});
        if allowed {
            created["PermissionsBoundary"] = json!(edge);
        }
        assert_eq!(ask("CreateUser", created).await.result.is_ok(), allowed);
        for (operation, input) in [
            (
                "PutUserPolicy",
                json!({"UserName": name, "PolicyName": "p", "PolicyDocument": rule}),
            ),
            ("DeleteUserPolicy", json!({"UserName": name, "PolicyName": "p"})),
            ("AttachUserPolicy", json!({"UserName": name, "PolicyArn": edge})),
            ("DetachUserPolicy", json!({"UserName": name, "PolicyArn": edge})),
        ] {
            assert_eq!(
                ask(operation, input).await.result.is_ok(),
                allowed,
                "{operation} {name}"
            );
        }
    }
    // What is given counts, not what is there.
    for (boundary, allowed) in [("arn:aws:iam::aws:policy/AdministratorAccess", false), (edge, true)] {
        let put = json!({"UserName": "Kept", "PermissionsBoundary": boundary});
        assert_eq!(ask("PutUserPermissionsBoundary", put).await.result.is_ok(), allowed);
    }
}

/// 79.
#[tokio::test]
async fn passing_a_role_is_a_permission_of_its_own() {
    let app = App::new().await;
    let (ana, _) = app.user("Ana").await;
    let role = "arn:aws:iam::123456789012:role/Auth";
    app.allow_user("Ana", json!([allow("cognito-identity:*", "*")])).await;
    let pass = || async {
        let ana = app.again(&ana).await;
        let passed = Passed {
            place: "",
            to: model::IDENTITY_POOLS,
            refusal: None,
        };
        let denied = |denial: Denial| crate::errors::access_denied(denial.sentence);
        let roles = [(role, &passed)].into();
        app.iam.may_pass(&app.cx_of(&ana), &ana, &roles, denied).await
    };
    assert!(pass().await.is_err());
    let mut passing = allow("iam:PassRole", role);
    app.allow_user("Ana", json!([passing])).await;
    pass().await.unwrap();
    passing["Condition"] = json!({"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}});
    app.allow_user("Ana", json!([passing])).await;
    assert!(pass().await.is_err());
}

/// Operations name their entity without its path: policies see the path and the tags nevertheless.
#[tokio::test]
async fn iam_itself_is_guarded_by_path_tag_and_policy_arn() {
    let app = App::new().await;
    let (ana, _) = app.user("Ana").await;
    let role = json!({"RoleName": "Safe", "Path": "/app/", "AssumeRolePolicyDocument": policy(json!([trusts_pool()])),
        "Tags": [{"Key": "owner", "Value": "ops"}]});
    app.iam("CreateRole", role).await.ok();
    let get = || app.iam_as(&ana, "GetRole", json!({"RoleName": "safe"}));

    app.allow_user(
        "Ana",
        json!([
            allow("iam:*", "*"),
            deny("iam:GetRole", "arn:aws:iam::123456789012:role/app/*")
        ]),
    )
    .await;
    get().await.refused(
        "AccessDenied",
        "User: arn:aws:iam::123456789012:user/Ana is not authorized to perform: iam:GetRole on resource: \
         arn:aws:iam::123456789012:role/app/Safe with an explicit deny in an identity-based policy",
    );
    let mut by_tag = deny("iam:*", "*");
    by_tag["Condition"] = json!({"StringEquals": {"aws:ResourceTag/owner": "ops"}});
    app.allow_user("Ana", json!([allow("iam:*", "*"), by_tag])).await;
    assert!(get().await.result.is_err());
    app.allow_user(
        "Ana",
        json!([allow("iam:GetRole", "arn:aws:iam::123456789012:role/app/*")]),
    )
    .await;
    get().await.ok();

    let mut no_administrators = deny("iam:AttachRolePolicy", "*");
    no_administrators["Condition"] =
        json!({"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"}});
    app.allow_user("Ana", json!([allow("iam:*", "*"), no_administrators]))
        .await;
    let attach = |name: &str| {
        let arn = format!("arn:aws:iam::aws:policy/{name}");
        app.iam_as(&ana, "AttachRolePolicy", json!({"RoleName": "Safe", "PolicyArn": arn}))
    };
    attach("AmazonS3ReadOnlyAccess").await.ok();
    assert!(attach("AdministratorAccess").await.result.is_err());
    let mut awss = allow("iam:*", "*");
    awss["Condition"] = json!({"ArnLike": {"iam:PolicyARN": "arn:aws:iam::aws:policy/*"}});
    app.allow_user("Ana", json!([awss])).await;
    attach("AdministratorAccess").await.ok();
    let read = json!({"PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"});
    assert!(
        app.iam_as(&ana, "GetPolicy", read).await.result.is_err(),
        "it attaches nothing"
    );

    let mut tagged = allow("iam:TagRole", "*");
    tagged["Condition"] = json!({"ForAllValues:StringEquals": {"aws:TagKeys": ["team"]},
        "StringEquals": {"aws:RequestTag/team": "red"}});
    app.allow_user("Ana", json!([tagged])).await;
    let tag = |key: &str| {
        app.iam_as(
            &ana,
            "TagRole",
            json!({"RoleName": "Safe", "Tags": [{"Key": key, "Value": "red"}]}),
        )
    };
    tag("team").await.ok();
    assert!(tag("cost").await.result.is_err());
}
