//! Trust policies. Reference: identity-pools-iam 2.5 and the rows 63 to 66 of section 9.

use serde_json::{Value, json};
use testkit::text;

use super::app::{App, POOL, PROVIDER, U1, identity, policy, trusts_pool};
use crate::{AssumeRefusal, AssumeWithWebIdentity, UnknownKeys};

async fn trusted(trust: Value, change: impl FnOnce(&mut AssumeWithWebIdentity)) -> bool {
    let app = App::new().await;
    let role = app.role("Auth", trust, None).await;
    let mut request = identity(&role);
    change(&mut request);
    match app.assume(request).await {
        Ok(_) => true,
        Err(AssumeRefusal::NotAuthorized) => false,
        Err(other) => panic!("{other:?}"),
    }
}

fn set(request: &mut AssumeWithWebIdentity, claim: &str, values: &[&str]) {
    let values = values.iter().map(ToString::to_string).collect();
    request.claims.insert(claim.to_owned(), values);
}

#[tokio::test]
async fn the_trust_policy_decides_by_pool_and_login() {
    assert!(trusted(json!([trusts_pool()]), |_| {}).await);
    assert!(
        !trusted(json!([trusts_pool()]), |r| set(r, "amr", &["unauthenticated"])).await,
        "63: a guest"
    );
    assert!(
        !trusted(json!([trusts_pool()]), |r| set(r, "aud", &["us-east-1:other"])).await,
        "64: another pool"
    );
    assert!(!trusted(json!([trusts_pool()]), |r| r.provider = "login.example.com".to_owned()).await);
    assert!(
        !trusted(json!([trusts_pool()]), |r| r.claims.clear()).await,
        "absent keys"
    );
    assert!(
        !trusted(json!([trusts_pool()]), |r| r.role_arn.push('x')).await,
        "no such role looks the same"
    );
    let other_account = "arn:aws:iam::999999999999:role/Auth";
    assert!(!trusted(json!([trusts_pool()]), |r| r.role_arn = other_account.to_owned()).await);
}

#[tokio::test]
async fn one_login_of_several_is_enough() {
    let idp = "cognito-idp.us-east-1.amazonaws.com/us-east-1_abc";
    let mut trust = trusts_pool();
    trust["Condition"]["ForAnyValue:StringLike"]["cognito-identity.amazonaws.com:amr"] = json!(idp);
    assert!(trusted(json!([trust]), |r| set(r, "amr", &["authenticated", idp])).await);
    assert!(
        !trusted(json!([trust]), |r| set(
            r,
            "amr",
            &["authenticated", "graph.facebook.com"]
        ))
        .await
    );
}

#[tokio::test]
async fn tags_need_a_permission_of_their_own() {
    let tag = |r: &mut AssumeWithWebIdentity| {
        r.tags.insert("team".to_owned(), "red".to_owned());
    };
    assert!(!trusted(json!([trusts_pool()]), tag).await, "65");
    let mut tagging = trusts_pool();
    tagging["Action"] = json!("sts:TagSession");
    assert!(trusted(json!([trusts_pool(), tagging]), tag).await);
    tagging["Condition"]["StringEquals"]["aws:RequestTag/team"] = json!("blue");
    assert!(!trusted(json!([trusts_pool(), tagging]), tag).await);
}

#[tokio::test]
async fn selected_identities_and_session_names() {
    let mut trust = trusts_pool();
    trust["Condition"]["StringEquals"]["cognito-identity.amazonaws.com:sub"] = json!(U1);
    assert!(trusted(json!([trust]), |_| {}).await);
    assert!(
        !trusted(json!([trust]), |r| set(r, "sub", &["us-east-1:22222222"])).await,
        "66"
    );
    let mut named = trusts_pool();
    named["Condition"]["StringEquals"]["sts:RoleSessionName"] = json!("CognitoIdentityCredentials");
    assert!(trusted(json!([named]), |_| {}).await);
    assert!(!trusted(json!([named]), |r| r.session_name = "other".to_owned()).await);
    let deny = json!({"Effect": "Deny", "Principal": {"Federated": PROVIDER},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {"cognito-identity.amazonaws.com:aud": POOL}}});
    assert!(!trusted(json!([trusts_pool(), deny]), |_| {}).await);
}

#[tokio::test]
async fn a_session_is_no_longer_than_the_role_allows() {
    let app = App::new().await;
    let role = app.role("Auth", json!([trusts_pool()]), None).await;
    let mut request = identity(&role);
    request.duration_seconds = Some(7200);
    assert!(matches!(
        app.assume(request.clone()).await,
        Err(AssumeRefusal::DurationExceedsRole)
    ));
    app.iam("UpdateRole", json!({"RoleName": "Auth", "MaxSessionDuration": 7200}))
        .await
        .ok();
    assert!(app.assume(request).await.is_ok(), "a change shows at once");
}

#[tokio::test]
async fn a_malformed_session_policy_is_refused() {
    let app = App::new().await;
    let role = app.role("Auth", json!([trusts_pool()]), None).await;
    let mut request = identity(&role);
    request.policies.inline = Some("{}".to_owned());
    let Err(AssumeRefusal::Policy(error)) = app.assume(request).await else {
        panic!("a refusal")
    };
    assert_eq!(error.code().0, "MalformedPolicyDocument");
}

/// Reference 2.3: a trust policy means the user that it was put for, not a later one of the same name.
#[tokio::test]
async fn a_new_user_of_an_old_name_is_not_trusted() {
    let app = App::new().await;
    let (ana, keys) = app.user("Ana").await;
    let trust =
        json!([{"Effect": "Allow", "Principal": {"AWS": [ana.principal.arn.as_str()]}, "Action": "sts:AssumeRole"}]);
    let role = app.role("Ops", trust, None).await;
    let input = json!({"RoleArn": role, "RoleSessionName": "ana"});
    app.sts_as(&ana, "AssumeRole", input.clone()).await.ok();

    let key = json!({"UserName": "Ana", "AccessKeyId": keys.key});
    app.iam("DeleteAccessKey", key).await.ok();
    app.iam("DeleteUser", json!({"UserName": "Ana"})).await.ok();
    let (again, _) = app.user("Ana").await;
    assert_eq!(again.principal.arn, ana.principal.arn);
    let sentence = "User: arn:aws:iam::123456789012:user/Ana is not authorized to perform: sts:AssumeRole on resource: \
                    arn:aws:iam::123456789012:role/Ops because no role trust policy allows the sts:AssumeRole action";
    app.sts_as(&again, "AssumeRole", input)
        .await
        .refused("AccessDenied", sentence);
}

/// A role's trust policy as GetRole answers it: the principals that it names.
async fn named(app: &App, role: &str) -> Value {
    let role = app.iam("GetRole", json!({"RoleName": role})).await.ok();
    let encoded = text(&role, "/Role/AssumeRolePolicyDocument");
    let document = percent_encoding::percent_decode_str(&encoded).decode_utf8().unwrap();
    let document: Value = serde_json::from_str(&document).unwrap();
    document["Statement"][0]["Principal"]["AWS"].clone()
}

/// Reference 2.3, 4.2: accounts read back as their root, whoever is gone as a unique id that nobody else can take.
#[tokio::test]
async fn principals_read_back_as_they_are_kept() {
    let app = App::new().await;
    let trust = |names: Value| json!([{"Effect": "Allow", "Principal": {"AWS": names}, "Action": "sts:AssumeRole"}]);
    let (ana, keys) = app.user("Ana").await;
    let service =
        json!([{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]);
    let worker = app.role("Worker", service, None).await;
    let session = "arn:aws:sts::123456789012:assumed-role/Worker/s";
    let given = json!([
        "123456789012",
        111_122_223_333_i64,
        ana.principal.arn.as_str(),
        worker,
        session
    ]);
    app.role("Ops", trust(given), None).await;
    let roots = ["arn:aws:iam::123456789012:root", "arn:aws:iam::111122223333:root"];
    assert_eq!(
        named(&app, "Ops").await,
        json!([roots[0], roots[1], ana.principal.arn.as_str(), worker, session])
    );
    app.iam(
        "UpdateUser",
        json!({"UserName": "Ana", "NewUserName": "Anna", "NewPath": "/staff/"}),
    )
    .await
    .ok();
    let renamed = "arn:aws:iam::123456789012:user/staff/Anna";
    assert_eq!(named(&app, "Ops").await[2], renamed, "an id follows its user");

    let key = json!({"UserName": "Anna", "AccessKeyId": keys.key});
    app.iam("DeleteAccessKey", key).await.ok();
    app.iam("DeleteUser", json!({"UserName": "Anna"})).await.ok();
    app.iam("CreateUser", json!({"UserName": "Anna", "Path": "/staff/"}))
        .await
        .ok();
    assert_eq!(named(&app, "Ops").await[2], ana.principal.user_id, "not her namesake");

    for (name, known) in [(ana.principal.user_id.as_str(), false), (worker.as_str(), true)] {
        let input = json!({"RoleName": "Ops", "PolicyDocument": policy(trust(json!(name)))});
        let put = app.iam("UpdateAssumeRolePolicy", input).await;
        if known {
            put.ok();
        } else {
            let sentence = format!("Invalid principal in policy: \"AWS\":\"{name}\"");
            put.refused("MalformedPolicyDocument", &sentence);
        }
    }
    assert_eq!(named(&app, "Ops").await, worker);
    // What is refused changed nothing, and an id may be written as well.
    let id = text(
        &app.iam("GetRole", json!({"RoleName": "Worker"})).await.ok(),
        "/Role/RoleId",
    );
    app.role("Other", trust(json!(id)), None).await;
    assert_eq!(named(&app, "Other").await, worker);
}

#[tokio::test]
async fn a_role_may_trust_the_administrator_of_dev() {
    let app = App::with(UnknownKeys::Administrator).await;
    let developer = app.developer().await;
    let trust = json!([{"Effect": "Allow", "Principal": {"AWS": developer.principal.arn.as_str()}, "Action": "sts:AssumeRole"}]);
    let role = app.role("Ops", trust, None).await;
    let input = json!({"RoleArn": role, "RoleSessionName": "dev"});
    app.sts_as(&developer, "AssumeRole", input.clone()).await.ok();
    // A user that has the name, from serve on the same database, is somebody else.
    let serve = app.into_serve();
    let (namesake, _) = serve.user("poolhouse-dev").await;
    assert_eq!(namesake.principal.arn, developer.principal.arn);
    assert!(serve.sts_as(&namesake, "AssumeRole", input).await.result.is_err());
}

#[tokio::test]
async fn a_trust_policy_names_only_who_exists() {
    let app = App::new().await;
    let nobody = "arn:aws:iam::123456789012:user/Nobody";
    let trust = json!([{"Effect": "Allow", "Principal": {"AWS": nobody}, "Action": "sts:AssumeRole"}]);
    let input = json!({"RoleName": "Ops", "AssumeRolePolicyDocument": policy(trust)});
    let sentence = format!("Invalid principal in policy: \"AWS\":\"{nobody}\"");
    app.iam("CreateRole", input)
        .await
        .refused("MalformedPolicyDocument", &sentence);
    let developer = "arn:aws:iam::123456789012:user/poolhouse-dev";
    for name in [developer, "AIDA00000000000000001"] {
        let trust = json!([{"Effect": "Allow", "Principal": {"AWS": name}, "Action": "sts:AssumeRole"}]);
        let input = json!({"RoleName": "Ops", "AssumeRolePolicyDocument": policy(trust)});
        let sentence = format!("Invalid principal in policy: \"AWS\":\"{name}\"");
        app.iam("CreateRole", input)
            .await
            .refused("MalformedPolicyDocument", &sentence);
    }
    // Other accounts' are not known here.
    let trust = json!([{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::999999999999:user/X"},
        "Action": "sts:AssumeRole"}]);
    app.role("Ops", trust, None).await;
}
