//! App clients that registered themselves, the requests that clients push, and what they sign.

use kernel::ClientId;

use super::{NOW, later, pool, read, write};
use crate::{
    Store,
    records::{
        clients::{self, Client},
        proofs,
        pushed_requests::{self, PushedRequest},
        registrations,
    },
};

pub(super) async fn a_registration_is_kept_by_its_use(store: &Store) {
    let id = || pool("registered");
    let client = |name: &str| Client {
        pool: id(),
        client: ClientId::new(name),
        created: NOW,
        modified: NOW,
        version: 1,
        doc: "{}".to_owned(),
    };
    for name in ["reg1", "reg2", "reg3"] {
        let row = client(name);
        assert!(write(store, move |tx| clients::insert(tx, &row)).await);
        let of = ClientId::new(name);
        write(store, move |tx| registrations::insert(tx, (&id(), &of), NOW, later(60))).await;
    }
    let (one, two) = (|| ClientId::new("reg1"), || ClientId::new("reg2"));
    let count = |since| read(store, move |r| registrations::count(r, &id(), since));
    assert_eq!((count(later(-1)).await, count(NOW).await), (3, 0));

    write(store, move |tx| registrations::keep_until(tx, &id(), &one(), later(120))).await;
    write(store, move |tx| registrations::adopt(tx, &id(), &two())).await;
    let expiry = |of: ClientId| read(store, move |r| registrations::expiry(r, &id(), &of));
    assert_eq!((expiry(one()).await, expiry(two()).await), (Some(later(120)), None));

    assert_eq!(write(store, move |tx| registrations::sweep(tx, &id(), later(60))).await, 0, "on the dot");
    assert_eq!(write(store, move |tx| registrations::sweep(tx, &id(), later(61))).await, 1);
    let left = read(store, move |r| clients::all(r, &id())).await;
    let left: Vec<_> = left.into_iter().map(|client| client.client).collect();
    assert_eq!(left, [one(), two()]);
    assert_eq!(write(store, move |tx| registrations::sweep(tx, &id(), later(999))).await, 1);
    assert!(write(store, move |tx| clients::delete(tx, &id(), &two())).await);
}

pub(super) async fn a_pushed_request_is_taken_once(store: &Store) {
    let id = || pool("pushed");
    for name in ["p1", "p2"] {
        let pushed = PushedRequest {
            request: name.to_owned(),
            client: ClientId::new("client"),
            expires: later(60),
            used: false,
            parameters: "a=b".to_owned(),
        };
        write(store, move |tx| pushed_requests::insert(tx, &id(), &pushed)).await;
    }
    let find = |name: &'static str| read(store, move |r| pushed_requests::find(r, &id(), name));
    let found = find("p1").await.unwrap();
    assert_eq!((found.client.as_str(), found.expires, found.used), ("client", later(60), false));
    let take = || write(store, move |tx| pushed_requests::take(tx, &id(), "p1", later(600)));
    assert!(take().await);
    assert!(!take().await);
    let found = find("p1").await.unwrap();
    assert_eq!((found.expires, found.used, found.parameters.as_str()), (later(600), true, "a=b"));
    assert_eq!(write(store, move |tx| pushed_requests::sweep(tx, &id(), later(61))).await, 1);
    write(store, move |tx| pushed_requests::delete(tx, &id(), "p1")).await;
    assert!(find("p1").await.is_none() && find("p2").await.is_none());
}

pub(super) async fn a_proof_is_shown_once(store: &Store) {
    let id = || pool("proofs");
    let show = |proof: &'static str, of: &'static str, expires| {
        write(store, move |tx| proofs::show(tx, &pool(of), proof, expires))
    };
    assert!(show("a", "proofs", later(60)).await);
    assert!(!show("a", "proofs", later(90)).await);
    assert!(show("a", "others", later(60)).await, "of another pool");
    assert!(show("b", "proofs", later(61)).await);
    assert_eq!(write(store, move |tx| proofs::sweep(tx, &id(), later(61))).await, 1);
    assert!(show("a", "proofs", later(60)).await);
    assert!(!show("b", "proofs", later(60)).await);
    assert_eq!(write(store, move |tx| proofs::sweep(tx, &id(), later(62))).await, 2);
    assert_eq!(write(store, move |tx| proofs::sweep(tx, &pool("others"), later(62))).await, 1);
}
