//! What an administrator's colours, stylesheets, drawings and addresses could do to whoever signs in, and does not.

use serde_json::json;

use super::{House, asset, at, href};
use crate::tests::{Draft, Key, Rig};

#[tokio::test]
async fn settings_that_are_no_colours_are_none() {
    let house = House::managed().await;
    let plain = {
        house.style(json!({}), json!([])).await;
        house.sheet().await.body
    };
    let other = House::managed().await;
    let path = "components/primaryButton/lightMode/defaults/backgroundColor";
    let style = other.style(json!({}), json!([])).await;
    let id = style.text("/ManagedLoginBranding/ManagedLoginBrandingId");
    for value in [
        json!("red;}body{display:none"),
        json!("</style><script>alert(1)</script>"),
        json!("url(https://evil.example/x)"),
        json!("#aabbcc"),
        json!({"nested": ["aabbccff"]}),
        json!(null),
    ] {
        let change = json!({"ManagedLoginBrandingId": id, "Settings": at(path, value.clone())});
        other.call("UpdateManagedLoginBranding", change).await.ok();
        assert_eq!(other.sheet().await.body, plain, "{value}");
    }
}

#[tokio::test]
async fn a_stylesheet_names_classes_and_fetches_nothing() {
    let house = House::classic().await;
    for css in [
        "body { display: none }",
        "@import url(https://evil.example/x.css);",
        ".label-customizable { color: red }</style><script>alert(1)</script>",
    ] {
        let refused = house.call("SetUICustomization", json!({"CSS": css})).await;
        assert_eq!(refused.status, 400, "{css}");
    }
    let css = ".banner-customizable { background-color: #123456; background-image: url(https://evil.example/?x); position: fixed; } \
               .inputField-customizable { color: #abcdef; }";
    house.call("SetUICustomization", json!({"CSS": css})).await.ok();
    let served = house.sheet().await.body;
    for bad in ["url(", "evil", "position", "@", "<"] {
        assert!(!served.contains(bad), "{bad}: {served}");
    }
    assert!(served.contains("color:#abcdef"), "{served}");
}

#[tokio::test]
async fn a_drawing_runs_nothing() {
    let house = House::managed().await;
    let settings = at("components/form/logo/enabled", json!(true));
    // <svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script><path d="M0 0h9v9z"/></svg>
    let svg = "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIG9ubG9hZD0iYWxlcnQoMSkiPjxzY3JpcHQ+YWxlcnQoMik8L3NjcmlwdD48cGF0aCBk\
               PSJNMCAwaDl2OXoiLz48L3N2Zz4=";
    let svg = svg.replace(char::is_whitespace, "");
    house
        .style(settings, json!([asset("FORM_LOGO", "DYNAMIC", "SVG", &svg)]))
        .await;
    let page = house.page("/login").await.ok();
    let logo = house.get(&href(&page.body, "/pictures/")).await.ok();
    assert!(
        !logo.body.contains("alert") && logo.body.contains("M0 0h9v9z"),
        "{}",
        logo.body
    );
    for (name, value) in [
        ("content-type", "image/svg+xml"),
        (
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        ),
        ("x-content-type-options", "nosniff"),
        ("cache-control", super::KEPT),
    ] {
        assert_eq!(logo.header(name), value, "{name}");
    }
    // The page lets nothing of its own or of others in that is not a file of this host.
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
}

#[tokio::test]
async fn documents_lead_to_the_web() {
    let house = House::managed().await;
    for link in ["javascript:alert(1)", "data:text/html,x", "//evil.example/"] {
        let input = json!({
            "ClientId": house.client, "TermsName": "terms-of-use", "TermsSource": "LINK", "Enforcement": "NONE",
            "Links": {"cognito:default": link},
        });
        assert_eq!(house.call("CreateTerms", input).await.status, 400, "{link}");
    }
}

#[tokio::test]
async fn a_title_is_text() {
    let tags = json!({"poolhouse:title": "<script>alert(1)</script>\"'&"});
    let house = House::new(Rig::dev().await, 2, tags).await;
    let page = house.page("/login").await.ok().body;
    assert!(!page.contains("<script>"), "{page}");
    assert!(
        page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;</title>"),
        "{page}"
    );
}

#[tokio::test]
async fn a_picture_is_its_own_pools() {
    let house = House::managed().await;
    let settings = at("components/form/logo/enabled", json!(true));
    house
        .style(settings, json!([asset("FORM_LOGO", "DYNAMIC", "PNG", super::PNG)]))
        .await;
    let logo = href(&house.page("/login").await.ok().body, "/pictures/");
    assert_eq!(house.rig.bytes(&logo).await.status, 200);
    let other = json!({"PoolName": "other"});
    let other = house
        .rig
        .idp(&house.key, "CreateUserPool", other)
        .await
        .ok()
        .text("/UserPool/Id");
    let domain = json!({"UserPoolId": other, "Domain": "pier"});
    house.rig.idp(&house.key, "CreateUserPoolDomain", domain).await.ok();
    let elsewhere = logo.replace("/harbour/", "/pier/");
    assert_eq!(house.get(&elsewhere).await.status, 404);
}

/// A bucket may be called `pictures` or `styles`, and its objects as they like.
#[tokio::test]
async fn buckets_keep_their_names() {
    let rig = Rig::dev().await;
    let key = Key::unknown();
    for name in ["pictures", "styles"] {
        rig.send(Draft::make_bucket(name).signed(&key, "s3")).await.ok();
        let object = format!("/{name}/{}", "0".repeat(64));
        let put = Draft::new("PUT", &object).with_body("x");
        rig.send(put.signed(&key, "s3")).await.ok();
        // Under a name that could be a custom domain's too.
        let got = Draft::get(&object).header("host", "server.example.com");
        assert_eq!(rig.send(got.signed(&key, "s3")).await.ok().body, "x");
    }
}
