//! The session that a sign-up form carries signs in whoever filled it in, and nobody else. Reference: 17.3.

use serde_json::json;

use super::{PASSWORD, People, oauth, place, place_of};
use crate::hosted::{NewAccount, Reply, SignedUp, Start};

async fn people() -> People {
    People::with(json!({"AutoVerifiedAttributes": ["email"]}), oauth()).await
}

async fn sign_up(people: &People, name: &str) -> SignedUp {
    let account = NewAccount {
        username: name.to_owned(),
        password: Some(PASSWORD.to_owned()),
        attributes: vec![("email".to_owned(), format!("{name}@example.com"))],
    };
    people
        .app
        .pools
        .sign_up_at(&people.app.cx(), &place(people).await, account)
        .await
        .unwrap()
}

/// Whether the session signs in whom the form names.
async fn signs_in(people: &People, name: &str, session: Option<String>) -> bool {
    let Some(session) = session else {
        return false;
    };
    let start = Start::SignedUp {
        username: name.to_owned(),
        session,
    };
    let reply = people
        .app
        .pools
        .begin_at(&people.app.cx(), &place(people).await, start)
        .await;
    matches!(reply, Ok(Reply::LoggedIn(_)))
}

#[tokio::test]
async fn it_is_of_one_user() {
    let people = people().await;
    let (victim, eve) = (sign_up(&people, "victim").await, sign_up(&people, "eve").await);
    let (pools, cx, place) = (&people.app.pools, people.app.cx(), place(&people).await);
    // Before the code has come nothing goes on.
    let early = pools.signed_up(&cx, &place, &victim.session).await.unwrap();
    assert!(!signs_in(&people, "victim", early).await, "not confirmed");

    let code = people.app.code_for("eve@example.com").await;
    let other = pools
        .confirm_at(&cx, &place, ("eve", &code), Some(&victim.session))
        .await
        .unwrap();
    for name in ["eve", "victim"] {
        assert!(!signs_in(&people, name, other.clone()).await, "{name}");
    }
    let own = pools.signed_up(&cx, &place, &eve.session).await.unwrap();
    assert!(!signs_in(&people, "victim", own.clone()).await);
    assert!(signs_in(&people, "eve", own.clone()).await);
    assert!(!signs_in(&people, "eve", own).await, "once");
}

#[tokio::test]
async fn it_is_of_one_client_and_of_the_password_that_was_set() {
    let people = people().await;
    let eve = sign_up(&people, "eve").await;
    let (pools, cx) = (&people.app.pools, people.app.cx());
    people
        .admin("AdminConfirmSignUp", json!({"Username": "eve"}))
        .await
        .ok();
    let other = people.app.client(&people.pool, oauth()).await;
    let there = place_of(pools, &people.pool, &other).await;
    assert_eq!(pools.signed_up(&cx, &there, &eve.session).await.unwrap(), None);

    let again = pools.signed_up(&cx, &place(&people).await, &eve.session).await.unwrap();
    let password = json!({"Username": "eve", "Password": "An0ther-pass!", "Permanent": true});
    people.admin("AdminSetUserPassword", password).await.ok();
    assert!(!signs_in(&people, "eve", again).await, "the password was set since");
    assert_eq!(
        pools.signed_up(&cx, &place(&people).await, &eve.session).await.unwrap(),
        None
    );
    for garbage in ["", "x", &eve.session[1..], &format!("{}A", eve.session)] {
        assert_eq!(
            pools.signed_up(&cx, &place(&people).await, garbage).await.unwrap(),
            None,
            "{garbage}"
        );
    }
}
