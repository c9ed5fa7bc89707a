//! How providers come, change and go, and what goes with them.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::merged;

use super::{INVALID, NOT_FOUND, created, described, oidc, oidc_details};
use crate::tests::app::App;

#[tokio::test]
async fn a_provider_lives() {
    let mut app = App::new().await;
    let pool = app.pool(json!({})).await;
    let settings = json!({
        "AttributeMapping": {"email": "mail", "email_verified": "mail_checked"},
        "IdpIdentifiers": ["example.com", "corp"], "AcrMapping": {"Level4": "gold"},
    });
    let made = created(&app, oidc(&pool, "Corporate", settings)).await;
    let whole = json!({
        "UserPoolId": pool, "ProviderName": "Corporate", "ProviderType": "OIDC",
        "ProviderDetails": merged(oidc_details(), json!({"attributes_url_add_attributes": "false"})),
        "AttributeMapping": {"email": "mail", "email_verified": "mail_checked", "username": "sub"},
        "IdpIdentifiers": ["example.com", "corp"], "AcrMapping": {"Level4": "gold"},
        "CreationDate": 1_768_478_400, "LastModifiedDate": 1_768_478_400,
    });
    assert_eq!(made, whole);
    assert_eq!(described(&app, &pool, "Corporate").await, whole);

    // What an update does not name stays, what is empty goes, details are replaced as a whole.
    app.advance(Duration::from_secs(60));
    let named = json!({"UserPoolId": pool, "ProviderName": "Corporate"});
    let update = |members: Value| app.admin.call("UpdateIdentityProvider", merged(named.clone(), members));
    let kept = update(json!({})).await.ok();
    let later = json!({"LastModifiedDate": 1_768_478_460});
    assert_eq!(kept["IdentityProvider"], merged(whole.clone(), later.clone()));
    let mut details = oidc_details();
    details.as_object_mut().unwrap().remove("client_secret");
    let emptied = json!({"AttributeMapping": {}, "IdpIdentifiers": [], "AcrMapping": {}, "ProviderDetails": details});
    let changed = update(emptied).await.ok()["IdentityProvider"].clone();
    assert_eq!(changed["AttributeMapping"], json!({"username": "sub"}));
    assert_eq!(changed["IdpIdentifiers"], json!([]));
    assert_eq!(changed.get("AcrMapping"), None);
    assert_eq!(changed["ProviderDetails"].get("client_secret"), None);

    app = app.restarted().await;
    assert_eq!(described(&app, &pool, "Corporate").await, changed);
    app.admin.call("DeleteIdentityProvider", named.clone()).await.ok();
    for operation in [
        "DescribeIdentityProvider",
        "DeleteIdentityProvider",
        "UpdateIdentityProvider",
    ] {
        let answer = app.admin.call(operation, named.clone()).await;
        answer.refused(NOT_FOUND, "Identity provider Corporate does not exist.");
    }
}

#[tokio::test]
async fn a_name_and_an_identifier_are_one_providers() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let with = |identifiers: &[&str]| json!({"IdpIdentifiers": identifiers});
    created(&app, oidc(&pool, "Alpha", with(&["a.example.com", "both", "both"]))).await;
    let again = app
        .admin
        .call("CreateIdentityProvider", oidc(&pool, "Alpha", json!({})))
        .await;
    again.refused(
        "DuplicateProviderException",
        "The user pool already has an identity provider Alpha.",
    );
    created(&app, oidc(&pool, "Beta", with(&["b.example.com"]))).await;

    let sentence = "The identifier both belongs to another identity provider.";
    let third = oidc(&pool, "Gamma", with(&["c.example.com", "both"]));
    let taken = app.admin.call("CreateIdentityProvider", third.clone()).await;
    taken.refused(INVALID, sentence);
    let beta = json!({"UserPoolId": pool, "ProviderName": "Beta", "IdpIdentifiers": ["both"]});
    app.admin
        .call("UpdateIdentityProvider", beta)
        .await
        .refused(INVALID, sentence);

    let find = |identifier: &str| {
        let input = json!({"UserPoolId": pool, "IdpIdentifier": identifier});
        app.admin.call("GetIdentityProviderByIdentifier", input)
    };
    for (identifier, name) in [("a.example.com", "Alpha"), ("both", "Alpha"), ("b.example.com", "Beta")] {
        let found = find(identifier).await.ok()["IdentityProvider"].clone();
        assert_eq!(found, described(&app, &pool, name).await);
    }
    let nobody = find("c.example.com").await;
    nobody.refused(NOT_FOUND, "No identity provider has the identifier c.example.com.");

    // What one gives up another may take, in one pool and elsewhere.
    let given_up = json!({"UserPoolId": pool, "ProviderName": "Alpha", "IdpIdentifiers": ["a.example.com"]});
    app.admin.call("UpdateIdentityProvider", given_up).await.ok();
    created(&app, third).await;
    let gone = json!({"UserPoolId": pool, "ProviderName": "Beta"});
    app.admin.call("DeleteIdentityProvider", gone).await.ok();
    created(&app, oidc(&pool, "Delta", with(&["b.example.com"]))).await;
    let elsewhere = app.pool(json!({})).await;
    created(&app, oidc(&elsewhere, "Alpha", with(&["a.example.com"]))).await;
}

#[tokio::test]
async fn a_provider_has_a_group() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    created(&app, oidc(&pool, "Corporate", json!({}))).await;
    let name = format!("{pool}_Corporate");
    let group = json!({"UserPoolId": pool, "GroupName": name});
    let found = app.admin.call("GetGroup", group.clone()).await.ok();
    assert_eq!(
        found["Group"]["Description"],
        "Autogenerated group for users who sign in using Corporate"
    );

    // It stays, and serves a provider of the same name again.
    let named = json!({"UserPoolId": pool, "ProviderName": "Corporate"});
    app.admin.call("DeleteIdentityProvider", named).await.ok();
    assert_eq!(app.admin.call("GetGroup", group.clone()).await.ok(), found);
    created(&app, oidc(&pool, "Corporate", json!({}))).await;
    assert_eq!(app.admin.call("GetGroup", group).await.ok(), found);
}

#[tokio::test]
async fn nobody_inherits_the_name_of_a_provider_that_the_pool_believes() {
    let app = App::new().await;
    let tags = json!({"poolhouse:link-by": "verified-email:Other Corporate"});
    let pool = app.pool(json!({"UserPoolTags": tags})).await;
    let corporate = || oidc(&pool, "Corporate", json!({}));
    let sentence = "The tag poolhouse:link-by of the user pool names Corporate: take the name off, create the identity provider, \
                    then set the tag again.";
    let refused = || async {
        let answer = app.admin.call("CreateIdentityProvider", corporate()).await;
        answer.refused(INVALID, sentence);
    };
    refused().await;
    created(&app, oidc(&pool, "corporate", json!({}))).await;

    let described = app
        .admin
        .call("DescribeUserPool", json!({"UserPoolId": pool}))
        .await
        .ok();
    let arn = &described["UserPool"]["Arn"];
    let untag = json!({"ResourceArn": arn, "TagKeys": ["poolhouse:link-by"]});
    app.admin.call("UntagResource", untag).await.ok();
    created(&app, corporate()).await;
    let tag = json!({"ResourceArn": arn, "Tags": tags});
    app.admin.call("TagResource", tag).await.ok();
    let named = json!({"UserPoolId": pool, "ProviderName": "Corporate"});
    app.admin.call("UpdateIdentityProvider", named.clone()).await.ok();
    let again = app.admin.call("CreateIdentityProvider", corporate()).await;
    again.refused(
        "DuplicateProviderException",
        "The user pool already has an identity provider Corporate.",
    );
    app.admin.call("DeleteIdentityProvider", named).await.ok();
    refused().await;
}

#[tokio::test]
async fn clients_list_what_there_is() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    created(&app, oidc(&pool, "Corporate", json!({}))).await;
    let listing = json!({"SupportedIdentityProviders": ["COGNITO", "Corporate"]});
    let client = app.client(&pool, listing.clone()).await;
    let missing = format!("The provider corporate does not exist for User Pool {pool}.");
    let input = json!({"UserPoolId": pool, "ClientName": "web", "SupportedIdentityProviders": ["corporate"]});
    app.admin
        .call("CreateUserPoolClient", input)
        .await
        .refused(INVALID, &missing);

    // It goes on listing what is gone, and is not changed without leaving it out.
    let named = json!({"UserPoolId": pool, "ProviderName": "Corporate"});
    app.admin.call("DeleteIdentityProvider", named).await.ok();
    let named = json!({"UserPoolId": pool, "ClientId": client});
    let kept = app.admin.call("DescribeUserPoolClient", named.clone()).await.ok();
    assert_eq!(
        kept["UserPoolClient"]["SupportedIdentityProviders"],
        listing["SupportedIdentityProviders"]
    );
    let missing = format!("The provider Corporate does not exist for User Pool {pool}.");
    let answer = app
        .admin
        .call("UpdateUserPoolClient", merged(named.clone(), listing))
        .await;
    answer.refused(INVALID, &missing);
    let without = json!({"SupportedIdentityProviders": ["COGNITO"]});
    app.admin
        .call("UpdateUserPoolClient", merged(named, without))
        .await
        .ok();
}

#[tokio::test]
async fn a_new_pool_of_a_deleted_ones_id_begins_without() {
    let app = App::new().await;
    let pinned = json!({"UserPoolTags": {"_custom_id_": "us-east-1_Pinned01"}});
    let pool = app.pool(pinned.clone()).await;
    created(&app, oidc(&pool, "Corporate", json!({"IdpIdentifiers": ["corp"]}))).await;
    app.admin.call("DeleteUserPool", json!({"UserPoolId": pool})).await.ok();
    assert_eq!(app.pool(pinned).await, pool);
    let listed = app.admin.call("ListIdentityProviders", json!({"UserPoolId": pool}));
    assert_eq!(listed.await.ok(), json!({"Providers": []}));
    created(&app, oidc(&pool, "Another", json!({"IdpIdentifiers": ["corp"]}))).await;
}
