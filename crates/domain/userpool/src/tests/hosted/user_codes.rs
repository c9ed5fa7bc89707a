//! The code that people enter, under attack. Reference: RFC 8628 sections 5.1 to 5.4.

use std::{net::IpAddr, time::Duration};

use serde_json::json;

use super::{
    devices::{COOKIE, answered, begun, entered, people, polled},
    place,
};
use crate::{hosted::NotEntered, tests::people::People};

/// A guess by a browser at an address: whether there was such a code, or why it was not looked at.
async fn guessed(people: &People, (cookie, address): (&str, &str), typed: &str) -> Result<(), &'static str> {
    let mut cx = people.app.cx();
    cx.source_ip = Some(address.parse::<IpAddr>().unwrap());
    let place = place(people).await;
    let entered = people.app.pools.enter_user_code(&cx, place.pool(), cookie, typed).await;
    entered.map(drop).map_err(|refused| match refused {
        NotEntered::Wrong => "wrong",
        NotEntered::TooMany => "too many",
        NotEntered::Api(error) => panic!("{error:?}"),
    })
}

const NONE: &str = "BBBB-BBBB";

#[tokio::test]
async fn a_browser_guesses_ten_times_an_hour() {
    let people = people().await;
    let codes = begun(&people).await;
    let here = (COOKIE, "192.0.2.1");
    for _ in 0..10 {
        assert_eq!(guessed(&people, here, NONE).await, Err("wrong"));
        // What can be none is no guess.
        assert_eq!(guessed(&people, here, "no code").await, Err("wrong"));
    }
    assert_eq!(
        guessed(&people, here, &codes.user_code).await,
        Err("too many"),
        "though it is right"
    );
    assert_eq!(
        guessed(&people, (COOKIE, "192.0.2.2"), NONE).await,
        Err("too many"),
        "the browser moved"
    );
    assert_eq!(
        guessed(&people, ("another", "192.0.2.1"), &codes.user_code).await,
        Ok(())
    );
    people.app.advance(Duration::from_secs(3600));
    let codes = begun(&people).await;
    assert_eq!(guessed(&people, here, &codes.user_code).await, Ok(()));
}

#[tokio::test]
async fn an_address_guesses_thirty_times_an_hour() {
    let people = people().await;
    let codes = begun(&people).await;
    for n in 0..30 {
        let (cookie, address) = (format!("browser-{n}"), format!("2001:db8:1:2::{n:x}"));
        assert_eq!(guessed(&people, (&cookie, &address), NONE).await, Err("wrong"), "{n}");
    }
    let neighbour = ("fresh", "2001:db8:1:2:ffff::1");
    assert_eq!(
        guessed(&people, neighbour, &codes.user_code).await,
        Err("too many"),
        "one network"
    );
    assert_eq!(
        guessed(&people, ("fresh", "2001:db8:1:3::1"), &codes.user_code).await,
        Ok(())
    );
}

#[tokio::test]
async fn a_pool_is_guessed_at_a_thousand_times_an_hour() {
    let people = people().await;
    let codes = begun(&people).await;
    for n in 0..1000 {
        let (cookie, address) = (format!("browser-{n}"), format!("10.0.{}.{}", n / 250, n % 250));
        assert_eq!(guessed(&people, (&cookie, &address), NONE).await, Err("wrong"), "{n}");
    }
    assert_eq!(
        guessed(&people, ("fresh", "192.0.2.1"), &codes.user_code).await,
        Err("too many")
    );
}

/// Whoever enters their own device's code and sends somebody the address that they came to.
#[tokio::test]
async fn who_did_not_enter_the_code_is_not_asked() {
    let people = people().await;
    let codes = begun(&people).await;
    entered(&people, &codes.user_code).await.unwrap();
    let (cx, at) = (people.app.cx(), place(&people).await);
    for (cookie, code) in [
        ("another", codes.user_code.as_str()),
        ("", &codes.user_code),
        (COOKIE, NONE),
    ] {
        let asked = people.app.pools.asked_device(&cx, &at, (cookie, code)).await;
        assert!(asked.unwrap().is_none(), "{cookie} {code}");
        assert!(!answered(&people, cookie, code, true).await, "{cookie} {code}");
    }
    assert_eq!(
        polled(&people, &codes.device_code).await.err(),
        Some("authorization_pending")
    );
    // Who enters it last answers.
    guessed(&people, ("another", "192.0.2.1"), &codes.user_code)
        .await
        .unwrap();
    assert!(!answered(&people, COOKIE, &codes.user_code, true).await);
    assert!(answered(&people, "another", &codes.user_code, true).await);
}

#[tokio::test]
async fn a_client_has_a_thousand_that_wait() {
    let people = people().await;
    for _ in 0..1000 {
        begun(&people).await;
    }
    let (cx, at) = (people.app.cx(), place(&people).await);
    let scopes = tokens::Scopes::new("openid");
    let refused = people.app.pools.begin_device(&cx, &at, &scopes, None).await;
    assert_eq!(
        refused.err().map(|error| error.code()),
        Some(kernel::Code::TooManyRequests)
    );
    // Another client's devices do not wait for them.
    let other = people.app.client(&people.pool, super::oauth()).await;
    let other = super::place_of(&people.app.pools, &people.pool, &other).await;
    people.app.pools.begin_device(&cx, &other, &scopes, None).await.unwrap();
    people.app.advance(Duration::from_secs(600));
    begun(&people).await;
    people.app.advance(Duration::from_secs(2 * 3600));
    assert!(people.app.pools.sweep(cx.now()).await.unwrap() >= 1000);
    people.admin("DescribeUserPool", json!({})).await.ok();
}
