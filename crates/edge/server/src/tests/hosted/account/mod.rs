//! People and their own account, by pages. docs/account-page.md

mod changes;
mod doors;
mod elsewhere;
mod factors;
mod recovery;

use serde_json::{Value, json};

use super::{
    Got,
    browser::{Browser, between},
    site::{PASSWORD, Site},
};

/// A new sign-in is asked for after this.
const STALE: std::time::Duration = std::time::Duration::from_secs(5 * 60);

fn path(site: &Site, section: &str) -> String {
    format!("/account{section}?client_id={}", site.app.id)
}

/// Ana at a section, who signs in on the way.
async fn at<'s>(site: &'s Site, section: &str) -> (Browser<'s>, Got) {
    let mut browser = site.browser();
    let page = arrived(site, &mut browser, section).await;
    (browser, page)
}

async fn arrived(site: &Site, browser: &mut Browser<'_>, section: &str) -> Got {
    let sent = browser.get(&path(site, section)).await;
    let page = browser.follow(&sent).await.ok();
    let back = browser
        .submit(&page, &[("username", "ana"), ("password", PASSWORD)])
        .await;
    assert_eq!(back.header("location"), path(site, section), "{}", back.body);
    browser.follow(&back).await.ok()
}

/// A form of the section, whether it is on the page or not.
async fn post(site: &Site, browser: &mut Browser<'_>, section: &str, fields: &[(&str, &str)]) -> Got {
    let csrf = browser.cookies.get("XSRF-TOKEN").cloned().unwrap_or_default();
    let mut all = vec![("_csrf", csrf.as_str())];
    all.extend(fields);
    browser.post(&path(site, section), &all).await
}

/// Good news of a page.
fn notice(page: &Got) -> Option<&str> {
    between(&page.body, "role=\"status\">", "</p>").and_then(|said| between(said, "<span>", "</span>"))
}

const SAVED: Option<&str> = Some("Your changes are saved.");

async fn newest(site: &Site, to: &str) -> String {
    let kept = site.rig.app.delivery.inbox(Some(to)).await.unwrap();
    kept[0].message.code.clone().unwrap()
}

async fn user(site: &Site) -> Value {
    let input = json!({"UserPoolId": site.at.pool, "Username": "ana"});
    site.call("AdminGetUser", input).await
}

async fn attribute(site: &Site, name: &str) -> Option<String> {
    let user = user(site).await;
    let attributes = user["UserAttributes"].as_array().unwrap();
    let found = attributes.iter().find(|one| one["Name"] == name)?;
    Some(found["Value"].as_str().unwrap().to_owned())
}
