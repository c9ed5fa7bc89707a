//! What no domain may be called or be like, and what is somebody else's.

use serde_json::json;
use testkit::merged;

use super::{CONFIGURED, INVALID, TAKEN, UNKNOWN, create, custom, delete, described};
use crate::tests::app::App;

#[tokio::test]
async fn a_pool_has_one_of_each_kind_and_a_name_one_pool() {
    let app = App::new().await;
    let (pool, rival) = (app.pool(json!({})).await, app.pool(json!({})).await);
    create(&app, &pool, "staff", json!({})).await.ok();
    create(&app, &pool, "auth.example.com", custom()).await.ok();
    for (who, domain, more, sentence) in [
        (&pool, "staff", json!({}), CONFIGURED),
        (&pool, "customers", json!({}), CONFIGURED),
        (&pool, "login.example.com", custom(), CONFIGURED),
        (&rival, "staff", json!({}), TAKEN),
        (&rival, "auth.example.com", custom(), TAKEN),
    ] {
        create(&app, who, domain, more).await.refused(INVALID, sentence);
    }
    // Another's is nobody's to change or delete.
    for domain in ["staff", "auth.example.com", "nothing", "Staff", "staff\0", "стафф"] {
        delete(&app, &rival, domain).await.refused(INVALID, UNKNOWN);
        let change = json!({"UserPoolId": rival, "Domain": domain, "ManagedLoginVersion": 2});
        app.admin
            .call("UpdateUserPoolDomain", change)
            .await
            .refused(INVALID, UNKNOWN);
    }
    assert_eq!(described(&app, "staff").await["UserPoolId"], json!(pool));
    delete(&app, &pool, "staff").await.ok();
    create(&app, &rival, "staff", json!({})).await.ok();
    create(&app, &pool, "customers", json!({})).await.ok();
}

#[tokio::test]
async fn names_and_settings_that_no_domain_has() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let character = "The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens.";
    let subdomain = "Custom domain is not a valid subdomain: Was not able to resolve a DNS A record for the parent domain or domain parent is a top-level domain.";
    let certificate = "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain.";
    let of = |arn: &str| json!({"CustomDomainConfig": {"CertificateArn": arn}});
    for (domain, more, sentence) in [
        ("Staff", json!({}), character),
        ("auth.example.com", json!({}), character),
        ("xn--mller-kva", json!({}), character),
        ("staff\0", json!({}), character),
        ("my-aws-app", json!({}), "Domain cannot contain reserved word: aws"),
        ("cognito", json!({}), "Domain cannot contain reserved word: cognito"),
        ("staff", custom(), subdomain),
        ("example.com", custom(), subdomain),
        ("*.example.com", custom(), subdomain),
        ("10.0.0.1", custom(), subdomain),
        // The server's own.
        ("id.example.net", custom(), subdomain),
        ("Auth.example.com", custom(), character),
        (
            "auth.example.com",
            of("arn:aws:acm:eu-west-1:123456789012:certificate/a"),
            certificate,
        ),
        (
            "auth.example.com",
            of("arn:aws:iam::123456789012:server-certificate/a"),
            certificate,
        ),
        (
            "auth.example.com",
            of("arn:aws:acm:us-east-1:1:certificate/abcd"),
            certificate,
        ),
        (
            "staff",
            json!({"ManagedLoginVersion": 3}),
            "ManagedLoginVersion must be 1 or 2.",
        ),
        (
            "staff",
            json!({"ManagedLoginVersion": 0}),
            "ManagedLoginVersion must be 1 or 2.",
        ),
        (
            "staff",
            json!({"Routing": {"Failover": {
                "SecondaryRegion": "us-west-2", "PrimaryRoute53HealthCheckId": "1b2c3d4e-0000-4000-8000-000000000000",
            }}}),
            "The user pool has no replica in us-west-2.",
        ),
    ] {
        create(&app, &pool, domain, more).await.refused(INVALID, sentence);
    }
}

#[tokio::test]
async fn what_is_nowhere() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    assert_eq!(create(&app, &pool, &"a".repeat(64), json!({})).await.code(), INVALID);
    let nowhere = create(&app, "us-east-1_nowhere", "staff", json!({})).await;
    nowhere.refused(
        "ResourceNotFoundException",
        "User pool us-east-1_nowhere does not exist.",
    );
    delete(&app, "us-east-1_nowhere", "staff")
        .await
        .refused(INVALID, UNKNOWN);
    let change = json!({"UserPoolId": "us-east-1_nowhere", "Domain": "staff"});
    app.admin
        .call("UpdateUserPoolDomain", change)
        .await
        .refused(INVALID, UNKNOWN);
    for odd in ["Staff", "staff\0", "", "стафф", "a b"] {
        let answer = app.admin.call("DescribeUserPoolDomain", json!({"Domain": odd})).await;
        assert_eq!(answer.code(), INVALID, "{odd:?}");
    }
    for unknown in ["staff", "staff.example.com", "a..b"] {
        let answer = app
            .admin
            .call("DescribeUserPoolDomain", json!({"Domain": unknown}))
            .await;
        assert_eq!(answer.ok(), json!({"DomainDescription": {}}), "{unknown:?}");
    }
}

#[tokio::test]
async fn what_a_kind_or_a_plan_lacks() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let lite = app.pool(json!({"UserPoolTier": "LITE"})).await;
    create(&app, &pool, "staff", json!({"ManagedLoginVersion": 1}))
        .await
        .ok();
    let change = merged(json!({"UserPoolId": pool, "Domain": "staff"}), custom());
    let answer = app.admin.call("UpdateUserPoolDomain", change).await;
    answer.refused(INVALID, "CustomDomainConfig can only be set for a custom domain.");
    for input in [json!({}), custom()] {
        let name = if input == json!({}) { "lite" } else { "lite.example.com" };
        let input = merged(input, json!({"ManagedLoginVersion": 2}));
        create(&app, &lite, name, input).await.refused(
            "FeatureUnavailableInTierException",
            "The following feature is not available for the LITE pricing tier configured: Managed Login Version 2",
        );
    }
}
