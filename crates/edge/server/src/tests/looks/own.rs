//! What of a style stands in the page, and what stands there where it says nothing.

use serde_json::json;

use super::{House, asset, href};
use crate::tests::Draft;

#[tokio::test]
async fn the_logo_and_the_pictures_are_where_the_style_has_them() {
    let house = House::managed().await;
    let settings = |logo: serde_json::Value, graphics: bool| {
        json!({
            "categories": {"form": {"displayGraphics": graphics}},
            "components": {"form": {"logo": logo}},
        })
    };
    let png = |n: u8| format!("iVBORw0KGgoAAAANSUhEAAA{n}");
    let assets = json!([
        asset("FORM_LOGO", "DYNAMIC", "PNG", &png(0)),
        asset("EMAIL_GRAPHIC", "DYNAMIC", "PNG", &png(1)),
    ]);
    let style = house
        .style(settings(json!({"enabled": true, "position": "BOTTOM"}), true), assets)
        .await;
    let id = style.text("/ManagedLoginBranding/ManagedLoginBrandingId");
    let preview = |page: &str| {
        let query = format!("pool={}&client={}", house.pool, house.client);
        Draft::get(&format!("/_poolhouse/pages/managed/en/light/{page}?{query}"))
    };
    let place = |html: &str, what: &str| html.find(what).unwrap_or_else(|| panic!("no {what}: {html}"));

    let below = house.rig.send(preview("code")).await.ok().body;
    assert!(
        place(&below, "</form>") < place(&below, "brand below")
            && place(&below, "brand below") < place(&below, "class=\"foot\"")
    );
    assert!(below.contains("class=\"graphic"), "{below}");
    // Of text messages there is no picture: ours.
    assert!(house.rig.send(preview("code-sms")).await.body.contains("class=\"badge"));

    let change = json!({"ManagedLoginBrandingId": id, "Settings": settings(json!({"formInclusion": "OUT"}), false)});
    house.call("UpdateManagedLoginBranding", change).await.ok();
    let outside = house.rig.send(preview("code")).await.ok().body;
    assert!(
        place(&outside, "class=\"foot\"") < place(&outside, "brand below"),
        "{outside}"
    );
    assert!(
        !outside.contains("class=\"graphic") && !outside.contains("class=\"badge"),
        "{outside}"
    );
    // What went wrong is told by a sign all the same.
    assert!(
        house
            .rig
            .send(preview("error"))
            .await
            .body
            .contains("class=\"badge bad\"")
    );
}

#[tokio::test]
async fn whoever_sets_what_is_described_sees_what_was_there() {
    let house = House::managed().await;
    let made = json!({"ClientId": house.client, "UseCognitoProvidedValues": true});
    let made = house.call("CreateManagedLoginBranding", made).await.ok();
    let built_in = house.sheet().await.body;
    let by_client = json!({"ClientId": house.client, "ReturnMergedResources": true});
    let described = house.call("DescribeManagedLoginBrandingByClient", by_client).await.ok();
    let settings = described.json()["ManagedLoginBranding"]["Settings"].clone();
    let id = made.text("/ManagedLoginBranding/ManagedLoginBrandingId");
    let change = json!({"ManagedLoginBrandingId": id, "Settings": settings});
    house.call("UpdateManagedLoginBranding", change).await.ok();
    assert_eq!(house.sheet().await.body, built_in);
}

#[tokio::test]
async fn every_page_has_an_icon() {
    let managed = House::managed().await;
    for house in [managed, House::classic().await] {
        let page = house.page("/login").await.ok().body;
        let icon = house.get(&href(&page, "icon.svg")).await.ok();
        assert_eq!(icon.header("content-type"), "image/svg+xml");
    }
}
