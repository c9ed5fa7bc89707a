//! Clients hear that a browser's session has ended. Reference: OpenID Connect Back-Channel Logout 1.0.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::{Cx, PoolId};
use serde_json::{Value, json};

use super::{
    CALLBACK, People, approved, code,
    hearing::{Hearing, SILENT},
    oauth, place, place_of, presented, signed_in,
};
use crate::hosted::{Browser, LoggedIn};

/// Ana, and a client that hears.
async fn people(more: Value) -> (People, Hearing) {
    let people = People::with(json!({}), oauth()).await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    let hearing = Hearing::begin().await;
    hears(&people, &[(&people.client, &hearing.uri)], more).await;
    (people, hearing)
}

async fn hears(people: &People, clients: &[(&str, &str)], more: Value) {
    let tags = clients
        .iter()
        .map(|(client, uri)| (format!("poolhouse:backchannel-logout:{client}"), json!(uri)));
    let mut tags: serde_json::Map<String, Value> = tags.collect();
    tags.extend(more.as_object().cloned().unwrap_or_default());
    let settings = json!({"UserPoolTags": tags});
    people.admin("UpdateUserPool", settings).await.ok();
}

pub(super) fn cx(people: &People) -> Cx {
    Cx::internal(&people.app.env, "")
}

pub(super) async fn told(people: &People) -> u64 {
    people.app.pools.tell_logouts(&cx(people)).await.unwrap()
}

/// What the client has of a sign-in: its ID token's claims.
pub(super) async fn tokens(people: &People, signed_in: &LoggedIn, client: &str) -> Value {
    let place = place_of(&people.app.pools, &people.pool, client).await;
    let browser = Browser::of(signed_in);
    let (pools, cx) = (&people.app.pools, people.app.cx());
    let code = pools.give_code(&cx, &place, &browser, approved()).await.unwrap();
    let tokens = pools
        .trade_code(&cx, &place, presented(&code))
        .await
        .map_err(|_| ())
        .unwrap();
    let id = tokens.id_token.unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(id.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

pub(super) async fn signed_out(people: &People, signed_in: &LoggedIn) {
    let (pool, cx) = (PoolId::new(people.pool.as_str()), people.app.cx());
    let ended = people.app.pools.end_browser(&cx, &pool, Browser::cookie(signed_in));
    ended.await.unwrap();
}

#[tokio::test]
async fn a_client_hears_whose_session_has_ended() {
    let (people, hearing) = people(json!({})).await;
    let deaf = people.app.client(&people.pool, oauth()).await;
    let ana = signed_in(&people).await;
    let id = tokens(&people, &ana, &people.client).await;
    assert!(tokens(&people, &ana, &deaf).await.get("sid").is_none());
    assert_ne!(id["sid"], json!(Browser::cookie(&ana)), "it is no secret");
    assert_eq!(told(&people).await, 0);

    signed_out(&people, &ana).await;
    signed_out(&people, &ana).await;
    assert_eq!(told(&people).await, 1);
    let (header, claims) = hearing.tokens().remove(0);
    assert_eq!(
        (&header["typ"], &header["alg"]),
        (&json!("logout+jwt"), &json!("RS256"))
    );
    assert_eq!(
        claims["events"],
        json!({"http://schemas.openid.net/event/backchannel-logout": {}})
    );
    for name in ["iss", "aud", "sub", "sid"] {
        assert_eq!(claims[name], id[name], "{name}");
    }
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 120);
    assert!(claims["jti"].is_string() && claims.get("nonce").is_none() && claims.get("token_use").is_none());
    assert_eq!(told(&people).await, 0, "once");
}

#[tokio::test]
async fn tokens_at_once_are_of_a_session_that_has_not_ended() {
    let (people, hearing) = people(json!({})).await;
    let ana = signed_in(&people).await;
    let place = place_of(&people.app.pools, &people.pool, &people.client).await;
    let (pools, browser, approved, cx) = (&people.app.pools, Browser::of(&ana), approved(), people.app.cx());
    assert!(pools.tokens_at_once(&cx, &place, &browser, &approved).await.is_ok());
    signed_out(&people, &ana).await;
    assert_eq!(told(&people).await, 1);
    assert_eq!(hearing.tokens().len(), 1);
    // Of these it would never hear.
    assert!(pools.tokens_at_once(&cx, &place, &browser, &approved).await.is_err());
}

#[tokio::test]
async fn all_that_ends_a_session() {
    let strict = json!({"poolhouse:sso-ends-with-sign-out": "true"});
    for (operation, more, expected) in [
        ("AdminDisableUser", json!({}), 2),
        ("AdminDeleteUser", json!({}), 2),
        ("AdminUserGlobalSignOut", strict.clone(), 2),
        // The browsers stay signed in.
        ("AdminUserGlobalSignOut", json!({}), 0),
        ("AdminEnableUser", strict, 0),
    ] {
        let (people, hearing) = people(more).await;
        let mut sids = Vec::new();
        for _ in 0..2 {
            let ana = signed_in(&people).await;
            sids.push(tokens(&people, &ana, &people.client).await["sid"].clone());
        }
        people.admin(operation, json!({"Username": "ana"})).await.ok();
        assert_eq!(told(&people).await, expected, "{operation}");
        let heard: Vec<Value> = hearing
            .tokens()
            .into_iter()
            .map(|(_, claims)| claims["sid"].clone())
            .collect();
        assert!(heard.iter().all(|sid| sids.contains(sid)), "{operation}");
        assert_eq!(heard.len() as u64, expected);
    }
}

#[tokio::test]
async fn a_session_that_is_revoked_by_the_list() {
    let (people, hearing) = people(json!({})).await;
    let tracking = json!({"UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 5}});
    people.admin("SetUserPoolSessionConfiguration", tracking).await.ok();
    let (one, other) = (signed_in(&people).await, signed_in(&people).await);
    let mut sids = Vec::new();
    for session in [&one, &other] {
        sids.push(tokens(&people, session, &people.client).await["sid"].clone());
    }
    let listed = people
        .admin("AdminListUserSessions", json!({"Username": "ana"}))
        .await
        .ok();
    let sessions = listed["Sessions"].as_array().unwrap();
    let browsers = sessions.iter().filter(|session| session["SessionType"] == "SSO");
    for (browser, left) in browsers.zip([1, 0]) {
        let input = json!({"Username": "ana", "SessionId": browser["SessionId"]});
        people.admin("AdminRevokeUserSession", input).await.ok();
        assert_eq!(told(&people).await, 1);
        let heard = hearing.tokens().remove(0).1["sid"].clone();
        sids.retain(|sid| *sid != heard);
        assert_eq!(sids.len(), left);
    }
}

/// One that is signed in anew where they were stays the same for those who have them.
#[tokio::test]
async fn who_signs_in_once_more_is_logged_out_nowhere() {
    let (people, hearing) = people(json!({})).await;
    people.member("ben", &[("email", "ben@example.com")]).await;
    let ana = signed_in(&people).await;
    let sid = tokens(&people, &ana, &people.client).await["sid"].clone();
    let again = signed_in(&people).await;
    let (cx, at) = (people.app.cx(), place(&people).await);
    let pools = &people.app.pools;
    pools.succeed(&cx, &at, &again, Browser::cookie(&ana)).await.unwrap();
    assert_eq!(told(&people).await, 0);
    assert!(
        pools.browser(&cx, &at, Browser::cookie(&ana)).await.unwrap().is_none(),
        "the cookie is another"
    );
    signed_out(&people, &again).await;
    assert_eq!(told(&people).await, 1);
    assert_eq!(hearing.tokens()[0].1["sid"], sid);
}

/// A code of a session that has ended gives nothing to a client that would not hear of it.
#[tokio::test]
async fn a_code_that_comes_after_the_end() {
    let (people, _hearing) = people(json!({})).await;
    let code = code(&people).await;
    let ana = signed_in(&people).await;
    let (cx, at) = (people.app.cx(), place(&people).await);
    let own = people
        .app
        .pools
        .give_code(&cx, &at, &Browser::of(&ana), approved())
        .await
        .unwrap();
    signed_out(&people, &ana).await;
    assert!(people.app.pools.trade_code(&cx, &at, presented(&own)).await.is_err());
    assert!(
        people.app.pools.trade_code(&cx, &at, presented(&code)).await.is_ok(),
        "of another session"
    );
    assert_eq!(approved().redirect_uri, CALLBACK);
}

#[tokio::test]
async fn who_does_not_answer_is_told_again() {
    let (people, hearing) = people(json!({})).await;
    let ana = signed_in(&people).await;
    tokens(&people, &ana, &people.client).await;
    signed_out(&people, &ana).await;
    hearing.answers(503);
    for pause in [30, 60, 120, 240] {
        assert_eq!(told(&people).await, 0);
        assert_eq!(hearing.requests().len(), 1, "{pause}");
        let again = people.app.pools.until_next_logout(&cx(&people)).await.unwrap();
        assert_eq!(again, Some(Duration::from_secs(pause)));
        people.app.advance(Duration::from_secs(pause));
    }
    assert_eq!(told(&people).await, 0);
    assert_eq!(hearing.requests().len(), 1);
    assert_eq!(
        people.app.pools.until_next_logout(&cx(&people)).await.unwrap(),
        None,
        "it is given up"
    );
}

/// What was to be told stands in the transaction that ended the session: a process that is gone has lost none.
#[tokio::test]
async fn another_process_tells_what_one_left() {
    let (mut people, hearing) = people(json!({})).await;
    let ana = signed_in(&people).await;
    tokens(&people, &ana, &people.client).await;
    signed_out(&people, &ana).await;
    people.app = people.app.restarted().await;
    assert_eq!(told(&people).await, 1);
    assert_eq!(hearing.requests().len(), 1);
}

#[tokio::test]
async fn who_hangs_keeps_no_other_waiting() {
    let (people, hearing) = people(json!({})).await;
    let slow = Hearing::begin().await;
    slow.answers(SILENT);
    let other = people.app.client(&people.pool, oauth()).await;
    hears(
        &people,
        &[(&people.client, &hearing.uri), (&other, &slow.uri)],
        json!({}),
    )
    .await;
    for _ in 0..9 {
        let ana = signed_in(&people).await;
        tokens(&people, &ana, &people.client).await;
        tokens(&people, &ana, &other).await;
        signed_out(&people, &ana).await;
    }
    let (pools, of) = (people.app.pools.clone(), cx(&people));
    let telling = tokio::spawn(async move { pools.tell_logouts(&of).await });
    let heard = async {
        let mut count = 0;
        while count < 9 {
            count += hearing.requests().len();
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(8), heard)
        .await
        .expect("all are told while the other hangs");
    assert_eq!(slow.requests().len(), 4, "its share");
    telling.abort();
}

/// The address is a tenant's: by default it leads nowhere but to the public internet.
#[tokio::test]
async fn neighbours_are_not_told() {
    let (people, hearing) = people(json!({})).await;
    let ana = signed_in(&people).await;
    tokens(&people, &ana, &people.client).await;
    signed_out(&people, &ana).await;
    let guarded = people.app.guarded_neighbour();
    assert_eq!(guarded.tell_logouts(&cx(&people)).await.unwrap(), 0);
    assert!(hearing.requests().is_empty());
    assert_eq!(
        guarded.until_next_logout(&cx(&people)).await.unwrap(),
        None,
        "nor tried again"
    );
}
