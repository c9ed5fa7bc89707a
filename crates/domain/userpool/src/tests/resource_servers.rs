//! Resource servers and their scopes. Reference: user-pools 14.4.

use serde_json::{Value, json};
use testkit::{merged, text};

use super::app::App;

const INVALID: &str = "InvalidParameterException";
const NOT_FOUND: &str = "ResourceNotFoundException";

fn scopes(names: &[&str]) -> Value {
    let scope = |name: &&str| json!({"ScopeName": name, "ScopeDescription": "something"});
    names.iter().map(scope).collect()
}

async fn server(app: &App, pool: &str, identifier: &str, names: &[&str]) {
    let input = json!({"UserPoolId": pool, "Identifier": identifier, "Name": "API", "Scopes": scopes(names)});
    app.admin.call("CreateResourceServer", input).await.ok();
}

#[tokio::test]
async fn a_resource_server_lives() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let named = json!({"UserPoolId": pool, "Identifier": "https://api.example.com/v1"});
    let created = merged(
        named.clone(),
        json!({"Name": "The API", "Scopes": scopes(&["read", "notes:write"])}),
    );
    let told = json!({"ResourceServer": created});
    assert_eq!(app.admin.call("CreateResourceServer", created.clone()).await.ok(), told);
    assert_eq!(app.admin.call("DescribeResourceServer", named.clone()).await.ok(), told);
    let again = app.admin.call("CreateResourceServer", created.clone()).await;
    again.refused(
        INVALID,
        &format!("https://api.example.com/v1 already exists in user pool {pool}."),
    );

    // An update replaces everything: scopes that are not named are gone.
    let changed = merged(named.clone(), json!({"Name": "It"}));
    let answer = app.admin.call("UpdateResourceServer", changed.clone()).await.ok();
    assert_eq!(answer, json!({"ResourceServer": changed}));
    let listed = app.admin.call("ListResourceServers", json!({"UserPoolId": pool}));
    assert_eq!(listed.await.ok(), json!({"ResourceServers": [changed]}));

    app.admin.call("DeleteResourceServer", named.clone()).await.ok();
    let missing = "Resource server https://api.example.com/v1 does not exist.";
    for (operation, input) in [
        ("DescribeResourceServer", named.clone()),
        ("DeleteResourceServer", named),
        ("UpdateResourceServer", changed),
    ] {
        app.admin.call(operation, input).await.refused(NOT_FOUND, missing);
    }
}

#[tokio::test]
async fn what_is_refused() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let whole = json!({"UserPoolId": pool, "Identifier": "api", "Name": "API"});
    let twice = merged(whole.clone(), json!({"Scopes": scopes(&["read", "write", "read"])}));
    server(&app, &pool, "there", &[]).await;
    for (operation, input) in [
        ("CreateResourceServer", twice.clone()),
        ("UpdateResourceServer", merged(twice, json!({"Identifier": "there"}))),
    ] {
        let sentence = "The scope read is named more than once.";
        app.admin.call(operation, input).await.refused(INVALID, sentence);
    }
    let nowhere = json!({"UserPoolId": "us-east-1_nowhere", "Identifier": "api", "Name": "API"});
    let named = json!({"UserPoolId": "us-east-1_nowhere", "Identifier": "api"});
    for (operation, input) in [
        ("CreateResourceServer", nowhere.clone()),
        ("UpdateResourceServer", nowhere),
        ("DescribeResourceServer", named.clone()),
        ("DeleteResourceServer", named),
        ("ListResourceServers", json!({"UserPoolId": "us-east-1_nowhere"})),
    ] {
        let answer = app.admin.call(operation, input).await;
        answer.refused(NOT_FOUND, "User pool us-east-1_nowhere does not exist.");
    }
}

#[tokio::test]
async fn members_keep_the_models_rules() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let whole = json!({"UserPoolId": pool, "Identifier": "api", "Name": "API"});
    let many: Vec<String> = (0..101).map(|n| format!("s{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for broken in [
        json!({"Identifier": ""}),
        json!({"Identifier": "an api"}),
        json!({"Identifier": "a\"b"}),
        json!({"Identifier": "a\\b"}),
        json!({"Identifier": "äpi"}),
        json!({"Identifier": "a".repeat(257)}),
        json!({"Name": "<API>"}),
        json!({"Scopes": scopes(&["read/all"])}),
        json!({"Scopes": scopes(&["read all"])}),
        json!({"Scopes": scopes(&many)}),
    ] {
        let input = merged(whole.clone(), broken.clone());
        let answer = app.admin.call("CreateResourceServer", input).await;
        assert_eq!(answer.code(), INVALID, "{broken}");
    }
    server(&app, &pool, "api", &many[..100]).await;
}

#[tokio::test]
async fn lists_page_by_identifier() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    for identifier in ["b", "a", "https://c"] {
        server(&app, &pool, identifier, &[]).await;
    }
    let mut found = Vec::new();
    let mut token = Value::Null;
    loop {
        let mut input = json!({"UserPoolId": pool, "MaxResults": 2});
        if !token.is_null() {
            input["NextToken"] = token;
        }
        let page = app.admin.call("ListResourceServers", input).await.ok();
        found.push(page["ResourceServers"].as_array().unwrap().len());
        token = page["NextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!(found, [2, 1]);
    let answer = app.admin.call(
        "ListResourceServers",
        json!({"UserPoolId": pool, "NextToken": "made-up"}),
    );
    answer.await.refused(INVALID, "Invalid pagination token given.");
}

/// The service does not limit it to what a list shows at once.
#[tokio::test]
async fn a_pool_has_three_hundred() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    for n in 0..300 {
        server(&app, &pool, &format!("api{n}"), &[]).await;
    }
    let input = json!({"UserPoolId": pool, "Identifier": "one-more", "Name": "API"});
    let answer = app.admin.call("CreateResourceServer", input).await;
    answer.refused(
        "LimitExceededException",
        "A user pool cannot have more than 300 resource servers.",
    );
    let page = app
        .admin
        .call("ListResourceServers", json!({"UserPoolId": pool}))
        .await
        .ok();
    assert_eq!(page["ResourceServers"].as_array().unwrap().len(), 50);
}

#[tokio::test]
async fn scopes_exist_while_their_server_does() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    server(&app, &pool, "https://api.example.com/v1", &["read"]).await;
    let has = |scope: &'static str| {
        let (app, pool) = (&app, pool.as_str());
        async move { app.pools.pool(pool).await.unwrap().has_scope(scope) }
    };
    for (scope, there) in [
        ("openid", true),
        ("aws.cognito.signin.user.admin", true),
        ("https://api.example.com/v1/read", true),
        ("https://api.example.com/v1/write", false),
        ("https://api.example.com/v1", false),
        ("https://api.example.com/v1/", false),
        ("https://API.example.com/v1/read", false),
        ("read", false),
        ("/read", false),
        ("offline_access", false),
        ("", false),
    ] {
        assert_eq!(has(scope).await, there, "{scope}");
    }

    // A client keeps what its server no longer has.
    let oauth = json!({
        "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"], "CallbackURLs": ["https://app.example.com/"],
        "AllowedOAuthScopes": ["openid", "https://api.example.com/v1/read"],
    });
    let client = app.client(&pool, oauth.clone()).await;
    let gone = json!({"UserPoolId": pool, "Identifier": "https://api.example.com/v1"});
    app.admin.call("DeleteResourceServer", gone).await.ok();
    assert!(!has("https://api.example.com/v1/read").await);
    let named = json!({"UserPoolId": pool, "ClientId": client});
    let described = app.admin.call("DescribeUserPoolClient", named.clone()).await.ok();
    assert_eq!(
        text(&described, "/UserPoolClient/AllowedOAuthScopes/1"),
        "https://api.example.com/v1/read"
    );
    let answer = app.admin.call("UpdateUserPoolClient", merged(named, oauth)).await;
    answer.refused(
        "ScopeDoesNotExistException",
        "Invalid scope requested: https://api.example.com/v1/read",
    );
}

#[tokio::test]
async fn a_new_pool_of_a_deleted_ones_id_begins_without() {
    let app = App::new().await;
    let pinned = json!({"UserPoolTags": {"_custom_id_": "us-east-1_Pinned01"}});
    let pool = app.pool(pinned.clone()).await;
    server(&app, &pool, "api", &["read"]).await;
    app.admin.call("DeleteUserPool", json!({"UserPoolId": pool})).await.ok();
    assert_eq!(app.pool(pinned).await, pool);
    let listed = app.admin.call("ListResourceServers", json!({"UserPoolId": pool}));
    assert_eq!(listed.await.ok(), json!({"ResourceServers": []}));
}
