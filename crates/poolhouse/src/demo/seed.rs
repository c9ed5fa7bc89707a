//! Finds or makes everything, in the order in which it refers to each other.

use std::sync::Arc;

use kernel::{Code, Cx, Env, Result};
use serde_json::{Value, json};

use super::{
    AUTHENTICATED_ROLE, BUCKET, Demo, GUEST_ROLE, bucket,
    calls::{call, found},
    login, policies,
};
use crate::services::Services;

/// The part of the pool's id after its region.
const POOL: &str = "PoolHouse";
const POOL_NAME: &str = "poolhouse-demo";
const CLIENT_NAME: &str = "web";
const CLIENT: &str = "poolhousedemoclient0000001";
/// The inline policy of each role.
const POLICY: &str = "demo";
const IDENTITY_POOL_NAME: &str = "poolhouse_demo";
/// The part of the identity pool's id after its region.
const IDENTITY_POOL: &str = "00000000-706f-4f6c-a86f-757365000001";

/// Repeatable: what is there stays as it is, but that the app client's addresses of the page follow `base_url`.
pub async fn seed(services: &Services, env: &Arc<Env>, base_url: &str) -> Result<Demo> {
    let cx = Cx::internal(env, base_url);
    let mut demo = Demo {
        region: cx.region.clone(),
        account: cx.account().to_string(),
        pool: format!("{}_{POOL}", cx.region),
        client: CLIENT.to_owned(),
        domain: String::new(),
        identity_pool: String::new(),
        bucket: BUCKET.to_owned(),
    };
    user_pool(services, &cx, &demo).await?;
    demo.domain = login::domain(&services.user_pools, &cx, &demo.pool).await?;
    login::client(&services.user_pools, &cx, &demo, base_url).await?;
    demo.identity_pool = identity_pool(services, &cx, &demo).await?;
    let users = Role {
        name: AUTHENTICATED_ROLE,
        amr: "authenticated",
        policy: policies::own_prefix(&demo),
    };
    role(services, &cx, &demo, users).await?;
    let guests = Role {
        name: GUEST_ROLE,
        amr: "unauthenticated",
        policy: policies::guest(&demo),
    };
    role(services, &cx, &demo, guests).await?;
    identity_pool_roles(services, &cx, &demo).await?;
    bucket::ensure(&services.objects, &cx, &demo).await?;
    Ok(demo)
}

async fn user_pool(services: &Services, cx: &Cx, demo: &Demo) -> Result<()> {
    let (table, pools) = (&userpool::ops::TABLE, &services.user_pools);
    let answer = call(table, pools, cx, "DescribeUserPool", json!({ "UserPoolId": demo.pool })).await;
    if found(answer, Code::ResourceNotFound)?.is_none() {
        let input = json!({
            "PoolName": POOL_NAME,
            "UsernameAttributes": ["email"],
            "AutoVerifiedAttributes": ["email"],
            "UserPoolTags": { "_custom_id_": demo.pool, format!("_custom_id_:{CLIENT_NAME}"): demo.client },
        });
        call(table, pools, cx, "CreateUserPool", input).await?;
    }
    let client = json!({ "UserPoolId": demo.pool, "ClientId": demo.client });
    let answer = call(table, pools, cx, "DescribeUserPoolClient", client).await;
    if found(answer, Code::ResourceNotFound)?.is_none() {
        let input = json!({
            "UserPoolId": demo.pool,
            "ClientName": CLIENT_NAME,
            "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            "PreventUserExistenceErrors": "ENABLED",
            "EnableTokenRevocation": true,
        });
        call(table, pools, cx, "CreateUserPoolClient", input).await?;
    }
    Ok(())
}

/// The identity pool's id.
async fn identity_pool(services: &Services, cx: &Cx, demo: &Demo) -> Result<String> {
    let (table, pools) = (&identitypool::ops::TABLE, &services.identity_pools);
    let pinned = format!("{}:{IDENTITY_POOL}", demo.region);
    let answer = call(
        table,
        pools,
        cx,
        "DescribeIdentityPool",
        json!({ "IdentityPoolId": pinned }),
    )
    .await;
    if found(answer, Code::ResourceNotFound)?.is_none() {
        let input = json!({
            "IdentityPoolName": IDENTITY_POOL_NAME,
            "AllowUnauthenticatedIdentities": true,
            "CognitoIdentityProviders": [{
                "ProviderName": format!("cognito-idp.{}.amazonaws.com/{}", demo.region, demo.pool),
                "ClientId": demo.client,
                "ServerSideTokenCheck": false,
            }],
            "IdentityPoolTags": { "_custom_id_": pinned },
        });
        call(table, pools, cx, "CreateIdentityPool", input).await?;
    }
    Ok(pinned)
}

/// What an identity of the demo may be.
struct Role {
    name: &'static str,
    /// How an identity that may assume it has come.
    amr: &'static str,
    policy: Value,
}

async fn role(services: &Services, cx: &Cx, demo: &Demo, role: Role) -> Result<()> {
    let Role { name, amr, policy } = role;
    let (table, iam) = (&iam::ops::TABLE, &services.iam);
    let answer = call(table, iam, cx, "GetRole", json!({ "RoleName": name })).await;
    if found(answer, Code::NoSuchEntity)?.is_none() {
        let input = json!({
            "RoleName": name,
            "Description": "Of the Poolhouse demo",
            "AssumeRolePolicyDocument": policies::trust(&demo.identity_pool, amr).to_string(),
        });
        call(table, iam, cx, "CreateRole", input).await?;
    }
    let wanted = json!({ "RoleName": name, "PolicyName": POLICY });
    if found(call(table, iam, cx, "GetRolePolicy", wanted).await, Code::NoSuchEntity)?.is_none() {
        let input = json!({ "RoleName": name, "PolicyName": POLICY, "PolicyDocument": policy.to_string() });
        call(table, iam, cx, "PutRolePolicy", input).await?;
    }
    Ok(())
}

async fn identity_pool_roles(services: &Services, cx: &Cx, demo: &Demo) -> Result<()> {
    let (table, pools) = (&identitypool::ops::TABLE, &services.identity_pools);
    let there = call(
        table,
        pools,
        cx,
        "GetIdentityPoolRoles",
        json!({ "IdentityPoolId": demo.identity_pool }),
    )
    .await?;
    if there
        .get("Roles")
        .and_then(Value::as_object)
        .is_none_or(serde_json::Map::is_empty)
    {
        let roles = json!({
            "authenticated": demo.role_arn(AUTHENTICATED_ROLE),
            "unauthenticated": demo.role_arn(GUEST_ROLE),
        });
        let input = json!({ "IdentityPoolId": demo.identity_pool, "Roles": roles });
        call(table, pools, cx, "SetIdentityPoolRoles", input).await?;
    }
    Ok(())
}
