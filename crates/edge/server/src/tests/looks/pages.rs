//! What stands on the pages of a client, and whether they are shown.

use serde_json::{Value, json};

use super::{House, KEPT, PNG, href};
use crate::tests::{Draft, Got, Rig};

const UNAVAILABLE: &str = "Login pages unavailable. Please contact an administrator.";

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
    for (locales, found) in [
        ("nl%20fr-CA%20de", "fr"),
        ("nl%20xx", "en"),
        ("%20", "en"),
        ("de", "de"),
    ] {
        let got = house
            .get(&house.address("/login", &format!("&ui_locales={locales}")))
            .await
            .ok();
        assert!(got.body.contains(&format!("<html lang=\"{found}\"")), "{locales}");
    }
    let classic = House::classic().await;
    let got = classic.get(&classic.address("/login", "&lang=de")).await.ok();
    assert!(!cookies(&got).iter().any(|cookie| cookie.starts_with("lang=")));
}
