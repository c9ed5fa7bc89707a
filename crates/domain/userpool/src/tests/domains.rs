//! Domains of pools. Reference: user-pools 14.3, oauth-and-federation 9.4.

use serde_json::{Value, json};
use testkit::{Answer, merged, text};

use super::app::App;
use crate::UserPools;

const INVALID: &str = "InvalidParameterException";
const TAKEN: &str = "Domain already associated with another user pool.";
const CONFIGURED: &str = "User pool already has a domain configured.";
const UNKNOWN: &str = "No such domain or user pool exists.";
const CERTIFICATE: &str = "arn:aws:acm:us-east-1:123456789012:certificate/1b2c3d4e-0000-4000-8000-000000000000";

async fn create(app: &App, pool: &str, domain: &str, more: Value) -> Answer {
    let input = merged(json!({"UserPoolId": pool, "Domain": domain}), more);
    app.admin.call("CreateUserPoolDomain", input).await
}

fn custom() -> Value {
    json!({"CustomDomainConfig": {"CertificateArn": CERTIFICATE}})
}

async fn delete(app: &App, pool: &str, domain: &str) -> Answer {
    let input = json!({"UserPoolId": pool, "Domain": domain});
    app.admin.call("DeleteUserPoolDomain", input).await
}

async fn described(app: &App, domain: &str) -> Value {
    let answer = app.admin.call("DescribeUserPoolDomain", json!({"Domain": domain}));
    answer.await.ok()["DomainDescription"].clone()
}

/// The pool that a node finds by a key, and its domain's name.
async fn found(node: &UserPools, key: &str) -> Option<(String, String)> {
    let found = node.find_domain(key).await.unwrap()?;
    Some((found.pool.id.to_string(), found.domain.name))
}

/// A pool of another Region.
async fn pool_in(app: &App, region: &str) -> String {
    let answer = app
        .admin
        .call_in(region, "CreateUserPool", json!({"PoolName": "staff"}));
    text(&answer.await.ok(), "/UserPool/Id")
}

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
async fn what_is_refused() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let lite = app.pool(json!({"UserPoolTier": "LITE"})).await;
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
        if odd.is_empty() {
            assert_eq!(answer.code(), INVALID);
        } else {
            assert_eq!(answer.ok(), json!({"DomainDescription": {}}), "{odd:?}");
        }
    }

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

#[tokio::test]
async fn prefixes_are_unique_in_a_region() {
    let app = App::new().await;
    let (here, there) = (app.pool(json!({})).await, pool_in(&app, "us-east-1").await);
    create(&app, &here, "staff", json!({})).await.ok();
    create(&app, &there, "staff", json!({})).await.ok();
    let at = |key: &'static str| found(&app.pools, key);
    let named = |pool: &str| Some((pool.to_owned(), "staff".to_owned()));
    assert_eq!(at("staff.auth.eu-west-1").await, named(&here));
    assert_eq!(at("staff.auth.us-east-1").await, named(&there));
    assert_eq!(at("staff").await, named(&here), "who came first has the short way");
    let elsewhere = app
        .admin
        .call_in("us-east-1", "DescribeUserPoolDomain", json!({"Domain": "staff"}));
    assert_eq!(elsewhere.await.ok()["DomainDescription"]["UserPoolId"], json!(there));

    // The second's deletion leaves the first's short way alone, the first's frees it for who comes next.
    delete(&app, &there, "staff").await.ok();
    assert_eq!(at("staff").await, named(&here));
    create(&app, &there, "staff", json!({})).await.ok();
    delete(&app, &here, "staff").await.ok();
    assert_eq!(at("staff").await, None);
    assert_eq!(at("staff.auth.eu-west-1").await, None);
    let next = app.pool(json!({})).await;
    create(&app, &next, "staff", json!({})).await.ok();
    assert_eq!(at("staff").await, named(&next));
    assert_eq!(at("staff.auth.us-east-1").await, named(&there));
}

/// What a node remembers of a name is looked up in the pool, which is read anew when it has changed.
#[tokio::test]
async fn a_deleted_domain_is_not_found_where_it_is_remembered() {
    let app = App::new().await;
    let (first, second) = (app.pool(json!({})).await, app.pool(json!({})).await);
    create(&app, &first, "auth.example.com", custom()).await.ok();
    create(&app, &first, "staff", json!({})).await.ok();
    for key in ["auth.example.com", "staff", "staff.auth.eu-west-1"] {
        assert_eq!(found(&app.pools, key).await.unwrap().0, first);
    }
    for key in [
        "Auth.example.com",
        "staff.auth.us-east-1",
        "auth",
        "example.com",
        "",
        "staff.auth.eu-west-1.amazoncognito.com",
    ] {
        assert_eq!(found(&app.pools, key).await, None, "{key}");
    }
    delete(&app, &first, "auth.example.com").await.ok();
    assert_eq!(found(&app.pools, "auth.example.com").await, None);
    create(&app, &second, "auth.example.com", custom()).await.ok();
    assert_eq!(found(&app.pools, "auth.example.com").await.unwrap().0, second);
    assert_eq!(found(&app.neighbour(), "auth.example.com").await.unwrap().0, second);
    // Warm, it is no matter of the directory.
    assert_eq!(found(&app.pools, "staff").await.unwrap().0, first);
}

#[tokio::test]
async fn of_those_who_come_at_once_one_has_the_name() {
    let app = App::new().await;
    let pools = [
        app.pool(json!({})).await,
        app.pool(json!({})).await,
        app.pool(json!({})).await,
    ];
    for name in ["raced", "raced.example.com"] {
        let more = || if name.contains('.') { custom() } else { json!({}) };
        let (one, two, three) = tokio::join!(
            create(&app, &pools[0], name, more()),
            create(&app, &pools[1], name, more()),
            create(&app, &pools[2], name, more()),
        );
        let mut owners = Vec::new();
        for (answer, pool) in [one, two, three].into_iter().zip(&pools) {
            if answer.code().is_empty() {
                owners.push(pool);
            } else {
                answer.refused(INVALID, TAKEN);
            }
        }
        assert_eq!(owners.len(), 1, "{name}");
        assert_eq!(described(&app, name).await["UserPoolId"], json!(owners[0]));
    }
}

#[tokio::test]
async fn of_a_pools_names_that_come_at_once_it_has_one() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let (one, two, three) = tokio::join!(
        create(&app, &pool, "one", json!({})),
        create(&app, &pool, "two", json!({})),
        create(&app, &pool, "three", json!({})),
    );
    let answers = [one, two, three];
    assert_eq!(answers.iter().filter(|answer| answer.code().is_empty()).count(), 1);
    for answer in answers.into_iter().filter(|answer| !answer.code().is_empty()) {
        answer.refused(INVALID, CONFIGURED);
    }
    let mut left = 0;
    for name in ["one", "two", "three"] {
        left += usize::from(found(&app.pools, name).await.is_some());
    }
    assert_eq!(left, 1, "who was refused holds no name");
}
