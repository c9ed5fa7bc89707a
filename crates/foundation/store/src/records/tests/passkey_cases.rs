//! Passkeys.

use super::{NOW, later, pool, read, sub, write};
use crate::{
    Store,
    records::passkeys::{self, Passkey, Use},
};

/// As it was registered.
pub(super) fn passkey(credential: &str) -> Passkey {
    Passkey {
        credential: credential.to_owned(),
        public_key: vec![1, 2, 3],
        counter: 0,
        name: "Windows Hello".to_owned(),
        relying_party: "example.com".to_owned(),
        attachment: None,
        transports: "internal hybrid".to_owned(),
        backup_eligible: true,
        backed_up: false,
        created: NOW,
        used_at: None,
        stepped_back: None,
    }
}

pub(super) async fn a_passkey_is_kept_and_deleted(store: &Store) {
    let id = pool("passkept");
    let second = Passkey {
        attachment: Some("platform".to_owned()),
        counter: i64::from(u32::MAX),
        ..passkey("b")
    };
    let (key, kept) = (id.clone(), second.clone());
    write(store, move |tx| {
        assert!(passkeys::insert(tx, &key, &sub(1), &kept)?);
        passkeys::insert(tx, &key, &sub(1), &passkey("a"))
    })
    .await;
    let of = |n| {
        let key = id.clone();
        read(store, move |r| Ok((passkeys::of_user(r, &key, &sub(n))?, passkeys::count(r, &key, &sub(n))?)))
    };
    assert_eq!(of(1).await, (vec![passkey("a"), second], 2));
    assert_eq!(of(2).await, (Vec::new(), 0));
    for (n, credential, there) in [(2, "b", false), (1, "B", false), (1, "b", true), (1, "b", false)] {
        let key = id.clone();
        let deleted = write(store, move |tx| passkeys::delete(tx, &key, &sub(n), credential));
        assert_eq!(deleted.await, there, "{n} {credential}");
    }
    assert_eq!(of(1).await, (vec![passkey("a")], 1));
}

pub(super) async fn a_credential_is_one_users(store: &Store) {
    for (name, n, inserted) in [("pass1", 1, true), ("pass1", 1, false), ("pass1", 2, false), ("pass2", 2, true)] {
        let insert = write(store, move |tx| passkeys::insert(tx, &pool(name), &sub(n), &passkey("a")));
        assert_eq!(insert.await, inserted, "{name} {n}");
    }
}

pub(super) async fn a_counter_goes_up(store: &Store) {
    let id = pool("passcount");
    let key = id.clone();
    write(store, move |tx| passkeys::insert(tx, &key, &sub(1), &passkey("a"))).await;
    let used = |counter, seconds| Use {
        credential: "a".to_owned(),
        counter,
        backed_up: seconds > 2,
        at: later(seconds),
    };
    // It does not count, then it does: once it has, it must go on.
    for (counter, seconds, counts) in [(0, 1, true), (0, 2, true), (7, 3, true), (7, 4, false), (0, 5, false), (8, 6, true)] {
        let key = id.clone();
        let noted = write(store, move |tx| passkeys::note_use(tx, &key, &sub(1), &used(counter, seconds)));
        assert_eq!(noted.await, counts, "{counter}");
    }
    for (n, known) in [(1, true), (2, false)] {
        let key = id.clone();
        assert_eq!(write(store, move |tx| passkeys::step_back(tx, &key, &sub(n), &used(7, 9))).await, known);
    }
    let expected = Passkey {
        counter: 8,
        backed_up: true,
        used_at: Some(later(6)),
        stepped_back: Some(later(9)),
        ..passkey("a")
    };
    assert_eq!(read(store, move |r| passkeys::of_user(r, &id, &sub(1))).await, [expected]);
}
