//! What goes with an app client or a pool, and who is missing.

use kernel::PoolId;
use serde_json::{Value, json};
use testkit::merged;

use super::{House, NOT_FOUND, PNG, base64};

/// Something of everything, for one client: the digest of its pictures.
async fn furnish(house: &House, client: &str) -> String {
    let png = json!({"Category": "FORM_LOGO", "ColorMode": "LIGHT", "Extension": "PNG", "Bytes": base64(PNG)});
    for (operation, input) in [
        ("SetUICustomization", json!({"ImageFile": base64(PNG)})),
        ("CreateManagedLoginBranding", json!({"Settings": {}, "Assets": [png]})),
        (
            "CreateTerms",
            json!({
                "TermsName": "terms-of-use", "TermsSource": "LINK", "Enforcement": "NONE",
                "Links": {"cognito:default": "https://example.com/"},
            }),
        ),
    ] {
        house
            .call(operation, merged(json!({"ClientId": client}), input))
            .await
            .ok();
    }
    let classic = house.appearance(client).await.unwrap().classic.unwrap();
    classic.logo.unwrap().digest
}

#[tokio::test]
async fn a_clients_looks_go_with_it() {
    let house = House::new().await;
    let digest = furnish(&house, &house.client).await;
    house
        .call("DeleteUserPoolClient", json!({"ClientId": house.client}))
        .await
        .ok();
    assert_eq!(house.appearance(&house.client).await, None);
    assert_eq!(house.asset(&digest).await, None);
    assert_eq!(house.call("ListTerms", json!({})).await.ok(), json!({"Terms": []}));
}

#[tokio::test]
async fn a_pools_looks_go_with_it() {
    let house = House::new().await;
    let digest = furnish(&house, &house.client).await;
    house
        .call("DeleteUserPoolDomain", json!({"Domain": "harbour"}))
        .await
        .ok();
    house
        .app
        .admin
        .call("DeleteUserPool", json!({"UserPoolId": house.pool}))
        .await
        .ok();
    assert_eq!(house.appearance(&house.client).await, None);
    house.app.pools.finish_deletions().await.unwrap();
    assert_eq!(house.asset(&digest).await, None);
}

#[tokio::test]
async fn a_neighbour_has_the_same() {
    let house = House::new().await;
    let digest = furnish(&house, &house.client).await;
    let pool = PoolId::new(house.pool.as_str());
    let asset = house.app.neighbour().asset(&pool, &digest).await.unwrap();
    assert_eq!(asset.unwrap().bytes, PNG);
    // A picture is a pool's own.
    let other = PoolId::new("eu-west-1_Other");
    assert_eq!(house.app.pools.asset(&other, &digest).await.unwrap(), None);
}

#[tokio::test]
async fn who_is_missing_is_named() {
    let house = House::new().await;
    let id = "00000000-0000-4000-8000-000000000000";
    let terms = json!({
        "TermsName": "terms-of-use", "TermsSource": "LINK", "Enforcement": "NONE", "TermsId": id,
        "Links": {"cognito:default": "https://example.com/"},
    });
    let style = json!({"ManagedLoginBrandingId": id, "UseCognitoProvidedValues": true});
    let of_client = |input: &Value| merged(input.clone(), json!({"ClientId": "nobody"}));
    for (operation, input, names_client) in [
        ("CreateManagedLoginBranding", &style, true),
        ("DescribeManagedLoginBrandingByClient", &style, true),
        ("CreateTerms", &terms, true),
        ("DescribeTermsByClient", &terms, true),
        ("UpdateManagedLoginBranding", &style, false),
        ("DeleteManagedLoginBranding", &style, false),
        ("DescribeManagedLoginBranding", &style, false),
        ("UpdateTerms", &terms, false),
        ("DeleteTerms", &terms, false),
        ("DescribeTerms", &terms, false),
        ("ListTerms", &terms, false),
    ] {
        if names_client {
            let answer = house.call(operation, of_client(input)).await;
            answer.refused(NOT_FOUND, "User pool client nobody does not exist.");
        }
        let elsewhere = merged(of_client(input), json!({"UserPoolId": "eu-west-1_None"}));
        let answer = house.app.admin.call(operation, elsewhere).await;
        answer.refused(NOT_FOUND, "User pool eu-west-1_None does not exist.");
    }
}
