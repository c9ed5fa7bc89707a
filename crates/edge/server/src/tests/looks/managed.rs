//! A style of managed login: its stylesheet and its pictures.

use serde_json::json;

use super::{House, KEPT, PNG, asset, at, href};

#[tokio::test]
#[expect(
    clippy::too_many_lines,
    reason = "a whole style, and what comes of each of its settings"
)]
async fn settings_are_seen_in_the_stylesheet() {
    let house = House::managed().await;
    house.style(json!({}), json!([])).await;
    let by_client = json!({"ClientId": house.client});
    let style = house.call("DescribeManagedLoginBrandingByClient", by_client).await;
    let id = style.ok().text("/ManagedLoginBranding/ManagedLoginBrandingId");
    for (path, value, light, dark) in [
        (
            "components/pageBackground/lightMode/color",
            json!("a1b2c3ff"),
            Some("--page:#a1b2c3;"),
            None,
        ),
        (
            "components/pageBackground/darkMode/color",
            json!("010203ff"),
            None,
            Some("--page:#010203;"),
        ),
        (
            "components/form/lightMode/backgroundColor",
            json!("01020304"),
            Some("--form:#01020304;"),
            None,
        ),
        (
            "components/form/darkMode/borderColor",
            json!("112233ff"),
            None,
            Some("--form-border:#112233;"),
        ),
        (
            "components/pageText/lightMode/headingColor",
            json!("112234ff"),
            Some("--heading:#112234;"),
            None,
        ),
        (
            "components/pageText/lightMode/bodyColor",
            json!("112235ff"),
            Some("--input-text:#112235;"),
            None,
        ),
        (
            "components/pageText/lightMode/descriptionColor",
            json!("112236ff"),
            Some("--description:#112236;"),
            None,
        ),
        (
            "components/primaryButton/lightMode/defaults/backgroundColor",
            json!("aa0055ff"),
            Some("--primary:#aa0055;"),
            None,
        ),
        (
            "components/primaryButton/lightMode/hover/textColor",
            json!("aa0056ff"),
            Some("--primary-hover-text:#aa0056;"),
            None,
        ),
        (
            "components/primaryButton/darkMode/active/backgroundColor",
            json!("aa0057ff"),
            None,
            Some("--primary-active:#aa0057;"),
        ),
        (
            "components/secondaryButton/lightMode/hover/borderColor",
            json!("aa0058ff"),
            Some("--secondary-hover-border:#aa0058;"),
            None,
        ),
        (
            "components/idpButton/standard/darkMode/active/textColor",
            json!("aa0059ff"),
            None,
            Some("--provider-active-text:#aa0059;"),
        ),
        (
            "componentClasses/input/lightMode/defaults/borderColor",
            json!("aa005aff"),
            Some("--input-border:#aa005a;"),
            None,
        ),
        (
            "componentClasses/inputLabel/lightMode/textColor",
            json!("aa005bff"),
            Some("--label:#aa005b;"),
            None,
        ),
        (
            "componentClasses/inputDescription/lightMode/textColor",
            json!("aa005cff"),
            Some("--hint:#aa005c;"),
            None,
        ),
        (
            "componentClasses/focusState/darkMode/borderColor",
            json!("aa005dff"),
            None,
            Some("--focus:#aa005d;"),
        ),
        (
            "componentClasses/link/lightMode/hover/textColor",
            json!("aa005eff"),
            Some("--link-hover:#aa005e;"),
            None,
        ),
        (
            "componentClasses/divider/lightMode/borderColor",
            json!("aa005fff"),
            Some("--divider:#aa005f;"),
            None,
        ),
        (
            "componentClasses/dropDown/lightMode/hover/itemBackgroundColor",
            json!("aa0060ff"),
            Some("--menu-hover:#aa0060;"),
            None,
        ),
        (
            "componentClasses/statusIndicator/lightMode/error/indicatorColor",
            json!("aa0061ff"),
            Some("--error-mark:#aa0061;"),
            None,
        ),
        (
            "componentClasses/statusIndicator/darkMode/success/borderColor",
            json!("aa0062ff"),
            None,
            Some("--success-border:#aa0062;"),
        ),
        (
            "components/alert/lightMode/error/backgroundColor",
            json!("aa0063ff"),
            Some("--error:#aa0063;"),
            None,
        ),
        (
            "components/pageHeader/lightMode/background/color",
            json!("aa0064ff"),
            Some("--header:#aa0064;"),
            None,
        ),
        (
            "components/pageFooter/darkMode/borderColor",
            json!("aa0065ff"),
            None,
            Some("--footer-border:#aa0065;"),
        ),
        (
            "components/form/borderRadius",
            json!(3.0),
            Some("--form-radius:3px;"),
            None,
        ),
        (
            "componentClasses/buttons/borderRadius",
            json!(4),
            Some("--button-radius:4px;"),
            None,
        ),
        (
            "componentClasses/dropDown/borderRadius",
            json!(5),
            Some("--menu-radius:5px;"),
            None,
        ),
        (
            "categories/form/location/horizontal",
            json!("END"),
            Some("--horizontal:end;"),
            None,
        ),
        (
            "categories/global/spacingDensity",
            json!("COMPACT"),
            Some("--gap:0.8rem;"),
            None,
        ),
    ] {
        let change = json!({"ManagedLoginBrandingId": id, "Settings": at(path, value)});
        house.call("UpdateManagedLoginBranding", change).await.ok();
        let css = house.sheet().await.body;
        let (first, second) = css.split_once("@media").unwrap();
        assert!(light.is_none_or(|text| first.contains(text)), "{path}: {css}");
        assert!(dark.is_none_or(|text| second.contains(text)), "{path}: {css}");
    }
}

#[tokio::test]
async fn a_stylesheet_is_kept_for_ever_and_renamed_with_its_settings() {
    let house = House::managed().await;
    let button = "components/primaryButton/lightMode/defaults/backgroundColor";
    let style = house.style(at(button, json!("aa0055ff")), json!([])).await;
    let page = house.page("/login").await.ok();
    let address = href(&page.body, "/styles/");
    assert!(
        page.body.find(&address) < page.body.find("managed.css"),
        "its own comes first"
    );
    let sheet = house.get(&address).await.ok();
    assert_eq!(
        [
            sheet.header("content-type"),
            sheet.header("cache-control"),
            sheet.header("x-content-type-options")
        ],
        ["text/css; charset=utf-8", KEPT, "nosniff"]
    );
    assert!(page.header("content-security-policy").contains("style-src 'self'"));
    assert_eq!(href(&house.page("/signup").await.body, "/styles/"), address);

    let id = style.text("/ManagedLoginBranding/ManagedLoginBrandingId");
    let change = json!({"ManagedLoginBrandingId": id, "Settings": at(button, json!("00aa55ff"))});
    house.call("UpdateManagedLoginBranding", change).await.ok();
    let renamed = href(&house.page("/login").await.body, "/styles/");
    assert_ne!(renamed, address);
    // A page that was open before has the colours of now, and no cache takes them for those of then.
    let late = house.get(&address).await.ok();
    assert!(late.body.contains("--primary:#00aa55;"), "{}", late.body);
    assert_eq!(late.header("cache-control"), "no-store");
    for path in [
        renamed.replace(&house.client, "1nobody"),
        renamed.replace(".css", ".txt"),
        renamed.replace(".css", "0.css"),
    ] {
        assert_eq!(house.get(&path).await.status, 404, "{path}");
    }
    // Of another pool's client nothing is served here.
    let other = house.rig.pool(&house.key, None).await.1;
    assert_eq!(house.get(&renamed.replace(&house.client, &other)).await.status, 404);
}

#[tokio::test]
async fn pictures_stand_where_they_were_put() {
    let house = House::managed().await;
    let settings = json!({
        "categories": {"global": {"pageHeader": {"enabled": true}, "pageFooter": {"enabled": true}}},
        "components": {
            "form": {"logo": {"enabled": true, "formInclusion": "OUT", "location": "START"}, "backgroundImage": {"enabled": true}},
            "pageBackground": {"image": {"enabled": true}},
            "pageHeader": {"logo": {"enabled": true, "location": "END"}, "backgroundImage": {"enabled": true}},
            "favicon": {"enabledTypes": ["ICO"]},
        },
    });
    let ico = "AAABAAEA";
    let png = |n: u8| format!("iVBORw0KGgoAAAANSUhEAAA{n}");
    let assets = json!([
        asset("FORM_LOGO", "LIGHT", "PNG", &png(0)),
        asset("FORM_LOGO", "DARK", "PNG", &png(2)),
        asset("PAGE_BACKGROUND", "DYNAMIC", "PNG", &png(3)),
        asset("FORM_BACKGROUND", "DARK", "PNG", &png(4)),
        asset("PAGE_HEADER_LOGO", "DARK", "PNG", &png(5)),
        asset("PAGE_HEADER_BACKGROUND", "LIGHT", "PNG", &png(6)),
        asset("FAVICON_ICO", "DYNAMIC", "ICO", ico),
        asset("PAGE_FOOTER_LOGO", "LIGHT", "PNG", PNG),
    ]);
    house.style(settings, assets).await;
    let page = house.page("/login").await.ok().body;
    let css = house.sheet().await.body;
    // Logo (both), header's logo; the footer's is not enabled.
    let pictures: Vec<&str> = page.split('"').filter(|text| text.contains("/pictures/")).collect();
    assert_eq!(pictures.len(), 4, "{pictures:?}");
    assert!(
        page.contains("<link rel=\"icon\" href=\"/_login/harbour/pictures/"),
        "{page}"
    );
    assert!(
        page.contains("<header class=\"bar header\"><picture>")
            || page.contains("<header class=\"bar header\">\n<picture>")
    );
    assert!(page.contains("<footer class=\"bar footer\"></footer>"), "{page}");
    assert!(
        css.contains("--logo:start;") && css.contains("--header-logo:end;"),
        "{css}"
    );
    let (light, dark) = css.split_once("@media").unwrap();
    for (text, name, is_there) in [
        (light, "page", true),
        (dark, "page", true),
        (light, "form", false),
        (dark, "form", true),
        (light, "header", true),
        (dark, "header", false),
        (light, "footer", false),
    ] {
        assert_eq!(
            !text.contains(&format!("--{name}-image:none;")),
            is_there,
            "{name}: {text}"
        );
    }
    for address in pictures.iter().copied().chain([href(&css, "/pictures/").as_str()]) {
        let picture = house.rig.bytes(address).await;
        assert!(
            ["image/png", "image/x-icon"].contains(&picture.header("content-type")),
            "{address}"
        );
        assert_eq!(
            (
                picture.status,
                picture.header("cache-control"),
                picture.header("x-content-type-options")
            ),
            (200, KEPT, "nosniff")
        );
    }
    let unknown = format!("/_login/harbour/pictures/{}", "0".repeat(64));
    assert_eq!(house.get(&unknown).await.status, 404);
}
