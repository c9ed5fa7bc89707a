//! Recovery codes that people make for themselves. docs/second-factors.md

use super::{
    super::{
        Got,
        browser::{Browser, alert, parameter},
        site::{PASSWORD, Site},
    },
    STALE, at,
    factors::{site, with_app},
    path, post,
};

const NEW: [(&str, &str); 1] = [("step", "recovery_new")];
const MISMATCH: &str = "That code is not right. Check it and try again.";

/// Those that a page shows.
fn shown(page: &Got) -> Vec<String> {
    let after = page.body.split("<li><code>").skip(1);
    after
        .map(|rest| rest.split_once("</code>").unwrap().0.to_owned())
        .collect()
}

async fn made(site: &Site, browser: &mut Browser<'_>) -> Vec<String> {
    let page = post(site, browser, "/factors", &NEW).await.ok();
    assert!(page.header("cache-control").contains("no-store"));
    let codes = shown(&page);
    assert_eq!(codes.len(), 10, "{}", page.body);
    codes
}

/// What a sign-in answers to a recovery code.
async fn used(site: &Site, code: &str) -> Got {
    let mut browser = site.browser();
    let page = browser.get(&format!("/login?{}", site.app.request(&[]))).await.ok();
    let page = browser
        .submit(&page, &[("username", "ana"), ("password", PASSWORD)])
        .await
        .ok();
    let page = browser.submit(&page, &[("recovery", "1")]).await.ok();
    browser.submit(&page, &[("code", code)]).await.ok()
}

#[tokio::test]
async fn new_codes_are_shown_once_and_end_the_old_ones() {
    let site = site("ON").await;
    let (mut browser, page) = with_app(&site).await;
    assert!(page.body.contains("Codes left: 0<"), "{}", page.body);
    assert!(page.body.contains("the earlier ones no longer work."), "{}", page.body);
    let old = made(&site, &mut browser).await;
    let told = used(&site, &old[0]).await;
    assert!(told.body.contains("Codes left: 9."), "{}", told.body);
    let page = browser.get(&path(&site, "/factors")).await.ok();
    assert!(page.body.contains("Codes left: 9<"), "{}", page.body);
    assert!(old.iter().all(|code| !page.body.contains(code)), "{}", page.body);

    let new = made(&site, &mut browser).await;
    assert!(old.iter().all(|code| !new.contains(code)), "{old:?} {new:?}");
    let page = used(&site, &old[1]).await;
    assert_eq!(alert(&page.body), Some(MISMATCH));
    let told = used(&site, &new[0]).await;
    assert!(told.body.contains("Codes left: 9."), "{}", told.body);
}

#[tokio::test]
async fn neither_another_page_nor_an_old_sign_in_makes_any() {
    let site = site("ON").await;
    let (mut browser, _) = with_app(&site).await;
    let codes = made(&site, &mut browser).await;
    let forged = browser.post(&path(&site, "/factors"), &NEW).await.ok();
    assert_eq!(
        (alert(&forged.body), shown(&forged).len()),
        (Some("This page has expired. Try again."), 0)
    );
    site.advance(STALE);
    let sent = post(&site, &mut browser, "/factors", &NEW).await;
    let wanted = parameter(&sent, "account");
    assert_eq!((sent.status, wanted.as_deref()), (302, Some("factors")));
    let told = used(&site, &codes[0]).await;
    assert!(told.body.contains("Codes left: 9."), "{}", told.body);
}

#[tokio::test]
async fn whoever_has_no_second_factor_is_offered_none() {
    for site in [Site::new().await, site("OPTIONAL").await] {
        let (mut browser, page) = at(&site, "/factors").await;
        assert!(!page.body.contains("recovery_new"), "{}", page.body);
        let page = post(&site, &mut browser, "/factors", &NEW).await.ok();
        assert!(alert(&page.body).is_some() && shown(&page).is_empty(), "{}", page.body);
    }
}
