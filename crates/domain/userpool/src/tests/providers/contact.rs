//! An OpenID provider is asked before it is kept, unless its details leave nothing to ask. Reference: oauth-and-federation 10.1, 10.3.

use kernel::Cx;
use serde_json::{Value, json};
use testkit::{Call, merged};

use super::{INVALID, created, oidc, oidc_details, publisher::Publisher};
use crate::{ops, tests::app::App};

const SENTENCE: &str = "Unable to contact well-known endpoint";

/// What an issuer of this name says.
type Said<'a> = &'a dyn Fn(&str) -> String;

/// Details that name an issuer and no more.
fn details(issuer: &str) -> Value {
    json!({
        "client_id": "app", "client_secret": "hush", "authorize_scopes": "openid", "oidc_issuer": issuer,
        "attributes_request_method": "GET",
    })
}

fn configuration(issuer: &str) -> Value {
    json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/keys"),
    })
}

#[tokio::test]
async fn an_issuer_says_where_it_is() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let issuer = Publisher::of("").await;
    issuer.publish(200, &configuration(&issuer.url).to_string());
    let made = created(&app, oidc(&pool, "Corporate", json!({}))).await;
    assert_eq!(made["ProviderDetails"]["token_url"], "https://login.example.com/token");
    assert!(issuer.asked().is_empty(), "nothing is left to ask");

    let whole = merged(oidc(&pool, "Partner", json!({})), json!({"ProviderDetails": null}));
    let partner = merged(whole, json!({"ProviderDetails": details(&issuer.url)}));
    let made = created(&app, partner).await;
    assert_eq!(issuer.asked(), ["/.well-known/openid-configuration"]);
    assert_eq!(
        made["ProviderDetails"],
        merged(details(&issuer.url), json!({"attributes_url_add_attributes": "false"})),
        "what it says is neither kept nor shown"
    );

    // Who says nothing of the details is not asked for them.
    let gone = details("http://127.0.0.1:1");
    let named = json!({"UserPoolId": pool, "ProviderName": "Partner"});
    let update = |members: Value| app.admin.call("UpdateIdentityProvider", merged(named.clone(), members));
    update(json!({"AttributeMapping": {"email": "mail"}})).await.ok();
    assert!(issuer.asked().is_empty());
    update(json!({"ProviderDetails": gone}))
        .await
        .refused(INVALID, SENTENCE);
    update(json!({"ProviderDetails": oidc_details()})).await.ok();
}

#[tokio::test]
async fn an_issuer_that_says_nothing_of_use_is_refused() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let try_ = |issuer: String| {
        let whole = json!({
            "UserPoolId": pool, "ProviderName": "Partner", "ProviderType": "OIDC", "ProviderDetails": details(&issuer),
        });
        app.admin.call("CreateIdentityProvider", whole)
    };
    try_("http://127.0.0.1:1".to_owned()).await.refused(INVALID, SENTENCE);
    let without = |issuer: &str, name: &str| {
        let mut all = configuration(issuer);
        all.as_object_mut().unwrap().remove(name);
        all.to_string()
    };
    let unfit: [(u16, Said<'_>); 6] = [
        (404, &|issuer| configuration(issuer).to_string()),
        (200, &|_| "<html>".to_owned()),
        (200, &|issuer| configuration(&format!("{issuer}/other")).to_string()),
        (200, &|issuer| without(issuer, "authorization_endpoint")),
        (200, &|issuer| without(issuer, "token_endpoint")),
        (200, &|issuer| without(issuer, "jwks_uri")),
    ];
    for (status, said) in unfit {
        let issuer = Publisher::of("").await;
        issuer.publish(status, &said(&issuer.url));
        try_(issuer.url.clone()).await.refused(INVALID, SENTENCE);
    }
}

/// Whoever may change a pool is not to look around in our network.
#[tokio::test]
async fn neighbours_are_not_asked() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let guarded = app.guarded_neighbour();
    let inside = Publisher::of("").await;
    let https = inside.url.replace("http://", "https://");
    for (details, kind, sentence) in [
        (details(&https), "OIDC", SENTENCE.to_owned()),
        (
            json!({"MetadataURL": inside.url}),
            "SAML",
            format!("Error retrieving metadata from {}", inside.url),
        ),
        (
            json!({"MetadataURL": https}),
            "SAML",
            format!("Error retrieving metadata from {https}"),
        ),
    ] {
        let whole = json!({
            "UserPoolId": pool, "ProviderName": "Partner", "ProviderType": kind, "ProviderDetails": details,
        });
        let call = Call::of(&ops::TABLE, "CreateIdentityProvider", whole);
        let answer = call.on(&guarded, &Cx::internal(&app.env, testkit::BASE_URL)).await;
        answer.refused(INVALID, &sentence);
    }
    assert!(inside.asked().is_empty());
}
