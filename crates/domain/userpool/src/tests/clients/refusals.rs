//! Settings that an app client may not have. Reference: user-pools 3.1, 3.4 to 3.7.

use serde_json::{Value, json};
use testkit::merged;

use super::settings::{describe, plain_client, pool_with_attributes};
use crate::tests::app::App;

const INVALID: &str = "InvalidParameterException";
const OAUTH: &str = "InvalidOAuthFlowException";

/// Members that CreateUserPoolClient refuses; UpdateUserPoolClient too, unless they are of creation alone.
fn refused_settings() -> Vec<(Value, &'static str, &'static str)> {
    let validity = "Invalid range for token validity.";
    let write = "Invalid write attributes specified while creating a client";
    vec![
        (json!({"AccessTokenValidity": 25}), INVALID, validity),
        (
            json!({"AccessTokenValidity": 299, "TokenValidityUnits": {"AccessToken": "seconds"}}),
            INVALID,
            validity,
        ),
        (
            json!({"IdTokenValidity": 4, "TokenValidityUnits": {"IdToken": "minutes"}}),
            INVALID,
            validity,
        ),
        (
            json!({"IdTokenValidity": 2, "TokenValidityUnits": {"IdToken": "days"}}),
            INVALID,
            validity,
        ),
        (
            json!({"RefreshTokenValidity": 59, "TokenValidityUnits": {"RefreshToken": "minutes"}}),
            INVALID,
            validity,
        ),
        (json!({"RefreshTokenValidity": 3651}), INVALID, validity),
        (
            json!({
                "RefreshTokenValidity": 2, "AccessTokenValidity": 3, "TokenValidityUnits": {"RefreshToken": "hours"},
            }),
            INVALID,
            validity,
        ),
        (
            json!({"ExplicitAuthFlows": ["ADMIN_NO_SRP_AUTH", "ALLOW_USER_SRP_AUTH"]}),
            INVALID,
            "Legacy auth flows cannot be mixed with auth flows that begin with ALLOW_.",
        ),
        (
            json!({"ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"], "RefreshTokenRotation": {"Feature": "ENABLED"}}),
            INVALID,
            "ALLOW_REFRESH_TOKEN_AUTH is not a permitted ExplicitAuthFlow when refresh token rotation is enabled",
        ),
        (
            json!({"ReadAttributes": ["email", "custom:nothing"]}),
            INVALID,
            "Invalid read attributes specified while creating a client",
        ),
        (json!({"WriteAttributes": ["email", "custom:nothing"]}), INVALID, write),
        (json!({"WriteAttributes": ["name"]}), INVALID, write),
        (json!({"WriteAttributes": ["email", "email_verified"]}), INVALID, write),
        (
            json!({"WriteAttributes": ["email", "dev:custom:score"]}),
            INVALID,
            write,
        ),
        (
            json!({"EnablePropagateAdditionalUserContextData": true}),
            INVALID,
            "EnablePropagateAdditionalUserContextData requires a client with a client secret.",
        ),
    ]
}

/// The same, of OAuth, addresses and analytics.
fn refused_oauth_settings() -> Vec<(Value, &'static str, &'static str)> {
    let oauth = |flows: Value, scopes: Value| json!({"AllowedOAuthFlows": flows, "AllowedOAuthScopes": scopes, "AllowedOAuthFlowsUserPoolClient": true});
    let analytics = "Invalid analytics configuration given, either <application arn> or <application id, role arn, external id> are valid";
    vec![
        (
            json!({"AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"]}),
            INVALID,
            "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.",
        ),
        (
            oauth(json!(["code", "client_credentials"]), json!(["openid"])),
            OAUTH,
            "client_credentials flow can not be selected along with code flow or implicit flow.",
        ),
        (
            oauth(json!(["client_credentials"]), json!(["openid"])),
            OAUTH,
            "client_credentials flow can not be selected if client does not have a client secret.",
        ),
        (
            oauth(json!(["implicit"]), json!(["openid"])),
            OAUTH,
            "CallbackUrls can not be empty when code flow or implicit flow is selected",
        ),
        (
            json!({"AnalyticsConfiguration": {"UserDataShared": true}}),
            INVALID,
            analytics,
        ),
        (
            json!({"AnalyticsConfiguration": {"ApplicationId": "a1", "ExternalId": "x"}}),
            INVALID,
            analytics,
        ),
        (
            merged(
                oauth(json!(["code"]), json!(["openid", "photos/read"])),
                json!({"CallbackURLs": ["https://app.example.com/"]}),
            ),
            "ScopeDoesNotExistException",
            "Invalid scope requested: photos/read",
        ),
        (
            json!({"CallbackURLs": ["http://app.example.com/"]}),
            INVALID,
            "http://app.example.com/ cannot use the HTTP protocol.",
        ),
        (
            json!({"CallbackURLs": ["javascript:alert(1)"]}),
            INVALID,
            "javascript:alert(1) cannot use this scheme.",
        ),
        (
            json!({"CallbackURLs": ["data:text/html,hello"]}),
            INVALID,
            "data:text/html,hello cannot use this scheme.",
        ),
        (
            json!({"LogoutURLs": ["https://app.example.com/#bye"]}),
            INVALID,
            "https://app.example.com/#bye cannot contain a fragment.",
        ),
        (
            json!({"CallbackURLs": ["https://app.example.com/"], "DefaultRedirectURI": "https://app.example.com/cb"}),
            INVALID,
            "The default redirect URI https://app.example.com/cb is not in the callback URIs list.",
        ),
    ]
}

#[tokio::test]
async fn settings_that_contradict_are_refused() {
    let app = App::new().await;
    let pool = pool_with_attributes(&app).await;
    let id = app.client(&pool, json!({})).await;
    for (settings, code, sentence) in refused_settings().into_iter().chain(refused_oauth_settings()) {
        let new = merged(settings.clone(), json!({"UserPoolId": pool, "ClientName": "refused"}));
        app.admin
            .call("CreateUserPoolClient", new)
            .await
            .refused(code, sentence);
        let change = merged(settings, json!({"UserPoolId": pool, "ClientId": id}));
        app.admin
            .call("UpdateUserPoolClient", change)
            .await
            .refused(code, sentence);
    }
    assert_eq!(describe(&app, &pool, &id).await, plain_client(&pool, &id));

    let create = |pool: &str, settings: Value| {
        let input = merged(json!({"UserPoolId": pool, "ClientName": "refused"}), settings);
        app.admin.call("CreateUserPoolClient", input)
    };
    create(
        &pool,
        json!({"GenerateSecret": true, "ClientSecret": "0123456789012345678901234"}),
    )
    .await
    .refused(INVALID, "ClientSecret cannot be given when GenerateSecret is true.");
    create(&pool, json!({"SupportedIdentityProviders": ["COGNITO", "Corporate"]}))
        .await
        .refused(
            INVALID,
            &format!("The provider Corporate does not exist for User Pool {pool}."),
        );
    create(
        &pool,
        json!({"GenerateSecret": true, "AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": ["openid"]}),
    )
    .await
    .refused(OAUTH, "openid is not supported with client_credentials flow");
    let listed = app
        .admin
        .call("ListUserPoolClients", json!({"UserPoolId": pool}))
        .await
        .ok();
    assert_eq!(listed["UserPoolClients"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_pool_may_forbid_flows() {
    let app = App::new().await;
    let argon2 = app
        .pool(json!({"UserPoolTags": {"poolhouse:password-store": "argon2id"}}))
        .await;
    let lite = app.pool(json!({"UserPoolTier": "LITE"})).await;
    let create = |pool: &str, flow: &str| {
        let input = json!({"UserPoolId": pool, "ClientName": "web", "ExplicitAuthFlows": [flow]});
        app.admin.call("CreateUserPoolClient", input)
    };
    create(&argon2, "ALLOW_USER_SRP_AUTH").await.refused(
        INVALID,
        "ALLOW_USER_SRP_AUTH is not available in a user pool with the tag poolhouse:password-store=argon2id.",
    );
    create(&argon2, "ALLOW_USER_PASSWORD_AUTH").await.ok();
    create(&lite, "ALLOW_USER_AUTH").await.refused(
        "FeatureUnavailableInTierException",
        "The following feature is not available for the LITE pricing tier configured: Passwordless Sign-In",
    );
}
