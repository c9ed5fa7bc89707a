//! Domains of pools. Reference: user-pools 14.3, oauth-and-federation 9.4.

mod found;
mod life;
mod refusals;

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
