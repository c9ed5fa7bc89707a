//! Recovery codes under attack.

use std::time::Duration;

use kernel::Code;
use serde_json::json;
use testkit::text;

use super::{
    LOCKED, NOT_HERE, UNREADABLE, WRONG, answered, asked, browser, by_app, left, made, people, refused, session, tried,
    typed, with_app,
};
use crate::{
    hosted::{Answer, Challenge, FirstFactor, Given, Reply, Start},
    signin::{Door, Visit},
    tests::{hosted::place, people::PASSWORD},
};

#[tokio::test]
async fn of_two_answers_at_once_one_counts() {
    let people = people().await;
    with_app(&people, "ana").await;
    let codes = made(&people, "ana").await.unwrap();
    let neighbour = people.app.neighbour();
    let answer = |session| Answer::RecoveryCode {
        session,
        code: codes[0].clone(),
    };
    let (one, other) = (session(&people, "ana").await, session(&people, "ana").await);
    let (one, other) = tokio::join!(
        answered(&people, &people.app.pools, "ana", answer(one)),
        answered(&people, &neighbour, "ana", answer(other)),
    );
    let (right, wrong) = if one.is_ok() { (one, other) } else { (other, one) };
    assert_eq!(right.unwrap().recovery_codes_left, Some(9));
    refused(wrong, WRONG);
    assert_eq!(left(&people, "ana").await, Some(9));
}

#[tokio::test]
async fn nobody_elses_codes_and_no_old_ones_count() {
    let people = people().await;
    let seed = with_app(&people, "ana").await;
    with_app(&people, "ben").await;
    let (old, bens) = (made(&people, "ana").await.unwrap(), made(&people, "ben").await.unwrap());
    let new = made(&people, "ana").await.unwrap();
    let digits = seed.code(people.app.cx().now());
    for code in [
        &old[0],
        &old[9],
        &bens[0],
        UNREADABLE,
        "",
        &digits,
        &format!("{}{}", new[0], new[1]),
    ] {
        refused(tried(&people, code).await, WRONG);
    }
    assert_eq!(
        (left(&people, "ana").await, left(&people, "ben").await),
        (Some(10), Some(10))
    );
    tried(&people, &new[0]).await.unwrap();

    // Rows that whoever has the database gives somebody else: of another user, in another pool.
    let kept = |name: &'static str| {
        let store = people.app.store.clone();
        let browser = browser(&people, name);
        async move {
            let user = browser.await.user;
            (store, user.pool.clone(), user.sub.clone())
        }
    };
    let (store, pool, ben) = kept("ben").await;
    let (_, _, ana) = kept("ana").await;
    let swap = store.write(move |tx| {
        let rows = store::records::recovery_codes::of_user(tx, &pool, &ben)?;
        let rows: Vec<[u8; 32]> = rows.into_iter().map(|row| row.try_into().unwrap()).collect();
        Ok(store::records::recovery_codes::replace(tx, &pool, &ana, &rows)?)
    });
    swap.await.unwrap();
    refused(tried(&people, &bens[0]).await, WRONG);
}

#[tokio::test]
async fn wrong_ones_and_an_apps_wrong_digits_lock_together() {
    let people = people().await;
    let seed = with_app(&people, "ana").await;
    let codes = made(&people, "ana").await.unwrap();
    for _ in 0..5 {
        refused(tried(&people, UNREADABLE).await, WRONG);
        let answer = Answer::Totp {
            session: session(&people, "ana").await,
            digits: "12345".to_owned(),
        };
        refused(answered(&people, &people.app.pools, "ana", answer).await, WRONG);
    }
    refused(tried(&people, UNREADABLE).await, LOCKED);
    refused(tried(&people, &codes[0]).await, LOCKED);
    refused(by_app(&people, &seed).await, LOCKED);
    assert_eq!(left(&people, "ana").await, Some(10), "a lock costs no code");
    people.app.advance(Duration::from_secs(1));
    tried(&people, &codes[0]).await.unwrap();
    // Which forgives what went before.
    for _ in 0..9 {
        refused(tried(&people, UNREADABLE).await, WRONG);
    }
    by_app(&people, &seed).await.unwrap();
}

#[tokio::test]
async fn they_are_no_first_factor_and_unknown_at_other_doors() {
    let people = people().await;
    // Who has a second factor is asked for a password first: by a code somebody begins before they have one.
    people.set("ana", &[("email_verified", "true")]).await.ok();
    let place = place(&people).await;
    let start = Start::Choice {
        username: "ana".to_owned(),
        preferred: Some(FirstFactor::EmailOtp),
        given: Given::default(),
        step_up: None,
    };
    let reply = Box::pin(people.app.pools.begin_at(&people.app.cx(), &place, start)).await;
    let Ok(Reply::Challenge(challenge @ Challenge::Code { .. })) = reply else {
        panic!("{reply:?}");
    };
    let (first, recovery) = asked(challenge);
    assert!(!recovery);
    with_app(&people, "ana").await;
    let codes = made(&people, "ana").await.unwrap();
    refused(typed(&people, first, &codes[0]).await, NOT_HERE);

    // The API's own door, and each other's sessions.
    let started = people.sign_in("ana", PASSWORD).await.ok();
    assert_eq!(started["ChallengeName"], "SOFTWARE_TOKEN_MFA");
    let of_api = text(&started, "/Session");
    refused(typed(&people, of_api.clone(), &codes[0]).await, NOT_HERE);
    let of_page = session(&people, "ana").await;
    for session in [of_api, of_page] {
        let (pool, client) = people.app.pools.client(&people.client).await.unwrap();
        let visit = Visit::new((pool, client), Door::Public);
        let code = codes[0].clone();
        let answer = Answer::RecoveryCode { session, code };
        let reply = Box::pin(
            people
                .app
                .pools
                .answer_challenge(&people.app.cx(), visit, "ana", answer),
        )
        .await;
        let error = reply.unwrap_err();
        assert_eq!((error.code(), error.message()), NOT_HERE);
    }
    assert_eq!(left(&people, "ana").await, Some(10));
}

#[tokio::test]
async fn who_signs_in_at_a_provider_has_no_use_of_them() {
    let people = people().await;
    with_app(&people, "ana").await;
    made(&people, "ana").await.unwrap();
    assert_eq!(left(&people, "ana").await, Some(10));
    let user =
        json!({"ProviderName": "Cognito", "ProviderAttributeName": "Cognito_Subject", "ProviderAttributeValue": "ana"});
    people
        .admin("AdminDisableProviderForUser", json!({"User": user}))
        .await
        .ok();
    assert_eq!(left(&people, "ana").await, None);
    assert_eq!(made(&people, "ana").await.unwrap_err().code(), Code::InvalidParameter);
}
