//! What a deleted pool leaves. Reference: identity-pools-iam 1.9.

use kernel::IdentityPoolId;
use serde_json::{Value, json};
use store::records::identity_pools;

use super::app::{App, STAFF};

#[tokio::test]
async fn a_deleted_pool_takes_its_identities_with_it() {
    for app in App::on_every_engine().await {
        delete_and_make_anew(&app).await;
    }
}

async fn delete_and_make_anew(app: &App) {
    let pinned = json!({"IdentityPoolTags": {"_custom_id_": "eu-west-1:0000-01"}});
    let pool = app.identity_pool(pinned.clone()).await;
    let guest = app.id(&pool, Value::Null).await;
    let ana = app.id(&pool, app.logins(STAFF, "ana").await).await;
    app.call("DeleteIdentityPool", json!({"IdentityPoolId": pool}))
        .await
        .ok();
    for identity in [&guest, &ana] {
        app.call("DescribeIdentity", json!({"IdentityId": identity}))
            .await
            .refused(
                "ResourceNotFoundException",
                &format!("Identity '{identity}' not found."),
            );
    }
    // A pool that is made anew under the same id knows nobody.
    assert_eq!(app.identity_pool(pinned).await, pool);
    let listed = app
        .call("ListIdentities", json!({"IdentityPoolId": pool, "MaxResults": 60}))
        .await
        .ok();
    assert_eq!(listed["Identities"], json!([]));
    assert_ne!(app.id(&pool, app.logins(STAFF, "ana").await).await, ana);
}

#[tokio::test]
async fn a_deletion_that_was_cut_short_is_finished_at_the_start() {
    for app in App::on_every_engine().await {
        let other = app.identity_pool(json!({"AllowUnauthenticatedIdentities": true})).await;
        let kept = app.id(&other, Value::Null).await;
        let pool = app.identity_pool(json!({"AllowUnauthenticatedIdentities": true})).await;
        app.id(&pool, app.logins(STAFF, "ana").await).await;
        let gone = IdentityPoolId::new(pool.as_str());
        // As far as DeleteIdentityPool's own transaction goes.
        app.pools.remove(&gone).await.unwrap();

        app.pools.finish_deletions().await.unwrap();
        let row = gone.clone();
        let left = app.store.write(move |tx| Ok(identity_pools::purge(tx, &row)?));
        assert!(!left.await.unwrap(), "nothing is left to delete");
        let unfinished = app.store.read(|r| identity_pools::deleted(r, 10)).await;
        assert_eq!(unfinished.unwrap(), []);
        app.call("DescribeIdentity", json!({"IdentityId": kept})).await.ok();
    }
}
