//! STS's operations. Reference: identity-pools-iam 2.2 to 2.6.

use serde_json::{Value, json};
use testkit::text;

use super::app::{self, App, allow, deny, policy, root, trusts_pool};

const OPS: &str = "arn:aws:iam::123456789012:role/Ops";

fn trusts_account() -> Value {
    json!({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
        "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]})
}

fn ops() -> Value {
    json!({"RoleArn": OPS, "RoleSessionName": "ana"})
}

#[tokio::test]
async fn the_account_delegates_and_the_users_policy_decides() {
    let app = App::new().await;
    let (ana, _) = app.user("Ana").await;
    app.role("Ops", json!([trusts_account()]), Some(json!([allow("s3:*", "*")])))
        .await;
    let sentence = "User: arn:aws:iam::123456789012:user/Ana is not authorized to perform: sts:AssumeRole on resource: \
                    arn:aws:iam::123456789012:role/Ops because no identity-based policy allows the sts:AssumeRole action";
    app.sts_as(&ana, "AssumeRole", ops())
        .await
        .refused("AccessDenied", sentence);

    app.allow_user("Ana", json!([allow("sts:AssumeRole", OPS)])).await;
    let given = app.sts_as(&ana, "AssumeRole", ops()).await.ok();
    assert_eq!(
        text(&given, "/AssumedRoleUser/Arn"),
        "arn:aws:sts::123456789012:assumed-role/Ops/ana"
    );
    assert!(text(&given, "/AssumedRoleUser/AssumedRoleId").starts_with("AROA"));
    assert!(given.get("PackedPolicySize").is_none());
    let session = app.principal(&app::credentials(&given["Credentials"])).await;
    assert_eq!(app.allowed(&session, "s3:GetObject", "arn:aws:s3:::b/k").await, Ok(()));

    let identity = app.sts_as(&session, "GetCallerIdentity", json!({})).await.ok();
    assert_eq!(identity["Arn"], "arn:aws:sts::123456789012:assumed-role/Ops/ana");
    assert_eq!(identity["Account"], "123456789012");
    assert_eq!(identity["UserId"], given["AssumedRoleUser"]["AssumedRoleId"]);

    app.allow_user("Ana", json!([allow("sts:AssumeRole", "*"), deny("sts:*", "*")]))
        .await;
    let denied = app.sts_as(&ana, "AssumeRole", ops()).await.error();
    assert!(
        denied
            .message()
            .ends_with("with an explicit deny in an identity-based policy")
    );
    // 76: nothing stops GetCallerIdentity; the others can be denied.
    app.sts_as(&ana, "GetCallerIdentity", json!({})).await.ok();
    assert!(app.sts_as(&ana, "GetSessionToken", json!({})).await.result.is_err());
}

#[tokio::test]
async fn who_may_never_assume() {
    let app = App::new().await;
    app.role("Ops", json!([trusts_account()]), None).await;
    app.sts_as(&root(), "AssumeRole", ops())
        .await
        .refused("AccessDenied", "Roles may not be assumed by root accounts.");
    let (ana, _) = app.user("Ana").await;
    app.allow_user("Ana", json!([allow("sts:*", "*")])).await;
    let missing = json!({"RoleArn": "arn:aws:iam::123456789012:role/Nope", "RoleSessionName": "ana"});
    let sentence = "User: arn:aws:iam::123456789012:user/Ana is not authorized to perform: sts:AssumeRole on resource: \
                    arn:aws:iam::123456789012:role/Nope";
    app.sts_as(&ana, "AssumeRole", missing)
        .await
        .refused("AccessDenied", sentence);
    let mfa = json!({"RoleArn": OPS, "RoleSessionName": "ana", "SerialNumber": "GAHT12345678", "TokenCode": "123456"});
    let sentence = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
    app.sts_as(&ana, "AssumeRole", mfa)
        .await
        .refused("AccessDenied", sentence);
}

#[tokio::test]
async fn durations_have_three_bounds() {
    let app = App::new().await;
    let (ana, _) = app.user("Ana").await;
    app.allow_user("Ana", json!([allow("sts:*", "*")])).await;
    app.role("Ops", json!([trusts_account()]), Some(json!([allow("sts:*", "*")])))
        .await;
    let asked = |seconds: i32| json!({"RoleArn": OPS, "RoleSessionName": "ana", "DurationSeconds": seconds});
    let sentence = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    app.sts_as(&ana, "AssumeRole", asked(3601))
        .await
        .refused("ValidationError", sentence);
    app.sts_as(&ana, "AssumeRole", asked(899)).await.refused(
        "ValidationError",
        "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have \
         value greater than or equal to 900",
    );
    app.iam("UpdateRole", json!({"RoleName": "Ops", "MaxSessionDuration": 43200}))
        .await
        .ok();
    let given = app.sts_as(&ana, "AssumeRole", asked(43200)).await.ok();
    let session = app.principal(&app::credentials(&given["Credentials"])).await;
    let sentence = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.";
    app.sts_as(&session, "AssumeRole", asked(3601))
        .await
        .refused("ValidationError", sentence);
    app.sts_as(&session, "AssumeRole", asked(3600)).await.ok();
}

#[tokio::test]
async fn external_ids_tags_and_source_identity_reach_the_trust_policy() {
    let app = App::new().await;
    let (ana, _) = app.user("Ana").await;
    app.allow_user("Ana", json!([allow("sts:*", "*")])).await;
    let mut trust = trusts_account();
    trust["Condition"] = json!({"StringEquals": {"sts:ExternalId": "e-1"},
        "StringEqualsIfExists": {"aws:RequestTag/team": "red", "sts:SourceIdentity": "ana@example.com"}});
    app.role("Ops", json!([trust]), Some(json!([allow("sts:*", "*")])))
        .await;
    let asked = |more: Value| {
        let mut input = ops();
        for (name, value) in more.as_object().unwrap() {
            input[name] = value.clone();
        }
        input
    };
    assert!(app.sts_as(&ana, "AssumeRole", ops()).await.result.is_err());
    assert!(
        app.sts_as(&ana, "AssumeRole", asked(json!({"ExternalId": "e-2"})))
            .await
            .result
            .is_err()
    );
    app.sts_as(&ana, "AssumeRole", asked(json!({"ExternalId": "e-1"})))
        .await
        .ok();
    let blue = json!({"ExternalId": "e-1", "Tags": [{"Key": "team", "Value": "blue"}]});
    assert!(app.sts_as(&ana, "AssumeRole", asked(blue)).await.result.is_err());
    let red = json!({"ExternalId": "e-1", "Tags": [{"Key": "team", "Value": "red"}], "TransitiveTagKeys": ["team"],
        "SourceIdentity": "ana@example.com"});
    let given = app.sts_as(&ana, "AssumeRole", asked(red)).await.ok();
    assert_eq!(given["SourceIdentity"], "ana@example.com");
    assert_eq!(given["PackedPolicySize"], 1);
    let session = app.principal(&app::credentials(&given["Credentials"])).await;
    assert_eq!(session.principal.tags["team"], "red");

    // Both go on through the chain, and can't be given anew.
    let chained = app
        .sts_as(&session, "AssumeRole", asked(json!({"ExternalId": "e-1"})))
        .await
        .ok();
    assert_eq!(chained["SourceIdentity"], "ana@example.com");
    let chained = app.principal(&app::credentials(&chained["Credentials"])).await;
    assert_eq!(chained.principal.tags["team"], "red");
    let again = json!({"ExternalId": "e-1", "Tags": [{"Key": "TEAM", "Value": "red"}]});
    app.sts_as(&session, "AssumeRole", asked(again)).await.refused(
        "InvalidParameterValue",
        "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the \
         calling session.",
    );
    let other = json!({"ExternalId": "e-1", "SourceIdentity": "eve@example.com"});
    assert!(app.sts_as(&session, "AssumeRole", asked(other)).await.result.is_err());
    let unknown = json!({"ExternalId": "e-1", "TransitiveTagKeys": ["nope"]});
    app.sts_as(&ana, "AssumeRole", asked(unknown)).await.refused(
        "InvalidParameterValue",
        "The specified transitive tag key must be included in the requested tags.",
    );
    for second in ["team", "TEAM"] {
        let twice = json!({"Tags": [{"Key": "team", "Value": "red"}, {"Key": second, "Value": "blue"}]});
        app.sts_as(&ana, "AssumeRole", asked(twice)).await.refused(
            "InvalidParameterValue",
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        );
    }
}

/// Reference: 6.2.
#[tokio::test]
async fn a_roles_tags_are_known_to_whoever_decides() {
    let app = App::new().await;
    let (ana, _) = app.user("Ana").await;
    let mut own = trusts_account();
    own["Condition"] = json!({"StringEquals": {"aws:ResourceTag/stage": "test"}});
    let mut pools = trusts_pool();
    pools["Condition"]["StringEquals"]["aws:ResourceTag/stage"] = json!("test");
    app.role("Ops", json!([own, pools]), None).await;
    let tag = |value: &str| {
        app.iam(
            "TagRole",
            json!({"RoleName": "Ops", "Tags": [{"Key": "stage", "Value": value}]}),
        )
    };
    let token = app.openid_token(json!({})).await;
    let mut web = ops();
    web["WebIdentityToken"] = json!(token);
    for key in ["aws:ResourceTag/stage", "iam:ResourceTag/stage"] {
        let mut tagged = allow("sts:AssumeRole", "*");
        tagged["Condition"] = json!({"StringEquals": {key: "test"}});
        app.allow_user("Ana", json!([tagged])).await;
        tag("live").await.ok();
        assert!(app.sts_as(&ana, "AssumeRole", ops()).await.result.is_err());
        let refusal = app.sts_as(&root(), "AssumeRoleWithWebIdentity", web.clone()).await;
        assert_eq!(refusal.error().code().0, "AccessDenied");
        tag("test").await.ok();
        app.sts_as(&ana, "AssumeRole", ops()).await.ok();
        app.sts_as(&root(), "AssumeRoleWithWebIdentity", web.clone()).await.ok();
    }
}

#[tokio::test]
async fn session_policies_have_a_packed_size() {
    let app = App::new().await;
    let (ana, _) = app.user("Ana").await;
    app.allow_user("Ana", json!([allow("sts:*", "*")])).await;
    app.role("Ops", json!([trusts_account()]), Some(json!([allow("s3:*", "*")])))
        .await;
    let with = |document: String| json!({"RoleArn": OPS, "RoleSessionName": "ana", "Policy": document});
    let small = policy(json!([allow("s3:GetObject", "*")]));
    let given = app.sts_as(&ana, "AssumeRole", with(small)).await.ok();
    assert_eq!(given["PackedPolicySize"], 5);
    let session = app.principal(&app::credentials(&given["Credentials"])).await;
    assert_eq!(app.allowed(&session, "s3:GetObject", "*").await, Ok(()));
    assert!(app.allowed(&session, "s3:PutObject", "*").await.is_err());

    let large = policy(json!([allow(
        "s3:GetObject",
        &format!("arn:aws:s3:::{}", "x".repeat(3000))
    )]));
    let error = app.sts_as(&ana, "AssumeRole", with(large)).await.error();
    assert_eq!(error.code().0, "PackedPolicyTooLarge");
    let wrong = app.sts_as(&ana, "AssumeRole", with("[]".to_owned())).await;
    assert_eq!(wrong.error().code().0, "MalformedPolicyDocument");
    let eleven: Vec<Value> = (0..11)
        .map(|n| json!({"arn": format!("arn:aws:iam::aws:policy/P{n}")}))
        .collect();
    let many = json!({"RoleArn": OPS, "RoleSessionName": "ana", "PolicyArns": eleven});
    assert_eq!(
        app.sts_as(&ana, "AssumeRole", many).await.error().code().0,
        "ValidationError"
    );
}

/// Before anything is asked of the token or the trust policy. Reference: 2.2.
#[tokio::test]
async fn what_is_no_arn_is_no_role() {
    let app = App::new().await;
    let (ana, _) = app.user("Ana").await;
    for arn in [
        "this-is-not-an-arn-at-all",
        "arn::iam:::something/crew-role",
        "arn:aws:::something/crew-role",
        "arn:aws:iam::123456789012",
        "arn:aws:iam::123456789012:",
        "urn:aws:iam::123456789012:role/Ops",
    ] {
        let input = json!({"RoleArn": arn, "RoleSessionName": "ana", "WebIdentityToken": "not.a.jwt"});
        for (caller, operation) in [(&ana, "AssumeRole"), (&root(), "AssumeRoleWithWebIdentity")] {
            let answer = app.sts_as(caller, operation, input.clone()).await;
            answer.refused("ValidationError", &format!("{arn} is invalid"));
        }
    }
}

#[tokio::test]
async fn a_key_tells_its_account() {
    let app = App::new().await;
    let (ana, keys) = app.user("Ana").await;
    let session = app.sts_as(&ana, "GetSessionToken", json!({})).await.ok();
    for key in [keys.key, text(&session, "/Credentials/AccessKeyId")] {
        let info = app
            .sts_as(&ana, "GetAccessKeyInfo", json!({"AccessKeyId": key}))
            .await
            .ok();
        assert_eq!(info["Account"], "123456789012");
    }
    let unknown = app
        .sts_as(&ana, "GetAccessKeyInfo", json!({"AccessKeyId": "AKIAIOSFODNN7EXAMPLE"}))
        .await;
    assert_eq!(unknown.error().code().0, "ValidationError");
}

#[tokio::test]
async fn the_tables_hold_what_the_models_know() {
    testkit::table_is_modelled(&crate::ops::TABLE);
    testkit::table_is_modelled(&crate::sts::TABLE);
}
