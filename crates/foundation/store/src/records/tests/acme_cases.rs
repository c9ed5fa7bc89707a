//! Certificates by ACME: accounts, names, challenges.

use super::{NOW, later, read, write};
use crate::{
    Store,
    records::{
        acme_accounts,
        acme_certificates::{self, Issued, Past},
        acme_challenges,
    },
};

const DIRECTORY: &str = "https://ca.example/directory";

pub(super) async fn an_account_is_kept_once(store: &Store) {
    let directory = "https://once.example/directory";
    let credentials = || read(store, move |r| acme_accounts::credentials(r, directory));
    let keep = |sealed: &'static [u8]| write(store, move |tx| acme_accounts::keep(tx, directory, sealed));
    assert_eq!(credentials().await, None);
    assert!(keep(b"one").await);
    assert!(!keep(b"two").await, "another node was quicker");
    assert_eq!(credentials().await.as_deref(), Some(&b"one"[..]));
    write(store, move |tx| acme_accounts::forget(tx, directory)).await;
    assert_eq!(credentials().await, None);
    assert!(keep(b"three").await);
}

pub(super) async fn orders_are_counted_by_the_hour(store: &Store) {
    let directory = "https://counted.example/directory";
    let begin = |hour| write(store, move |tx| acme_accounts::begin_order(tx, directory, hour, 2));
    let next = later(3600);
    assert_eq!(
        [begin(NOW).await, begin(NOW).await, begin(NOW).await, begin(next).await],
        [true, true, false, true]
    );
    let kept = write(store, move |tx| acme_accounts::keep(tx, directory, b"one")).await;
    assert!(kept, "orders alone are no account");
    assert_eq!([begin(next).await, begin(next).await], [true, false]);
}

pub(super) async fn a_certificate_is_wanted_until_it_is_forgotten(store: &Store) {
    let want = |name: &'static str, due| write(store, move |tx| acme_certificates::want(tx, name, DIRECTORY, due));
    let due_of = |past, now| read(store, move |r| acme_certificates::due(r, past, now, 10));
    let due = |now| due_of(Past::Nothing, now);
    let find = |name: &'static str| read(store, move |r| acme_certificates::find(r, name));
    want("b.example.com", NOW).await;
    want("a.example.com", later(1)).await;
    let names = |due: Vec<(String, i64)>| due.into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(names(due(NOW).await), ["b.example.com"]);
    assert_eq!(names(due(later(1)).await), ["b.example.com", "a.example.com"]);

    let fail = |error: &'static str, at| {
        write(store, move |tx| acme_certificates::fail(tx, "b.example.com", DIRECTORY, error, at))
    };
    fail("no route", later(60)).await;
    fail("no answer", later(120)).await;
    let failed = find("b.example.com").await.unwrap();
    assert_eq!((failed.failures, failed.due, failed.error.as_deref()), (2, later(120), Some("no answer")));
    let b = |failures| vec![("b.example.com".to_owned(), failures)];
    assert_eq!(due_of(Past::Failures, later(119)).await, []);
    assert_eq!(due_of(Past::Failures, later(120)).await, b(2));
    assert_eq!(names(due(later(120)).await), ["a.example.com"]);

    let issued = || Issued {
        chain: "PEM".to_owned(),
        private: b"sealed".to_vec(),
        expires: later(900),
        due: later(600),
    };
    let issue = |directory: &'static str| {
        write(store, move |tx| acme_certificates::issue(tx, "b.example.com", directory, &issued()))
    };
    assert!(issue(DIRECTORY).await);
    assert!(!issue("https://other.example/directory").await, "it is to be of another one");
    let found = find("b.example.com").await.unwrap();
    assert_eq!((found.failures, found.due, found.error), (0, later(600), None));
    assert_eq!((found.chain.as_deref(), found.expires), (Some("PEM"), Some(later(900))));
    assert_eq!(found.private.as_deref(), Some(&b"sealed"[..]));

    fail("no route", later(700)).await;
    assert_eq!(due_of(Past::Certificate, later(699)).await, []);
    assert_eq!(due_of(Past::Certificate, later(700)).await, b(1), "though it has failed");
    assert_eq!(due_of(Past::Failures, later(700)).await, []);

    let other = "https://other.example/directory";
    write(store, move |tx| acme_certificates::want(tx, "b.example.com", other, NOW)).await;
    let kept = find("b.example.com").await.unwrap();
    assert_eq!((kept.directory.as_str(), kept.due, kept.chain.is_some()), (other, NOW, true));

    let all = read(store, |r| acme_certificates::names(r, "", 10)).await;
    let expected = [("a.example.com", DIRECTORY), ("b.example.com", other)].map(|(a, b)| (a.to_owned(), b.to_owned()));
    assert_eq!(all, expected);
    let rest = read(store, |r| acme_certificates::page(r, "a.example.com", 10)).await;
    assert_eq!(rest.len(), 1);
    for name in ["a.example.com", "b.example.com"] {
        write(store, move |tx| acme_certificates::forget(tx, name)).await;
        assert!(find(name).await.is_none());
    }
}

pub(super) async fn a_challenge_is_of_its_name(store: &Store) {
    let put = |token: &'static str, said: &'static str| {
        write(store, move |tx| acme_challenges::put(tx, "c.example.com", token, said))
    };
    put("t1", "t1.k").await;
    put("t2", "t2.k").await;
    let of_token = |token: &'static str, name: &'static str| {
        read(store, move |r| acme_challenges::of_token(r, token, name))
    };
    let of_domain = || read(store, |r| acme_challenges::of_domain(r, "c.example.com"));
    assert_eq!(of_domain().await.as_deref(), Some("t2.k"));
    assert_eq!(of_token("t2", "c.example.com").await.as_deref(), Some("t2.k"));
    assert_eq!(of_token("t2", "d.example.com").await, None);
    assert_eq!(of_token("t1", "c.example.com").await, None);
    write(store, |tx| acme_challenges::drop(tx, "c.example.com")).await;
    assert_eq!(of_domain().await, None);
}
