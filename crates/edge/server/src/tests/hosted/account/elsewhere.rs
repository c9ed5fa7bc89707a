//! Links with users of identity providers.

use serde_json::json;

use super::{
    super::{
        browser::{alert, between},
        site::Site,
    },
    SAVED, at, notice, path, post, user,
};

async fn linked() -> Site {
    let site = Site::new().await;
    let details = json!({"client_id": "a", "client_secret": "b", "authorize_scopes": "openid"});
    let provider = json!({
        "UserPoolId": site.at.pool, "ProviderName": "Google", "ProviderType": "Google", "ProviderDetails": details,
    });
    site.call("CreateIdentityProvider", provider).await;
    link(&site, "101").await;
    site
}

async fn link(site: &Site, id: &str) {
    let destination = json!({"ProviderName": "Cognito", "ProviderAttributeValue": "ana"});
    let source =
        json!({"ProviderName": "Google", "ProviderAttributeName": "Cognito_Subject", "ProviderAttributeValue": id});
    let input = json!({"UserPoolId": site.at.pool, "DestinationUser": destination, "SourceUser": source});
    site.call("AdminLinkProviderForUser", input).await;
}

fn first(page: &str) -> Option<&str> {
    between(page, "form=\"unlink\" name=\"which\" value=\"", "\"")
}

#[tokio::test]
async fn a_link_goes_where_another_way_in_stays() {
    let site = linked().await;
    let (mut browser, page) = at(&site, "/providers").await;
    let which = first(&page.body).unwrap().to_owned();
    let page = browser.get(&path(&site, "")).await.ok();
    assert!(page.body.contains("/account/providers"), "{}", page.body);
    for wrong in ["", "Google", &which[1..]] {
        let page = post(
            &site,
            &mut browser,
            "/providers",
            &[("step", "unlink"), ("which", wrong)],
        )
        .await
        .ok();
        assert!(alert(&page.body).is_some(), "{wrong}");
    }
    link(&site, "102").await;
    let unlink = [("step", "unlink"), ("which", which.as_str())];
    let page = post(&site, &mut browser, "/providers", &unlink).await.ok();
    assert_eq!(notice(&page), SAVED, "{}", page.body);
    assert_eq!(page.body.matches("<b>Google</b>").count(), 1);
    // The last of somebody who has nothing else.
    let named =
        json!({"ProviderName": "Cognito", "ProviderAttributeName": "Cognito_Subject", "ProviderAttributeValue": "ana"});
    site.call(
        "AdminDisableProviderForUser",
        json!({"UserPoolId": site.at.pool, "User": named}),
    )
    .await;
    assert_eq!(user(&site).await["UserStatus"], "EXTERNAL_PROVIDER");
    // Who proves themselves elsewhere changes nothing by which they, or others, are known.
    for section in ["/password", "/factors", "/providers", "/data", "/email"] {
        assert_eq!(browser.get(&path(&site, section)).await.status, 404, "{section}");
    }
}

#[tokio::test]
async fn nobody_unlinks_somebody_else() {
    let site = linked().await;
    let (_, page) = at(&site, "/providers").await;
    let which = first(&page.body).unwrap().to_owned();
    site.person(&site.at, "eve").await;
    let mut eve = site.browser();
    let page = eve.get(&format!("/login?{}", site.app.request(&[]))).await.ok();
    eve.submit(&page, &[("username", "eve"), ("password", super::PASSWORD)])
        .await;
    let unlink = [("step", "unlink"), ("which", which.as_str())];
    assert_eq!(post(&site, &mut eve, "/providers", &unlink).await.status, 404);
    let (_, page) = at(&site, "/providers").await;
    assert_eq!(first(&page.body), Some(which.as_str()));
}
