//! Temporary credentials. Reference: identity-pools-iam 1.15, 2.6, 10.4; decision 10.

use std::time::Duration;

use kernel::PrincipalKind;
use serde_json::json;
use sigv4::Error;
use testkit::text;

use super::app::{self, App, Credentials, allow, identity, policy, root, trusts_pool};
use super::recognition::recognition;
use crate::{Origin, SessionPolicies, UnknownKeys};

async fn assumed(app: &App) -> Credentials {
    let role = app
        .role("Auth", json!([trusts_pool()]), Some(json!([allow("s3:*", "*")])))
        .await;
    app.assume(identity(&role)).await.unwrap()
}

#[tokio::test]
async fn a_session_signs_as_the_role() {
    let app = App::new().await;
    let credentials = assumed(&app).await;
    assert!(credentials.key.starts_with("ASIA") && credentials.key.len() == 20);
    let principal = app.principal(&credentials).await;
    let arn = "arn:aws:sts::123456789012:assumed-role/Auth/CognitoIdentityCredentials";
    assert_eq!(principal.principal.arn.as_str(), arn);
    let (role_id, session) = principal.principal.user_id.split_once(':').unwrap();
    assert!(role_id.starts_with("AROA") && session == "CognitoIdentityCredentials");
    let PrincipalKind::AssumedRole { role_arn, .. } = &principal.principal.kind else {
        panic!("{principal:?}")
    };
    assert_eq!(role_arn.as_str(), "arn:aws:iam::123456789012:role/Auth");
    let session = principal.principal.session.as_ref().unwrap();
    assert_eq!(session.expires_at.since(session.issued_at).as_secs(), 3600);
    assert_eq!(session.federated["cognito-identity.amazonaws.com:sub"], [app::U1]);
    assert_eq!(
        app.allowed(&principal, "s3:GetObject", "arn:aws:s3:::b/k").await,
        Ok(())
    );
}

#[tokio::test]
async fn only_the_very_token_of_a_key_counts() {
    let app = App::new().await;
    let credentials = assumed(&app).await;
    let other = app
        .assume(identity("arn:aws:iam::123456789012:role/Auth"))
        .await
        .unwrap();
    let token = credentials.token.clone().unwrap();
    let mut flipped = token.clone().into_bytes();
    flipped[40] = if flipped[40] == b'A' { b'B' } else { b'A' };
    // Before and after both tokens are known to be good.
    for _ in 0..2 {
        for wrong in [
            None,
            other.token.clone(),
            Some(String::from_utf8(flipped.clone()).unwrap()),
            Some(token[..token.len() - 4].to_owned()),
            Some(String::from("x")),
        ] {
            let credentials = Credentials {
                token: wrong,
                ..credentials.clone()
            };
            assert!(
                matches!(app.signed(&credentials, "s3").await, Err(Error::InvalidToken(..))),
                "{credentials:?}"
            );
        }
        let forged = Credentials {
            secret: other.secret.clone(),
            ..credentials.clone()
        };
        assert!(matches!(app.signed(&forged, "s3").await, Err(Error::Mismatch(_))));
        app.principal(&credentials).await;
        app.principal(&other).await;
    }
    // Another account on the same keyring is not this one.
    let cx = app.cx_of_account("999999999999");
    let key = kernel::AccessKeyId::new(credentials.key.as_str());
    let token = sigv4::SessionToken::new(credentials.token.clone().unwrap());
    let elsewhere = app.iam.credential(&cx, &key, Some(&token), Origin::Own).await;
    assert!(matches!(recognition(elsewhere), Err(Error::InvalidToken(..))));
}

#[tokio::test]
async fn a_session_ends_at_its_second() {
    let app = App::new().await;
    let credentials = assumed(&app).await;
    app.advance(Duration::from_secs(3599));
    assert!(app.signed(&credentials, "s3").await.is_ok());
    app.advance(Duration::from_secs(1));
    assert!(matches!(
        app.signed(&credentials, "s3").await,
        Err(Error::ExpiredToken(_))
    ));
}

#[tokio::test]
async fn a_deleted_role_takes_its_sessions_along_and_a_new_one_does_not_bring_them_back() {
    let app = App::new().await;
    let credentials = assumed(&app).await;
    let principal = app.principal(&credentials).await;
    app.iam("DeleteRolePolicy", json!({"RoleName": "Auth", "PolicyName": "p"}))
        .await
        .ok();
    assert!(
        app.allowed(&principal, "s3:GetObject", "arn:aws:s3:::b/k")
            .await
            .is_err(),
        "read at the time of use"
    );
    app.iam("DeleteRole", json!({"RoleName": "Auth"})).await.ok();
    assert!(matches!(
        app.signed(&credentials, "s3").await,
        Err(Error::InvalidToken(..))
    ));
    let again = assumed(&app).await;
    assert!(app.signed(&again, "s3").await.is_ok());
    assert!(matches!(
        app.signed(&credentials, "s3").await,
        Err(Error::InvalidToken(..))
    ));
    assert!(
        app.allowed(&principal, "s3:GetObject", "arn:aws:s3:::b/k")
            .await
            .is_err()
    );
}

/// Reference 2.6: the union of the session policies, intersected with the role's.
#[tokio::test]
async fn session_policies_only_narrow() {
    let app = App::new().await;
    let role = app
        .role(
            "Auth",
            json!([trusts_pool()]),
            Some(json!([allow("s3:*", "*"), allow("ec2:*", "*")])),
        )
        .await;
    let mine =
        json!({"PolicyName": "mine", "PolicyDocument": policy(json!([allow("sns:*", "*"), allow("s3:Get*", "*")]))});
    let mine = text(&app.iam("CreatePolicy", mine).await.ok(), "/Policy/Arn");
    let mut request = identity(&role);
    request.policies = SessionPolicies {
        inline: Some(policy(json!([allow("s3:PutObject", "*")]))),
        managed: vec![
            mine.clone(),
            "arn:aws:iam::aws:policy/AmazonCognitoUnauthenticatedIdentities".to_owned(),
        ],
    };
    let credentials = app.assume(request).await.unwrap();
    let principal = app.principal(&credentials).await;
    for (action, allowed) in [
        ("s3:PutObject", true),
        ("s3:GetObject", true),
        ("s3:DeleteObject", false),
        ("ec2:DescribeInstances", false),
        ("sns:Publish", false),
        ("rum:PutRumEvents", false),
    ] {
        assert_eq!(app.allowed(&principal, action, "*").await.is_ok(), allowed, "{action}");
    }
    let denial = app.allowed(&principal, "ec2:RunInstances", "*").await.unwrap_err();
    assert_eq!(
        denial.reason,
        "because no session policy allows the ec2:RunInstances action"
    );

    // A managed session policy that is gone narrows to nothing; it does not set free.
    app.iam("DeletePolicy", json!({"PolicyArn": mine})).await.ok();
    let mut request = identity(&role);
    request.policies.managed = vec![mine];
    assert!(matches!(
        app.assume(request).await,
        Err(crate::AssumeRefusal::Policy(_))
    ));
    let principal = app.principal(&credentials).await;
    assert_eq!(app.allowed(&principal, "s3:PutObject", "*").await, Ok(()));
    assert!(app.allowed(&principal, "s3:GetObject", "*").await.is_err());
}

#[tokio::test]
async fn a_users_session_has_the_users_rights_but_not_iam() {
    let app = App::new().await;
    let (ana, keys) = app.user("Ana").await;
    app.allow_user("Ana", json!([allow("s3:*", "*")])).await;
    let given = app
        .sts_as(&ana, "GetSessionToken", json!({"DurationSeconds": 900}))
        .await
        .ok();
    let credentials = app::credentials(&given["Credentials"]);
    let session = app.principal(&credentials).await;
    assert_eq!(
        (&session.principal.arn, &session.principal.user_id),
        (&ana.principal.arn, &ana.principal.user_id)
    );
    assert_eq!(app.allowed(&session, "s3:GetObject", "arn:aws:s3:::b/k").await, Ok(()));
    assert!(matches!(
        app.signed(&credentials, "iam").await,
        Err(Error::InvalidToken(..))
    ));
    let again = app.sts_as(&session, "GetSessionToken", json!({})).await;
    again.refused("AccessDenied", "Cannot call GetSessionToken with session credentials");
    let info = json!({"AccessKeyId": keys.key});
    app.sts_as(&session, "GetAccessKeyInfo", info)
        .await
        .refused("AccessDenied", "Cannot call GetAccessKeyInfo with session credentials");
    app.sts_as(&session, "GetCallerIdentity", json!({})).await.ok();
    let coded = app.sts_as(
        &ana,
        "GetSessionToken",
        json!({"SerialNumber": "GAHT12345678", "TokenCode": "123456"}),
    );
    let sentence = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
    coded.await.refused("AccessDenied", sentence);
    assert!(app.sts_as(&root(), "GetSessionToken", json!({})).await.result.is_err());

    let key = json!({"UserName": "Ana", "AccessKeyId": keys.key});
    app.iam("DeleteAccessKey", key).await.ok();
    app.iam("DeleteUserPolicy", json!({"UserName": "Ana", "PolicyName": "p"}))
        .await
        .ok();
    app.iam("DeleteUser", json!({"UserName": "Ana"})).await.ok();
    assert!(
        matches!(app.signed(&credentials, "s3").await, Err(Error::InvalidToken(..))),
        "gone with its user"
    );
}

#[tokio::test]
async fn the_administrator_of_dev_gets_sessions_too() {
    let app = App::with(UnknownKeys::Administrator).await;
    let developer = app.developer().await;
    let given = app.sts_as(&developer, "GetSessionToken", json!({})).await.ok();
    let credentials = app::credentials(&given["Credentials"]);
    let caller = app.signed(&credentials, "s3").await.unwrap();
    assert!(caller.verified.is_some());
    assert_eq!(app.allowed(&caller, "s3:PutObject", "*").await, Ok(()));
    let elsewhere = app.signed_for(&app.neighbour(), &credentials, "s3").await;
    assert!(
        matches!(elsewhere, Err(Error::InvalidToken(..))),
        "serve has no such user"
    );
}

#[tokio::test]
async fn session_tags_win_over_the_roles() {
    let app = App::new().await;
    let mut trust = trusts_pool();
    trust["Action"] = json!(["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]);
    let input = json!({"RoleName": "Auth", "AssumeRolePolicyDocument": policy(json!([trust])),
        "Tags": [{"Key": "Team", "Value": "blue"}, {"Key": "lvl", "Value": "3"}]});
    let role = text(&app.iam("CreateRole", input).await.ok(), "/Role/Arn");
    let mut request = identity(&role);
    request.tags = [("team".to_owned(), "red".to_owned())].into();
    let credentials = app.assume(request).await.unwrap();
    let principal = app.principal(&credentials).await;
    let tags: Vec<(&str, &str)> = principal
        .principal
        .tags
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    assert_eq!(tags, [("lvl", "3"), ("team", "red")]);
}
