//! Devices that wait to be allowed, and clients that wait to hear of a session's end.

use kernel::ClientId;

use super::{NOW, later, pool, read, sub, write};
use crate::{
    Store,
    records::{
        device_grants::{self, DeviceGrant, Doc},
        logouts::{self, Hearer},
        users,
    },
};

/// Of the user with that number once it is allowed, for ten minutes.
pub(super) fn grant(device: &str, user_code: &str) -> DeviceGrant {
    DeviceGrant {
        device: device.to_owned(),
        user_code: user_code.to_owned(),
        client: ClientId::new("client"),
        expires: later(600),
        pause: 5,
        denied: false,
        browser: None,
        sub: None,
        doc: Doc {
            scope: "openid".to_owned(),
            ..Doc::default()
        },
    }
}

pub(super) async fn a_device_is_allowed_once(store: &Store) {
    let id = || pool("devgrants");
    let insert = |device: &'static str, user_code: &'static str| {
        write(store, move |tx| device_grants::insert(tx, &id(), &grant(device, user_code)))
    };
    assert!(insert("a", "AA").await && insert("b", "BB").await && insert("c", "CC").await);
    assert!(!insert("d", "AA").await, "its code is another's");
    let client = || ClientId::new("client");
    let count = |now| read(store, move |r| device_grants::count(r, &id(), &client(), now));
    assert_eq!((count(NOW).await, count(later(600)).await), (3, 0));

    let found = read(store, move |r| device_grants::by_user_code(r, &id(), "AA")).await.unwrap();
    assert_eq!((found.device.as_str(), found.pause, found.denied, found.sub), ("a", 5, false, None));
    assert!(read(store, move |r| device_grants::by_user_code(r, &pool("other"), "AA")).await.is_none());

    let allow = |device: &'static str, browser: &'static str| {
        let doc = Doc {
            scope: "email".to_owned(),
            ..Doc::default()
        };
        write(store, move |tx| device_grants::allow(tx, (&id(), device), browser, (&sub(1), &doc)))
    };
    let enter = |device: &'static str| write(store, move |tx| device_grants::enter(tx, &id(), device, "here"));
    let deny = |device: &'static str| write(store, move |tx| device_grants::deny(tx, (&id(), device), "here"));
    assert!(!allow("a", "here").await, "nobody entered its code");
    assert!(enter("a").await && enter("b").await);
    assert!(!allow("a", "there").await, "at another browser");
    assert!(allow("a", "here").await && deny("b").await);
    for device in ["a", "b"] {
        assert!(!allow(device, "here").await && !deny(device).await && !enter(device).await, "answered");
    }
    let find = |device: &'static str| read(store, move |r| device_grants::find(r, &id(), device));
    let (a, b) = (find("a").await.unwrap(), find("b").await.unwrap());
    assert_eq!((a.sub, a.doc.scope.as_str(), b.denied), (Some(sub(1)), "email", true));

    for (pause, expected) in [(10, 10), (7, 10), (15, 15)] {
        write(store, move |tx| device_grants::slow_down(tx, &id(), "c", pause)).await;
        assert_eq!(find("c").await.unwrap().pause, expected);
    }
    let spend = |device: &'static str| write(store, move |tx| device_grants::spend(tx, &id(), device));
    assert!(!spend("b").await && !spend("c").await, "not allowed");
    assert!(spend("a").await && !spend("a").await);
    assert_eq!(write(store, move |tx| device_grants::sweep(tx, &id(), later(600))).await, 0, "on the dot");
    assert_eq!(write(store, move |tx| device_grants::sweep(tx, &id(), later(601))).await, 2);
}

pub(super) fn hearer(user: u32, login: &str, client: &str) -> Hearer {
    Hearer {
        sub: sub(user),
        login: login.to_owned(),
        client: ClientId::new(client),
        issuer: "https://issuer.example".to_owned(),
        expires: later(3600),
    }
}

pub(super) async fn a_client_hears_once_that_a_session_has_ended(store: &Store) {
    let id = || pool("logouts");
    for (user, login, client) in [(1, "l1", "c1"), (1, "l1", "c2"), (1, "l2", "c1"), (2, "l3", "c1"), (3, "l4", "c1")] {
        let hearer = hearer(user, login, client);
        write(store, move |tx| logouts::hear(tx, &id(), &hearer)).await;
    }
    let ours = || async move {
        let all = read(store, |r| logouts::clients(r)).await;
        let ours = all.into_iter().filter(|(pool, _)| *pool == id());
        ours.map(|(_, client)| client.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert!(ours().await.is_empty());

    write(store, move |tx| logouts::end(tx, (&id(), &sub(1)), "l1", NOW)).await;
    assert_eq!(ours().await, ["c1", "c2"]);
    write(store, move |tx| logouts::end_all(tx, (&id(), &sub(2)), later(5))).await;
    // A user's end is told, though the user is gone.
    write(store, move |tx| users::delete(tx, &id(), &sub(2))).await;
    let c1 = || ClientId::new("c1");
    let due = |now, limit| async move {
        let due = read(store, move |r| logouts::due(r, (&id(), &c1()), now, limit)).await;
        due.into_iter().map(|waiting| waiting.login).collect::<Vec<_>>()
    };
    assert_eq!((due(NOW, 9).await, due(later(5), 9).await, due(later(5), 1).await), (
        vec!["l1".to_owned()],
        vec!["l1".to_owned(), "l3".to_owned()],
        vec!["l1".to_owned()]
    ));
    let next = || read(store, move |r| logouts::next_due(r, (&id(), &c1())));
    assert_eq!(next().await, Some(NOW));

    let first = read(store, move |r| logouts::due(r, (&id(), &c1()), NOW, 1)).await.remove(0);
    assert_eq!((first.issuer.as_str(), first.attempts), ("https://issuer.example", 0));
    let claim = || {
        let first = first.clone();
        write(store, move |tx| logouts::claim(tx, &first, later(60)))
    };
    assert!(claim().await && !claim().await, "one node's");
    // Once more is no second end.
    write(store, move |tx| logouts::end(tx, (&id(), &sub(1)), "l1", NOW)).await;
    let again = first.clone();
    assert!(write(store, move |tx| logouts::postpone(tx, &again, later(60), (later(90), 1))).await);
    let late = first.clone();
    assert!(!write(store, move |tx| logouts::postpone(tx, &late, later(60), (later(99), 1))).await);
    let again = read(store, move |r| logouts::due(r, (&id(), &c1()), later(90), 9)).await;
    let found: Vec<_> = again.iter().map(|waiting| (waiting.login.as_str(), waiting.attempts)).collect();
    assert_eq!(found, [("l3", 0), ("l1", 1)]);
    write(store, move |tx| logouts::remove(tx, &first)).await;
    assert_eq!(due(later(90), 9).await, ["l3"]);

    assert_eq!(write(store, move |tx| logouts::sweep(tx, &id(), later(3600))).await, 0, "on the dot");
    assert_eq!(write(store, move |tx| logouts::sweep(tx, &id(), later(3601))).await, 4);
}
