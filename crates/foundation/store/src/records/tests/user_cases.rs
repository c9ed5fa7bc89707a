//! Users, and what is keyed by a user: names, password, codes, attempts.

use super::{NOW, fails, later, numbers, pool, read, sub, user, write};
use crate::{
    Stop, Store, StoreError, records::{
        address::Address,
        attempts::{self, Attempts},
        codes::{self, Code},
        authorization_codes, devices, groups, sso_sessions, names, passkeys,
        passwords::{self, Password},
        recovery_codes, sessions,
        software_tokens::{self, SoftwareToken},
        status::Status,
        user_search::{self, Column, Term},
        users::{self, User},
    },
};

pub(super) fn password(secret: &[u8]) -> Password {
    Password { secret: secret.to_vec(), history: Some(vec![9]), set_at: NOW, version: 0 }
}

pub(super) fn code(mac: &[u8]) -> Code {
    Code { mac: mac.to_vec(), target: Address::Email, created: NOW, expires: later(3600) }
}

pub(super) async fn a_user_changes_by_version(store: &Store) {
    let id = pool("uversion");
    let made = User { version: 9, ..user(&id, 1, &[("email", "ana@example.com"), ("custom:plan", "pro")]) };
    let twin = made.clone();
    write(store, move |tx| users::insert(tx, &made)).await;
    fails(store, move |tx| users::insert(tx, &twin)).await;

    let found = move |store: &Store| {
        let (store, id) = (store.clone(), pool("uversion"));
        async move { read(&store, move |r| users::by_sub(r, &id, &sub(1))).await.unwrap() }
    };
    let first = found(store).await;
    assert_eq!((first.version, first.enabled, first.created, first.modified), (1, true, NOW, NOW));
    let mut changed = User { username: "renamed".to_owned(), enabled: false, modified: later(2), ..first.clone() };
    changed.status = Status::ResetRequired;
    changed.doc.attributes.remove("email");
    changed.doc.signed_out_before = Some(later(1));
    let written = changed.clone();
    assert!(write(store, move |tx| users::update(tx, &written)).await);
    assert!(!write(store, move |tx| users::update(tx, &first)).await, "somebody was quicker");
    let second = found(store).await;
    assert_eq!((second.version, second.created, second.modified), (2, NOW, later(2)));
    assert_eq!((second.username.as_str(), second.status), ("renamed", Status::ResetRequired));
    assert!(!second.enabled);
    assert_eq!(second.doc, changed.doc);
    let by_mail = read(store, |r| {
        user_search::equal(r, &pool("uversion"), Term { column: Column::Email, value: "ana@example.com" }, "", 9)
    });
    assert!(by_mail.await.is_empty(), "a removed attribute is not found any more");
}

pub(super) async fn users_page_by_sub(store: &Store) {
    for n in [3, 1, 2] {
        write(store, move |tx| users::insert(tx, &user(&pool("upage"), n, &[]))).await;
    }
    write(store, move |tx| users::insert(tx, &user(&pool("upage2"), 4, &[]))).await;
    assert_eq!(numbers(&read(store, |r| users::list(r, &pool("upage"), "", 2)).await), [1, 2]);
    assert_eq!(numbers(&read(store, |r| users::list(r, &pool("upage"), sub(2).as_str(), 2)).await), [3]);
}

pub(super) async fn a_deleted_user_leaves_nothing(store: &Store) {
    let id = pool("udelete");
    let fill = id.clone();
    write(store, move |tx| {
        for n in [1, 2] {
            let (sub, name) = (sub(n), format!("name{n}"));
            users::insert(tx, &user(&fill, n, &[]))?;
            names::claim(tx, &fill, &name, "username", &sub)?;
            passwords::put(tx, &fill, &sub, &password(b"a"))?;
            passkeys::insert(tx, &fill, &sub, &super::passkey_cases::passkey(&name))?;
            codes::put(tx, &fill, &sub, "sign-up", &code(b"a"))?;
            attempts::put(tx, &fill, &sub, "password", Attempts { count: 1, since: NOW })?;
            sessions::insert(tx, &fill, &super::session_cases::session(&name, n))?;
            sso_sessions::insert(tx, &fill, &super::sso_cases::login(&name, n))?;
            authorization_codes::insert(tx, &fill, &super::sso_cases::code(&name, n))?;
            groups::add_member(tx, &fill, "staff", &sub)?;
            software_tokens::put(tx, &fill, &sub, b"sealed")?;
            recovery_codes::replace(tx, &fill, &sub, &[[1; 32]])?;
            super::device_cases::keep(tx, &fill, &sub)?;
        }
        groups::insert(tx, &fill, &super::group_cases::group("staff"))
    })
    .await;
    let key = id.clone();
    assert!(write(store, move |tx| users::delete(tx, &key, &sub(1))).await);
    let key = id.clone();
    assert!(!write(store, move |tx| users::delete(tx, &key, &sub(1))).await);
    for (n, there) in [(1, false), (2, true)] {
        let key = id.clone();
        let left = read(store, move |r| {
            let name = format!("name{n}");
            Ok([
                users::by_sub(r, &key, &sub(n))?.is_some(),
                names::holder(r, &key, &name)?.is_some(),
                names::find(r, &key, &name)?.is_some(),
                passwords::of_user(r, &key, &sub(n))?.is_some(),
                passkeys::count(r, &key, &sub(n))? == 1,
                codes::find(r, &key, &sub(n), "sign-up")?.is_some(),
                attempts::find(r, &key, &sub(n), "password")?.is_some(),
                sessions::by_family(r, &key, &name)?.is_some(),
                sso_sessions::find(r, &key, &name)?.is_some(),
                authorization_codes::find(r, &key, &name)?.is_some(),
                !groups::of_user(r, &key, &sub(n), "", 9)?.is_empty(),
                software_tokens::waiting(r, &key, &sub(n))?.is_some(),
                recovery_codes::left(r, &key, &sub(n))? == 1,
                devices::find(
                    r,
                    &devices::DevicesOf { pool: key.clone(), sub: sub(n) },
                    &kernel::DeviceKey::new("eu-west-1_0"),
                )?
                .is_some(),
            ])
        });
        assert_eq!(left.await, [there; 14]);
    }
}

/// The document keeps what the column cuts, and a search for the cut text finds nobody whose value is longer.
pub(super) async fn long_values_are_cut_for_the_search(store: &Store) {
    let id = pool("ulong");
    let (long, short) = ("ü".repeat(300), "ü".repeat(255));
    let (a, b) = (user(&id, 1, &[("name", &long)]), user(&id, 2, &[("name", &short)]));
    write(store, move |tx| {
        users::insert(tx, &a)?;
        users::insert(tx, &b)
    })
    .await;
    let whole = read(store, |r| users::by_sub(r, &pool("ulong"), &sub(1))).await.unwrap();
    assert_eq!(whole.doc.attributes["name"], long);
    let found = read(store, move |r| user_search::equal(r, &pool("ulong"), Term { column: Column::Name, value: &short }, "", 9)).await;
    assert_eq!(numbers(&found), [2]);
    let begins = "ü".repeat(200);
    let found = read(store, move |r| user_search::beginning(r, &pool("ulong"), Term { column: Column::Name, value: &begins }, ("", ""), 9)).await;
    assert_eq!(numbers(&found), [2, 1], "the shorter first");
}

pub(super) async fn a_name_has_one_holder(store: &Store) {
    let id = pool("names");
    let fill = id.clone();
    write(store, move |tx| {
        users::insert(tx, &user(&fill, 1, &[]))?;
        users::insert(tx, &user(&fill, 2, &[]))
    })
    .await;
    let claim = |n, kind: &'static str| {
        write(store, move |tx| names::claim(tx, &pool("names"), "ana@example.com", kind, &sub(n)))
    };
    let release = |n, kind: &'static str| {
        write(store, move |tx| names::release(tx, &pool("names"), "ana@example.com", kind, &sub(n)))
    };
    let holder = || read(store, |r| names::holder(r, &pool("names"), "ana@example.com"));
    assert_eq!(holder().await, None);
    assert!(claim(1, "email").await);
    assert!(claim(1, "username").await, "one's own name again");
    assert_eq!(holder().await, Some((sub(1), "email".to_owned())), "as what it was first claimed");
    assert!(!claim(2, "email").await);
    let elsewhere = write(store, |tx| names::claim(tx, &pool("names2"), "ana@example.com", "email", &sub(2)));
    assert!(elsewhere.await, "another pool has names of its own");

    let found = read(store, |r| names::find(r, &pool("names"), "ana@example.com")).await.unwrap();
    assert_eq!((found.sub, found.username.as_str()), (sub(1), "user1"));
    assert!(read(store, |r| names::find(r, &pool("names"), "Ana@example.com")).await.is_none(), "as normalised");

    release(2, "email").await;
    release(1, "username").await;
    assert!(holder().await.is_some(), "given up only by its holder, as what it is held");
    release(1, "email").await;
    assert_eq!(holder().await, None);
    assert!(claim(2, "email").await);
}

pub(super) async fn a_password_is_replaced_and_resealed(store: &Store) {
    let of_user = || read(store, |r| passwords::of_user(r, &pool("pass"), &sub(1)));
    assert!(of_user().await.is_none());
    for (secret, version) in [(b"one", 1), (b"two", 2)] {
        write(store, move |tx| passwords::put(tx, &pool("pass"), &sub(1), &password(secret))).await;
        let found = of_user().await.unwrap();
        assert_eq!((found.secret.as_slice(), found.version), (secret.as_slice(), version));
        assert_eq!((found.history.as_deref(), found.set_at), (Some([9].as_slice()), NOW));
    }
    let reseal = |secret: &'static [u8], version| {
        write(store, move |tx| passwords::reseal(tx, &pool("pass"), &sub(1), secret, version))
    };
    assert!(!reseal(b"stale", 1).await, "the password was changed meanwhile");
    assert!(reseal(b"sealed anew", 2).await);
    assert!(!reseal(b"again", 2).await);
    let found = of_user().await.unwrap();
    assert_eq!((found.secret.as_slice(), found.version), (b"sealed anew".as_slice(), 3));
    assert_eq!(found.history.as_deref(), Some([9].as_slice()));
    let bare = Password { history: None, ..password(b"x") };
    write(store, move |tx| passwords::put(tx, &pool("pass"), &sub(1), &bare)).await;
    assert_eq!(of_user().await.unwrap().history, None);
}

pub(super) async fn the_newest_code_counts_once(store: &Store) {
    let find = |purpose: &'static str| read(store, move |r| codes::find(r, &pool("codes"), &sub(1), purpose));
    let put = |purpose: &'static str, code: Code| {
        write(store, move |tx| codes::put(tx, &pool("codes"), &sub(1), purpose, &code))
    };
    let spend = |purpose: &'static str| write(store, move |tx| codes::spend(tx, &pool("codes"), &sub(1), purpose));
    assert!(!spend("sign-up").await);
    put("sign-up", code(b"first")).await;
    put("forgot", code(b"forgot")).await;
    let newer = Code { target: Address::Phone, created: later(5), expires: later(9), mac: b"second".to_vec() };
    put("sign-up", newer).await;
    let found = find("sign-up").await.unwrap();
    assert_eq!((found.mac.as_slice(), found.target), (b"second".as_slice(), Address::Phone));
    assert_eq!((found.created, found.expires), (later(5), later(9)));
    assert!(spend("sign-up").await);
    assert!(!spend("sign-up").await, "two racing answers can't both count");
    assert!(find("sign-up").await.is_none());
    assert_eq!(find("forgot").await.unwrap().mac, b"forgot", "one a purpose");
}

pub(super) async fn a_software_token_waits_beside_the_one_in_force(store: &Store) {
    let find = || read(store, |r| software_tokens::find(r, &pool("tokens"), &sub(1)));
    let waiting = || read(store, |r| software_tokens::waiting(r, &pool("tokens"), &sub(1)));
    let put = |secret: &'static [u8]| write(store, move |tx| software_tokens::put(tx, &pool("tokens"), &sub(1), secret));
    let verify = |secret: &[u8], name: Option<&str>, step| {
        let token = SoftwareToken { secret: secret.to_vec(), name: name.map(str::to_owned), last_step: Some(step) };
        write(store, move |tx| software_tokens::verify(tx, &pool("tokens"), &sub(1), &token))
    };
    let use_step = |step| write(store, move |tx| software_tokens::use_step(tx, &pool("tokens"), &sub(1), step));

    assert!(!verify(b"first", None, 1).await, "nothing waits");
    assert!(!use_step(1).await, "nothing is in force");
    put(b"dropped").await;
    put(b"first").await;
    assert!(find().await.is_none());
    assert!(!use_step(1).await, "what waits is not in force");
    assert!(!verify(b"dropped", None, 1).await, "another waits since");
    assert!(verify(b"first", Some("phone"), 7).await);
    assert!(!verify(b"first", Some("phone"), 7).await, "it waits no more");
    assert_eq!(waiting().await, None);

    put(b"second").await;
    let token = find().await.unwrap();
    assert_eq!((token.secret.as_slice(), token.name.as_deref()), (b"first".as_slice(), Some("phone")));
    assert_eq!((token.last_step, waiting().await.as_deref()), (Some(7), Some(b"second".as_slice())));
    for (step, counts) in [(6, false), (7, false), (8, true), (8, false), (7, false), (9, true)] {
        assert_eq!(use_step(step).await, counts, "{step}");
    }
    assert!(verify(b"second", None, 3).await);
    let token = find().await.unwrap();
    assert_eq!((token.secret.as_slice(), token.name, token.last_step), (b"second".as_slice(), None, Some(3)));

    let delete = || write(store, |tx| software_tokens::delete(tx, &pool("tokens"), &sub(1)));
    assert!(delete().await);
    assert!(!delete().await);
    assert!(find().await.is_none());
}

pub(super) async fn attempts_are_counted_apart(store: &Store) {
    let find = |kind: &'static str| read(store, move |r| attempts::find(r, &pool("attempts"), &sub(1), kind));
    assert_eq!(find("password").await, None);
    for (count, since) in [(1, NOW), (2, later(3))] {
        let seen = Attempts { count, since };
        write(store, move |tx| attempts::put(tx, &pool("attempts"), &sub(1), "password", seen)).await;
        assert_eq!(find("password").await, Some(seen));
    }
    let other = Attempts { count: 7, since: NOW };
    write(store, move |tx| attempts::put(tx, &pool("attempts"), &sub(1), "resend", other)).await;
    write(store, |tx| attempts::clear(tx, &pool("attempts"), &sub(1), "password")).await;
    assert_eq!((find("password").await, find("resend").await), (None, Some(other)));
}

pub(super) async fn old_codes_and_attempts_are_swept(store: &Store) {
    write(store, |tx| {
        for n in 0..101 {
            codes::put(tx, &pool("forget"), &sub(n), "sign-up", &code(b"a"))?;
            attempts::put(tx, &pool("forget"), &sub(n), "password", Attempts { count: 1, since: NOW })?;
        }
        let young = Code { expires: later(3601), ..code(b"a") };
        codes::put(tx, &pool("forget"), &sub(0), "forgot", &young)?;
        let recent = Attempts { count: 1, since: later(3600) };
        attempts::put(tx, &pool("forget"), &sub(0), "resend", recent)?;
        codes::put(tx, &pool("forget2"), &sub(0), "sign-up", &code(b"a"))
    })
    .await;
    let codes = |seconds| write(store, move |tx| codes::sweep(tx, &pool("forget"), later(seconds)));
    let attempts = |seconds| write(store, move |tx| attempts::sweep(tx, &pool("forget"), later(seconds)));
    assert_eq!([codes(3600).await, attempts(0).await], [0, 0], "what ends or begins now is not before");
    assert_eq!([codes(3601).await, codes(3601).await, codes(3601).await], [100, 1, 0]);
    assert_eq!([attempts(3600).await, attempts(3600).await, attempts(3600).await], [100, 1, 0]);
    let left = read(store, |r| {
        let code = codes::find(r, &pool("forget"), &sub(0), "forgot")?;
        let elsewhere = codes::find(r, &pool("forget2"), &sub(0), "sign-up")?;
        Ok((code.is_some(), elsewhere.is_some(), attempts::find(r, &pool("forget"), &sub(0), "resend")?.is_some()))
    });
    assert_eq!(left.await, (true, true, true));
}

/// PostgreSQL's text can't hold it, so neither engine takes it, as a value or as what is looked for; bytes and documents can.
pub(super) async fn nul_is_refused(store: &Store) {
    let odd = user(&pool("nul"), 1, &[("name", "a\0b")]);
    let outcome = store.write(move |tx| Ok(users::insert(tx, &odd)?)).await;
    assert!(matches!(outcome, Err(Stop::Store(StoreError::Nul))), "{outcome:?}");
    let outcome = store.read(|r| names::find(r, &pool("nul"), "a\0")).await;
    assert!(matches!(outcome, Err(StoreError::Nul)), "{outcome:?}");
    let fine = user(&pool("nul"), 1, &[("custom:note", "a\0b")]);
    write(store, move |tx| {
        users::insert(tx, &fine)?;
        passwords::put(tx, &pool("nul"), &sub(1), &password(b"a\0b"))
    })
    .await;
    let found = read(store, |r| users::by_sub(r, &pool("nul"), &sub(1))).await.unwrap();
    assert_eq!(found.doc.attributes["custom:note"], "a\0b");
}
