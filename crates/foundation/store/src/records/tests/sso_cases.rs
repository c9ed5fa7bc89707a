//! Browsers' sessions of hosted login and the codes that come of them.

use kernel::ClientId;

use super::{NOW, later, pool, read, sub, user, write};
use crate::{
    Store,
    records::{
        authorization_codes::{self, AuthorizationCode},
        sso_sessions::{self, Login},
    },
};

/// Of the user with that number, for an hour.
pub(super) fn login(digest: &str, user: u32) -> Login {
    Login {
        login: digest.to_owned(),
        sub: sub(user),
        created: NOW,
        expires: later(3600),
        doc: sso_sessions::Doc {
            id: "id".to_owned(),
            client: Some(ClientId::new("client")),
            auth_time: NOW,
            amr: vec!["pwd".to_owned()],
            acr: Some("urn:cognito:loa:1".to_owned()),
            seen: None,
            sign_outs: 0,
            external: None,
        },
    }
}

/// Of the user with that number, for five minutes.
pub(super) fn code(digest: &str, user: u32) -> AuthorizationCode {
    AuthorizationCode {
        code: digest.to_owned(),
        sub: sub(user),
        expires: later(300),
        family: None,
        doc: authorization_codes::Doc {
            client: Some(ClientId::new("client")),
            redirect_uri: "https://app.example.com/".to_owned(),
            challenge: Some("challenge".to_owned()),
            scope: "openid".to_owned(),
            nonce: Some("n".to_owned()),
            resource: Some("https://api.example.com".to_owned()),
            key: Some("thumbprint".to_owned()),
            login: "id".to_owned(),
            auth_time: NOW,
            amr: vec!["pwd".to_owned()],
            acr: None,
            sign_outs: 1,
            overrides: Some(serde_json::json!({"id": {}})),
        },
    }
}

pub(super) async fn a_login_is_found_until_it_ends(store: &Store) {
    let id = || pool("sso_sessions");
    for (digest, n) in [("a", 1), ("b", 1), ("c", 1), ("d", 2)] {
        write(store, move |tx| sso_sessions::insert(tx, &id(), &login(digest, n))).await;
    }
    let found = read(store, move |r| sso_sessions::find(r, &id(), "a")).await.unwrap();
    let expected = login("a", 1);
    assert_eq!((found.sub, found.created, found.expires, found.doc), (
        expected.sub,
        expected.created,
        expected.expires,
        expected.doc
    ));
    let renamed = sso_sessions::Doc { id: "other".to_owned(), ..login("d", 2).doc };
    write(store, move |tx| sso_sessions::update(tx, &id(), "d", &renamed)).await;
    assert_eq!(read(store, move |r| sso_sessions::find(r, &id(), "d")).await.unwrap().doc.id, "other");
    assert!(read(store, |r| sso_sessions::find(r, &pool("logins2"), "a")).await.is_none(), "another pool's");
    let of_user = |after: &'static str, now, limit| async move {
        let found = read(store, move |r| sso_sessions::of_user(r, (&id(), &sub(1)), now, after, limit)).await;
        found.into_iter().map(|login| login.login).collect::<Vec<_>>()
    };
    assert_eq!(of_user("", NOW, 2).await, ["a", "b"]);
    assert_eq!(of_user("b", NOW, 2).await, ["c"]);
    assert!(of_user("", later(3600), 2).await.is_empty(), "expired");
    assert!(write(store, move |tx| sso_sessions::delete(tx, &id(), "a")).await);
    assert!(!write(store, move |tx| sso_sessions::delete(tx, &id(), "a")).await);
    assert!(read(store, move |r| sso_sessions::find(r, &id(), "a")).await.is_none());
    assert_eq!(write(store, move |tx| sso_sessions::sweep(tx, &id(), later(3600))).await, 0, "on the dot");
    assert_eq!(write(store, move |tx| sso_sessions::sweep(tx, &id(), later(3601))).await, 3);
}

pub(super) async fn a_login_is_of_the_user_as_they_are(_store: &Store) {
    let mut ana = user(&pool("logins3"), 1, &[]);
    ana.doc.sign_outs = 3;
    assert_eq!(login("a", 1).begun_by(&ana).doc.sign_outs, 3);
}

pub(super) async fn a_code_is_traded_once(store: &Store) {
    let id = || pool("acodes");
    for (digest, n) in [("a", 1), ("b", 1), ("c", 2)] {
        write(store, move |tx| authorization_codes::insert(tx, &id(), &code(digest, n))).await;
    }
    let find = |digest: &'static str| read(store, move |r| authorization_codes::find(r, &id(), digest));
    let found = find("a").await.unwrap();
    assert_eq!((found.expires, found.family, found.doc), (later(300), None, code("a", 1).doc));
    let brought = |digest: &str| authorization_codes::Brought { code: digest.to_owned(), sub: sub(1), expires: later(300) };
    let spend = |digest: &'static str, family: Option<&'static str>| {
        write(store, move |tx| authorization_codes::spend(tx, &id(), &brought(digest), family))
    };
    // "carried" has no row before it is brought.
    for digest in ["a", "carried"] {
        assert!(spend(digest, Some("first")).await, "{digest}");
        assert!(!spend(digest, Some("second")).await, "{digest}");
        assert!(!spend(digest, None).await, "{digest}");
        let row = find(digest).await.unwrap();
        assert_eq!((row.family.as_deref(), row.expires, row.sub), (Some("first"), later(300), sub(1)), "{digest}");
    }
    for digest in ["b", "guessed at"] {
        assert!(spend(digest, None).await, "{digest}");
        assert!(!spend(digest, Some("first")).await, "{digest}");
        assert_eq!(find(digest).await.unwrap().family.as_deref(), Some(""), "{digest}");
    }
    assert_eq!(write(store, move |tx| authorization_codes::sweep(tx, &id(), later(300))).await, 0, "on the dot");
    assert_eq!(write(store, move |tx| authorization_codes::sweep(tx, &id(), later(301))).await, 5);
}
