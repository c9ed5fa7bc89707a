use std::{collections::BTreeSet, time::Duration};

use serde_json::{Value, json};
use testkit::text;
use tokio::task::JoinSet;

use super::app::{App, PARTNERS, STAFF, aws};

const NOT_AUTHORIZED: &str = "NotAuthorizedException";

fn forbidden(identity: &str) -> String {
    format!("Access to Identity '{identity}' is forbidden.")
}

impl App {
    async fn described(&self, identity: &str) -> Value {
        self.call("DescribeIdentity", json!({"IdentityId": identity}))
            .await
            .ok()
    }

    async fn listed(&self, pool: &str, hide_disabled: bool) -> Vec<String> {
        let mut input = json!({"IdentityPoolId": pool, "MaxResults": 2, "HideDisabled": hide_disabled});
        let mut ids = Vec::new();
        loop {
            let page = self.call("ListIdentities", input.clone()).await.ok();
            assert_eq!(page["IdentityPoolId"], json!(pool));
            ids.extend(
                page["Identities"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|one| text(one, "/IdentityId")),
            );
            match page.get("NextToken") {
                Some(token) => input["NextToken"] = token.clone(),
                None => return ids,
            }
        }
    }

    /// The logins of both user pools' user of that name.
    async fn both(&self, staff: &str, partner: &str) -> Value {
        json!({ aws(STAFF): self.id_token(STAFF, staff).await, aws(PARTNERS): self.id_token(PARTNERS, partner).await })
    }
}

#[tokio::test]
async fn every_guest_is_another_and_a_login_is_always_the_same() {
    let app = App::new().await;
    let pool = app.identity_pool(json!({})).await;
    let guest = app.id(&pool, Value::Null).await;
    assert!(guest.starts_with("eu-west-1:") && guest.len() == pool.len() && guest != pool);
    // Amplify's guests send an empty map.
    assert_ne!(app.id(&pool, json!({})).await, guest);

    let ana = app.id(&pool, app.logins(STAFF, "ana").await).await;
    app.clock.advance(Duration::from_secs(7200));
    assert_eq!(app.id(&pool, app.logins(STAFF, "ana").await).await, ana);
    assert_ne!(app.id(&pool, app.logins(STAFF, "ben").await).await, ana);
    assert_ne!(app.id(&pool, app.logins(PARTNERS, "ana").await).await, ana);
    let elsewhere = app.identity_pool(json!({})).await;
    assert_ne!(app.id(&elsewhere, app.logins(STAFF, "ana").await).await, ana);

    let shown = app.described(&ana).await;
    assert_eq!(
        (&shown["IdentityId"], &shown["Logins"]),
        (&json!(ana), &json!([aws(STAFF)]))
    );
    assert!(shown["CreationDate"].is_number() && shown["LastModifiedDate"].is_number());
    assert_eq!(app.described(&guest).await.get("Logins"), None);
}

#[tokio::test]
async fn guests_come_only_where_they_may() {
    let app = App::new().await;
    let sentence = "Unauthenticated access is not supported for this identity pool.";
    let pool = app.pool_with_roles(json!({})).await;
    let guest = app.id(&pool, Value::Null).await;
    let closed = json!({"IdentityPoolId": pool, "IdentityPoolName": "n", "AllowUnauthenticatedIdentities": false});
    app.call("UpdateIdentityPool", closed).await.ok();
    app.call("GetId", json!({"IdentityPoolId": pool}))
        .await
        .refused(NOT_AUTHORIZED, sentence);
    app.call("GetId", json!({"IdentityPoolId": pool, "Logins": {}}))
        .await
        .refused(NOT_AUTHORIZED, sentence);
    // A guest from before gets nothing any more.
    app.credentials(&guest, Value::Null)
        .await
        .refused(NOT_AUTHORIZED, sentence);
    app.call("GetOpenIdToken", json!({"IdentityId": guest}))
        .await
        .refused(NOT_AUTHORIZED, sentence);
}

#[tokio::test]
async fn racing_first_calls_of_one_login_make_one_identity() {
    for app in App::on_every_engine().await {
        race(&app).await;
    }
}

async fn race(app: &App) {
    let pool = app.identity_pool(json!({})).await;
    let logins = app.logins(STAFF, "ana").await;
    let mut calls = JoinSet::new();
    for _ in 0..16 {
        let (pools, cx) = (app.pools.clone(), app.cx());
        let input = json!({"IdentityPoolId": pool, "Logins": logins});
        calls.spawn(async move {
            let input = api::Wire::from_json(input).unwrap();
            pools.get_id(&cx, input).await.unwrap().identity_id.unwrap()
        });
    }
    let ids: BTreeSet<String> = calls.join_all().await.into_iter().collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(app.listed(&pool, false).await, ids.into_iter().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_guest_who_signs_in_keeps_the_id() {
    let app = App::new().await;
    let pool = app.pool_with_roles(json!({})).await;
    let guest = app.id(&pool, Value::Null).await;
    let logins = app.logins(STAFF, "ana").await;
    let answer = app.credentials(&guest, logins.clone()).await.ok();
    assert_eq!(answer["IdentityId"], json!(guest));
    assert_eq!(app.id(&pool, logins.clone()).await, guest);
    assert_eq!(app.described(&guest).await["Logins"], json!([aws(STAFF)]));
    // No guest any more.
    app.credentials(&guest, Value::Null)
        .await
        .refused(NOT_AUTHORIZED, &forbidden(&guest));
    app.credentials(&guest, logins).await.ok();
}

#[tokio::test]
async fn a_guest_whose_login_is_known_gives_way_to_its_identity() {
    let app = App::new().await;
    let pool = app.pool_with_roles(json!({})).await;
    let ana = app.id(&pool, app.logins(STAFF, "ana").await).await;
    app.clock.advance(Duration::from_secs(1));
    let guest = app.id(&pool, Value::Null).await;
    let logins = app.logins(STAFF, "ana").await;
    assert_eq!(
        app.credentials(&guest, logins.clone()).await.ok()["IdentityId"],
        json!(ana)
    );
    for again in [Value::Null, json!({}), logins.clone()] {
        app.credentials(&guest, again)
            .await
            .refused(NOT_AUTHORIZED, &forbidden(&guest));
    }
    app.call("GetOpenIdToken", json!({"IdentityId": guest, "Logins": logins}))
        .await
        .refused(NOT_AUTHORIZED, &forbidden(&guest));
    assert_eq!(app.listed(&pool, false).await, [ana.clone(), guest]);
    assert_eq!(app.listed(&pool, true).await, [ana]);
}

#[tokio::test]
async fn nobody_acts_as_another_by_naming_the_identity() {
    let app = App::new().await;
    let pool = app.pool_with_roles(json!({})).await;
    let ana = app.id(&pool, app.logins(STAFF, "ana").await).await;
    app.credentials(&ana, Value::Null)
        .await
        .refused(NOT_AUTHORIZED, &forbidden(&ana));
    for (user_pool, sub) in [(STAFF, "ben"), (PARTNERS, "ben"), (PARTNERS, "ana")] {
        let logins = app.logins(user_pool, sub).await;
        app.credentials(&ana, logins.clone())
            .await
            .refused(NOT_AUTHORIZED, &forbidden(&ana));
        // Not when they have an identity of their own either.
        app.id(&pool, logins.clone()).await;
        app.credentials(&ana, logins)
            .await
            .refused(NOT_AUTHORIZED, &forbidden(&ana));
    }
    assert_eq!(app.described(&ana).await["Logins"], json!([aws(STAFF)]));
}

#[tokio::test]
async fn logins_that_come_together_become_one_identity() {
    for app in App::on_every_engine().await {
        merge(&app).await;
    }
}

async fn merge(app: &App) {
    let pool = app.pool_with_roles(json!({})).await;
    let staff = app.id(&pool, app.logins(STAFF, "ana").await).await;
    app.clock.advance(Duration::from_secs(1));
    let partner = app.id(&pool, app.logins(PARTNERS, "anna").await).await;
    assert_ne!(staff, partner);

    // The one that is named stays.
    let answer = app.credentials(&partner, app.both("ana", "anna").await).await.ok();
    assert_eq!(answer["IdentityId"], json!(partner));
    assert_eq!(
        app.described(&partner).await["Logins"],
        json!([aws(PARTNERS), aws(STAFF)])
    );
    assert_eq!(app.id(&pool, app.logins(STAFF, "ana").await).await, partner);
    app.credentials(&staff, app.logins(STAFF, "ana").await)
        .await
        .refused(NOT_AUTHORIZED, &forbidden(&staff));
    assert_eq!(app.described(&staff).await.get("Logins"), None);

    // GetId names none: the older stays.
    let older = app.id(&pool, app.logins(PARTNERS, "cara").await).await;
    app.clock.advance(Duration::from_secs(1));
    let younger = app.id(&pool, app.logins(STAFF, "cara").await).await;
    assert_eq!(app.id(&pool, app.both("cara", "cara").await).await, older);
    assert_eq!(app.listed(&pool, true).await, [partner, older]);
    app.credentials(&younger, Value::Null)
        .await
        .refused(NOT_AUTHORIZED, &forbidden(&younger));
}

#[tokio::test]
async fn two_users_of_one_pool_are_never_one_identity() {
    let app = App::new().await;
    let pool = app.pool_with_roles(json!({})).await;
    let ana = app.id(&pool, app.both("ana", "anna").await).await;
    let before = app.described(&ana).await;
    let ben = app.id(&pool, app.logins(STAFF, "ben").await).await;
    let linked = "Login is already linked to another account.";
    let both = app.both("ben", "anna").await;
    app.call("GetId", json!({"IdentityPoolId": pool, "Logins": both}))
        .await
        .refused("ResourceConflictException", linked);
    app.credentials(&ben, both)
        .await
        .refused("ResourceConflictException", linked);
    // Nothing changed.
    assert_eq!(app.described(&ana).await, before);
    assert_eq!(app.id(&pool, app.logins(PARTNERS, "anna").await).await, ana);
    assert_eq!(app.id(&pool, app.logins(STAFF, "ben").await).await, ben);
}

#[tokio::test]
async fn identities_are_listed_in_the_order_of_their_creation() {
    for app in App::on_every_engine().await {
        list_in_order(&app).await;
    }
}

async fn list_in_order(app: &App) {
    let pool = app.identity_pool(json!({})).await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(app.id(&pool, Value::Null).await);
        app.clock.advance(Duration::from_millis(1));
    }
    // Those of one moment come in some order, and each of them once.
    let mut of_one_moment = Vec::new();
    for _ in 0..4 {
        of_one_moment.push(app.id(&pool, Value::Null).await);
    }
    of_one_moment.sort();
    made.extend(of_one_moment);
    assert_eq!(app.listed(&pool, false).await, made);
    assert_eq!(app.listed(&pool, true).await, made);

    let first = json!({"IdentityPoolId": pool, "MaxResults": 2});
    let token = app.call("ListIdentities", first).await.ok()["NextToken"].clone();
    let other = app.identity_pool(json!({})).await;
    for wrong in [
        json!({"IdentityPoolId": other, "MaxResults": 2, "NextToken": token}),
        json!({"IdentityPoolId": pool, "MaxResults": 2, "NextToken": token, "HideDisabled": true}),
        json!({"IdentityPoolId": pool, "MaxResults": 2, "NextToken": "forged"}),
    ] {
        app.call("ListIdentities", wrong)
            .await
            .refused("InvalidParameterException", "Invalid NextToken.");
    }
    app.call("ListIdentities", json!({"IdentityPoolId": pool, "MaxResults": 61})).await.refused(
        "ValidationException",
        "1 validation error detected: Value '61' at 'maxResults' failed to satisfy constraint: Member must have value less \
         than or equal to 60",
    );
}

#[tokio::test]
async fn deleted_identities_are_gone_and_their_logins_begin_anew() {
    for app in App::on_every_engine().await {
        delete(&app).await;
    }
}

async fn delete(app: &App) {
    let pool = app.pool_with_roles(json!({})).await;
    let guest = app.id(&pool, Value::Null).await;
    let ana = app.id(&pool, app.both("ana", "anna").await).await;
    let ben = app.id(&pool, app.logins(STAFF, "ben").await).await;
    let unknown = "eu-west-1:00000000-0000-4000-8000-000000000000";
    let input = json!({"IdentityIdsToDelete": [guest, ana, unknown]});
    let answer = app.call("DeleteIdentities", input).await.ok();
    assert_eq!(answer, json!({"UnprocessedIdentityIds": []}));
    assert_eq!(app.listed(&pool, false).await, [ben]);
    app.credentials(&ana, app.logins(STAFF, "ana").await)
        .await
        .refused("ResourceNotFoundException", &format!("Identity '{ana}' not found."));
    assert_ne!(app.id(&pool, app.logins(STAFF, "ana").await).await, ana);
    assert_ne!(app.id(&pool, app.logins(PARTNERS, "anna").await).await, ana);
}

#[tokio::test]
async fn a_login_is_unlinked_by_its_owner_alone() {
    let app = App::new().await;
    let pool = app.pool_with_roles(json!({})).await;
    let ana = app.id(&pool, app.both("ana", "anna").await).await;
    let unlink = |logins: Value, from: &str| {
        let input = json!({"IdentityId": ana, "Logins": logins, "LoginsToRemove": [from]});
        app.call("UnlinkIdentity", input)
    };
    for strangers in [json!({}), app.logins(STAFF, "ben").await] {
        unlink(strangers, &aws(STAFF))
            .await
            .refused(NOT_AUTHORIZED, &forbidden(&ana));
    }
    // What is not linked can't be unlinked, in whatever spelling the rest is named.
    let logins = app.logins(PARTNERS, "anna").await;
    assert_eq!(unlink(logins.clone(), "accounts.google.com").await.ok(), Value::Null);
    unlink(logins.clone(), &format!("localhost:4566/{STAFF}")).await.ok();
    assert_eq!(app.described(&ana).await["Logins"], json!([aws(PARTNERS)]));
    assert_ne!(app.id(&pool, app.logins(STAFF, "ana").await).await, ana);
    app.credentials(&ana, app.logins(STAFF, "ana").await)
        .await
        .refused(NOT_AUTHORIZED, &forbidden(&ana));

    // Without its last login nobody reaches it, as a guest neither.
    unlink(logins.clone(), &aws(PARTNERS)).await.ok();
    for nobody in [Value::Null, logins.clone()] {
        app.credentials(&ana, nobody)
            .await
            .refused(NOT_AUTHORIZED, &forbidden(&ana));
    }
    assert_ne!(app.id(&pool, logins).await, ana);
}
