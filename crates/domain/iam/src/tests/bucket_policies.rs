//! Whom the policies of buckets mean: the user or role that there was when they were put. Reference: identity-pools-iam
//! 2.3, 4.2.

use kernel::AccountId;
use policy::{Policy, PolicyKind};
use serde_json::{Value, json};
use testkit::{ACCOUNT, Call};

use super::app::{App, Credentials, allow, identity, policy, root, trusts_pool};
use crate::{Ask, Caller, UnknownKeys, canonical_id};

const OBJECT: &str = "arn:aws:s3:::b/k";

/// A bucket's policy whose statement has this effect for these principals.
fn document(effect: &str, principal: Value) -> String {
    let mut statement = json!({"Effect": effect, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"});
    statement["Principal"] = principal;
    policy(json!([statement]))
}

async fn put(app: &App, document: String) -> kernel::Result<String> {
    app.iam.keep_principals(&AccountId::new(ACCOUNT), document).await
}

async fn shown(app: &App, document: String) -> String {
    let account = AccountId::new(ACCOUNT);
    app.iam.show_principals(&account, document).await.unwrap()
}

async fn may_read(app: &App, caller: &Caller, document: &str) -> bool {
    let policy = Policy::parse(document, PolicyKind::Bucket).unwrap();
    let ask = Ask::new("s3:GetObject", OBJECT).governed_by(Some(&policy));
    app.ask(caller, &ask).await.is_ok()
}

async fn delete(app: &App, name: &str, credentials: &Credentials) {
    let key = json!({"UserName": name, "AccessKeyId": credentials.key});
    app.iam("DeleteAccessKey", key).await.ok();
    app.iam("DeleteUser", json!({"UserName": name})).await.ok();
}

#[track_caller]
fn names_nobody(put: kernel::Result<String>) {
    let error = put.expect_err("a refusal");
    let told = (error.code().0, error.message());
    assert_eq!(told, ("MalformedPolicy", "Invalid principal in policy"));
}

#[tokio::test]
async fn a_new_user_of_an_old_name_is_not_meant() {
    let app = App::new().await;
    let (ana, keys) = app.user("Ana").await;
    let given = document("Allow", json!({"AWS": ana.principal.arn.as_str()}));
    let kept = put(&app, given.clone()).await.unwrap();
    assert_eq!(kept, document("Allow", json!({"AWS": ana.principal.user_id})));
    assert_eq!(shown(&app, kept.clone()).await, given);
    assert!(may_read(&app, &ana, &kept).await);

    delete(&app, "Ana", &keys).await;
    let (again, _) = app.user("Ana").await;
    assert_eq!(again.principal.arn, ana.principal.arn);
    assert!(!may_read(&app, &again, &kept).await);
    assert_eq!(shown(&app, kept.clone()).await, kept, "the bare id of whoever is gone");
    let put_again = put(&app, kept).await;
    names_nobody(put_again);
}

#[tokio::test]
async fn a_new_role_of_an_old_name_is_not_meant() {
    let app = App::new().await;
    let make = async || app.role("Reader", json!([trusts_pool()]), None).await;
    let session = async |role: &str| {
        let credentials = app.assume(identity(role)).await.unwrap();
        app.principal(&credentials).await
    };
    let role = make().await;
    let kept = put(&app, document("Allow", json!({"AWS": [role]}))).await.unwrap();
    assert!(may_read(&app, &session(&role).await, &kept).await);

    app.iam("DeleteRole", json!({"RoleName": "Reader"})).await.ok();
    make().await;
    assert!(!may_read(&app, &session(&role).await, &kept).await);
}

#[tokio::test]
async fn accounts_read_back_as_their_root() {
    let app = App::new().await;
    let roots = json!({"AWS": ["arn:aws:iam::123456789012:root", "arn:aws:iam::111122223333:root", "*"]});
    let given = document("Deny", json!({"AWS": [ACCOUNT, 111_122_223_333_i64, "*"]}));
    let expected = document("Deny", roots);
    assert_eq!(put(&app, given.clone()).await.unwrap(), expected);
    // As one of an earlier version is kept.
    assert_eq!(shown(&app, given).await, expected);
}

#[tokio::test]
async fn only_who_exists_is_named() {
    let app = App::new().await;
    for nobody in ["user/Nobody", "user/path/Nobody", "role/Nobody"] {
        let given = document(
            "Deny",
            json!({"AWS": ["*", format!("arn:aws:iam::{ACCOUNT}:{nobody}")]}),
        );
        names_nobody(put(&app, given).await);
    }
    // Others' users are not known here, and what is no user is not looked for.
    for somebody in [
        json!({"AWS": "arn:aws:iam::999999999999:user/Nobody"}),
        json!({"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1ABCDEFGHIJKL"}),
        json!({"CanonicalUser": "0a".repeat(32)}),
        json!({"Service": "cloudfront.amazonaws.com"}),
        json!("*"),
    ] {
        let given = document("Deny", somebody);
        assert_eq!(put(&app, given.clone()).await.unwrap(), given);
    }
    let (ana, _) = app.user("Ana").await;
    let other = AccountId::new("999999999999");
    let of_another = app
        .iam
        .keep_principals(&other, document("Allow", json!({"AWS": ana.principal.user_id})));
    names_nobody(of_another.await);
}

/// What was kept before there were ids in it.
#[tokio::test]
async fn an_arn_that_is_kept_means_whoever_has_it() {
    let app = App::new().await;
    let (ana, _) = app.user("Ana").await;
    let old = document("Allow", json!({"AWS": ana.principal.arn.as_str()}));
    assert!(may_read(&app, &ana, &old).await);
    assert_eq!(shown(&app, old.clone()).await, old);
}

#[tokio::test]
async fn the_administrator_of_dev_can_be_named() {
    let app = App::with(UnknownKeys::Administrator).await;
    let developer = app.developer().await;
    let given = document("Deny", json!({"AWS": developer.principal.arn.as_str()}));
    let kept = put(&app, given.clone()).await.unwrap();
    assert!(!may_read(&app, &developer, &kept).await);
    assert_eq!(shown(&app, kept).await, given);
}

/// In serve nobody is the administrator of dev: its name is one like any other.
/// Of the user Ana of another partition: nothing is ever from there.
#[tokio::test]
async fn other_partitions_have_nobody() {
    let app = App::new().await;
    app.user("Ana").await;
    for partition in ["aws-cn", "aws-us-gov", "aws-x"] {
        for account in [ACCOUNT, "999999999999"] {
            for whom in [
                "iam::@:user/Ana",
                "iam::@:role/R",
                "iam::@:root",
                "sts::@:assumed-role/R/s",
            ] {
                let name = format!("arn:{partition}:{}", whom.replace('@', account));
                for field in ["Principal", "NotPrincipal"] {
                    let given = document("Deny", json!({"AWS": ["*", name]})).replace("Principal", field);
                    names_nobody(put(&app, given).await);
                }
                let trust = json!([{"Effect": "Allow", "Principal": {"AWS": name}, "Action": "sts:AssumeRole"}]);
                let input = json!({"RoleName": "Ops", "AssumeRolePolicyDocument": policy(trust)});
                let sentence = format!("Invalid principal in policy: \"AWS\":\"{name}\"");
                app.iam("CreateRole", input)
                    .await
                    .refused("MalformedPolicyDocument", &sentence);
            }
        }
    }
}

#[tokio::test]
async fn the_administrator_of_dev_is_nobody_in_serve() {
    let app = App::new().await;
    let arn = format!("arn:aws:iam::{ACCOUNT}:user/poolhouse-dev");
    let deny = document("Deny", json!({"AWS": arn}));
    let by_id = document("Deny", json!({"AWS": "AIDA00000000000000001"}));
    for early in [&deny, &by_id] {
        let put = put(&app, early.clone()).await;
        names_nobody(put);
    }
    // As dev kept it.
    assert_eq!(shown(&app, by_id.clone()).await, by_id);

    let (user, _) = app.user("poolhouse-dev").await;
    app.allow_user("poolhouse-dev", json!([allow("s3:*", "*")])).await;
    let kept = put(&app, deny.clone()).await.unwrap();
    assert_eq!(kept, document("Deny", json!({"AWS": user.principal.user_id})));
    assert!(!may_read(&app, &user, &kept).await);
    assert_eq!(shown(&app, kept).await, deny);
}

#[tokio::test]
async fn nobody_takes_the_name_of_the_administrator_of_dev() {
    let app = App::with(UnknownKeys::Administrator).await;
    app.user("Ana").await;
    for name in ["poolhouse-dev", "Poolhouse-Dev"] {
        let sentence = format!("User with name {name} already exists.");
        let made = app.iam("CreateUser", json!({"UserName": name})).await;
        made.refused("EntityAlreadyExists", &sentence);
        let renamed = app.iam("UpdateUser", json!({"UserName": "Ana", "NewUserName": name}));
        renamed.await.refused("EntityAlreadyExists", &sentence);
    }
    // One of that name from serve on the same database is who is meant.
    let create = Call::of(&crate::ops::TABLE, "CreateUser", json!({"UserName": "poolhouse-dev"}));
    let made = create.on(&app.neighbour(), &app.cx_of(&root())).await.ok();
    let given = document("Deny", json!({"AWS": made["User"]["Arn"]}));
    let kept = put(&app, given).await.unwrap();
    assert_eq!(kept, document("Deny", json!({"AWS": made["User"]["UserId"]})));
}

#[tokio::test]
async fn an_account_is_named_by_its_canonical_id_too() {
    let app = App::new().await;
    let (ana, _) = app.user("Ana").await;
    app.allow_user("Ana", json!([allow("s3:*", "*")])).await;
    let own = canonical_id(&ana.principal.account);
    assert!(!may_read(&app, &ana, &document("Deny", json!({"CanonicalUser": own}))).await);
    let other = "0a".repeat(32);
    assert!(may_read(&app, &ana, &document("Deny", json!({"CanonicalUser": other}))).await);
}

/// Dev's administrator keeps what an account's root keeps, and nobody else does.
#[tokio::test]
async fn a_policy_that_locks_everybody_out_can_be_undone_in_dev() {
    let app = App::with(UnknownKeys::Administrator).await;
    let developer = app.developer().await;
    let (ana, _) = app.user("Ana").await;
    app.allow_user("Ana", json!([allow("*", "*")])).await;
    let locked = policy(json!([{
        "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
    }]));
    let locked = Policy::parse(&locked, PolicyKind::Bucket).unwrap();
    let (own, other) = (AccountId::new(ACCOUNT), AccountId::new("999999999999"));
    for (caller, account, action, may) in [
        (&developer, &own, "s3:GetBucketPolicy", true),
        (&developer, &own, "s3:PutBucketPolicy", true),
        (&developer, &own, "s3:DeleteBucketPolicy", true),
        (&developer, &own, "s3:GetBucketPolicyStatus", false),
        (&developer, &own, "s3:DeleteBucket", false),
        (&developer, &own, "s3:ListBucket", false),
        (&developer, &other, "s3:DeleteBucketPolicy", false),
        (&ana, &own, "s3:GetBucketPolicy", false),
        (&ana, &own, "s3:PutBucketPolicy", false),
        (&ana, &own, "s3:DeleteBucketPolicy", false),
    ] {
        let ask = Ask::new(action, "arn:aws:s3:::b")
            .governed_by(Some(&locked))
            .owned_by(account);
        assert_eq!(
            app.ask(caller, &ask).await.is_ok(),
            may,
            "{} {action}",
            caller.principal.arn
        );
    }
}
