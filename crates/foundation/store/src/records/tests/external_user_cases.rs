//! Who somebody is whom a provider sends.

use kernel::PoolId;

use super::{NOW, later, pool, read, sub, write};
use crate::{
    Store,
    records::external_users::{self, ExternalUser, SUBJECT},
};

pub(super) fn external(pool: &PoolId, value: &str, n: u32) -> ExternalUser {
    ExternalUser {
        pool: pool.clone(),
        provider: "Google".to_owned(),
        attribute: SUBJECT.to_owned(),
        value: value.to_owned(),
        sub: sub(n),
        linked: false,
        created: NOW,
    }
}

pub(super) async fn a_subject_is_one_users(store: &Store) {
    let claim = |user: ExternalUser| write(store, move |tx| external_users::claim(tx, &user));
    let here = || pool("external");
    assert!(claim(external(&here(), "Ana", 1)).await);
    assert!(!claim(external(&here(), "Ana", 2)).await, "it is another's");
    assert!(claim(external(&here(), "ana", 2)).await, "letter by letter");
    assert!(claim(external(&pool("strangers"), "Ana", 2)).await);
    let by_mail = ExternalUser {
        attribute: "email".to_owned(),
        linked: true,
        created: later(1),
        ..external(&here(), "Ana", 1)
    };
    assert!(claim(by_mail.clone()).await);

    let find = |provider: &'static str, attribute: &'static str| {
        read(store, move |r| external_users::find(r, &pool("external"), (provider, attribute, "Ana")))
    };
    assert_eq!(find("Google", SUBJECT).await, Some(external(&here(), "Ana", 1)));
    assert_eq!(find("Google", "email").await, Some(by_mail.clone()));
    assert_eq!(find("google", SUBJECT).await, None);
    let of_user = || read(store, |r| external_users::of_user(r, &pool("external"), &sub(1)));
    assert_eq!(of_user().await, [external(&here(), "Ana", 1), by_mail]);

    let attributes = |pool: PoolId, most: usize| {
        read(store, move |r| external_users::attributes(r, &pool, "Google", most))
    };
    assert_eq!(attributes(here(), 3).await, [SUBJECT, "email"]);
    assert_eq!(attributes(here(), 1).await, [SUBJECT]);
    assert_eq!(attributes(pool("nowhere"), 3).await, [""; 0]);

    let delete = || {
        write(store, |tx| external_users::delete(tx, &pool("external"), ("Google", "email", "Ana")))
    };
    assert_eq!((delete().await, delete().await), (true, false));
    assert_eq!(of_user().await.len(), 1);
}
