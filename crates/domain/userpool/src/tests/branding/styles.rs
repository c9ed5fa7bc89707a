//! Managed login branding. Reference: user-pools 14.2, oauth-and-federation 9.3.

use std::time::Duration;

use api::cognito_idp::{AssetCategoryType, ColorSchemeModeType};
use serde_json::{Value, json};
use testkit::{merged, text};

use super::{House, INVALID, JPEG, NOT_FOUND, PNG, base64};
use crate::branding::Scheme;

const EXACTLY_ONE: &str = "useCognitoProvidedValues or settings should be specified (but not both)";

fn asset(category: &str, mode: &str, extension: &str, bytes: &[u8]) -> Value {
    json!({"Category": category, "ColorMode": mode, "Extension": extension, "Bytes": base64(bytes)})
}

#[tokio::test]
async fn a_style_lives() {
    let house = House::new().await;
    let settings = json!({
        "categories": {"global": {"colorSchemeMode": "DARK", "unknown": [1.5, null, {"a": true}]}},
        "components": {"form": {"darkMode": {"backgroundColor": "010203ff"}}},
    });
    let assets = json!([
        asset("FORM_LOGO", "DYNAMIC", "PNG", PNG),
        asset("PAGE_BACKGROUND", "LIGHT", "JPEG", JPEG)
    ]);
    let created = house
        .call(
            "CreateManagedLoginBranding",
            json!({"ClientId": house.client, "Settings": settings, "Assets": assets}),
        )
        .await
        .ok();
    let id = text(&created, "/ManagedLoginBranding/ManagedLoginBrandingId");
    let expected = json!({"ManagedLoginBranding": {
        "ManagedLoginBrandingId": id, "UserPoolId": house.pool, "UseCognitoProvidedValues": false, "Settings": settings,
        "Assets": assets, "CreationDate": 1_768_478_400, "LastModifiedDate": 1_768_478_400,
    }});
    assert_eq!(created, expected);
    let by_id = json!({"ManagedLoginBrandingId": id});
    let by_client = json!({"ClientId": house.client});
    for (operation, input) in [
        ("DescribeManagedLoginBranding", by_id.clone()),
        ("DescribeManagedLoginBrandingByClient", by_client.clone()),
    ] {
        assert_eq!(house.call(operation, input.clone()).await.ok(), expected, "{operation}");
        let merged_input = merged(input, json!({"ReturnMergedResources": true}));
        let answer = house.call(operation, merged_input).await.ok();
        let whole = &answer["ManagedLoginBranding"]["Settings"];
        assert_eq!(whole["categories"]["global"]["colorSchemeMode"], "DARK");
        assert_eq!(whole["categories"]["global"]["spacingDensity"], "REGULAR");
        assert_eq!(whole["components"]["form"]["darkMode"]["backgroundColor"], "010203ff");
        assert!(whole["components"]["form"]["lightMode"]["backgroundColor"].is_string());
    }

    house.app.advance(Duration::from_secs(3));
    let change = json!({
        "ManagedLoginBrandingId": id,
        "Settings": {"components": {"form": {"borderRadius": 3.0}}},
        "Assets": [asset("FORM_LOGO", "DYNAMIC", "JPEG", JPEG), asset("FORM_LOGO", "DARK", "PNG", PNG)],
    });
    let updated = house.call("UpdateManagedLoginBranding", change).await.ok();
    let updated = &updated["ManagedLoginBranding"];
    let kept = json!({"borderRadius": 3.0, "darkMode": {"backgroundColor": "010203ff"}});
    assert_eq!(updated["Settings"]["components"]["form"], kept);
    assert_eq!(updated["Settings"]["categories"], settings["categories"]);
    assert_eq!(updated["Assets"].as_array().unwrap().len(), 3);
    assert_eq!(updated["LastModifiedDate"], 1_768_478_403);

    assert_eq!(
        house.call("DeleteManagedLoginBranding", by_id.clone()).await.ok(),
        Value::Null
    );
    for (operation, input) in [
        ("DescribeManagedLoginBranding", &by_id),
        ("UpdateManagedLoginBranding", &by_id),
        ("DeleteManagedLoginBranding", &by_id),
        ("DescribeManagedLoginBrandingByClient", &by_client),
    ] {
        let answer = house.call(operation, input.clone()).await;
        answer.refused(NOT_FOUND, "Managed login branding style not found.");
    }
}

#[tokio::test]
async fn pages_are_given_a_typed_look() {
    let house = House::new().await;
    assert_eq!(house.appearance(&house.client).await.unwrap().style, None);
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'><script>x()</script><path d='M0 0'/></svg>";
    let input = json!({
        "ClientId": house.client,
        "UseCognitoProvidedValues": true,
        "Assets": [asset("FORM_LOGO", "DYNAMIC", "SVG", svg), asset("FORM_LOGO", "DARK", "PNG", PNG)],
    });
    let created = house.call("CreateManagedLoginBranding", input.clone()).await.ok();
    assert_eq!(created["ManagedLoginBranding"]["UseCognitoProvidedValues"], true);
    assert_eq!(created["ManagedLoginBranding"]["Settings"], Value::Null);
    let mut given = input["Assets"].as_array().unwrap().clone();
    given.reverse();
    assert_eq!(
        created["ManagedLoginBranding"]["Assets"],
        json!(given),
        "as they were given"
    );

    let style = house.appearance(&house.client).await.unwrap().style.unwrap();
    assert_eq!(style.look.scheme, Scheme::Dynamic);
    let image = |mode| {
        style
            .image(AssetCategoryType::FormLogo, mode, None)
            .unwrap()
            .digest
            .clone()
    };
    let for_light = house.asset(&image(ColorSchemeModeType::Light)).await;
    let clean = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0\"></path></svg>";
    assert_eq!(for_light, Some(("image/svg+xml", clean.to_vec())));
    assert_eq!(
        house.asset(&image(ColorSchemeModeType::Dark)).await,
        Some(("image/png", PNG.to_vec()))
    );
    assert_eq!(
        style.image(AssetCategoryType::FormLogo, ColorSchemeModeType::Dark, Some("x")),
        None
    );
    assert_eq!(
        style.image(AssetCategoryType::PageBackground, ColorSchemeModeType::Dark, None),
        None
    );

    // A change shows at once, and what is set goes when the service's own values come back.
    let id = text(&created, "/ManagedLoginBranding/ManagedLoginBrandingId");
    let dark = json!({
        "ManagedLoginBrandingId": id,
        "Settings": {"categories": {"global": {"colorSchemeMode": "DARK"}}},
        "Assets": [{"Category": "FORM_LOGO", "ColorMode": "DARK", "Extension": "PNG"}],
    });
    house.call("UpdateManagedLoginBranding", dark).await.ok();
    let style = house.appearance(&house.client).await.unwrap().style.unwrap();
    assert_eq!(style.look.scheme, Scheme::Dark);
    assert!(
        style
            .image(AssetCategoryType::FormLogo, ColorSchemeModeType::Dark, None)
            .is_some()
    );
    let reset = json!({"ManagedLoginBrandingId": id, "UseCognitoProvidedValues": true});
    let answer = house.call("UpdateManagedLoginBranding", reset).await.ok();
    assert_eq!(answer["ManagedLoginBranding"]["Assets"], json!([]));
    assert_eq!(
        house
            .appearance(&house.client)
            .await
            .unwrap()
            .style
            .unwrap()
            .look
            .scheme,
        Scheme::Dynamic
    );
}

#[tokio::test]
async fn a_style_says_one_or_the_other() {
    let house = House::new().await;
    for members in [
        json!({}),
        json!({"UseCognitoProvidedValues": false}),
        json!({"UseCognitoProvidedValues": true, "Settings": {}}),
    ] {
        let input = merged(json!({"ClientId": house.client}), members);
        house
            .call("CreateManagedLoginBranding", input)
            .await
            .refused(INVALID, EXACTLY_ONE);
    }
    for settings in [json!([]), json!("{}"), json!(7)] {
        let input = json!({"ClientId": house.client, "Settings": settings});
        let answer = house.call("CreateManagedLoginBranding", input).await;
        answer.refused(INVALID, "Settings must be a JSON object.");
    }
    let made = json!({"ClientId": house.client, "UseCognitoProvidedValues": true});
    let created = house.call("CreateManagedLoginBranding", made.clone()).await.ok();
    let again = house.call("CreateManagedLoginBranding", made).await;
    again.refused(
        "ManagedLoginBrandingExistsException",
        "The app client already has a managed login branding style.",
    );
    let id = text(&created, "/ManagedLoginBranding/ManagedLoginBrandingId");
    let both = json!({"ManagedLoginBrandingId": id, "UseCognitoProvidedValues": true, "Settings": {}});
    house
        .call("UpdateManagedLoginBranding", both)
        .await
        .refused(INVALID, EXACTLY_ONE);
    let nameless = house.call("UpdateManagedLoginBranding", json!({})).await;
    nameless.refused(INVALID, "Missing required parameter ManagedLoginBrandingId");
    let poolless = house.app.admin.call("UpdateManagedLoginBranding", json!({})).await;
    poolless.refused(INVALID, "Missing required parameter UserPoolId");
}

#[tokio::test]
async fn assets_are_what_they_say() {
    let house = House::new().await;
    let create = |assets: Value| {
        house.call(
            "CreateManagedLoginBranding",
            json!({"ClientId": house.client, "Settings": {}, "Assets": assets}),
        )
    };
    for (asset, sentence) in [
        (
            asset("FORM_LOGO", "LIGHT", "PNG", JPEG),
            "The bytes of the asset FORM_LOGO are not a valid PNG image.",
        ),
        (
            asset("FAVICON_SVG", "LIGHT", "SVG", b"<html/>"),
            "The bytes of the asset FAVICON_SVG are not a valid SVG image.",
        ),
        (
            asset("FAVICON_ICO", "LIGHT", "PNG", PNG),
            "An asset of the category FAVICON_ICO cannot be PNG.",
        ),
        (
            asset("IDP_BUTTON_ICON", "LIGHT", "JPEG", JPEG),
            "An asset of the category IDP_BUTTON_ICON cannot be JPEG.",
        ),
        (
            asset("PAGE_BACKGROUND", "LIGHT", "ICO", b"\0\0\x01\0"),
            "An asset of the category PAGE_BACKGROUND cannot be ICO.",
        ),
        (
            json!({"Category": "FORM_LOGO", "ColorMode": "LIGHT", "Extension": "PNG", "ResourceId": "x"}),
            "An asset needs Bytes, unless the style has it already.",
        ),
    ] {
        create(json!([asset])).await.refused(INVALID, sentence);
    }
    let twice = asset("FORM_LOGO", "LIGHT", "PNG", PNG);
    let answer = create(json!([twice, twice])).await;
    answer.refused(INVALID, "The asset FORM_LOGO is there twice for the same color mode.");

    // Forty at most, by several calls too.
    let icon = |n: usize| {
        let named = json!({"ResourceId": format!("provider {n}")});
        merged(asset("IDP_BUTTON_ICON", "LIGHT", "SVG", b"<svg/>"), named)
    };
    let created = create(json!((0..40).map(icon).collect::<Vec<_>>())).await.ok();
    let id = text(&created, "/ManagedLoginBranding/ManagedLoginBrandingId");
    let update = |n| {
        house.call(
            "UpdateManagedLoginBranding",
            json!({"ManagedLoginBrandingId": id, "Assets": [icon(n)]}),
        )
    };
    update(39).await.ok();
    let answer = update(40).await;
    answer.refused(
        INVALID,
        "A managed login branding style cannot have more than 40 assets.",
    );
    let style = house.appearance(&house.client).await.unwrap().style.unwrap();
    let image = style.image(
        AssetCategoryType::IdpButtonIcon,
        ColorSchemeModeType::Light,
        Some("provider 7"),
    );
    assert!(image.is_some());
}

#[tokio::test]
async fn a_pool_has_twenty_styles() {
    let house = House::new().await;
    let mut clients = vec![house.client.clone()];
    for _ in 0..20 {
        clients.push(house.app.client(&house.pool, json!({})).await);
    }
    let last = clients.pop().unwrap();
    let create = |client: String| {
        house.call(
            "CreateManagedLoginBranding",
            json!({"ClientId": client, "UseCognitoProvidedValues": true}),
        )
    };
    for client in clients {
        create(client).await.ok();
    }
    let sentence = "A user pool cannot have more than 20 managed login branding styles.";
    create(last).await.refused("LimitExceededException", sentence);
}

#[tokio::test]
async fn what_came_in_by_several_calls_stays_within_one() {
    let house = House::new().await;
    let long = |name: &str| json!({name: "x".repeat(1_500_000)});
    let input = json!({"ClientId": house.client, "Settings": long("a")});
    let created = house.call("CreateManagedLoginBranding", input).await.ok();
    let id = text(&created, "/ManagedLoginBranding/ManagedLoginBrandingId");
    let more = json!({"ManagedLoginBrandingId": id, "Settings": long("b")});
    let answer = house.call("UpdateManagedLoginBranding", more).await;
    answer.refused(INVALID, "The settings of a style cannot be larger than 2 MB.");
}
