//! App clients: what a new one is, secrets, updates, lists. Reference: user-pools 3.

use std::time::Duration;

use kernel::PoolId;
use serde_json::{Value, json};
use store::records::client_secrets;
use testkit::{merged, text};

use crate::tests::app::App;

const INVALID: &str = "InvalidParameterException";

/// What DescribeUserPoolClient answers of a client that was created with nothing but a name.
pub(super) fn plain_client(pool: &str, id: &str) -> Value {
    json!({
        "UserPoolId": pool,
        "ClientName": "web",
        "ClientId": id,
        "LastModifiedDate": 1_768_478_400,
        "CreationDate": 1_768_478_400,
        "RefreshTokenValidity": 30,
        "TokenValidityUnits": {},
        "AllowedOAuthFlowsUserPoolClient": false,
        "EnableTokenRevocation": true,
        "EnablePropagateAdditionalUserContextData": false,
        "AuthSessionValidity": 3,
    })
}

pub(super) async fn describe(app: &App, pool: &str, client: &str) -> Value {
    let named = json!({"UserPoolId": pool, "ClientId": client});
    app.admin.call("DescribeUserPoolClient", named).await.ok()["UserPoolClient"].clone()
}

#[tokio::test]
async fn a_new_client_has_cognitos_defaults() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let input = json!({"UserPoolId": pool, "ClientName": "web"});
    let created = app.admin.call("CreateUserPoolClient", input).await.ok();
    let id = text(&created, "/UserPoolClient/ClientId");
    assert_eq!(created, json!({"UserPoolClient": plain_client(&pool, &id)}));
    assert_eq!(describe(&app, &pool, &id).await, plain_client(&pool, &id));
    assert_eq!(id.len(), 26);
    assert!(id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "{id}");
}

/// Everything that can be given, also as it comes back.
fn full_settings() -> Value {
    json!({
        "ClientName": "portal",
        "RefreshTokenValidity": 90,
        "AccessTokenValidity": 10,
        "IdTokenValidity": 1800,
        "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "seconds", "RefreshToken": "hours"},
        "ReadAttributes": ["email", "email_verified", "custom:tier"],
        "WriteAttributes": ["email", "name"],
        "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
        "SupportedIdentityProviders": ["COGNITO"],
        "CallbackURLs": ["https://app.example.com/cb", "http://localhost:3000/cb"],
        "LogoutURLs": ["https://app.example.com/"],
        "DefaultRedirectURI": "https://app.example.com/cb",
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid", "email"],
        "AllowedOAuthFlowsUserPoolClient": true,
        "AnalyticsConfiguration": {
            "ApplicationArn": "arn:aws:mobiletargeting:eu-west-1:123456789012:apps/a1", "UserDataShared": false,
        },
        "PreventUserExistenceErrors": "ENABLED",
        "EnableTokenRevocation": false,
        "EnablePropagateAdditionalUserContextData": true,
        "AuthSessionValidity": 15,
        "RefreshTokenRotation": {"Feature": "DISABLED", "RetryGracePeriodSeconds": 0},
    })
}

pub(super) async fn pool_with_attributes(app: &App) -> String {
    let schema = json!([
        {"Name": "tier", "AttributeDataType": "String"},
        {"Name": "score", "AttributeDataType": "String", "DeveloperOnlyAttribute": true},
        {"Name": "email", "Required": true},
    ]);
    app.pool(json!({"Schema": schema})).await
}

#[tokio::test]
async fn an_update_replaces_everything_but_name_and_secret() {
    let app = App::new().await;
    let pool = pool_with_attributes(&app).await;
    let id = app
        .client(&pool, merged(full_settings(), json!({"GenerateSecret": true})))
        .await;
    let created = describe(&app, &pool, &id).await;
    let secret = text(&created, "/ClientSecret");
    assert_eq!(secret.len(), 52);
    let full = merged(
        full_settings(),
        json!({
            "UserPoolId": pool, "ClientId": id, "ClientSecret": secret, "LastModifiedDate": 1_768_478_400,
            "CreationDate": 1_768_478_400,
        }),
    );
    assert_eq!(created, full);

    app.advance(Duration::from_secs(1));
    let named = json!({"UserPoolId": pool, "ClientId": id});
    let updated = app.admin.call("UpdateUserPoolClient", named.clone()).await.ok();
    let plain = merged(
        plain_client(&pool, &id),
        json!({
            "ClientName": "portal", "ClientSecret": secret, "LastModifiedDate": 1_768_478_401,
            "RefreshTokenRotation": {"Feature": "DISABLED", "RetryGracePeriodSeconds": 0},
        }),
    );
    assert_eq!(updated, json!({"UserPoolClient": plain}));

    app.admin
        .call("UpdateUserPoolClient", merged(full_settings(), named))
        .await
        .ok();
    let full = merged(full, json!({"LastModifiedDate": 1_768_478_401}));
    assert_eq!(describe(&app, &pool, &id).await, full);
}

#[tokio::test]
async fn flows_come_in_the_servers_order() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let given = json!([
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
        "ALLOW_USER_SRP_AUTH",
    ]);
    let id = app.client(&pool, json!({"ExplicitAuthFlows": given})).await;
    let expected = json!([
        "ALLOW_REFRESH_TOKEN_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH"
    ]);
    assert_eq!(describe(&app, &pool, &id).await["ExplicitAuthFlows"], expected);
}

#[tokio::test]
async fn rotation_that_a_client_had_is_off_and_not_absent() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let off = json!({"Feature": "DISABLED", "RetryGracePeriodSeconds": 0});
    let on = json!({"Feature": "ENABLED", "RetryGracePeriodSeconds": 30});
    let id = app.client(&pool, json!({})).await;
    for (sent, shown) in [
        (json!({}), Value::Null),
        (json!({"RefreshTokenRotation": on}), on.clone()),
        (json!({}), off.clone()),
        (json!({}), off.clone()),
        (
            json!({"RefreshTokenRotation": {"Feature": "DISABLED", "RetryGracePeriodSeconds": 10}}),
            off.clone(),
        ),
    ] {
        let input = merged(sent, json!({"UserPoolId": pool, "ClientId": id}));
        app.admin.call("UpdateUserPoolClient", input).await.ok();
        assert_eq!(describe(&app, &pool, &id).await["RefreshTokenRotation"], shown);
    }
}

#[tokio::test]
async fn an_update_on_top_of_an_older_state_is_refused() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let id = app.client(&pool, json!({})).await;
    let read = app.pools.stored(&pool).await.unwrap();
    let named = json!({"UserPoolId": pool, "ClientId": id});
    app.admin
        .call(
            "UpdateUserPoolClient",
            merged(named.clone(), json!({"ClientName": "first"})),
        )
        .await
        .ok();
    let client = read.client(&id).unwrap();
    let late = app
        .pools
        .save_client(&app.cx(), &read.id, client, client.settings.clone())
        .await
        .err()
        .unwrap();
    assert_eq!(late.code().0, "ConcurrentModificationException");
    assert_eq!(describe(&app, &pool, &id).await["ClientName"], "first");

    app.admin.call("DeleteUserPoolClient", named).await.ok();
    let late = app
        .pools
        .save_client(&app.cx(), &read.id, client, client.settings.clone())
        .await
        .err()
        .unwrap();
    assert_eq!(late.code().0, "ResourceNotFoundException");
}

#[tokio::test]
async fn a_secret_is_generated_or_given() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let given = "a_secret_of_their_own_12345678";
    let own = app.client(&pool, json!({"ClientSecret": given})).await;
    assert_eq!(describe(&app, &pool, &own).await["ClientSecret"], given);
    let generated = app.client(&pool, json!({"GenerateSecret": true})).await;
    assert_ne!(describe(&app, &pool, &generated).await["ClientSecret"], given);

    // At rest it is sealed.
    let rows = app
        .store
        .read(move |r| client_secrets::all(r, &PoolId::new(pool.as_str())))
        .await
        .unwrap();
    assert_eq!(rows.len(), 2);
    assert!(
        rows.iter()
            .all(|row| !row.secret.windows(given.len()).any(|part| part == given.as_bytes()))
    );
}

#[tokio::test]
async fn an_id_can_be_pinned_by_the_pools_tags() {
    let app = App::new().await;
    let tags = json!({"_custom_id_:web": "web_client", "_custom_id_:bad": "not an id"});
    let pool = app.pool(json!({"UserPoolTags": tags})).await;
    assert_eq!(app.client(&pool, json!({})).await, "web_client");
    assert_eq!(app.client(&pool, json!({"ClientName": "other"})).await.len(), 26);
    let create = |name: &str| {
        app.admin
            .call("CreateUserPoolClient", json!({"UserPoolId": pool, "ClientName": name}))
    };
    create("web")
        .await
        .refused(INVALID, "User pool client web_client already exists.");
    create("bad").await.refused(
        INVALID,
        "The tag _custom_id_:<ClientName> must be an app client id of 1 to 128 letters, digits, '_' and '+'.",
    );
    // Ids are unique over all pools, since some calls name nothing else.
    let other = app
        .pool(json!({"UserPoolTags": {"_custom_id_:web": "web_client"}}))
        .await;
    let taken = app
        .admin
        .call(
            "CreateUserPoolClient",
            json!({"UserPoolId": other, "ClientName": "web"}),
        )
        .await;
    taken.refused(INVALID, "User pool client web_client already exists.");
}

#[tokio::test]
async fn lifetimes_are_in_their_units() {
    let app = App::new().await;
    let pool = pool_with_attributes(&app).await;
    let minutes = |n: u64| Duration::from_secs(60 * n);
    for (settings, access, id, refresh, session) in [
        (json!({}), minutes(60), minutes(60), minutes(30 * 24 * 60), minutes(3)),
        (full_settings(), minutes(10), minutes(30), minutes(90 * 60), minutes(15)),
        // No choice of a refresh token's lifetime is thirty days in every unit.
        (
            json!({"RefreshTokenValidity": 0, "TokenValidityUnits": {"RefreshToken": "minutes"}}),
            minutes(60),
            minutes(60),
            minutes(30 * 24 * 60),
            minutes(3),
        ),
    ] {
        let client = app
            .client(&pool, merged(settings, json!({"GenerateSecret": true})))
            .await;
        let stored = app.pools.stored(&pool).await.unwrap();
        let client = stored.client(&client).unwrap();
        let lifetimes = (
            client.lifetimes.access_token,
            client.lifetimes.id_token,
            client.lifetimes.refresh_token,
        );
        assert_eq!(lifetimes, (access, id, refresh));
        assert_eq!(client.lifetimes.challenge, session);
    }
}

#[tokio::test]
async fn clients_are_listed_page_by_page() {
    let app = App::new().await;
    let tags: serde_json::Map<String, Value> = (0..5)
        .map(|n| (format!("_custom_id_:client {n}"), json!(format!("client{n}"))))
        .collect();
    let pool = app.pool(json!({"UserPoolTags": tags})).await;
    for n in 0..5 {
        app.client(
            &pool,
            json!({"ClientName": format!("client {n}"), "GenerateSecret": true}),
        )
        .await;
    }
    let mut listed = Vec::new();
    let mut input = json!({"UserPoolId": pool, "MaxResults": 2, "ClientType": "REGULAR"});
    loop {
        let page = app.admin.call("ListUserPoolClients", input.clone()).await.ok();
        let clients = page["UserPoolClients"].as_array().unwrap();
        assert!(clients.len() <= 2);
        listed.extend(clients.iter().cloned());
        let Some(token) = page.get("NextToken") else { break };
        input = merged(input, json!({"NextToken": token}));
    }
    let expected: Vec<Value> = (0..5)
        .map(|n| json!({"UserPoolId": pool, "ClientId": format!("client{n}"), "ClientName": format!("client {n}")}))
        .collect();
    assert_eq!(listed, expected);

    let registered = app
        .admin
        .call("ListUserPoolClients", json!({"UserPoolId": pool, "ClientType": "DCR"}))
        .await
        .ok();
    assert_eq!(registered, json!({"UserPoolClients": []}));
    let bad = json!({"UserPoolId": pool, "NextToken": "abc"});
    app.admin
        .call("ListUserPoolClients", bad)
        .await
        .refused(INVALID, "Invalid pagination token given.");
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let app = App::new().await;
    let (pool, other) = (app.pool(json!({})).await, app.pool(json!({})).await);
    let elsewhere = app.client(&other, json!({})).await;
    for operation in ["DescribeUserPoolClient", "UpdateUserPoolClient", "DeleteUserPoolClient"] {
        for client in ["nobody", elsewhere.as_str()] {
            let sentence = format!("User pool client {client} does not exist.");
            let input = json!({"UserPoolId": pool, "ClientId": client});
            app.admin
                .call(operation, input)
                .await
                .refused("ResourceNotFoundException", &sentence);
        }
        let input = json!({"UserPoolId": "eu-west-1_None", "ClientId": elsewhere});
        let sentence = "User pool eu-west-1_None does not exist.";
        app.admin
            .call(operation, input)
            .await
            .refused("ResourceNotFoundException", sentence);
    }
    for (operation, input) in [
        (
            "CreateUserPoolClient",
            json!({"UserPoolId": "eu-west-1_None", "ClientName": "web"}),
        ),
        ("ListUserPoolClients", json!({"UserPoolId": "eu-west-1_None"})),
    ] {
        let sentence = "User pool eu-west-1_None does not exist.";
        app.admin
            .call(operation, input)
            .await
            .refused("ResourceNotFoundException", sentence);
    }
    let named = json!({"UserPoolId": other, "ClientId": elsewhere});
    assert_eq!(
        app.admin.call("DeleteUserPoolClient", named.clone()).await.ok(),
        Value::Null
    );
    let sentence = format!("User pool client {elsewhere} does not exist.");
    app.admin
        .call("DescribeUserPoolClient", named)
        .await
        .refused("ResourceNotFoundException", &sentence);
}
