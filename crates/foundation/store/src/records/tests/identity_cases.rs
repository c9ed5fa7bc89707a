//! Identity pools and identities.

use kernel::{AccountId, IdentityId, IdentityPoolId, Region};

use super::{NOW, later, read, write};
use crate::{
    Store,
    records::{
        identities::{self, Identity, Login, Shown},
        identity_pools::{self, IdentityPool},
    },
};

fn pool(name: &str) -> IdentityPoolId {
    IdentityPoolId::new(format!("eu-west-1:{name}"))
}

fn a_pool(id: &IdentityPoolId) -> IdentityPool {
    IdentityPool {
        pool: id.clone(),
        account: AccountId::new("000000000000"),
        region: Region::new("eu-west-1"),
        created: NOW,
        modified: NOW,
        version: 9,
        doc: "{}".to_owned(),
        providers: None,
    }
}

fn login(subject: &str) -> Login {
    Login { provider: "accounts.example.com".to_owned(), subject: subject.to_owned() }
}

fn identity(pool: &IdentityPoolId, id: &str, logins: &[&str]) -> Identity {
    Identity {
        pool: pool.clone(),
        identity: IdentityId::new(id),
        created: NOW,
        modified: NOW,
        enabled: true,
        authenticated: !logins.is_empty(),
        version: 1,
        logins: logins.iter().map(|subject| login(subject)).collect(),
    }
}

pub(super) async fn an_identity_pool_changes_by_version(store: &Store) {
    let id = pool("versions");
    let insert = || {
        let id = id.clone();
        write(store, move |tx| identity_pools::insert(tx, &a_pool(&id)))
    };
    assert!(insert().await);
    assert!(!insert().await);
    let changed = IdentityPool {
        version: 1,
        doc: "new".to_owned(),
        providers: Some(vec![1, 0]),
        modified: later(1),
        ..a_pool(&id)
    };
    let update = || {
        let changed = changed.clone();
        write(store, move |tx| identity_pools::update(tx, &changed))
    };
    assert!(update().await);
    assert!(!update().await);
    let key = id.clone();
    let found = read(store, move |r| identity_pools::by_id(r, &key)).await.unwrap();
    assert_eq!((found.doc.as_str(), found.providers, found.version), ("new", Some(vec![1, 0]), 2));
    assert_eq!((found.created, found.modified), (NOW, later(1)));

    for (name, region) in [("page-b", "eu-west-1"), ("page-a", "eu-west-1"), ("page-c", "us-east-1")] {
        let one = IdentityPool {
            account: AccountId::new("222222222222"),
            region: Region::new(region),
            ..a_pool(&pool(name))
        };
        write(store, move |tx| identity_pools::insert(tx, &one)).await;
    }
    let list = |after: &'static str, limit| {
        let (account, region) = (AccountId::new("222222222222"), Region::new("eu-west-1"));
        read(store, move |r| identity_pools::list(r, &account, &region, after, limit))
    };
    let ids = |found: Vec<IdentityPool>| found.into_iter().map(|pool| pool.pool).collect::<Vec<_>>();
    assert_eq!(ids(list("", 1).await), [pool("page-a")]);
    assert_eq!(ids(list("eu-west-1:page-a", 9).await), [pool("page-b")]);

    let delete = || {
        let id = id.clone();
        write(store, move |tx| identity_pools::delete(tx, &id))
    };
    assert!(delete().await);
    assert!(!delete().await);
    assert!(!read(store, move |r| identity_pools::exists(r, &id)).await);
}

pub(super) async fn a_login_leads_to_one_identity(store: &Store) {
    let id = pool("logins");
    let lookup = || {
        let id = id.clone();
        read(store, move |r| identities::by_login(r, &id, &login("ana")))
    };
    let claim = |to: &'static str| {
        let id = id.clone();
        write(store, move |tx| identities::claim(tx, &id, &login("ana"), &IdentityId::new(to)))
    };
    assert_eq!(lookup().await, None);
    claim("one").await;
    claim("two").await;
    assert_eq!(lookup().await, Some(IdentityId::new("two")), "the newest claim counts");
    let key = id.clone();
    let other = Login { provider: "other.example.com".to_owned(), ..login("ana") };
    assert_eq!(read(store, move |r| identities::by_login(r, &key, &other)).await, None);
    let key = id.clone();
    write(store, move |tx| identities::release(tx, &key, &login("ana"))).await;
    assert_eq!(lookup().await, None);
}

pub(super) async fn identities_page_by_creation(store: &Store) {
    let id = pool("list");
    for (name, seconds, enabled) in [("d", 2, true), ("a", 2, false), ("b", 1, true), ("c", 0, true)] {
        let one = Identity { created: later(seconds), enabled, ..identity(&id, &format!("list-{name}"), &[]) };
        write(store, move |tx| identities::insert(tx, &one)).await;
    }
    let page = |seconds, after: &'static str, limit, shown| {
        let id = id.clone();
        read(store, move |r| identities::list(r, &id, (later(seconds), after), limit, shown))
    };
    let ids = |found: Vec<Identity>| found.into_iter().map(|one| one.identity.to_string()).collect::<Vec<_>>();
    assert_eq!(ids(page(-1, "", 9, Shown::All).await), ["list-c", "list-b", "list-a", "list-d"]);
    assert_eq!(ids(page(-1, "", 9, Shown::Enabled).await), ["list-c", "list-b", "list-d"]);
    assert_eq!(ids(page(1, "list-b", 1, Shown::All).await), ["list-a"]);
    assert_eq!(ids(page(2, "list-a", 9, Shown::All).await), ["list-d"]);
}

pub(super) async fn a_deleted_identity_frees_its_logins(store: &Store) {
    let id = pool("delete");
    let made = identity(&id, "deleted", &["ana", "ben"]);
    let insert = made.clone();
    write(store, move |tx| {
        identities::insert(tx, &insert)?;
        insert.logins.iter().try_for_each(|login| identities::claim(tx, &insert.pool, login, &insert.identity))
    })
    .await;
    let key = made.clone();
    assert_eq!(read(store, move |r| identities::by_id(r, &key.pool, &key.identity)).await, Some(made.clone()));
    assert_eq!(read(store, |r| identities::of_any_pool(r, &IdentityId::new("deleted"))).await, Some(made.clone()));

    let merged = Identity { enabled: false, modified: later(1), ..made.clone() };
    let update = || {
        let merged = merged.clone();
        write(store, move |tx| identities::update(tx, &merged))
    };
    assert!(update().await);
    assert!(!update().await, "somebody was quicker");
    let key = made.clone();
    let found = read(store, move |r| identities::by_id(r, &key.pool, &key.identity)).await.unwrap();
    assert_eq!(found, Identity { version: 2, ..merged.clone() });

    let gone = made.clone();
    write(store, move |tx| identities::delete(tx, &gone)).await;
    read(store, move |r| {
        assert_eq!(identities::by_id(r, &made.pool, &made.identity)?, None);
        assert_eq!(identities::of_any_pool(r, &made.identity)?, None);
        for login in &made.logins {
            assert_eq!(identities::by_login(r, &made.pool, login)?, None);
        }
        Ok(())
    })
    .await;
}

pub(super) async fn a_deleted_identity_pool_goes_in_batches(store: &Store) {
    let (id, living) = (pool("purged"), pool("living"));
    let (gone, stays) = (id.clone(), living.clone());
    write(store, move |tx| {
        for one in [&gone, &stays] {
            identity_pools::insert(tx, &a_pool(one))?;
            for n in 0..101 {
                let name = format!("{one}{n}");
                let made = identity(one, &name, &[&name]);
                identities::insert(tx, &made)?;
                identities::claim(tx, one, &login(&name), &made.identity)?;
            }
        }
        Ok(())
    })
    .await;
    let purge = |id: &IdentityPoolId| {
        let id = id.clone();
        write(store, move |tx| identity_pools::purge(tx, &id))
    };
    assert!(!purge(&id).await, "not deleted, not purged");
    let key = id.clone();
    write(store, move |tx| identity_pools::delete(tx, &key)).await;
    let unfinished = async || read(store, |r| identity_pools::deleted(r, 1000)).await.contains(&id);
    assert!(unfinished().await);
    let anew = || {
        let pool = a_pool(&id);
        write(store, move |tx| identity_pools::insert(tx, &pool))
    };
    assert!(!anew().await, "its identities are still there");
    assert_eq!([purge(&id).await, purge(&id).await, purge(&id).await], [true, true, false]);
    assert!(!unfinished().await);
    assert!(anew().await);
    read(store, move |r| {
        for (one, left) in [(&id, false), (&living, true)] {
            for n in [0, 50, 100] {
                let name = format!("{one}{n}");
                assert_eq!(identities::by_login(r, one, &login(&name))?.is_some(), left, "{name}");
                assert_eq!(identities::of_any_pool(r, &IdentityId::new(name.as_str()))?.is_some(), left, "{name}");
                assert_eq!(identities::by_id(r, one, &IdentityId::new(name.as_str()))?.is_some(), left, "{name}");
            }
        }
        Ok(())
    })
    .await;
}
