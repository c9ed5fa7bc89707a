//! Devices that can't show pages. Reference: RFC 8628.

use std::{sync::Arc, time::Duration};

use serde_json::json;
use tokens::Scopes;

use super::{People, oauth, place, place_of, signed_in};
use crate::{
    UserPools,
    hosted::{Browser, DeviceAnswer, DeviceCodes, DeviceRefused, NotEntered, Place, TokenSet},
};

pub(super) const COOKIE: &str = "a-browser";

/// Ana, in a pool whose client may be on a device.
pub(super) async fn people() -> People {
    let on = json!({"UserPoolTags": {"poolhouse:device-grant": "on"}});
    let people = People::with(on, oauth()).await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    people
}

pub(super) async fn begun(people: &People) -> DeviceCodes {
    let (cx, place, scopes) = (people.app.cx(), place(people).await, Scopes::new("openid"));
    let begun = people.app.pools.begin_device(&cx, &place, &scopes, None);
    begun.await.unwrap()
}

pub(super) async fn entered(people: &People, typed: &str) -> Result<String, &'static str> {
    let (cx, place) = (people.app.cx(), place(people).await);
    let entered = people.app.pools.enter_user_code(&cx, place.pool(), COOKIE, typed).await;
    entered
        .map(|entered| entered.user_code)
        .map_err(|refused| match refused {
            NotEntered::Wrong => "wrong",
            NotEntered::TooMany => "too many",
            NotEntered::Api(error) => panic!("{error:?}"),
        })
}

pub(super) async fn answered(people: &People, cookie: &str, code: &str, is_allowed: bool) -> bool {
    let browser = Browser::of(&signed_in(people).await);
    let answer = if is_allowed {
        DeviceAnswer::Allow(&browser)
    } else {
        DeviceAnswer::Deny
    };
    let (cx, place) = (people.app.cx(), place(people).await);
    let answered = people.app.pools.answer_device(&cx, &place, (cookie, code), answer);
    answered.await.unwrap()
}

async fn polled_at(people: &People, node: &UserPools, place: &Place, code: &str) -> Result<TokenSet, &'static str> {
    let traded = node.trade_device_code(&people.app.cx(), place, code, None).await;
    traded.map_err(|refused| match refused {
        DeviceRefused::Pending => "authorization_pending",
        DeviceRefused::SlowDown => "slow_down",
        DeviceRefused::Denied => "access_denied",
        DeviceRefused::Expired => "expired_token",
        DeviceRefused::InvalidGrant(_) => "invalid_grant",
        DeviceRefused::ShownBefore => "invalid_dpop_proof",
        DeviceRefused::Api(error) if error.code() == kernel::Code::TooManyRequests => "no room",
        DeviceRefused::Api(error) => panic!("{error:?}"),
    })
}

pub(super) async fn polled(people: &People, code: &str) -> Result<TokenSet, &'static str> {
    polled_at(people, &people.app.pools, &place(people).await, code).await
}

fn error(polled: Result<TokenSet, &'static str>) -> &'static str {
    polled.err().unwrap_or("tokens")
}

#[tokio::test]
async fn a_device_is_allowed_at_another() {
    let people = people().await;
    let codes = begun(&people).await;
    assert_eq!((codes.expires_in, codes.interval), (600, 5));
    assert_eq!(
        error(polled(&people, &codes.device_code).await),
        "authorization_pending"
    );

    let typed = codes.user_code.to_lowercase().replace('-', " ");
    assert_eq!(entered(&people, &typed).await.as_deref(), Ok(codes.user_code.as_str()));
    let (cx, at) = (people.app.cx(), place(&people).await);
    let asked = people
        .app
        .pools
        .asked_device(&cx, &at, (COOKIE, &codes.user_code))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (asked.user_code.as_str(), asked.scopes.as_str()),
        (codes.user_code.as_str(), "openid")
    );

    assert!(answered(&people, COOKIE, &codes.user_code, true).await);
    let tokens = polled(&people, &codes.device_code).await.unwrap();
    assert!(tokens.id_token.is_some());
    let refresh = tokens.refresh_token.unwrap();
    people.app.pools.refresh_at(&cx, &at, &refresh, None).await.unwrap();
    assert_eq!(
        error(polled(&people, &codes.device_code).await),
        "invalid_grant",
        "traded"
    );
    people.app.pools.refresh_at(&cx, &at, &refresh, None).await.unwrap();
    assert!(entered(&people, &codes.user_code).await.is_err());
}

/// Nothing of it is in the database as it is.
#[tokio::test]
async fn a_device_knows_its_code_alone() {
    let people = people().await;
    let codes = begun(&people).await;
    assert!(codes.device_code.len() >= 43);
    let (pool, wanted) = (kernel::PoolId::new(people.pool.as_str()), codes.device_code.clone());
    let found = people
        .app
        .store
        .look_up(move |r| store::records::device_grants::find(r, &pool, &wanted))
        .await;
    assert!(found.unwrap().is_none());
    // The code that people enter gets nobody tokens.
    assert_eq!(error(polled(&people, &codes.user_code).await), "invalid_grant");
}

#[tokio::test]
async fn what_is_denied_or_late() {
    let people = people().await;
    let (denied, late, allowed) = (begun(&people).await, begun(&people).await, begun(&people).await);
    entered(&people, &denied.user_code).await.unwrap();
    assert!(answered(&people, COOKIE, &denied.user_code, false).await);
    assert_eq!(error(polled(&people, &denied.device_code).await), "access_denied");
    assert!(!answered(&people, COOKIE, &denied.user_code, true).await, "answered");

    entered(&people, &late.user_code).await.unwrap();
    entered(&people, &allowed.user_code).await.unwrap();
    assert!(answered(&people, COOKIE, &allowed.user_code, true).await);
    people.app.advance(Duration::from_secs(600));
    for codes in [&denied, &late, &allowed] {
        assert_eq!(error(polled(&people, &codes.device_code).await), "expired_token");
    }
    assert!(!answered(&people, COOKIE, &late.user_code, true).await);
    assert_eq!(entered(&people, &late.user_code).await, Err("wrong"));
}

/// What one asks too soon costs its own time, at every node.
#[tokio::test]
async fn who_polls_too_often_waits_longer() {
    let mut people = people().await;
    let codes = begun(&people).await;
    let wait = |seconds| Duration::from_secs(seconds);
    for (after, expected) in [
        (0, "authorization_pending"),
        (5, "authorization_pending"),
        (2, "slow_down"),
        (5, "slow_down"),
        (10, "slow_down"),
        (20, "authorization_pending"),
    ] {
        people.app.advance(wait(after));
        assert_eq!(error(polled(&people, &codes.device_code).await), expected, "{after}");
    }
    people.app = people.app.restarted().await;
    assert_eq!(
        error(polled(&people, &codes.device_code).await),
        "authorization_pending"
    );
    people.app.advance(wait(15));
    assert_eq!(
        error(polled(&people, &codes.device_code).await),
        "slow_down",
        "20 seconds are kept"
    );
    // Who is allowed has waited enough.
    entered(&people, &codes.user_code).await.unwrap();
    assert!(answered(&people, COOKIE, &codes.user_code, true).await);
    assert_eq!(error(polled(&people, &codes.device_code).await), "tokens");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_hundred_polls_at_two_nodes_one_has_tokens() {
    let people = Arc::new(people().await);
    let codes = begun(&people).await;
    entered(&people, &codes.user_code).await.unwrap();
    assert!(answered(&people, COOKIE, &codes.user_code, true).await);
    let nodes = [people.app.pools.clone(), people.app.neighbour()];
    let mut all = tokio::task::JoinSet::new();
    for at in 0..100 {
        let (people, code, node) = (Arc::clone(&people), codes.device_code.clone(), nodes[at % 2].clone());
        all.spawn(async move {
            let place = place_of(&node, &people.pool, &people.client).await;
            polled_at(&people, &node, &place, &code).await
        });
    }
    let mut won = Vec::new();
    while let Some(polled) = all.join_next().await {
        match polled.unwrap() {
            Ok(tokens) => won.push(tokens),
            Err(refused) => assert!(["invalid_grant", "no room"].contains(&refused), "{refused}"),
        }
    }
    assert_eq!(won.len(), 1);
    // Whoever asked twice at once keeps what they have.
    let (cx, at) = (people.app.cx(), place(&people).await);
    people
        .app
        .pools
        .refresh_at(&cx, &at, won[0].refresh_token.as_deref().unwrap(), None)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_device_code_is_its_clients() {
    let people = people().await;
    let codes = begun(&people).await;
    entered(&people, &codes.user_code).await.unwrap();
    assert!(answered(&people, COOKIE, &codes.user_code, true).await);
    let other = people.app.client(&people.pool, oauth()).await;
    let pool = people
        .app
        .pool(json!({"UserPoolTags": {"poolhouse:device-grant": "on"}}))
        .await;
    let elsewhere = people.app.client(&pool, oauth()).await;
    for (pool, client) in [(&people.pool, &other), (&pool, &elsewhere)] {
        let place = place_of(&people.app.pools, pool, client).await;
        let refused = polled_at(&people, &people.app.pools, &place, &codes.device_code).await;
        assert_eq!(error(refused), "invalid_grant");
        // Nor is the person asked in the name of another client.
        let asked = people
            .app
            .pools
            .asked_device(&people.app.cx(), &place, (COOKIE, &codes.user_code))
            .await;
        assert!(asked.unwrap().is_none());
    }
    assert_eq!(
        error(polled(&people, &codes.device_code).await),
        "tokens",
        "and it stayed its own"
    );
}

/// Whoever signs Ana out, or disables her, between her answer and the poll.
#[tokio::test]
async fn whoever_may_not_go_on_has_allowed_nothing() {
    for operation in ["AdminUserGlobalSignOut", "AdminDisableUser", "AdminDeleteUser"] {
        let people = people().await;
        let codes = begun(&people).await;
        entered(&people, &codes.user_code).await.unwrap();
        assert!(answered(&people, COOKIE, &codes.user_code, true).await);
        people.admin(operation, json!({"Username": "ana"})).await.ok();
        assert_eq!(
            error(polled(&people, &codes.device_code).await),
            "invalid_grant",
            "{operation}"
        );
    }
}
