//! Who signed. Reference: identity-pools-iam 10.4, 10.5; unknown keys: decision 14.

use kernel::PrincipalKind;
use serde_json::json;
use sigv4::{Error, Parts, Payload, Rules};

use super::app::{App, Credentials, unknown_key};
use super::recognition::{decided, recognised, recognition};
use crate::{Origin, Signed, UnknownKeys};

#[tokio::test]
async fn a_users_key_signs_as_the_user() {
    let app = App::new().await;
    let (principal, credentials) = app.user("Ana").await;
    assert_eq!(principal.principal.kind, PrincipalKind::User { name: "Ana".to_owned() });
    assert_eq!(principal.principal.arn.as_str(), "arn:aws:iam::123456789012:user/Ana");
    assert!(principal.principal.user_id.starts_with("AIDA") && principal.principal.user_id.len() == 21);
    assert!(credentials.key.starts_with("AKIA") && credentials.key.len() == 20);
    assert_eq!(credentials.secret.len(), 40);

    let caller = app.signed(&credentials, "iam").await.unwrap();
    assert!(caller.verified.is_some());
    assert!(caller.principal.session.is_none());
}

#[tokio::test]
async fn what_signs_wrongly_is_refused_by_its_cause() {
    let app = App::new().await;
    let (_, good) = app.user("Ana").await;
    let forged = Credentials {
        secret: "x".repeat(40),
        ..good.clone()
    };
    assert!(matches!(app.signed(&forged, "iam").await, Err(Error::Mismatch(_))));
    let with_token = Credentials {
        token: Some("token".to_owned()),
        ..good.clone()
    };
    assert!(matches!(
        app.signed(&with_token, "iam").await,
        Err(Error::InvalidToken(..))
    ));

    let headers = http::HeaderMap::new();
    let parts = Parts {
        method: "POST",
        path: "/",
        query: "",
        headers: &headers,
    };
    let cx = app.cx();
    let unsigned = app
        .iam
        .authenticate(
            &cx,
            &Signed {
                parts,
                payload: Payload::Bytes(b""),
                rules: Rules::service("iam", cx.wall()),
                origin: Origin::Own,
            },
        )
        .await;
    assert!(matches!(recognition(unsigned), Err(Error::MissingAuthentication)));
}

#[tokio::test]
async fn an_inactive_or_deleted_key_is_an_unknown_key() {
    for profile in [UnknownKeys::Refused, UnknownKeys::Administrator] {
        let app = App::with(profile).await;
        let (_, credentials) = app.user("Ana").await;
        let status = |status: &str| json!({"UserName": "Ana", "AccessKeyId": credentials.key, "Status": status});
        app.iam("UpdateAccessKey", status("Inactive")).await.ok();
        assert!(matches!(
            app.signed(&credentials, "iam").await,
            Err(Error::UnknownKey(_))
        ));
        app.iam("UpdateAccessKey", status("Active")).await.ok();
        assert!(app.signed(&credentials, "iam").await.is_ok());

        // The tombstone: a key that was issued here never counts as unknown to dev.
        let key = json!({"UserName": "Ana", "AccessKeyId": credentials.key});
        app.iam("DeleteAccessKey", key).await.ok();
        assert!(
            matches!(app.signed(&credentials, "iam").await, Err(Error::UnknownKey(_))),
            "{profile:?}"
        );
        app.iam("DeleteUser", json!({"UserName": "Ana"})).await.ok();
        assert!(matches!(
            app.signed(&credentials, "iam").await,
            Err(Error::UnknownKey(_))
        ));
    }
}

#[tokio::test]
async fn an_unknown_key_is_the_administrator_in_dev_and_nobody_in_serve() {
    let serve = App::new().await;
    assert!(matches!(
        serve.signed(&unknown_key(), "iam").await,
        Err(Error::UnknownKey(_))
    ));

    let dev = App::with(UnknownKeys::Administrator).await;
    let caller = dev.signed(&unknown_key(), "iam").await.unwrap();
    assert!(caller.verified.is_none());
    assert_eq!(
        caller.principal.arn.as_str(),
        "arn:aws:iam::123456789012:user/poolhouse-dev"
    );
    assert_eq!(dev.allowed(&caller, "cognito-idp:AdminGetUser", "*").await, Ok(()));
    // It is nobody in serve, even if its principal came to be there.
    assert!(serve.allowed(&caller, "cognito-idp:AdminGetUser", "*").await.is_err());
    let user = dev.iam_as(&caller, "GetUser", json!({})).await.ok();
    assert_eq!(user["User"]["UserName"], "poolhouse-dev");
    // A user that has no keys of its own.
    for named in [json!({}), json!({"UserName": "poolhouse-dev"})] {
        let keys = dev.iam_as(&caller, "ListAccessKeys", named).await.ok();
        assert_eq!(keys, json!({"AccessKeyMetadata": [], "IsTruncated": false}));
    }
    let named = json!({"UserName": "poolhouse-dev"});
    let administrator =
        json!({"PolicyName": "AdministratorAccess", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"});
    for (operation, list, expected) in [
        ("ListAttachedUserPolicies", "AttachedPolicies", json!([administrator])),
        ("ListUserPolicies", "PolicyNames", json!([])),
        ("ListUserTags", "Tags", json!([])),
        ("ListGroupsForUser", "Groups", json!([])),
    ] {
        let answer = dev.iam_as(&caller, operation, named.clone()).await.ok();
        assert_eq!(answer, json!({list: expected, "IsTruncated": false}), "{operation}");
        let answer = serve.iam("ListUserTags", named.clone()).await;
        answer.refused("NoSuchEntity", "The user with name poolhouse-dev cannot be found.");
    }
    let key = "AKIAAAAAAAAAAAAAAAAA";
    let input = json!({"UserName": "poolhouse-dev", "AccessKeyId": key, "Status": "Inactive"});
    for operation in ["UpdateAccessKey", "DeleteAccessKey"] {
        let answer = dev.iam_as(&caller, operation, input.clone()).await;
        let sentence = format!("The Access Key with id {key} cannot be found.");
        answer.refused("NoSuchEntity", &sentence);
    }
    let made = dev.iam_as(&caller, "CreateAccessKey", json!({})).await;
    made.refused("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 0");

    // With a token, or by the look of a temporary key, it is not unknown but wrong.
    for (key, token) in [
        ("test", Some("token")),
        ("ASIAB234567ABCDEFGHI", None),
        ("ASIAxxx", Some("t")),
    ] {
        let credentials = Credentials {
            key: key.to_owned(),
            token: token.map(str::to_owned),
            ..unknown_key()
        };
        assert!(
            matches!(dev.signed(&credentials, "iam").await, Err(Error::InvalidToken(..))),
            "{key}"
        );
    }
}

#[tokio::test]
async fn a_key_that_dev_took_for_unknown_is_verified_once_it_exists() {
    let app = App::with(UnknownKeys::Administrator).await;
    let (id, secret) = {
        // Drawn like any key, asked for before it is stored.
        let (id, secret) = app
            .neighbour()
            .create_administrator_key(&app.cx(), "Eve")
            .await
            .unwrap();
        (id.to_string(), secret)
    };
    let wrong = Credentials {
        key: id.clone(),
        secret: "wrong".to_owned(),
        token: None,
    };
    assert!(matches!(app.signed(&wrong, "iam").await, Err(Error::Mismatch(_))));
    let right = Credentials {
        key: id,
        secret,
        token: None,
    };
    let caller = app.signed(&right, "iam").await.unwrap();
    assert_eq!(app.allowed(&caller, "s3:PutObject", "arn:aws:s3:::b/k").await, Ok(()));
}

#[tokio::test]
async fn an_administrators_key_is_made_with_its_user() {
    let app = App::new().await;
    let (id, _) = app.iam.create_administrator_key(&app.cx(), "admin").await.unwrap();
    let (other, _) = app.iam.create_administrator_key(&app.cx(), "ADMIN").await.unwrap();
    assert_ne!(id, other);
    let listed = app.iam("ListAccessKeys", json!({"UserName": "admin"})).await.ok();
    assert_eq!(listed["AccessKeyMetadata"].as_array().unwrap().len(), 2);
    let third = app.iam.create_administrator_key(&app.cx(), "admin").await.unwrap_err();
    assert_eq!(third.message(), "Cannot exceed quota for AccessKeysPerUser: 2");
    let attached = app
        .iam("ListAttachedUserPolicies", json!({"UserName": "admin"}))
        .await
        .ok();
    assert_eq!(attached["AttachedPolicies"][0]["PolicyName"], "AdministratorAccess");
}

#[tokio::test]
async fn a_database_serves_one_account() {
    let app = App::new().await;
    app.iam.ensure_account(&app.cx()).await.unwrap();
    app.iam.ensure_account(&app.cx()).await.unwrap();
    let cx = app.cx_of_account("999999999999");
    let refused = app.iam.ensure_account(&cx).await.unwrap_err();
    assert!(refused.detail().unwrap().contains("serves account 123456789012"));
}

#[tokio::test]
async fn a_change_on_another_node_is_seen_when_the_version_is_looked_at() {
    let app = App::new().await;
    let (principal, _) = app.user("Ana").await;
    app.allow_user("Ana", json!([{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]))
        .await;
    let neighbour = app.neighbour();
    let ask = crate::Ask::new("s3:GetObject", "arn:aws:s3:::b/k");
    let there = recognised(&neighbour, &app.cx(), &principal).await;
    assert_eq!(decided(neighbour.authorize(&app.cx(), &there, &ask).await), Ok(()));
    // Here at once.
    app.iam("DeleteUserPolicy", json!({"UserName": "Ana", "PolicyName": "p"}))
        .await
        .ok();
    assert!(
        app.allowed(&principal, "s3:GetObject", "arn:aws:s3:::b/k")
            .await
            .is_err()
    );
    // There after the version is read again; a reset stands for the second that tests don't wait.
    neighbour.forget();
    let there = recognised(&neighbour, &app.cx(), &principal).await;
    assert!(decided(neighbour.authorize(&app.cx(), &there, &ask).await).is_err());
}
