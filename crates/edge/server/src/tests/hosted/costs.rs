//! What each request asks of the store: few look-ups, and a write only where something is kept. `cargo xtask bench` has the figures that
//! come of it.

use std::pin::Pin;

use serde_json::json;

use super::{
    Draft, Got, Rig, Site,
    site::{CALLBACK, PASSWORD},
};

/// Closures that read, and closures that wrote.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    reads: u64,
    writes: u64,
}

/// What `request` asks once everything that may be kept is kept.
fn asked<'a>(
    rig: &'a Rig,
    request: impl Future<Output = Got> + 'a,
) -> Pin<Box<dyn Future<Output = (Got, Asked)> + 'a>> {
    Box::pin(async move {
        let before = rig.store.stats();
        let got = request.await;
        let after = rig.store.stats();
        let asked = Asked {
            reads: after.reads - before.reads,
            writes: after.writes - before.writes,
        };
        (got, asked)
    })
}

#[tokio::test]
async fn a_token_for_a_client_itself_and_what_an_issuer_publishes_ask_nothing() {
    let site = Site::new().await;
    let server = json!({
        "UserPoolId": site.at.pool, "Identifier": "photos", "Name": "photos",
        "Scopes": [{"ScopeName": "read", "ScopeDescription": "r"}],
    });
    site.call("CreateResourceServer", server).await;
    let settings = json!({
        "GenerateSecret": true, "AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": ["photos/read"],
    });
    let machine = site.app_of(&site.at, settings).await;
    let pairs = [("grant_type", "client_credentials")];
    site.token(&site.at, &machine, &pairs).await.ok();
    let (got, cost) = asked(&site, site.token(&site.at, &machine, &pairs)).await;
    assert_eq!((got.status, cost), (200, Asked { reads: 0, writes: 0 }));

    for document in ["openid-configuration", "jwks.json"] {
        let path = format!("/{}/.well-known/{document}", site.at.pool);
        let get = || site.send(Draft::get(&path));
        let first = get().await.ok();
        let (second, cost) = asked(&site, get()).await;
        assert_eq!(cost, Asked { reads: 0, writes: 0 }, "{document}");
        assert_eq!(second.body, first.body);
    }
}

#[tokio::test]
async fn a_sign_in_by_pages_and_its_tokens_ask_little() {
    let site = Site::new().await;
    // The first one reads the settings.
    site.tokens().await;
    let mut browser = site.browser();
    let mut costs = Vec::new();
    let mut note = |name: &'static str, cost: Asked| costs.push((name, cost.reads, cost.writes));

    let request = format!("/oauth2/authorize?{}", site.app.request(&[]));
    let (sent, cost) = asked(&site, browser.get(&request)).await;
    note("authorize", cost);
    let (page, cost) = asked(&site, browser.follow(&sent)).await;
    note("page", cost);
    let (answer, cost) = asked(
        &site,
        browser.submit(&page, &[("username", "ana"), ("password", PASSWORD)]),
    )
    .await;
    note("password", cost);
    let code = super::parameter(&answer, "code").unwrap();
    let (tokens, cost) = asked(&site, site.trade(&site.at, &site.app, &code)).await;
    note("code", cost);
    let token = tokens.text("/refresh_token");
    site.refresh(&site.at, &site.app, &token).await.ok();
    let (_, cost) = asked(&site, site.refresh(&site.at, &site.app, &token)).await;
    note("refresh", cost);
    // Somebody who has signed in here before.
    let (again, cost) = asked(&site, browser.get(&request)).await;
    note("authorize again", cost);
    assert!(again.header("location").starts_with(CALLBACK));
    assert_eq!(
        costs,
        [
            ("authorize", 0, 0),
            ("page", 0, 0),
            // The user with their password; then what the sign-in changes, with the browser's session.
            ("password", 1, 1),
            // The code is spent where the session begins.
            ("code", 0, 1),
            ("refresh", 1, 0),
            ("authorize again", 1, 0),
        ]
    );
}
