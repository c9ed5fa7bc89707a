//! An account by pages: what the operations of access tokens do, for whoever has signed in at a browser. Reference: user-pools 4.6, 4.8, 4.9,
//! 15.2.

use std::time::Duration;

use kernel::Code;
use serde_json::json;
use store::records::{address::Address, factor::Factor};

use super::{PASSWORD, people, place, signed_in};
use crate::hosted::{Browser, Turn};

const NEW: &str = "An0ther-pass!";

#[tokio::test]
async fn a_sign_in_is_fresh_for_five_minutes() {
    let people = people().await;
    let (place, pools) = (place(&people).await, &people.app.pools);
    let signed_in = signed_in(&people).await;
    for (seconds, is_fresh) in [(0, true), (299, true), (1, false)] {
        people.app.advance(Duration::from_secs(seconds));
        let browser = pools
            .browser(&people.app.cx(), &place, Browser::cookie(&signed_in))
            .await;
        assert_eq!(browser.unwrap().unwrap().is_fresh(), is_fresh, "{seconds}");
    }
}

#[tokio::test]
async fn a_password_is_guessed_as_rarely_as_by_the_api() {
    let people = people().await;
    let (place, pools, cx) = (place(&people).await, &people.app.pools, people.app.cx());
    let browser = Browser::of(&signed_in(&people).await);
    assert!(pools.has_password(&browser).await.unwrap());
    let mut told = Vec::new();
    for _ in 0..12 {
        let changed = pools
            .change_password_at(&cx, &place, &browser, (Some("Wr0ng-pass!"), NEW))
            .await;
        told.push(changed.unwrap_err().code());
    }
    assert_eq!(told.first(), Some(&Code::NotAuthorized));
    assert_eq!(told.last(), Some(&Code::LimitExceeded));
    // The right one is no way around it.
    let changed = pools
        .change_password_at(&cx, &place, &browser, (Some(PASSWORD), NEW))
        .await;
    assert_eq!(changed.unwrap_err().code(), Code::LimitExceeded);
}

#[tokio::test]
async fn nothing_is_changed_of_somebody_who_is_gone() {
    let people = people().await;
    let (place, pools, cx) = (place(&people).await, &people.app.pools, people.app.cx());
    let browser = Browser::of(&signed_in(&people).await);
    people.admin("AdminDeleteUser", json!({"Username": "ana"})).await.ok();
    let address = (Address::Email, "bea@example.com");
    let turn = (Factor::Email, Turn::Off);
    for (what, code) in [
        (
            "password",
            pools.change_password_at(&cx, &place, &browser, (None, NEW)).await.err(),
        ),
        (
            "address",
            pools.change_address_at(&cx, &place, &browser, address).await.err(),
        ),
        ("factor", pools.turn_factor_at(&cx, &place, &browser, turn).await.err()),
        ("account", pools.delete_account_at(&cx, &place, &browser).await.err()),
        (
            "sessions",
            pools.sign_out_everywhere_at(&cx, &place, &browser).await.err(),
        ),
    ]
    .map(|(what, error)| (what, error.map(|error| error.code())))
    {
        let expected = if what == "sessions" {
            Code::NotAuthorized
        } else {
            Code::UserNotFound
        };
        assert_eq!(code, Some(expected), "{what}");
    }
}

#[tokio::test]
async fn other_sessions_end_and_ones_own_goes_on() {
    let people = people().await;
    let tracking = json!({"UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 5}});
    people.admin("SetUserPoolSessionConfiguration", tracking).await.ok();
    let (pools, cx) = (&people.app.pools, people.app.cx());
    let (own, other) = (signed_in(&people).await, signed_in(&people).await);
    let place = place(&people).await;
    let browser = pools
        .browser(&cx, &place, Browser::cookie(&own))
        .await
        .unwrap()
        .unwrap();
    let listed = pools.sessions_at(&cx, &place, &browser).await.unwrap().unwrap();
    assert_eq!(listed.len(), 2);
    let own_id = &listed.iter().find(|session| session.is_here).unwrap().id;
    let refused = pools.end_session_at(&cx, &place, &browser, own_id).await;
    assert_eq!(refused.unwrap_err().code(), Code::InvalidParameter);
    pools.end_other_sessions_at(&cx, &place, &browser).await.unwrap();
    assert!(
        pools
            .browser(&cx, &place, Browser::cookie(&own))
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        pools
            .browser(&cx, &place, Browser::cookie(&other))
            .await
            .unwrap()
            .is_none()
    );
}
