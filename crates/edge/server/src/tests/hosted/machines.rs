//! `client_credentials`: what a client may ask for itself. Reference: 17.2.

use serde_json::{Value, json};

use super::{App, Site, site::refused};

async fn with_servers(site: &Site) {
    for (identifier, scope) in [("photos", "read"), ("films", "read")] {
        let server = json!({
            "UserPoolId": site.at.pool, "Identifier": identifier, "Name": identifier,
            "Scopes": [{"ScopeName": scope, "ScopeDescription": "r"}, {"ScopeName": "write", "ScopeDescription": "w"}],
        });
        site.call("CreateResourceServer", server).await;
    }
}

async fn machine(site: &Site, scopes: Value) -> App {
    let settings = json!({
        "GenerateSecret": true, "AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": scopes,
    });
    site.app_of(&site.at, settings).await
}

#[tokio::test]
async fn a_client_has_its_own_scopes_alone() {
    let site = Site::new().await;
    with_servers(&site).await;
    let app = machine(&site, json!(["photos/read", "films/write"])).await;
    for (scope, status) in [
        ("photos/read", 200),
        ("photos/read films/write", 200),
        ("photos/write", 400),
        ("films/read", 400),
        ("photos/read films/read", 400),
        ("photos", 400),
        ("photos/", 400),
        ("photos/*", 400),
        ("PHOTOS/READ", 400),
        ("openid", 400),
        ("photos/read openid", 400),
        ("email", 400),
        ("aws.cognito.signin.user.admin", 400),
        ("phone profile", 400),
        ("photos/read\0", 400),
    ] {
        let pairs = [("grant_type", "client_credentials"), ("scope", scope)];
        let got = site.token(&site.at, &app, &pairs).await;
        assert_eq!(got.status, status, "{scope}: {}", got.body);
        if status == 400 {
            refused(&got, 400, "invalid_scope");
        } else {
            let members: Vec<String> = got.json().as_object().unwrap().keys().cloned().collect();
            assert!(
                !members.iter().any(|name| name == "refresh_token" || name == "id_token"),
                "{members:?}"
            );
        }
    }
    // What its resource server has no more is granted no more.
    site.call(
        "DeleteResourceServer",
        json!({"UserPoolId": site.at.pool, "Identifier": "films"}),
    )
    .await;
    let pairs = [("grant_type", "client_credentials")];
    let token = site.token(&site.at, &app, &pairs).await.ok().text("/access_token");
    let input = json!({"AccessToken": token});
    assert_eq!(site.public("GetUser", input).await.status, 400);
}

#[tokio::test]
async fn grants_are_of_those_clients_that_have_them() {
    let site = Site::new().await;
    with_servers(&site).await;
    let machine = machine(&site, json!(["photos/read"])).await;
    let secret = site.app_of(&site.at, json!({"GenerateSecret": true})).await;
    for app in [&site.app, &secret] {
        refused(
            &site.token(&site.at, app, &[("grant_type", "client_credentials")]).await,
            400,
            "unauthorized_client",
        );
    }
    let mut nobody = machine.clone();
    nobody.secret = None;
    refused(
        &site
            .token(&site.at, &nobody, &[("grant_type", "client_credentials")])
            .await,
        400,
        "invalid_client",
    );
    refused(
        &site.trade(&site.at, &machine, "a-code").await,
        400,
        "unauthorized_client",
    );
    for grant in [
        "password",
        "implicit",
        "urn:ietf:params:oauth:grant-type:device_code",
        "CLIENT_CREDENTIALS",
        "client_credentials ",
        "\0",
    ] {
        refused(
            &site.token(&site.at, &machine, &[("grant_type", grant)]).await,
            400,
            "unsupported_grant_type",
        );
    }
    refused(&site.token(&site.at, &machine, &[]).await, 400, "invalid_request");
    // Nor by way of the browser.
    let query = machine.request(&[("scope", "photos/read")]);
    let got = site.browser().get(&format!("/oauth2/authorize?{query}")).await;
    assert!(
        got.header("location").contains("error=unauthorized_client"),
        "{}",
        got.header("location")
    );
    for metadata in ["x", "[]", "{\"a\":1}", "{\"a\":{}}"] {
        let pairs = [("grant_type", "client_credentials"), ("aws_client_metadata", metadata)];
        refused(&site.token(&site.at, &machine, &pairs).await, 400, "invalid_request");
    }
}
