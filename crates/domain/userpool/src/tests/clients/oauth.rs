//! What an app client is told of OAuth. Reference: user-pools 3.7, oauth-and-federation 8.

use serde_json::{Value, json};
use testkit::merged;

use crate::tests::app::App;

const INVALID: &str = "InvalidParameterException";

fn numbered(count: usize, form: impl Fn(usize) -> String) -> Vec<String> {
    (0..count).map(form).collect()
}

/// A client of these settings, and the call's own refusal.
async fn create(app: &App, pool: &str, settings: Value) -> testkit::Answer {
    let input = merged(json!({"UserPoolId": pool, "ClientName": "web"}), settings);
    app.admin.call("CreateUserPoolClient", input).await
}

#[tokio::test]
async fn a_machine_has_scopes_of_resource_servers() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let scopes: Vec<Value> = (0..50)
        .map(|n| json!({"ScopeName": format!("s{n}"), "ScopeDescription": "something"}))
        .collect();
    let server = json!({"UserPoolId": pool, "Identifier": "https://api.example.com", "Name": "API", "Scopes": scopes});
    app.admin.call("CreateResourceServer", server).await.ok();

    let listed = numbered(50, |n| format!("https://api.example.com/s{n}"));
    let machine = json!({
        "GenerateSecret": true, "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["client_credentials"],
        "AllowedOAuthScopes": listed,
    });
    let made = create(&app, &pool, machine.clone()).await.ok();
    assert_eq!(made["UserPoolClient"]["AllowedOAuthScopes"], json!(listed));

    for (scopes, code, sentence) in [
        (
            json!(["https://api.example.com/s50"]),
            "ScopeDoesNotExistException",
            "Invalid scope requested: https://api.example.com/s50",
        ),
        (
            json!(["https://api.example.com/s1", "email"]),
            "InvalidOAuthFlowException",
            "email is not supported with client_credentials flow",
        ),
    ] {
        let input = merged(machine.clone(), json!({"AllowedOAuthScopes": scopes}));
        create(&app, &pool, input).await.refused(code, sentence);
    }
    // Another pool's server is nobody's here.
    let other = app.pool(json!({})).await;
    let refused = create(&app, &other, machine).await;
    refused.refused(
        "ScopeDoesNotExistException",
        "Invalid scope requested: https://api.example.com/s0",
    );
}

#[tokio::test]
async fn lists_are_as_long_as_the_model_says() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let addresses = |count| numbered(count, |n| format!("https://app.example.com/{n}"));
    let most = json!({"CallbackURLs": addresses(100), "LogoutURLs": addresses(100)});
    create(&app, &pool, most).await.ok();
    for long in [
        json!({"CallbackURLs": addresses(101)}),
        json!({"LogoutURLs": addresses(101)}),
        json!({"AllowedOAuthScopes": numbered(51, |n| format!("api/s{n}"))}),
        json!({"AllowedOAuthFlows": ["code", "code", "code", "code"]}),
        json!({"AllowedOAuthFlows": ["password"]}),
        json!({"CallbackURLs": [format!("https://app.example.com/{}", "a".repeat(1024))]}),
    ] {
        assert_eq!(create(&app, &pool, long.clone()).await.code(), INVALID, "{long}");
    }
}

/// What browsers drop from an address would make another of it.
#[tokio::test]
async fn addresses_have_no_signs_that_are_not_seen() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    for hidden in [
        ' ', '\t', '\n', '\r', '\u{0}', '\u{7f}', '\u{a0}', '\u{200b}', '\u{202e}', '\u{2028}', '\u{feff}',
    ] {
        let url = format!("https://app.example.com/{hidden}x");
        for list in ["CallbackURLs", "LogoutURLs"] {
            let answer = create(&app, &pool, json!({list: [url]})).await;
            assert_eq!(answer.code(), INVALID, "{list} {hidden:?}");
        }
    }
}
