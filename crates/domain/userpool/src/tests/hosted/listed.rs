//! Browsers' sessions among a user's, and what ends with what. Reference: user-pools 15.2.

use serde_json::{Value, json};

use super::{CALLBACK, code, people, place, presented, signed_in};
use crate::{
    hosted::{Browser, Reply, Start},
    tests::people::{PASSWORD, People},
};

async fn tracked() -> People {
    let people = people().await;
    let tracking = json!({"UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 20}});
    people.admin("SetUserPoolSessionConfiguration", tracking).await.ok();
    people
}

async fn listed(people: &People) -> Vec<Value> {
    let listed = people
        .admin("AdminListUserSessions", json!({"Username": "ana"}))
        .await
        .ok();
    listed["Sessions"].as_array().unwrap().clone()
}

async fn of_kind(people: &People, kind: &str) -> Vec<Value> {
    let all = listed(people).await.into_iter();
    all.filter(|session| session["SessionType"] == kind).collect()
}

/// A browser's session, and the refresh token that came of it.
async fn traded(people: &People) -> (Value, String) {
    let code = code(people).await;
    let place = place(people).await;
    let (pools, cx) = (&people.app.pools, people.app.cx());
    let tokens = pools.trade_code(&cx, &place, presented(&code)).await.unwrap();
    let browser = of_kind(people, "SSO").await.pop().unwrap();
    (browser, tokens.refresh_token.unwrap())
}

async fn refreshes(people: &People, token: &str) -> bool {
    let place = place(people).await;
    let refreshed = people.app.pools.refresh_at(&people.app.cx(), &place, token, None).await;
    refreshed.is_ok()
}

async fn revoke(people: &People, session: &Value, associated: &str) {
    let input = json!({"Username": "ana", "SessionId": session["SessionId"], "RevokeAssociatedSessions": associated});
    people.admin("AdminRevokeUserSession", input).await.ok();
}

#[tokio::test]
async fn a_browser_is_listed_with_what_was_born_from_it() {
    let people = tracked().await;
    let (browser, _) = traded(&people).await;
    assert_eq!(browser["ClientId"], json!(people.client));
    let tokens = of_kind(&people, "TOKEN").await;
    assert_eq!(tokens.len(), 1);
    assert_eq!(tokens[0]["OriginSessionId"], browser["SessionId"]);
}

#[tokio::test]
async fn what_is_linked_ends_together() {
    for (begin, associated, browser_stays, tokens_stay) in [
        ("SSO", "NONE", false, true),
        ("SSO", "LINKED", false, false),
        ("TOKEN", "NONE", true, false),
        ("TOKEN", "LINKED", false, false),
    ] {
        let people = tracked().await;
        let (_, token) = traded(&people).await;
        let session = of_kind(&people, begin).await.pop().unwrap();
        revoke(&people, &session, associated).await;
        let left = (
            !of_kind(&people, "SSO").await.is_empty(),
            refreshes(&people, &token).await,
        );
        assert_eq!(left, (browser_stays, tokens_stay), "{begin} {associated}");
    }
}

#[tokio::test]
async fn a_session_of_nobodys_is_not_found() {
    let people = tracked().await;
    let input = json!({"Username": "ana", "SessionId": "sso0000000000000000000000000"});
    let refused = people.admin("AdminRevokeUserSession", input).await;
    refused.refused("ResourceNotFoundException", "Session does not exist.");
}

/// As Cognito has it; a pool may want it otherwise.
#[tokio::test]
async fn a_global_sign_out_leaves_the_browser_unless_the_pool_is_strict() {
    for (strict, stays) in [(false, true), (true, false)] {
        let people = people().await;
        if strict {
            let tags = json!({"UserPoolTags": {"poolhouse:sso-ends-with-sign-out": "true"}});
            people.admin("UpdateUserPool", tags).await.ok();
        }
        let signed_in = signed_in(&people).await;
        people
            .admin("AdminUserGlobalSignOut", json!({"Username": "ana"}))
            .await
            .ok();
        let (place, cookie) = (place(&people).await, Browser::cookie(&signed_in));
        let found = people
            .app
            .pools
            .browser(&people.app.cx(), &place, cookie)
            .await
            .unwrap();
        assert_eq!(found.is_some(), stays, "strict: {strict}");
    }
}

/// A level that the user has no means for is a wish: who has a password alone signs in with it, and the app sees the level.
#[tokio::test]
async fn a_level_out_of_reach_is_not_insisted_on() {
    let people = people().await;
    let place = place(&people).await;
    let names = ["urn:cognito:loa:4", "urn:else"];
    let levels = place.known_levels(names.into_iter());
    assert_eq!(levels, ["urn:cognito:loa:4"]);
    let start = Start::Password {
        username: "ana".to_owned(),
        password: PASSWORD.to_owned(),
        step_up: place.wish(&levels),
    };
    let reply = people
        .app
        .pools
        .begin_at(&people.app.cx(), &place, start)
        .await
        .unwrap();
    let Reply::LoggedIn(signed_in) = reply else {
        panic!("more is asked for than Ana has");
    };
    let browser = Browser::of(&signed_in);
    assert!(!place.suffices(browser.acr(), &levels));
    assert!(place.suffices(browser.acr(), &["urn:cognito:loa:1".to_owned()]));
    assert_eq!(place.oauth().callbacks, [CALLBACK]);
}
