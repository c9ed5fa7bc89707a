//! A client's look on the pages of hosted login: stylesheets, pictures, titles, documents, languages; and dev's preview of it.

mod hostile;
mod preview;

use serde_json::{Value, json};

use super::{Draft, Got, Key, Rig};

/// One pixel, as far as anybody looks.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUg==";
const KEPT: &str = "public, max-age=31536000, immutable";
const UNAVAILABLE: &str = "Login pages unavailable. Please contact an administrator.";

/// A pool with a domain and a client.
struct House {
    rig: Rig,
    key: Key,
    pool: String,
    client: String,
}

impl House {
    /// `version`: of managed login.
    async fn new(rig: Rig, version: u8, tags: Value) -> Self {
        let key = match rig.app.doors {
            Some(_) => Key::unknown(),
            None => rig.admin().await,
        };
        let pool = json!({"PoolName": "people", "UserPoolTags": tags});
        let pool = rig.idp(&key, "CreateUserPool", pool).await.ok().text("/UserPool/Id");
        let client = json!({
            "UserPoolId": pool, "ClientName": "web", "CallbackURLs": ["https://app.example.com/in"],
            "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid"], "AllowedOAuthFlowsUserPoolClient": true,
            "SupportedIdentityProviders": ["COGNITO"],
        });
        let client = rig.idp(&key, "CreateUserPoolClient", client).await.ok();
        let client = client.text("/UserPoolClient/ClientId");
        let domain = json!({"UserPoolId": pool, "Domain": "harbour", "ManagedLoginVersion": version});
        rig.idp(&key, "CreateUserPoolDomain", domain).await.ok();
        Self { rig, key, pool, client }
    }

    async fn managed() -> Self {
        Self::new(Rig::dev().await, 2, json!({})).await
    }

    async fn classic() -> Self {
        Self::new(Rig::dev().await, 1, json!({})).await
    }

    /// With the pool, and what else the operation wants.
    async fn call(&self, operation: &str, more: Value) -> Got {
        let mut input = json!({"UserPoolId": self.pool});
        let members = more.as_object().unwrap().clone();
        input.as_object_mut().unwrap().extend(members);
        self.rig.idp(&self.key, operation, input).await
    }

    async fn style(&self, settings: Value, assets: Value) -> Got {
        let input = json!({"ClientId": self.client, "Settings": settings, "Assets": assets});
        self.call("CreateManagedLoginBranding", input).await.ok()
    }

    fn address(&self, path: &str, more: &str) -> String {
        format!(
            "/_login/harbour{path}?client_id={}&response_type=code&scope=openid&redirect_uri=https%3A%2F%2Fapp.example.com%2Fin{more}",
            self.client
        )
    }

    async fn page(&self, path: &str) -> Got {
        self.rig.send(Draft::get(&self.address(path, ""))).await
    }

    async fn get(&self, path: &str) -> Got {
        self.rig.send(Draft::get(path)).await
    }

    /// The client's stylesheet, as the page names it.
    async fn sheet(&self) -> Got {
        let page = self.page("/login").await.ok();
        self.get(&href(&page.body, "/styles/")).await.ok()
    }
}

/// The first address of the page that has this in it.
#[track_caller]
fn href(html: &str, part: &str) -> String {
    let addresses = html.split(['"', '(']).filter(|text| text.contains(part));
    let found = addresses.map(|text| text.trim_matches(['"', ')'])).next();
    found.unwrap_or_else(|| panic!("no {part}: {html}")).to_owned()
}

fn asset(category: &str, mode: &str, extension: &str, bytes: &str) -> Value {
    json!({"Category": category, "ColorMode": mode, "Extension": extension, "Bytes": bytes})
}

/// Settings with one member, at this path.
fn at(path: &str, value: Value) -> Value {
    path.rsplit('/').fold(value, |value, name| json!({ name: value }))
}

#[tokio::test]
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

#[tokio::test]
async fn the_classic_pages_have_their_stylesheet_and_logo() {
    let house = House::classic().await;
    let plain = house.page("/login").await.ok().body;
    assert!(
        !plain.contains("/styles/") && !plain.contains("/pictures/") && plain.contains("classic.css"),
        "{plain}"
    );
    let css = ".submitButton-customizable { background-color: #c0ffee; }";
    let set = house
        .call("SetUICustomization", json!({"CSS": css, "ImageFile": PNG}))
        .await
        .ok();
    let page = house.page("/login").await.ok().body;
    let sheet = house.sheet().await;
    assert_eq!(sheet.body, ".submitButton-customizable{background-color:#c0ffee}\n");
    assert_eq!(sheet.header("cache-control"), KEPT);
    assert!(page.find("classic.css") < page.find("/styles/"), "its own comes last");
    // What the operation prints is where the browser finds it.
    let url = set.text("/UICustomization/ImageUrl");
    let logo = href(&page, "/pictures/");
    assert!(url.ends_with(&logo), "{url} {logo}");
    assert_eq!(house.rig.bytes(&logo).await.header("content-type"), "image/png");
}

#[tokio::test]
async fn managed_login_wants_a_style_but_in_dev() {
    let none = json!({});
    let tagged = json!({"poolhouse:default-style": "true"});
    for (is_dev, version, tags, status) in [
        (true, 2, &none, 200),
        (false, 2, &none, 403),
        (false, 2, &tagged, 200),
        (false, 1, &none, 200),
    ] {
        let rig = if is_dev { Rig::dev().await } else { Rig::serve().await };
        let house = House::new(rig, version, tags.clone()).await;
        for path in ["/login", "/signup", "/forgotPassword"] {
            let page = house.page(path).await;
            assert_eq!(page.status, status, "{is_dev} {version} {tags} {path}");
            assert_eq!(page.body.contains(UNAVAILABLE), status == 403, "{}", page.body);
        }
        // The app's request is answered all the same: who has signed in needs no page.
        assert_eq!(house.page("/oauth2/authorize").await.status, 302);
        house.style(json!({}), json!([])).await;
        assert_eq!(house.page("/login").await.status, 200);
    }
}

#[tokio::test]
async fn documents_stand_in_the_page_in_its_language() {
    let house = House::managed().await;
    let terms = |name: &str, links: Value| json!({"ClientId": house.client, "TermsName": name, "TermsSource": "LINK", "Enforcement": "NONE", "Links": links});
    let links = json!({"cognito:default": "https://example.com/terms", "cognito:german": "https://bücher.example/agb"});
    house.call("CreateTerms", terms("terms-of-use", links)).await.ok();
    let page = house.page("/signup").await.ok().body;
    assert!(!page.contains("example.com/terms"), "one alone is not shown: {page}");
    let links = json!({"cognito:default": "https://example.com/privacy"});
    house.call("CreateTerms", terms("privacy-policy", links)).await.ok();
    for (path, more, expected) in [
        (
            "/signup",
            "",
            ["https://example.com/terms", "https://example.com/privacy"],
        ),
        (
            "/signup",
            "&lang=fr",
            ["https://example.com/terms", "https://example.com/privacy"],
        ),
        (
            "/signup",
            "&lang=de",
            ["https://b%C3%BCcher.example/agb", "https://example.com/privacy"],
        ),
        (
            "/login",
            "&lang=de",
            ["https://b%C3%BCcher.example/agb", "https://example.com/privacy"],
        ),
    ] {
        let page = house.get(&house.address(path, more)).await.ok().body;
        for link in expected {
            assert!(page.contains(&format!("href=\"{link}\"")), "{path} {more}: {page}");
        }
    }
    let english = house.page("/signup").await.ok().body;
    assert!(english.contains("By signing up, you agree to our"), "{english}");
}

#[tokio::test]
async fn a_pool_has_a_title() {
    let tags = json!({"poolhouse:title": " Harbour @ 9 "});
    let house = House::new(Rig::dev().await, 2, tags).await;
    let page = house.page("/login").await.ok().body;
    assert!(page.contains(" · Harbour @ 9</title>"), "{page}");
    let nameless = House::managed().await.page("/login").await.ok().body;
    assert!(!nameless.contains(" · "), "{nameless}");
}

#[tokio::test]
async fn a_language_that_was_chosen_is_remembered() {
    let house = House::managed().await;
    let cookies = |got: &Got| {
        let values = got.headers.get_all("set-cookie").iter();
        values
            .map(|value| value.to_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let chosen = house.get(&house.address("/login", "&lang=de")).await.ok();
    assert!(chosen.body.contains("<html lang=\"de\""));
    let expected = "lang=de; Max-Age=31536000; Path=/_login/harbour; HttpOnly; SameSite=Lax";
    assert!(
        cookies(&chosen).iter().any(|cookie| cookie == expected),
        "{:?}",
        cookies(&chosen)
    );
    let later = Draft::get(&house.address("/login", "")).header("cookie", "lang=de");
    assert!(house.rig.send(later).await.ok().body.contains("<html lang=\"de\""));
    for more in ["", "&lang=", "&lang=xx", "&lang=%0d%0aset-cookie:x", "&ui_locales=de"] {
        let got = house.get(&house.address("/login", more)).await;
        assert!(
            !cookies(&got).iter().any(|cookie| cookie.starts_with("lang=")),
            "{more}"
        );
    }
    let classic = House::classic().await;
    let got = classic.get(&classic.address("/login", "&lang=de")).await.ok();
    assert!(!cookies(&got).iter().any(|cookie| cookie.starts_with("lang=")));
}
