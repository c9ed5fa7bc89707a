use std::time::Duration;

use kernel::PrincipalKind;
use serde_json::{Value, json};
use testkit::text;

use super::app::{App, CLIENT, STAFF, aws, role_arn};

const NO_ROLE: &str = "Invalid identity pool configuration. Check assigned IAM roles for this pool.";
const IIPC: &str = "InvalidIdentityPoolConfigurationException";

#[tokio::test]
async fn a_user_gets_an_hour_of_the_authenticated_role() {
    let app = App::new().await;
    let pool = app.pool_with_roles(json!({})).await;
    let logins = app.logins(STAFF, "ana").await;
    let id = app.id(&pool, logins.clone()).await;
    let answer = app.credentials(&id, logins).await.ok();
    assert_eq!(answer["IdentityId"], json!(id));
    let credentials = &answer["Credentials"];
    let members: Vec<&String> = credentials.as_object().unwrap().keys().collect();
    assert_eq!(members, ["AccessKeyId", "Expiration", "SecretKey", "SessionToken"]);
    // 2026-01-15T13:00:00Z
    assert_eq!(credentials["Expiration"].as_f64(), Some(1_768_482_000.0));
    let key = text(credentials, "/AccessKeyId");
    assert!(key.starts_with("ASIA") && key.len() == 20);
    assert_eq!(text(credentials, "/SecretKey").len(), 40);

    let ana = app.principal(credentials).await;
    assert_eq!(
        ana.principal.arn.as_str(),
        "arn:aws:sts::123456789012:assumed-role/user/CognitoIdentityCredentials"
    );
    let PrincipalKind::AssumedRole { role_arn: arn, .. } = &ana.principal.kind else {
        panic!("{:?}", ana.principal.kind)
    };
    assert_eq!(arn.as_str(), role_arn("user"));
    let session = ana.principal.session.as_ref().unwrap();
    assert_eq!(session.expires_at, app.now().plus(Duration::from_secs(3600)));
    assert!(format!("{ana:?}").contains("narrowed by 0"));
    let federated = |key: &str| session.federated[&format!("cognito-identity.amazonaws.com:{key}")].clone();
    assert_eq!(federated("aud"), [pool]);
    assert_eq!(federated("sub"), [id.as_str()]);
    assert_eq!(
        federated("amr"),
        [
            "authenticated".to_owned(),
            aws(STAFF),
            format!("{}:CognitoSignIn:ana", aws(STAFF)),
            format!("localhost:4566/{STAFF}"),
            format!("localhost:4566/{STAFF}:CognitoSignIn:ana"),
        ]
    );

    // The walk: one's own prefix, and nobody else's.
    assert_eq!(
        app.may(&ana, "s3:PutObject", &format!("arn:aws:s3:::b/{id}/x")).await,
        Ok(())
    );
    let refusal = app
        .may(&ana, "s3:PutObject", "arn:aws:s3:::b/other/x")
        .await
        .unwrap_err();
    assert!(
        refusal.ends_with("because no identity-based policy allows the s3:PutObject action"),
        "{refusal}"
    );
    assert_eq!(app.may(&ana, "iam:ListRoles", "*").await, Ok(()));
}

#[tokio::test]
async fn a_guest_is_narrowed_whatever_the_role_allows() {
    let app = App::new().await;
    let pool = app.pool_with_roles(json!({})).await;
    let id = app.id(&pool, Value::Null).await;
    let answer = app.credentials(&id, Value::Null).await.ok();
    assert_eq!(answer["IdentityId"], json!(id));
    let guest = app.principal(&answer["Credentials"]).await;
    assert_eq!(
        guest.principal.arn.as_str(),
        "arn:aws:sts::123456789012:assumed-role/guest/CognitoIdentityCredentials"
    );
    let session = guest.principal.session.as_ref().unwrap();
    assert_eq!(
        session.federated["cognito-identity.amazonaws.com:amr"],
        ["unauthenticated"]
    );
    assert!(format!("{guest:?}").contains("narrowed by 2"));
    assert_eq!(app.may(&guest, "s3:ListAllMyBuckets", "*").await, Ok(()));
    assert_eq!(
        app.may(&guest, "s3:GetObject", &format!("arn:aws:s3:::b/{id}/x")).await,
        Ok(())
    );
    let refusal = app.may(&guest, "iam:ListRoles", "*").await.unwrap_err();
    assert!(
        refusal.ends_with("because no session policy allows the iam:ListRoles action"),
        "{refusal}"
    );
}

#[tokio::test]
async fn without_a_role_that_trusts_there_are_none() {
    let app = App::new().await;
    let pool = app.identity_pool(json!({})).await;
    let logins = app.logins(STAFF, "ana").await;
    let (guest, ana) = (app.id(&pool, Value::Null).await, app.id(&pool, logins.clone()).await);
    let set = |user: &str, guest: &str| {
        let roles = json!({"authenticated": role_arn(user), "unauthenticated": role_arn(guest)});
        app.call("SetIdentityPoolRoles", json!({"IdentityPoolId": pool, "Roles": roles}))
    };
    let assume = json!("sts:AssumeRoleWithWebIdentity");
    app.role("user", &pool, "authenticated", assume.clone()).await;
    app.role("guest", &pool, "unauthenticated", assume.clone()).await;
    app.role(
        "elsewhere",
        "eu-west-1:00000000-0000-4000-8000-000000000000",
        "*",
        assume,
    )
    .await;
    app.role("other-action", &pool, "*", json!("sts:AssumeRole")).await;

    // No roles at all; roles that don't exist; each other's; another pool's; another action.
    for (user, of_guest) in [
        None,
        Some(("absent", "absent")),
        Some(("guest", "user")),
        Some(("elsewhere", "elsewhere")),
        Some(("other-action", "other-action")),
    ]
    .map(Option::unzip)
    {
        if let (Some(user), Some(of_guest)) = (user, of_guest) {
            set(user, of_guest).await.ok();
        }
        app.credentials(&guest, Value::Null).await.refused(IIPC, NO_ROLE);
        app.credentials(&ana, logins.clone()).await.refused(IIPC, NO_ROLE);
    }
    set("user", "guest").await.ok();
    app.credentials(&guest, Value::Null).await.ok();
    app.credentials(&ana, logins).await.ok();
}

#[tokio::test]
async fn group_roles_reach_the_session_by_the_mapping() {
    let app = App::new().await;
    let pool = app.pool_with_roles(json!({})).await;
    let assume = json!("sts:AssumeRoleWithWebIdentity");
    for name in ["editor", "viewer"] {
        app.role(name, &pool, "authenticated", assume.clone()).await;
    }
    let key = format!("{}:{CLIENT}", aws(STAFF));
    let mapping = json!({ key: {"Type": "Token", "AmbiguousRoleResolution": "Deny"} });
    let roles = json!({"authenticated": role_arn("user")});
    let input = json!({"IdentityPoolId": pool, "Roles": roles, "RoleMappings": mapping});
    app.call("SetIdentityPoolRoles", input.clone()).await.ok();
    assert_eq!(
        app.call("GetIdentityPoolRoles", json!({"IdentityPoolId": pool}))
            .await
            .ok(),
        input
    );

    let groups = json!([role_arn("editor"), role_arn("viewer")]);
    let one = app
        .token(STAFF, json!({"sub": "ana", "cognito:roles": [role_arn("editor")]}))
        .await;
    let two = app.token(STAFF, json!({"sub": "ana", "cognito:roles": groups})).await;
    let id = app.id(&pool, json!({ aws(STAFF): one })).await;
    let call = |token: &str, custom: Option<&str>| {
        let mut input = json!({"IdentityId": id, "Logins": { aws(STAFF): token }});
        if let Some(custom) = custom {
            input["CustomRoleArn"] = json!(role_arn(custom));
        }
        app.call("GetCredentialsForIdentity", input)
    };
    for (token, custom, role) in [(&one, None, "editor"), (&two, Some("viewer"), "viewer")] {
        let answer = call(token, custom).await.ok();
        let principal = app.principal(&answer["Credentials"]).await;
        let arn = format!("arn:aws:sts::123456789012:assumed-role/{role}/CognitoIdentityCredentials");
        assert_eq!(principal.principal.arn.as_str(), arn);
    }
    call(&two, None).await.refused(
        "NotAuthorizedException",
        "The ambiguous role mapping rules denied this request.",
    );
    call(&two, Some("user")).await.refused(
        "NotAuthorizedException",
        &format!("Access to Role '{}' is forbidden.", role_arn("user")),
    );
}

#[tokio::test]
async fn claims_become_tags_where_the_trust_policy_allows_it() {
    let app = App::new().await;
    let pool = app.pool_with_roles(json!({})).await;
    let token = app
        .token(
            STAFF,
            json!({"sub": "ana", "custom:team": "red", "custom:labels": ["x", "y"]}),
        )
        .await;
    let logins = json!({ aws(STAFF): token });
    let id = app.id(&pool, logins.clone()).await;
    // Under another spelling than the login's.
    let name = format!("localhost:4566/{STAFF}");
    let named = json!({"IdentityPoolId": pool, "IdentityProviderName": name});
    let get = || app.call("GetPrincipalTagAttributeMap", named.clone());
    let set = |more: Value| {
        let mut input = named.clone();
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        app.call("SetPrincipalTagAttributeMap", input)
    };
    let mut expected = named.clone();
    expected["UseDefaults"] = json!(false);
    expected["PrincipalTags"] = json!({});
    assert_eq!(get().await.ok(), expected);

    let tags = json!({"team": "custom:team", "labels": "custom:labels", "absent": "custom:absent"});
    expected["PrincipalTags"] = tags.clone();
    assert_eq!(set(json!({"PrincipalTags": tags})).await.ok(), expected);
    assert_eq!(get().await.ok(), expected);
    app.credentials(&id, logins.clone()).await.refused(IIPC, NO_ROLE);

    let both = json!(["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]);
    app.role("tagged", &pool, "authenticated", both).await;
    let roles = json!({"authenticated": role_arn("tagged")});
    app.call("SetIdentityPoolRoles", json!({"IdentityPoolId": pool, "Roles": roles}))
        .await
        .ok();
    let answer = app.credentials(&id, logins.clone()).await.ok();
    let ana = app.principal(&answer["Credentials"]).await;
    assert_eq!(json!(ana.principal.tags), json!({"team": "red", "labels": "x:y"}));
    assert_eq!(app.may(&ana, "s3:GetObject", "arn:aws:s3:::teams/red/x").await, Ok(()));
    assert!(
        app.may(&ana, "s3:GetObject", "arn:aws:s3:::teams/blue/x")
            .await
            .is_err()
    );

    set(json!({"UseDefaults": true})).await.ok();
    let answer = app.credentials(&id, logins).await.ok();
    let ana = app.principal(&answer["Credentials"]).await;
    assert_eq!(json!(ana.principal.tags), json!({"client": CLIENT, "username": "ana"}));

    let long = json!({"PrincipalTags": {"a": "x".repeat(230), "b": "x".repeat(229)}});
    set(long)
        .await
        .refused("InvalidParameterException", "PrincipalTags can have at most 460 bytes.");
}
