//! A browser's session is over everywhere at once, and is of one pool. Reference: oauth-and-federation 17.3.

use kernel::PoolId;

use serde_json::json;

use super::{approved, oauth, people, place, place_of, signed_in};
use crate::hosted::Browser;

#[tokio::test]
async fn what_one_node_ends_no_other_knows() {
    let people = people().await;
    let node = people.app.neighbour();
    let signed_in = signed_in(&people).await;
    let (cookie, cx) = (Browser::cookie(&signed_in), people.app.cx());
    let there = place_of(&node, &people.pool, &people.client).await;
    assert!(node.browser(&cx, &there, cookie).await.unwrap().is_some());
    people
        .app
        .pools
        .end_browser(&cx, &PoolId::new(people.pool.as_str()), cookie)
        .await
        .unwrap();
    assert!(node.browser(&cx, &there, cookie).await.unwrap().is_none());
}

#[tokio::test]
async fn it_is_of_its_pool_and_of_its_cookie() {
    let people = people().await;
    let signed_in = signed_in(&people).await;
    let (cookie, cx, pools) = (
        Browser::cookie(&signed_in).to_owned(),
        people.app.cx(),
        &people.app.pools,
    );
    let pool = people.app.pool(json!({})).await;
    let client = people.app.client(&pool, oauth()).await;
    let elsewhere = place_of(pools, &pool, &client).await;
    assert!(pools.browser(&cx, &elsewhere, &cookie).await.unwrap().is_none());
    // Who ends it in another pool ends nothing.
    pools
        .end_browser(&cx, &PoolId::new(pool.as_str()), &cookie)
        .await
        .unwrap();
    let place = place(&people).await;
    let id = pools.browser(&cx, &place, &cookie).await.unwrap().unwrap().login.doc.id;
    // What lists say of it, and what its row has, are no cookies.
    for text in [
        id.clone(),
        crate::session::login::digest(&cookie),
        cookie[1..].to_owned(),
        String::new(),
        "\0".to_owned(),
    ] {
        assert!(pools.browser(&cx, &place, &text).await.unwrap().is_none(), "{text}");
    }
}

#[tokio::test]
async fn a_user_who_may_not_go_on_has_none() {
    for operation in ["AdminDisableUser", "AdminDeleteUser", "AdminResetUserPassword"] {
        let people = people().await;
        let signed_in = signed_in(&people).await;
        let named = serde_json::json!({"Username": "ana"});
        let verified =
            serde_json::json!({"Username": "ana", "UserAttributes": [{"Name": "email_verified", "Value": "true"}]});
        people.admin("AdminUpdateUserAttributes", verified).await.ok();
        people.admin(operation, named).await.ok();
        let found = people
            .app
            .pools
            .browser(&people.app.cx(), &place(&people).await, Browser::cookie(&signed_in))
            .await;
        assert!(found.unwrap().is_none(), "{operation}");
    }
}

/// Tokens without a code are of somebody who may go on now, and not when the browser was looked at.
#[tokio::test]
async fn tokens_at_once_are_of_a_user_who_may_go_on() {
    for operation in ["AdminDisableUser", "AdminUserGlobalSignOut", "AdminDeleteUser"] {
        let people = people().await;
        let (place, pools, cx) = (place(&people).await, &people.app.pools, people.app.cx());
        let browser = Browser::of(&signed_in(&people).await);
        let tokens = pools.tokens_at_once(&cx, &place, &browser, &approved()).await.unwrap();
        assert!(tokens.id_token.is_some() && tokens.refresh_token.is_none());
        people.admin(operation, json!({"Username": "ana"})).await.ok();
        let none = pools.tokens_at_once(&cx, &place, &browser, &approved()).await;
        assert_eq!(
            none.err().map(|error| error.code()),
            Some(kernel::Code::NotAuthorized),
            "{operation}"
        );
    }
}
