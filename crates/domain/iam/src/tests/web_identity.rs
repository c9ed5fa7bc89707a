//! `AssumeRoleWithWebIdentity` for identity pools' OpenID tokens. Reference: identity-pools-iam 2.4.

use std::time::Duration;

use serde_json::{Value, json};

use super::app::{self, App, POOL, U1, allow, policy, root, trusts_pool};

fn with_token(token: &str) -> Value {
    json!({"RoleArn": "arn:aws:iam::123456789012:role/Auth", "RoleSessionName": "web", "WebIdentityToken": token})
}

#[tokio::test]
async fn an_openid_token_buys_a_session() {
    let app = App::new().await;
    app.role(
        "Auth",
        json!([trusts_pool()]),
        Some(json!([allow(
            "s3:*",
            "arn:aws:s3:::b/${cognito-identity.amazonaws.com:sub}/*"
        )])),
    )
    .await;
    let token = app.openid_token(json!({})).await;
    let mut input = with_token(&token);
    input["DurationSeconds"] = json!(900);
    let given = app.sts_as(&root(), "AssumeRoleWithWebIdentity", input).await.ok();
    assert_eq!(given["SubjectFromWebIdentityToken"], U1);
    assert_eq!(given["Audience"], POOL);
    assert_eq!(given["Provider"], "cognito-identity.amazonaws.com");
    assert_eq!(
        given["AssumedRoleUser"]["Arn"],
        "arn:aws:sts::123456789012:assumed-role/Auth/web"
    );
    let credentials = app::credentials(&given["Credentials"]);
    let session = app.principal(&credentials).await;
    assert_eq!(
        app.allowed(&session, "s3:PutObject", &format!("arn:aws:s3:::b/{U1}/x"))
            .await,
        Ok(())
    );
    assert!(
        app.allowed(&session, "s3:PutObject", "arn:aws:s3:::b/other/x")
            .await
            .is_err()
    );
    app.advance(Duration::from_secs(900));
    assert!(app.signed(&credentials, "s3").await.is_err());
}

/// In the order of reference 2.4.
#[tokio::test]
async fn tokens_are_refused_by_their_cause() {
    let app = App::new().await;
    app.role("Auth", json!([trusts_pool()]), None).await;
    let good = app.openid_token(json!({})).await;
    let foreign = app.openid_token(json!({"iss": "https://login.example.com"})).await;
    let (signed, _) = good.rsplit_once('.').unwrap();
    let forged = format!("{signed}.{}", "A".repeat(342));
    let expired = app.openid_token(json!({"exp": 1_768_478_399})).await;
    let guest = app.openid_token(json!({"amr": ["unauthenticated"]})).await;
    let no_audience = app.openid_token(json!({"aud": null})).await;
    for (token, code, sentence) in [
        (
            "not.a.jwt",
            "InvalidIdentityToken",
            "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
        ),
        (
            foreign.as_str(),
            "InvalidIdentityToken",
            "No OpenIDConnect provider found in your account for https://login.example.com",
        ),
        (
            forged.as_str(),
            "InvalidIdentityToken",
            "Couldn't retrieve verification key from your identity provider,  please reference \
             AssumeRoleWithWebIdentity documentation for requirements",
        ),
        (
            expired.as_str(),
            "ExpiredTokenException",
            "Token expired: current date/time 1768478400 must be before the expiration date/time 1768478399",
        ),
        (no_audience.as_str(), "InvalidIdentityToken", "Incorrect token audience"),
        (
            guest.as_str(),
            "AccessDenied",
            "Not authorized to perform sts:AssumeRoleWithWebIdentity",
        ),
    ] {
        app.sts_as(&root(), "AssumeRoleWithWebIdentity", with_token(token))
            .await
            .refused(code, sentence);
    }
    let mut missing = with_token(&good);
    missing["RoleArn"] = json!("arn:aws:iam::123456789012:role/Nope");
    let sentence = "Not authorized to perform sts:AssumeRoleWithWebIdentity";
    app.sts_as(&root(), "AssumeRoleWithWebIdentity", missing)
        .await
        .refused("AccessDenied", sentence);
    let mut long = with_token(&good);
    long["DurationSeconds"] = json!(7200);
    let sentence = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    app.sts_as(&root(), "AssumeRoleWithWebIdentity", long.clone())
        .await
        .refused("ValidationError", sentence);
    // What is wrong with the session's policies is told last of all.
    let brim = format!("arn:aws:s3:::{}", "x".repeat(1900));
    long["Policy"] = json!(policy(json!([allow("s3:GetObject", &brim)])));
    long["PolicyArns"] = json!([{"arn": format!("arn:aws:iam::aws:policy/{}", "P".repeat(100))}]);
    app.sts_as(&root(), "AssumeRoleWithWebIdentity", long)
        .await
        .refused("ValidationError", sentence);
}

#[tokio::test]
async fn a_tokens_tags_become_the_sessions() {
    let app = App::new().await;
    let mut trust = trusts_pool();
    trust["Action"] = json!(["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]);
    app.role("Auth", json!([trust]), None).await;
    let tags = json!({"principal_tags": {"team": ["red"]}, "transitive_tag_keys": ["team"]});
    let token = app.openid_token(json!({"https://aws.amazon.com/tags": tags})).await;
    let given = app
        .sts_as(&root(), "AssumeRoleWithWebIdentity", with_token(&token))
        .await
        .ok();
    let session = app.principal(&app::credentials(&given["Credentials"])).await;
    assert_eq!(session.principal.tags["team"], "red");
    assert_eq!(
        session.principal.session.as_ref().unwrap().transitive_tag_keys,
        ["team"]
    );
}
