//! `/_poolhouse/pages`.

use pages::hosted::Language;
use serde_json::json;

use super::{House, asset, at, href};
use crate::tests::{Draft, Rig};

#[tokio::test]
async fn every_page_can_be_looked_at() {
    let rig = Rig::dev().await;
    let list = rig.send(Draft::get("/_poolhouse/pages")).await.ok();
    assert_eq!(list.header("cache-control"), "no-store");
    let links: Vec<String> = list
        .body
        .split('"')
        .filter(|text| text.starts_with("/_poolhouse/pages/managed/en/"))
        .map(str::to_owned)
        .collect();
    assert!(links.len() > 3 * 30, "{}", links.len());
    for link in links.iter().filter(|link| link.contains("/dark/sign_in")) {
        let page = rig.send(Draft::get(link)).await.ok();
        assert!(
            page.body.contains("<meta name=\"color-scheme\" content=\"dark\">"),
            "{}",
            page.body
        );
        let sheet = rig.send(Draft::get(&href(&page.body, "look.css"))).await.ok();
        assert!(
            !sheet.body.contains("@media") && sheet.body.contains("color-scheme:dark"),
            "{}",
            sheet.body
        );
        rig.send(Draft::get(&href(&page.body, "managed.css"))).await.ok();
    }
    for language in Language::ALL {
        let code = language.code();
        for (skin, scheme) in [("managed", "dynamic"), ("classic", "light")] {
            let address = format!("/_poolhouse/pages/{skin}/{code}/{scheme}/sign_up");
            let page = rig.send(Draft::get(&address)).await.ok();
            assert!(
                page.body.contains(&format!("<html lang=\"{code}\" class=\"{skin}\">")),
                "{}",
                page.body
            );
        }
    }
    for path in [
        "/managed/en/dark/nothing",
        "/managed/xx/dark/sign_in",
        "/x/en/dark/sign_in",
        "/managed/en",
        "/",
        "/a/b/c/d/e",
    ] {
        let got = rig.send(Draft::get(&format!("/_poolhouse/pages{path}"))).await;
        assert_eq!(got.status, 404, "{path}");
    }
    assert_eq!(rig.send(Draft::new("POST", "/_poolhouse/pages")).await.status, 405);
}

#[tokio::test]
async fn a_clients_look_is_shown() {
    let house = House::managed().await;
    let mut settings = at(
        "components/primaryButton/lightMode/defaults/backgroundColor",
        json!("aa0055ff"),
    );
    settings["components"]["form"] = json!({"logo": {"enabled": true}});
    house
        .style(settings, json!([asset("FORM_LOGO", "DYNAMIC", "PNG", super::PNG)]))
        .await;
    let query = format!("?pool={}&client={}", house.pool, house.client);
    let list = house.get(&format!("/_poolhouse/pages{query}")).await.ok();
    let page = href(&list.body, "/managed/en/light/password").replace("&#38;", "&");
    let page = house.get(&page).await.ok();
    let sheet = href(&page.body, "look.css").replace("&amp;", "&");
    assert!(house.get(&sheet).await.ok().body.contains("--primary:#aa0055;"));
    let logo = href(&page.body, "/pictures/");
    assert!(
        logo.starts_with(&format!("/_poolhouse/pages/{}/pictures/", house.pool)),
        "{logo}"
    );
    assert_eq!(house.rig.bytes(&logo).await.header("content-type"), "image/png");
    let unknown = house
        .get(&format!("/_poolhouse/pages?pool={}&client=%22%3E%3Cb%3E", house.pool))
        .await
        .ok();
    assert!(
        unknown.body.contains("no such client") && !unknown.body.contains("<b>"),
        "{}",
        unknown.body
    );
}

#[tokio::test]
async fn the_door_is_devs_alone() {
    let serve = Rig::serve().await;
    assert_eq!(serve.send(Draft::get("/_poolhouse/pages")).await.status, 404);
    let dev = Rig::dev().await;
    let foreign = Draft::get("/_poolhouse/pages").header("host", "evil.example");
    assert_eq!(dev.send(foreign).await.status, 403);
}
