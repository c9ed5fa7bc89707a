//! Session families and strings that may be used once.

use kernel::ClientId;

use super::{NOW, later, pool, read, sub, user, write};
use crate::{
    Store,
    records::{
        sessions::{self, Doc, Session},
        spent,
    },
};

/// Of the user with that number, expiring in an hour.
pub(super) fn session(family: &str, user: u32) -> Session {
    Session {
        family: family.to_owned(),
        sub: sub(user),
        client: ClientId::new("client"),
        token: b"first".to_vec(),
        previous_token: None,
        rotated_at: None,
        created: NOW,
        used_at: NOW,
        expires: later(3600),
        revoked: false,
        doc: Doc {
            acr: Some("urn:cognito:loa:1".to_owned()),
            auth_time: NOW,
            event_id: "event".to_owned(),
            scope: "aws.cognito.signin.user.admin".to_owned(),
            device_key: None,
            amr: vec!["pwd".to_owned()],
            seen: None,
            sign_outs: 0,
            hosted: None,
        },
    }
}

async fn family(store: &Store, name: &'static str, family: &'static str) -> Option<Session> {
    read(store, move |r| sessions::by_family(r, &pool(name), family)).await
}

pub(super) async fn a_token_is_rotated_once(store: &Store) {
    write(store, |tx| sessions::insert(tx, &pool("rotate"), &session("f", 1))).await;
    let made = family(store, "rotate", "f").await.unwrap();
    assert_eq!((made.doc, made.expires), (session("f", 1).doc, later(3600)));
    assert_eq!((made.previous_token, made.rotated_at, made.revoked), (None, None, false));

    let rotate = |old: &'static [u8], new: &'static [u8]| {
        write(store, move |tx| sessions::rotate(tx, &pool("rotate"), "f", &sessions::Succession { old, new, at: later(7) }))
    };
    assert!(rotate(b"first", b"second").await);
    assert!(!rotate(b"first", b"third").await, "the second of two racing rotations");
    let now = family(store, "rotate", "f").await.unwrap();
    assert_eq!((now.token.as_slice(), now.previous_token.as_deref()), (b"second".as_slice(), Some(b"first".as_slice())));
    assert_eq!((now.rotated_at, now.used_at, now.created), (Some(later(7)), later(7), NOW));

    assert!(write(store, |tx| sessions::revoke(tx, &pool("rotate"), "f")).await);
    assert!(!rotate(b"second", b"third").await, "nothing comes of a revoked family");
    assert!(!write(store, |tx| sessions::revoke(tx, &pool("rotate"), "unknown")).await);
}

pub(super) async fn a_family_is_revoked_alone(store: &Store) {
    for name in ["revoke", "revoke2"] {
        for one in ["f", "g"] {
            write(store, move |tx| sessions::insert(tx, &pool(name), &session(one, 1))).await;
        }
    }
    assert!(write(store, |tx| sessions::revoke(tx, &pool("revoke"), "f")).await);
    for (name, one, revoked) in [("revoke", "f", true), ("revoke", "g", false), ("revoke2", "f", false)] {
        assert_eq!(family(store, name, one).await.unwrap().revoked, revoked, "{name} {one}");
    }
}

pub(super) async fn a_sign_out_ends_what_began_before(store: &Store) {
    let mut signed_out = user(&pool("signout"), 1, &[]);
    let before = session("f", 1).begun_by(&signed_out);
    signed_out.doc.sign_outs += 1;
    let after = session("g", 1).begun_by(&signed_out);
    write(store, move |tx| {
        sessions::insert(tx, &pool("signout"), &before)?;
        sessions::insert(tx, &pool("signout"), &after)
    })
    .await;
    for (one, over) in [("f", true), ("g", false)] {
        let kept = family(store, "signout", one).await.unwrap();
        assert_eq!((kept.is_over(&signed_out), kept.revoked), (over, false), "{one}");
    }
}

pub(super) async fn a_users_families_page_by_name(store: &Store) {
    write(store, |tx| {
        for (name, user) in [("c", 1), ("a", 1), ("b", 1), ("revoked", 1), ("d", 2)] {
            sessions::insert(tx, &pool("ofuser"), &session(name, user))?;
        }
        sessions::revoke(tx, &pool("ofuser"), "revoked")
    })
    .await;
    let list = |seconds, after: &'static str, limit| async move {
        let of = move |r: &mut crate::Reader<'_>| {
            sessions::of_user(r, (&pool("ofuser"), &sub(1)), later(seconds), after, limit)
        };
        read(store, of).await.into_iter().map(|one| one.family).collect::<Vec<_>>()
    };
    assert_eq!(list(0, "", 2).await, ["a", "b"]);
    assert_eq!(list(0, "b", 9).await, ["c"]);
    assert_eq!(list(3600, "", 9).await, [""; 0], "expired");
}

pub(super) async fn the_least_recently_used_are_evicted(store: &Store) {
    write(store, |tx| {
        for name in ["a", "b", "c", "d"] {
            sessions::insert(tx, &pool("evict"), &session(name, 1))?;
        }
        sessions::insert(tx, &pool("evict"), &session("other", 2))?;
        for (name, at) in [("c", 1), ("a", 2), ("d", 3)] {
            let doc = Doc { event_id: name.to_owned(), ..session(name, 1).doc };
            assert!(sessions::used(tx, &pool("evict"), name, &doc, later(at))?);
        }
        sessions::revoke(tx, &pool("evict"), "d")?;
        assert!(!sessions::used(tx, &pool("evict"), "d", &Doc::default(), later(4))?, "revoked");
        Ok(())
    })
    .await;
    let used = family(store, "evict", "a").await.unwrap();
    assert_eq!((used.used_at, used.doc.event_id.as_str()), (later(2), "a"));
    let evict = |kept| write(store, move |tx| sessions::evict(tx, (&pool("evict"), &sub(1)), kept, later(9)));
    assert_eq!([evict(4).await, evict(2).await], [0, 2], "the one that is over goes before the one that was used first");
    for (name, there) in [("a", true), ("b", false), ("c", true), ("d", false), ("other", true)] {
        assert_eq!(family(store, "evict", name).await.is_some(), there, "{name}");
    }
    let expired = |kept| write(store, move |tx| sessions::evict(tx, (&pool("evict"), &sub(1)), kept, later(3600)));
    assert_eq!(expired(1).await, 1);
    assert_eq!(expired(0).await, 1);
}

pub(super) async fn expired_families_are_swept(store: &Store) {
    write(store, |tx| {
        for n in 0..101 {
            sessions::insert(tx, &pool("sweep"), &session(&format!("old{n}"), 1))?;
        }
        let young = Session { expires: later(7200), ..session("young", 1) };
        sessions::insert(tx, &pool("sweep"), &young)?;
        sessions::insert(tx, &pool("sweep2"), &session("old", 1))
    })
    .await;
    let sweep = |seconds| write(store, move |tx| sessions::sweep(tx, &pool("sweep"), later(seconds)));
    assert_eq!(sweep(3600).await, 0, "what ends now has not ended before");
    assert_eq!([sweep(3601).await, sweep(3601).await, sweep(3601).await], [100, 1, 0]);
    assert!(family(store, "sweep", "young").await.is_some());
    assert!(family(store, "sweep2", "old").await.is_some());
}

pub(super) async fn a_nonce_is_spent_once(store: &Store) {
    let spend = |name, nonce: &'static str, seconds| {
        write(store, move |tx| spent::spend(tx, &pool(name), nonce, later(seconds)))
    };
    assert!(spend("spent", "n", 10).await);
    assert!(!spend("spent", "n", 99).await);
    for (nonce, there) in [("n", true), ("m", false)] {
        assert_eq!(read(store, move |r| spent::is_spent(r, &pool("spent"), nonce)).await, there, "{nonce}");
    }
    assert!(spend("spent", "m", 20).await);
    assert!(spend("spent2", "n", 10).await, "pools don't share them");
    let sweep = |seconds| write(store, move |tx| spent::sweep(tx, &pool("spent"), later(seconds)));
    assert_eq!([sweep(10).await, sweep(11).await], [0, 1]);
    assert!(!spend("spent", "m", 20).await, "what has not expired stays");
    assert!(spend("spent", "n", 30).await);
    write(store, |tx| spent::give_back(tx, &pool("spent"), "n")).await;
    assert!(spend("spent", "n", 30).await, "what was given back counts again");
    assert!(!spend("spent2", "n", 10).await);
}

pub(super) async fn what_is_corrupt_says_where(store: &Store) {
    write(store, |tx| sessions::insert(tx, &pool("corrupt"), &session("f", 1))).await;
    write(store, |tx| tx.exec("UPDATE sessions SET doc = '{' WHERE pool = $1 AND family = 'f'", (pool("corrupt"),))).await;
    let read = store.read(|r| sessions::by_family(r, &pool("corrupt"), "f")).await;
    let told = read.unwrap_err().to_string();
    assert!(told.starts_with(&format!("sessions: doc of {} f: EOF while parsing", pool("corrupt"))), "{told}");
}
