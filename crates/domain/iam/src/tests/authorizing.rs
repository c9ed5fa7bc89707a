//! What a caller may do. The algorithm is tested in the policy crate; here, that its inputs are the right ones.
//! Reference: identity-pools-iam 5, 6.

use kernel::Principal;
use policy::{Policy, PolicyKind};
use serde_json::{Value, json};
use testkit::text;

use super::app::{App, allow, deny, identity, policy, root, trusts_pool};
use crate::{Ask, Caller};

const OBJECT: &str = "arn:aws:s3:::b/k";

async fn allowed_with(app: &App, ana: &Caller, statements: Value, action: &str) -> bool {
    app.allow_user("Ana", statements).await;
    app.allowed(ana, action, OBJECT).await.is_ok()
}

#[tokio::test]
async fn nothing_is_allowed_until_it_is_and_deny_wins() {
    let app = App::new().await;
    let (ana, _) = app.user("Ana").await;
    let denial = app.allowed(&ana, "s3:GetObject", OBJECT).await.unwrap_err();
    assert_eq!(
        denial.sentence,
        "User: arn:aws:iam::123456789012:user/Ana is not authorized to perform: s3:GetObject on resource: \
         arn:aws:s3:::b/k because no identity-based policy allows the s3:GetObject action"
    );
    assert_eq!(
        denial.quoted(),
        "User: arn:aws:iam::123456789012:user/Ana is not authorized to perform: s3:GetObject on resource: \
         \"arn:aws:s3:::b/k\" because no identity-based policy allows the s3:GetObject action"
    );
    let denial = app.allowed(&ana, "s3:ListAllMyBuckets", "*").await.unwrap_err();
    assert_eq!(
        denial.quoted(),
        "User: arn:aws:iam::123456789012:user/Ana is not authorized to perform: s3:ListAllMyBuckets because no \
         identity-based policy allows the s3:ListAllMyBuckets action"
    );
    assert!(
        allowed_with(
            &app,
            &ana,
            json!([allow("s3:Get*", "arn:aws:s3:::b/*")]),
            "s3:GetObject"
        )
        .await
    );
    let both = json!([allow("*", "*"), deny("s3:GetObject", OBJECT)]);
    assert!(!allowed_with(&app, &ana, both, "s3:GetObject").await);
    let denial = app.allowed(&ana, "s3:GetObject", OBJECT).await.unwrap_err();
    assert_eq!(denial.reason, "with an explicit deny in an identity-based policy");
    assert_eq!(app.allowed(&root(), "s3:GetObject", OBJECT).await, Ok(()));
}

#[tokio::test]
async fn attached_policies_and_those_of_groups_count() {
    let app = App::new().await;
    let (ana, _) = app.user("Ana").await;
    let attach = |operation: &'static str, name: &'static str, arn: String| {
        let member = if operation.contains("Group") {
            "GroupName"
        } else {
            "UserName"
        };
        app.iam(operation, json!({member: name, "PolicyArn": arn}))
    };
    let read = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess".to_owned();
    attach("AttachUserPolicy", "Ana", read.clone()).await.ok();
    assert_eq!(app.allowed(&ana, "s3:GetObject", OBJECT).await, Ok(()));
    assert!(app.allowed(&ana, "s3:PutObject", OBJECT).await.is_err());

    app.iam("CreateGroup", json!({"GroupName": "writers"})).await.ok();
    let put = json!({"GroupName": "writers", "PolicyName": "w", "PolicyDocument": policy(json!([allow("s3:PutObject", "*")]))});
    app.iam("PutGroupPolicy", put).await.ok();
    attach(
        "AttachGroupPolicy",
        "writers",
        "arn:aws:iam::aws:policy/AmazonSNSFullAccess".to_owned(),
    )
    .await
    .ok();
    assert!(app.allowed(&ana, "s3:PutObject", OBJECT).await.is_err());
    let membership = json!({"GroupName": "writers", "UserName": "Ana"});
    app.iam("AddUserToGroup", membership.clone()).await.ok();
    assert_eq!(app.allowed(&ana, "s3:PutObject", OBJECT).await, Ok(()));
    assert_eq!(app.allowed(&ana, "sns:Publish", "*").await, Ok(()));
    app.iam("RemoveUserFromGroup", membership).await.ok();
    assert!(app.allowed(&ana, "sns:Publish", "*").await.is_err());
    attach("DetachUserPolicy", "Ana", read).await.ok();
    assert!(app.allowed(&ana, "s3:GetObject", OBJECT).await.is_err());
}

/// 54, 55: a boundary grants nothing and limits everything.
#[tokio::test]
async fn a_boundary_limits() {
    let app = App::new().await;
    let (ana, _) = app.user("Ana").await;
    let input = json!({"PolicyName": "edge", "PolicyDocument": policy(json!([allow("s3:Get*", "*")]))});
    let arn = text(&app.iam("CreatePolicy", input).await.ok(), "/Policy/Arn");
    let put = json!({"UserName": "Ana", "PermissionsBoundary": arn});
    app.iam("PutUserPermissionsBoundary", put).await.ok();
    assert!(app.allowed(&ana, "s3:GetObject", OBJECT).await.is_err());
    app.allow_user("Ana", json!([allow("s3:*", "*")])).await;
    assert_eq!(app.allowed(&ana, "s3:GetObject", OBJECT).await, Ok(()));
    let denial = app.allowed(&ana, "s3:PutObject", OBJECT).await.unwrap_err();
    assert_eq!(
        denial.reason,
        "because no permissions boundary allows the s3:PutObject action"
    );
    let user = app.iam("GetUser", json!({"UserName": "Ana"})).await.ok();
    assert_eq!(
        user["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"],
        arn.as_str()
    );
    app.iam("DeletePolicy", json!({"PolicyArn": arn}))
        .await
        .refused("DeleteConflict", "Cannot delete a policy attached to entities.");
    app.iam("DeleteUserPermissionsBoundary", json!({"UserName": "Ana"}))
        .await
        .ok();
    assert_eq!(app.allowed(&ana, "s3:PutObject", OBJECT).await, Ok(()));
    let none = app
        .iam("DeleteUserPermissionsBoundary", json!({"UserName": "Ana"}))
        .await;
    assert_eq!(none.error().code().0, "NoSuchEntity");
    let missing = json!({"UserName": "Ana", "PermissionsBoundary": "arn:aws:iam::123456789012:policy/nope"});
    assert_eq!(
        app.iam("PutUserPermissionsBoundary", missing).await.error().code().0,
        "NoSuchEntity"
    );
}

#[tokio::test]
async fn the_context_is_what_the_reference_says() {
    let app = App::new().await;
    let (ana, _) = app.user("Ana").await;
    app.iam(
        "TagUser",
        json!({"UserName": "Ana", "Tags": [{"Key": "team", "Value": "red"}]}),
    )
    .await
    .ok();
    let ana = Caller {
        principal: std::sync::Arc::new(Principal {
            tags: [("team".to_owned(), "red".to_owned())].into(),
            ..ana.principal.as_ref().clone()
        }),
        ..ana
    };
    for (condition, holds) in [
        (
            json!({"StringEquals": {"aws:username": "Ana", "aws:PrincipalType": "User"}}),
            true,
        ),
        (
            json!({"StringEquals": {"aws:userid": ana.principal.user_id, "aws:PrincipalAccount": "123456789012"}}),
            true,
        ),
        (
            json!({"ArnEquals": {"aws:PrincipalArn": ana.principal.arn.as_str()}}),
            true,
        ),
        (json!({"StringEquals": {"aws:PrincipalTag/TEAM": "red"}}), true),
        (json!({"StringEquals": {"aws:PrincipalTag/team": "blue"}}), false),
        (json!({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}), true),
        (json!({"Bool": {"aws:SecureTransport": "true"}}), false),
        (
            json!({"DateLessThan": {"aws:CurrentTime": "2026-01-15T12:00:01Z"}}),
            true,
        ),
        (json!({"NumericEquals": {"aws:EpochTime": "1768478400"}}), true),
        (
            json!({"StringEquals": {"aws:RequestedRegion": "us-east-1", "aws:ResourceAccount": "123456789012"}}),
            true,
        ),
        (
            json!({"Null": {"aws:TokenIssueTime": "true", "aws:MultiFactorAuthPresent": "true"}}),
            true,
        ),
        (json!({"Null": {"aws:FederatedProvider": "false"}}), false),
        (json!({"StringLike": {"s3:prefix": "home/*"}}), true),
        (
            json!({"StringLike": {"aws:Referer": "https://photos.example.com/*", "aws:UserAgent": "curl/*"}}),
            true,
        ),
        (
            json!({"StringLike": {"aws:Referer": "https://other.example.com/*"}}),
            false,
        ),
    ] {
        let statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition});
        app.allow_user("Ana", json!([statement])).await;
        let ask = Ask::new("s3:ListBucket", "arn:aws:s3:::b").with("s3:prefix", "home/ana");
        assert_eq!(app.ask(&ana, &ask).await.is_ok(), holds, "{condition}");
    }
}

#[tokio::test]
async fn a_sessions_context_has_its_provider_and_its_age() {
    let app = App::new().await;
    let role = app.role("Auth", json!([trusts_pool()]), None).await;
    let credentials = app.assume(identity(&role)).await.unwrap();
    let session = app.principal(&credentials).await;
    for (condition, holds) in [
        (
            json!({"StringEquals": {"aws:FederatedProvider": "cognito-identity.amazonaws.com"}}),
            true,
        ),
        (
            json!({"StringEquals": {"cognito-identity.amazonaws.com:sub": super::app::U1}}),
            true,
        ),
        (
            json!({"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"}}),
            true,
        ),
        (
            json!({"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/Auth"}}),
            true,
        ),
        (
            json!({"StringEquals": {"aws:PrincipalType": "AssumedRole"}, "Null": {"aws:username": "true"}}),
            true,
        ),
        (json!({"Bool": {"aws:MultiFactorAuthPresent": "false"}}), true),
        (
            json!({"DateGreaterThan": {"aws:TokenIssueTime": "2026-01-15T12:00:01Z"}}),
            false,
        ),
    ] {
        let statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition});
        let put = json!({"RoleName": "Auth", "PolicyName": "p", "PolicyDocument": policy(json!([statement]))});
        app.iam("PutRolePolicy", put).await.ok();
        assert_eq!(
            app.allowed(&session, "s3:GetObject", OBJECT).await.is_ok(),
            holds,
            "{condition}"
        );
    }
}

#[tokio::test]
async fn a_bucket_policy_takes_part() {
    let app = App::new().await;
    let (ana, _) = app.user("Ana").await;
    let bucket = |effect: &str, principal: Value| {
        let statement =
            json!({"Effect": effect, "Principal": principal, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"});
        Policy::parse(&policy(json!([statement])), PolicyKind::Bucket).unwrap()
    };
    let direct = bucket("Allow", json!({"AWS": ana.principal.arn.as_str()}));
    let ask = Ask::new("s3:GetObject", OBJECT);
    assert_eq!(app.ask(&ana, &ask.clone().governed_by(Some(&direct))).await, Ok(()));
    let everyone = bucket("Allow", json!("*"));
    let nobody = Caller::without_rights(Principal::anonymous(ana.principal.account.clone()));
    assert_eq!(
        app.ask(&nobody, &ask.clone().governed_by(Some(&everyone))).await,
        Ok(())
    );
    assert!(app.ask(&nobody, &ask).await.is_err());
    let denied = bucket("Deny", json!("*"));
    app.allow_user("Ana", json!([allow("*", "*")])).await;
    let denial = app
        .ask(&ana, &ask.clone().governed_by(Some(&denied)))
        .await
        .unwrap_err();
    assert_eq!(denial.reason, "with an explicit deny in a resource-based policy");
    let other = kernel::AccountId::new("999999999999");
    let denial = app.ask(&ana, &ask.owned_by(&other)).await.unwrap_err();
    assert_eq!(
        denial.reason,
        "because no resource-based policy allows the s3:GetObject action"
    );
}
