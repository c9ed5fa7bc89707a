//! Domains come, change and go.

use serde_json::{Value, json};
use testkit::{merged, text};

use super::{CERTIFICATE, INVALID, UNKNOWN, create, delete, described};
use crate::tests::app::App;

#[tokio::test]
async fn a_prefix_lives() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    assert_eq!(described(&app, "staff").await, json!({}));
    let made = create(&app, &pool, "staff", json!({})).await.ok();
    assert_eq!(made, json!({"ManagedLoginVersion": 1}));

    let seen = described(&app, "staff").await;
    let distribution = text(&seen, "/CloudFrontDistribution");
    assert!(
        distribution.starts_with('d') && distribution.ends_with(".cloudfront.net"),
        "{distribution}"
    );
    let expected = json!({
        "UserPoolId": pool, "AWSAccountId": "123456789012", "Domain": "staff", "S3Bucket": "aws-cognito-prod-eu-west-1-assets",
        "CloudFrontDistribution": distribution, "Version": "20260115120000", "Status": "ACTIVE", "ManagedLoginVersion": 1,
    });
    assert_eq!(seen, expected);
    let whole = app
        .admin
        .call("DescribeUserPool", json!({"UserPoolId": pool}))
        .await
        .ok();
    assert_eq!(whole["UserPool"]["Domain"], json!("staff"));
    assert_eq!(whole["UserPool"]["CustomDomain"], Value::Null);

    let change = json!({"UserPoolId": pool, "Domain": "staff", "ManagedLoginVersion": 2});
    let changed = app.admin.call("UpdateUserPoolDomain", change).await.ok();
    assert_eq!(changed, json!({"ManagedLoginVersion": 2}));
    assert_eq!(
        described(&app, "staff").await,
        merged(expected, json!({"ManagedLoginVersion": 2}))
    );
    let nothing = app
        .admin
        .call("UpdateUserPoolDomain", json!({"UserPoolId": pool, "Domain": "staff"}));
    assert_eq!(
        nothing.await.ok(),
        json!({"ManagedLoginVersion": 2}),
        "what is not named stays"
    );

    assert_eq!(delete(&app, &pool, "staff").await.ok(), json!({}));
    assert_eq!(described(&app, "staff").await, json!({}));
    delete(&app, &pool, "staff").await.refused(INVALID, UNKNOWN);
    let whole = app
        .admin
        .call("DescribeUserPool", json!({"UserPoolId": pool}))
        .await
        .ok();
    assert_eq!(whole["UserPool"]["Domain"], Value::Null);
}

#[tokio::test]
async fn a_custom_domain_lives() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let policy = json!({"CustomDomainConfig": {"CertificateArn": CERTIFICATE, "SecurityPolicy": "TLS_V1_2_2021"}});
    let made = create(
        &app,
        &pool,
        "auth.example.com",
        merged(policy.clone(), json!({"ManagedLoginVersion": 2})),
    );
    let made = made.await.ok();
    let seen = described(&app, "auth.example.com").await;
    assert_eq!(made["CloudFrontDomain"], seen["CloudFrontDistribution"]);
    assert_eq!(made["ManagedLoginVersion"], json!(2));
    assert_eq!(seen["CustomDomainConfig"], policy["CustomDomainConfig"]);
    assert_eq!(seen["Status"], json!("ACTIVE"));

    // A prefix beside it.
    create(&app, &pool, "staff", json!({})).await.ok();
    let whole = app
        .admin
        .call("DescribeUserPool", json!({"UserPoolId": pool}))
        .await
        .ok();
    assert_eq!(whole["UserPool"]["Domain"], json!("staff"));
    assert_eq!(whole["UserPool"]["CustomDomain"], json!("auth.example.com"));

    let other = "arn:aws:acm:us-east-1:123456789012:certificate/other";
    let change = json!({
        "UserPoolId": pool, "Domain": "auth.example.com", "CustomDomainConfig": {"CertificateArn": other},
    });
    let changed = app.admin.call("UpdateUserPoolDomain", change).await.ok();
    assert_eq!(changed, made, "the pages stay");
    let seen = described(&app, "auth.example.com").await;
    assert_eq!(seen["CustomDomainConfig"], json!({"CertificateArn": other}));
}

#[tokio::test]
async fn a_plan_goes_with_its_pages() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    create(&app, &pool, "staff", json!({"ManagedLoginVersion": 2}))
        .await
        .ok();
    let lite = json!({"UserPoolId": pool, "UserPoolTier": "LITE"});
    app.admin.call("UpdateUserPool", lite.clone()).await.refused(
        "FeatureUnavailableInTierException",
        "The following features need to be disabled for the LITE pricing tier configured: Managed Login Version 2",
    );
    let classic = json!({"UserPoolId": pool, "Domain": "staff", "ManagedLoginVersion": 1});
    app.admin.call("UpdateUserPoolDomain", classic).await.ok();
    app.admin.call("UpdateUserPool", lite).await.ok();
    let managed = json!({"UserPoolId": pool, "Domain": "staff", "ManagedLoginVersion": 2});
    app.admin.call("UpdateUserPoolDomain", managed).await.refused(
        "FeatureUnavailableInTierException",
        "The following feature is not available for the LITE pricing tier configured: Managed Login Version 2",
    );
}

#[tokio::test]
async fn a_pool_with_a_domain_stays() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    create(&app, &pool, "staff", json!({})).await.ok();
    let named = json!({"UserPoolId": pool});
    app.admin.call("DeleteUserPool", named.clone()).await.refused(
        INVALID,
        "User pool cannot be deleted. It has a domain configured that should be deleted first.",
    );
    delete(&app, &pool, "staff").await.ok();
    app.admin.call("DeleteUserPool", named).await.ok();
}
