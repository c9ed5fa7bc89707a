//! How providers are shown, and what of them is kept from whom.

use serde_json::{Value, json};
use store::records::identity_providers;
use testkit::merged;

use super::{INVALID, created, described, oidc, oidc_details};
use crate::tests::app::App;

/// What is given to each social provider, what is shown beside it, and what its users are called by.
fn social() -> [(&'static str, Value, Value, &'static str); 4] {
    let given = json!({"client_id": "app", "client_secret": "hush", "authorize_scopes": "profile"});
    let facebook = json!({
        "attributes_url": "https://graph.facebook.com/v19.0/me?fields=", "attributes_url_add_attributes": "true",
        "authorize_url": "https://www.facebook.com/v19.0/dialog/oauth", "token_request_method": "GET",
        "token_url": "https://graph.facebook.com/v19.0/oauth/access_token",
    });
    let google = json!({
        "attributes_url": "https://people.googleapis.com/v1/people/me?personFields=",
        "attributes_url_add_attributes": "true", "authorize_url": "https://accounts.google.com/o/oauth2/v2/auth",
        "oidc_issuer": "https://accounts.google.com", "token_request_method": "POST",
        "token_url": "https://www.googleapis.com/oauth2/v4/token",
    });
    let amazon = json!({
        "attributes_url": "https://api.amazon.com/user/profile", "attributes_url_add_attributes": "false",
        "authorize_url": "https://www.amazon.com/ap/oa", "token_request_method": "POST",
        "token_url": "https://api.amazon.com/auth/o2/token",
    });
    let apple = json!({
        "attributes_url_add_attributes": "false", "authorize_url": "https://appleid.apple.com/auth/authorize",
        "oidc_issuer": "https://appleid.apple.com", "token_request_method": "POST",
        "token_url": "https://appleid.apple.com/auth/token",
    });
    let to_apple = json!({"client_id": "app", "team_id": "T1", "key_id": "K1", "authorize_scopes": "email name"});
    [
        (
            "Facebook",
            merged(given.clone(), json!({"api_version": "v19.0"})),
            facebook,
            "id",
        ),
        ("Google", given.clone(), google, "sub"),
        ("LoginWithAmazon", given, amazon, "user_id"),
        ("SignInWithApple", to_apple, apple, "sub"),
    ]
}

#[tokio::test]
async fn a_social_provider_shows_where_it_is() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    for (name, given, read_only, subject) in social() {
        let mut details = given.clone();
        if name == "SignInWithApple" {
            details["private_key"] = json!("a key that is never shown");
        }
        let input = json!({"UserPoolId": pool, "ProviderName": name, "ProviderType": name, "ProviderDetails": details});
        let made = created(&app, input).await;
        assert_eq!(
            made["ProviderDetails"],
            merged(given.clone(), read_only.clone()),
            "{name}"
        );
        assert_eq!(made["AttributeMapping"], json!({"username": subject}), "{name}");
        assert_eq!(made["IdpIdentifiers"], json!([]), "{name}");
        assert_eq!(described(&app, &pool, name).await, made);

        // What was shown may be given back, as Terraform's users do; where it leads is not theirs to say.
        details = merged(details, merged(given, read_only));
        details["token_url"] = json!("https://thief.example.com/token");
        let input = json!({"UserPoolId": pool, "ProviderName": name, "ProviderDetails": details});
        let changed = app.admin.call("UpdateIdentityProvider", input).await.ok();
        assert_eq!(changed["IdentityProvider"], made, "{name}");
    }
}

#[tokio::test]
async fn what_is_secret_lies_sealed() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let details = json!({"client_id": "app", "team_id": "T1", "key_id": "K1", "private_key": "hush-hush"});
    let apple = json!({
        "UserPoolId": pool, "ProviderName": "SignInWithApple", "ProviderType": "SignInWithApple",
        "ProviderDetails": details,
    });
    created(&app, apple).await;
    created(
        &app,
        oidc(
            &pool,
            "Corporate",
            json!({"ProviderDetails": merged(oidc_details(), json!({"client_secret": "hush-hush"}))}),
        ),
    )
    .await;
    let id = kernel::PoolId::parse(&pool).unwrap();
    let rows = app.store.read(move |r| identity_providers::all(r, &id)).await.unwrap();
    assert_eq!(rows.len(), 2);
    for row in rows {
        assert!(!row.doc.contains("hush-hush"), "{}", row.doc);
        assert!(!row.secret.windows(9).any(|part| part == b"hush-hush"));
    }
    // Both keep it: the one shows it, the other has it still when the rest changes.
    let shown = described(&app, &pool, "Corporate").await;
    assert_eq!(shown["ProviderDetails"]["client_secret"], "hush-hush");
    let mapping =
        json!({"UserPoolId": pool, "ProviderName": "SignInWithApple", "AttributeMapping": {"email": "email"}});
    app.admin.call("UpdateIdentityProvider", mapping).await.ok();
    let loaded = app.pools.pool(&pool).await.unwrap();
    let details = loaded
        .provider("SignInWithApple")
        .unwrap()
        .settings
        .provider_details
        .clone();
    assert_eq!(details.unwrap()["private_key"], "hush-hush");
}

#[tokio::test]
async fn lists_page_by_name() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    for n in 0..51 {
        created(&app, oidc(&pool, &format!("P{n:03}"), json!({}))).await;
    }
    let page = |input: Value| {
        app.admin
            .call("ListIdentityProviders", merged(json!({"UserPoolId": pool}), input))
    };
    let size = |page: &Value| page["Providers"].as_array().unwrap().len();
    for (input, expected) in [
        (json!({}), 50),
        (json!({"MaxResults": 0}), 50),
        (json!({"MaxResults": 60}), 50),
        (json!({"MaxResults": 2}), 2),
    ] {
        let first = page(input.clone()).await.ok();
        assert_eq!(size(&first), expected, "{input}");
        assert_eq!(
            first["Providers"][0],
            json!({
                "ProviderName": "P000", "ProviderType": "OIDC",
                "CreationDate": 1_768_478_400, "LastModifiedDate": 1_768_478_400,
            })
        );
        let next = page(json!({"MaxResults": 60, "NextToken": first["NextToken"]}))
            .await
            .ok();
        assert_eq!(size(&next), (51 - expected).min(50), "{input}");
    }
    let made_up = page(json!({"NextToken": "made-up"})).await;
    made_up.refused(INVALID, "Invalid pagination token given.");
}
