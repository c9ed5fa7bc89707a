//! Lists of pools. Reference: identity-pools-iam 1.3.

use kernel::{Cx, Region};
use serde_json::json;
use testkit::text;

use super::app::App;

#[tokio::test]
async fn pools_are_listed_by_region_and_page() {
    for app in App::on_every_engine().await {
        list_by_region(&app).await;
    }
}

async fn list_by_region(app: &App) {
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(app.identity_pool(json!({})).await);
    }
    made.sort();
    let abroad = Cx {
        region: Region::new("us-east-1"),
        ..app.cx()
    };
    let other = json!({"IdentityPoolName": "abroad", "AllowUnauthenticatedIdentities": true});
    app.call_with(abroad.clone(), "CreateIdentityPool", other).await.ok();

    let mut seen = Vec::new();
    let mut input = json!({"MaxResults": 2});
    let mut sizes = Vec::new();
    loop {
        let page = app.call("ListIdentityPools", input.clone()).await.ok();
        let pools = page["IdentityPools"].as_array().unwrap();
        sizes.push(pools.len());
        seen.extend(pools.iter().map(|pool| text(pool, "/IdentityPoolId")));
        match page.get("NextToken") {
            Some(token) => input["NextToken"] = token.clone(),
            None => break,
        }
    }
    assert_eq!((seen, sizes), (made, vec![2, 2, 1]));
    // The token of one list serves no other.
    app.call_with(abroad.clone(), "ListIdentityPools", input.clone())
        .await
        .refused("InvalidParameterException", "Invalid NextToken.");
    app.call("ListIdentityPools", json!({"MaxResults": 2, "NextToken": "forged"}))
        .await
        .refused("InvalidParameterException", "Invalid NextToken.");
    let there = app
        .call_with(abroad, "ListIdentityPools", json!({"MaxResults": 60}))
        .await
        .ok();
    assert_eq!(there["IdentityPools"].as_array().unwrap().len(), 1);
    assert_eq!(there["IdentityPools"][0]["IdentityPoolName"], "abroad");
}
