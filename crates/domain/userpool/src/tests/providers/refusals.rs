//! What is refused, with AWS's sentences.

use kernel::Cx;
use serde_json::{Value, json};
use testkit::{Call, merged};

use super::{INVALID, NOT_FOUND, created, oidc, oidc_details};
use crate::{ops, tests::app::App};

type Unfit = (&'static str, &'static str, Value, &'static str);

/// A type, a name that it may have, and the details that are refused, with the sentence.
fn unfit_details() -> Vec<Unfit> {
    let mut all = unfit_social();
    all.extend(unfit_oidc());
    all.extend(unfit_saml());
    all
}

fn unfit_oidc() -> Vec<Unfit> {
    let open = "clientId, authorizeScopes, oidcIssuer and attributesRequestMethod are all required idp details.";
    let endpoint = "OIDC endpoint must start with https://";
    let with = |members: Value| merged(oidc_details(), members);
    let without = |name: &str| {
        let mut details = oidc_details();
        details.as_object_mut().unwrap().remove(name);
        details
    };
    vec![
        ("OIDC", "Corporate", without("client_id"), open),
        ("OIDC", "Corporate", without("authorize_scopes"), open),
        ("OIDC", "Corporate", without("oidc_issuer"), open),
        ("OIDC", "Corporate", without("attributes_request_method"), open),
        ("OIDC", "Corporate", json!({}), open),
        (
            "OIDC",
            "Corporate",
            with(json!({"oidc_issuer": "ftp://login.example.com"})),
            endpoint,
        ),
        (
            "OIDC",
            "Corporate",
            with(json!({"oidc_issuer": "login.example.com"})),
            endpoint,
        ),
        (
            "OIDC",
            "Corporate",
            with(json!({"jwks_uri": "file:///etc/keys"})),
            endpoint,
        ),
        (
            "OIDC",
            "Corporate",
            with(json!({"token_url": "javascript:0"})),
            endpoint,
        ),
        (
            "OIDC",
            "Corporate",
            with(json!({"oidc_issuer": "https://ana:hush@login.example.com"})),
            "Unable to contact well-known endpoint",
        ),
        (
            "OIDC",
            "Corporate",
            with(json!({"attributes_request_method": "PUT"})),
            "1 validation error detected: Value 'PUT' at 'attributes_request_method' failed to satisfy constraint: Member \
             must satisfy enum value set: [POST, GET]",
        ),
    ]
}

fn unfit_social() -> Vec<Unfit> {
    let social = "clientId, clientSecret and authorizeScopes are all required idp details.";
    let apple = "clientId, privateKey, teamId, and keyId are all required idp details.";
    vec![
        (
            "Google",
            "Google",
            json!({"client_id": "a", "authorize_scopes": "b"}),
            social,
        ),
        (
            "Facebook",
            "Facebook",
            json!({"client_id": "a", "client_secret": "b"}),
            social,
        ),
        (
            "LoginWithAmazon",
            "LoginWithAmazon",
            json!({"client_secret": "a", "authorize_scopes": "b"}),
            social,
        ),
        (
            "Google",
            "Google",
            json!({"client_id": "", "client_secret": "a", "authorize_scopes": "b"}),
            social,
        ),
        (
            "SignInWithApple",
            "SignInWithApple",
            json!({"client_id": "a", "team_id": "b", "key_id": "c"}),
            apple,
        ),
    ]
}

fn unfit_saml() -> Vec<Unfit> {
    vec![
        (
            "SAML",
            "Corporate",
            json!({"MetadataURL": "https://login.example.com/", "MetadataFile": "<a/>"}),
            "Only one of the MetadataURL or MetadataFile should be provided.",
        ),
        (
            "SAML",
            "Corporate",
            json!({"IDPSignout": "true"}),
            "At least one of the MetadataURL or MetadataFile should be provided.",
        ),
    ]
}

#[tokio::test]
async fn details_must_be_whole() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    for (kind, name, details, sentence) in unfit_details() {
        let input = json!({"UserPoolId": pool, "ProviderName": name, "ProviderType": kind, "ProviderDetails": details});
        let answer = app.admin.call("CreateIdentityProvider", input).await;
        answer.refused(INVALID, sentence);
    }
    created(&app, oidc(&pool, "Corporate", json!({}))).await;
    for (kind, name, details, sentence) in unfit_details() {
        if kind == "OIDC" {
            let input = json!({"UserPoolId": pool, "ProviderName": name, "ProviderDetails": details});
            let answer = app.admin.call("UpdateIdentityProvider", input).await;
            answer.refused(INVALID, sentence);
        }
    }
}

#[tokio::test]
async fn a_social_providers_name_is_its_own() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    for (name, kind) in [
        ("Google", "OIDC"),
        ("SignInWithApple", "SAML"),
        ("Facebook", "Google"),
        ("Corporate", "Google"),
        ("google", "Google"),
    ] {
        let input = oidc(&pool, name, json!({"ProviderType": kind}));
        let answer = app.admin.call("CreateIdentityProvider", input).await;
        answer.refused(INVALID, &format!("Provider {name} cannot be of type {kind}."));
    }
    for name in ["google", "SAML", "COGNITO"] {
        created(&app, oidc(&pool, name, json!({}))).await;
    }
    for name in ["ab", "_abc", " abc", "a_b_c", "ab c", "abc_", &"a".repeat(33)] {
        let answer = app
            .admin
            .call("CreateIdentityProvider", oidc(&pool, name, json!({})))
            .await;
        assert_eq!(answer.code(), INVALID, "{name}");
    }
}

#[tokio::test]
async fn mappings_keep_to_the_schema() {
    let app = App::new().await;
    let schema = json!({"Schema": [{"Name": "role", "AttributeDataType": "String", "Mutable": true}]});
    let pool = app.pool(schema).await;
    for (attribute, source, sentence) in [
        ("sub", "sub", "The attribute sub cannot be mapped."),
        ("identities", "x", "The attribute identities cannot be mapped."),
        ("cognito:groups", "x", "The attribute cognito:groups cannot be mapped."),
        (
            "custom:tier",
            "x",
            "The mapped attribute custom:tier does not exist in the schema.",
        ),
        ("role", "x", "The mapped attribute role does not exist in the schema."),
        ("username", "email", "The attribute username can only be mapped to sub."),
    ] {
        let mapping = json!({"AttributeMapping": {attribute: source}});
        let answer = app
            .admin
            .call("CreateIdentityProvider", oidc(&pool, "Corporate", mapping))
            .await;
        answer.refused(INVALID, sentence);
    }
    let fine = json!({"username": "sub", "custom:role": "role", "email_verified": "verified", "name": "name"});
    created(&app, oidc(&pool, "Corporate", json!({"AttributeMapping": fine}))).await;

    let google = json!({
        "UserPoolId": pool, "ProviderName": "Google", "ProviderType": "Google", "AcrMapping": {"Level1": "x"},
        "ProviderDetails": {"client_id": "a", "client_secret": "b", "authorize_scopes": "c"},
    });
    let answer = app.admin.call("CreateIdentityProvider", google).await;
    answer.refused(INVALID, "AcrMapping can only be set for a provider of the type OIDC.");
}

/// Plain http is for those who let tenants reach their network.
#[tokio::test]
async fn plain_http_is_the_operators_choice() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let details = merged(oidc_details(), json!({"oidc_issuer": "http://127.0.0.1:9000"}));
    let plain = json!({"ProviderDetails": details});
    let guarded = app.guarded_neighbour();
    let call = Call::of(
        &ops::TABLE,
        "CreateIdentityProvider",
        oidc(&pool, "Corporate", plain.clone()),
    );
    let answer = call.on(&guarded, &Cx::internal(&app.env, testkit::BASE_URL)).await;
    answer.refused(INVALID, "OIDC endpoint must start with https://");
    created(&app, oidc(&pool, "Corporate", plain)).await;
}

#[tokio::test]
async fn a_pool_has_three_hundred() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    for n in 0..300 {
        created(&app, oidc(&pool, &format!("P{n:03}"), json!({}))).await;
    }
    let answer = app
        .admin
        .call("CreateIdentityProvider", oidc(&pool, "OneMore", json!({})))
        .await;
    answer.refused(
        "LimitExceededException",
        "A user pool cannot have more than 300 identity providers.",
    );
}

#[tokio::test]
async fn a_pool_that_is_not_there_has_none() {
    let app = App::new().await;
    let nowhere = "us-east-1_nowhere";
    let named = json!({"UserPoolId": nowhere, "ProviderName": "Corporate"});
    for (operation, input) in [
        ("CreateIdentityProvider", oidc(nowhere, "Corporate", json!({}))),
        ("DescribeIdentityProvider", named.clone()),
        ("UpdateIdentityProvider", named.clone()),
        ("DeleteIdentityProvider", named),
        ("ListIdentityProviders", json!({"UserPoolId": nowhere})),
        (
            "GetIdentityProviderByIdentifier",
            json!({"UserPoolId": nowhere, "IdpIdentifier": "corp"}),
        ),
    ] {
        let answer = app.admin.call(operation, input).await;
        answer.refused(NOT_FOUND, "User pool us-east-1_nowhere does not exist.");
    }
}
