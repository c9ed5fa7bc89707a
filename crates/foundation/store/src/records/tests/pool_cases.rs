//! Pools, their clients, keys and issuers, and how they end.

use kernel::{AccountId, ClientId, PoolId, Region, Timestamp};

use super::{NOW, a_pool, fails, later, pool, read, rows_of, sub, user, write};
use crate::{
    Scope, Store, StoreError, Tx,
    records::{
        attempts, authorization_codes, client_secrets, clients, codes, device_grants, external_users, facts, groups, identity_providers,
        logouts, message_budgets, names, passkeys, passwords,
        pools::{self, Pool},
        proofs, provider_documents, recovery_codes, registrations, resource_servers, saml_keys, sessions,
        signing_keys::{self, SigningKey},
        software_tokens, spent, sso_sessions, users, versions,
    },
};

fn client(pool: &PoolId, id: &str) -> clients::Client {
    clients::Client {
        pool: pool.clone(),
        client: ClientId::new(id),
        created: NOW,
        modified: NOW,
        version: 1,
        doc: "{}".to_owned(),
    }
}

pub(super) async fn a_pool_changes_by_version(store: &Store) {
    let id = pool("versions");
    let (a, b) = (a_pool(&id), Pool { version: 7, doc: "other".to_owned(), ..a_pool(&id) });
    assert!(write(store, move |tx| pools::insert(tx, &a)).await);
    assert!(!write(store, move |tx| pools::insert(tx, &b)).await, "the id is taken");
    let change = |doc: &'static str, version| {
        let pool = Pool { doc: doc.to_owned(), modified: later(1), version, issuer: Some(doc.to_owned()), ..a_pool(&id) };
        write(store, move |tx| pools::update(tx, &pool))
    };
    assert!(!change("early", 2).await);
    assert!(change("new", 1).await);
    assert!(!change("late", 1).await);
    let key = id.clone();
    let found = read(store, move |r| pools::by_id(r, &key)).await.unwrap();
    assert_eq!((found.doc.as_str(), found.version), ("new", 2));
    let (key, other) = (id.clone(), pool("nowhere"));
    let issuers = read(store, move |r| Ok((pools::issuer(r, key.as_str())?, pools::issuer(r, other.as_str())?))).await;
    assert_eq!(issuers, (Some((Some("new".to_owned()), false)), None));
    assert_eq!((found.created, found.modified), (NOW, later(1)));
    assert_eq!((found.account.as_str(), found.region.as_str()), ("000000000000", "eu-west-1"));
    assert!(read(store, |r| pools::by_id(r, &pool("nowhere"))).await.is_none());
}

pub(super) async fn pools_page_by_id(store: &Store) {
    let account = AccountId::new("111111111111");
    for (name, region) in [("b", "eu-west-1"), ("A", "eu-west-1"), ("c", "eu-west-1"), ("d", "us-east-1")] {
        let one = Pool { account: account.clone(), region: Region::new(region), ..a_pool(&pool(&format!("page{name}"))) };
        assert!(write(store, move |tx| pools::insert(tx, &one)).await);
    }
    let page = |after: &'static str, limit| {
        let account = account.clone();
        read(store, move |r| pools::list(r, &account, &Region::new("eu-west-1"), after, limit))
    };
    let ids = |page: Vec<Pool>| page.into_iter().map(|p| p.pool.short_name().to_owned()).collect::<Vec<_>>();
    assert_eq!(ids(page("", 2).await), ["pageA", "pageb"]);
    assert_eq!(ids(page("eu-west-1_pageb", 2).await), ["pagec"]);
    assert!(page("eu-west-1_pagec", 2).await.is_empty());
    let everywhere = read(store, |r| pools::ids(r, "eu-west-1_pageA", 3)).await;
    assert_eq!(everywhere, ["pageb", "pagec", "paged"].map(pool), "of all accounts and regions");
}

pub(super) async fn an_issuer_has_one_pool(store: &Store) {
    const ISSUER: &str = "https://id.example.com/issuer";
    let claim = |name| write(store, move |tx| pools::claim_issuer(tx, ISSUER, &pool(name)));
    assert!(claim("first").await);
    assert!(claim("first").await, "its own again is fine");
    assert!(!claim("second").await);
    write(store, |tx| pools::release_issuer(tx, ISSUER, &pool("second"))).await;
    assert!(!claim("second").await, "nobody gives up what is another's");
    write(store, |tx| pools::release_issuer(tx, ISSUER, &pool("first"))).await;
    assert!(claim("second").await);
}

pub(super) async fn a_client_id_has_one_pool(store: &Store) {
    let insert = |name, id: &'static str| write(store, move |tx| clients::insert(tx, &client(&pool(name), id)));
    assert!(insert("owner", "client-b").await);
    assert!(insert("owner", "client-a").await);
    assert!(!insert("owner", "client-a").await);
    assert!(!insert("other", "client-a").await);
    assert!(insert("other", "client-c").await);
    let owner = |id: &'static str| read(store, move |r| clients::owner(r, &ClientId::new(id)));
    assert_eq!(owner("client-a").await, Some(pool("owner")));
    assert_eq!(owner("client-x").await, None);

    let ids = |found: Vec<clients::Client>| found.into_iter().map(|c| c.client.to_string()).collect::<Vec<_>>();
    assert_eq!(ids(read(store, |r| clients::all(r, &pool("owner"))).await), ["client-a", "client-b"]);
    assert_eq!(ids(read(store, |r| clients::list(r, &pool("owner"), "", 1)).await), ["client-a"]);
    assert_eq!(ids(read(store, |r| clients::list(r, &pool("owner"), "client-a", 5)).await), ["client-b"]);
    let elsewhere = read(store, |r| clients::by_id(r, &pool("other"), &ClientId::new("client-a"))).await;
    assert!(elsewhere.is_none(), "found by its own pool alone");

    let delete = |name, id: &'static str| write(store, move |tx| clients::delete(tx, &pool(name), &ClientId::new(id)));
    assert!(!delete("other", "client-a").await);
    assert_eq!(owner("client-a").await, Some(pool("owner")), "another pool's delete changes nothing");
    assert!(delete("owner", "client-a").await);
    assert_eq!(owner("client-a").await, None);
    assert!(insert("other", "client-a").await, "the id is free again");
}

pub(super) async fn a_client_changes_by_version(store: &Store) {
    write(store, |tx| clients::insert(tx, &client(&pool("change"), "client-v"))).await;
    let change = |doc: &'static str, version| {
        let revision = clients::Revision { doc: doc.to_owned(), of: version, at: later(5) };
        write(store, move |tx| clients::update(tx, &pool("change"), &ClientId::new("client-v"), &revision))
    };
    assert!(change("one", 1).await);
    assert!(!change("two", 1).await);
    let found = read(store, |r| clients::by_id(r, &pool("change"), &ClientId::new("client-v"))).await.unwrap();
    assert_eq!((found.doc.as_str(), found.version, found.modified), ("one", 2, later(5)));
}

fn secret(client: &str, n: i64) -> client_secrets::ClientSecret {
    client_secrets::ClientSecret {
        client: ClientId::new(client),
        id: format!("{client}--{n}"),
        created: later(n),
        secret: vec![0, 255],
    }
}

pub(super) async fn a_client_has_secrets(store: &Store) {
    let add = |client: &'static str, n| {
        write(store, move |tx| client_secrets::insert(tx, &pool("secrets"), &secret(client, n)))
    };
    assert!(add("client-s", 2).await);
    assert!(!add("client-s", 2).await, "the id is taken");
    assert!(add("client-s", 1).await);
    assert!(add("client-t", 1).await);
    let of = |name, client| read(store, move |r| client_secrets::of_client(r, &pool(name), &ClientId::new(client)));
    assert_eq!(of("secrets", "client-s").await, [secret("client-s", 1), secret("client-s", 2)]);
    assert!(of("other", "client-s").await.is_empty());
    let all = read(store, |r| client_secrets::all(r, &pool("secrets"))).await;
    assert_eq!(all, [secret("client-s", 1), secret("client-s", 2), secret("client-t", 1)]);

    let delete = |client, id| {
        write(store, move |tx| client_secrets::delete(tx, &pool("secrets"), &ClientId::new(client), id))
    };
    assert!(!delete("client-t", "client-s--1").await, "another client's");
    assert!(delete("client-s", "client-s--1").await);
    assert!(!delete("client-s", "client-s--1").await);
    write(store, |tx| clients::delete(tx, &pool("secrets"), &ClientId::new("client-s"))).await;
    let left = read(store, |r| client_secrets::all(r, &pool("secrets"))).await;
    assert_eq!(left, [secret("client-t", 1)], "a client's secrets go with it");
}

pub(super) async fn key_pairs_are_found_by_owner_and_kid(store: &Store) {
    let key = |kid: &str, seconds| SigningKey {
        owner: "eu-west-1_keys".to_owned(),
        kid: kid.to_owned(),
        role: "id".to_owned(),
        private: vec![1, 2, 3],
        created: later(seconds),
    };
    let (old, new) = (key("kid-z", 0), key("kid-a", 9));
    let again = SigningKey { owner: "elsewhere".to_owned(), ..new.clone() };
    write(store, move |tx| signing_keys::insert(tx, &new)).await;
    write(store, move |tx| signing_keys::insert(tx, &old)).await;
    fails(store, move |tx| signing_keys::insert(tx, &again)).await;
    let found = read(store, |r| signing_keys::of_owner(r, "eu-west-1_keys")).await;
    let kids: Vec<&str> = found.iter().map(|key| key.kid.as_str()).collect();
    assert_eq!(kids, ["kid-z", "kid-a"], "oldest first");
    assert_eq!((found[0].role.as_str(), found[0].private.as_slice()), ("id", [1, 2, 3].as_slice()));
    assert_eq!(read(store, |r| signing_keys::owner(r, "kid-a")).await.as_deref(), Some("eu-west-1_keys"));
    assert_eq!(read(store, |r| signing_keys::owner(r, "kid-b")).await, None);
}

/// The tables that are keyed by the pool and go in batches.
const PURGED: [&str; 25] = [
    "SELECT COUNT(*) FROM users WHERE pool = $1",
    "SELECT COUNT(*) FROM names WHERE pool = $1",
    "SELECT COUNT(*) FROM passwords WHERE pool = $1",
    "SELECT COUNT(*) FROM passkeys WHERE pool = $1",
    "SELECT COUNT(*) FROM external_users WHERE pool = $1",
    "SELECT COUNT(*) FROM recovery_codes WHERE pool = $1",
    "SELECT COUNT(*) FROM codes WHERE pool = $1",
    "SELECT COUNT(*) FROM attempts WHERE pool = $1",
    "SELECT COUNT(*) FROM sessions WHERE pool = $1",
    "SELECT COUNT(*) FROM sso_sessions WHERE pool = $1",
    "SELECT COUNT(*) FROM authorization_codes WHERE pool = $1",
    "SELECT COUNT(*) FROM device_grants WHERE pool = $1",
    "SELECT COUNT(*) FROM devices WHERE pool = $1",
    "SELECT COUNT(*) FROM logouts WHERE pool = $1",
    "SELECT COUNT(*) FROM spent WHERE pool = $1",
    "SELECT COUNT(*) FROM memberships WHERE pool = $1",
    "SELECT COUNT(*) FROM software_tokens WHERE pool = $1",
    "SELECT COUNT(*) FROM message_budgets WHERE pool = $1",
    "SELECT COUNT(*) FROM classic_looks WHERE pool = $1",
    "SELECT COUNT(*) FROM login_styles WHERE pool = $1",
    "SELECT COUNT(*) FROM pictures WHERE pool = $1",
    "SELECT COUNT(*) FROM terms WHERE pool = $1",
    "SELECT COUNT(*) FROM registrations WHERE pool = $1",
    "SELECT COUNT(*) FROM pushed_requests WHERE pool = $1",
    "SELECT COUNT(*) FROM proofs WHERE pool = $1",
];

/// More than a batch of users, with something in every table that is keyed by the pool.
pub(super) async fn a_deleted_pool_goes_in_batches(store: &Store) {
    const USERS: u32 = 501;
    let id = pool("purged");
    let fill = id.clone();
    write(store, move |tx| {
        pools::insert(tx, &a_pool(&fill))?;
        clients::insert(tx, &client(&fill, "client-purged"))?;
        client_secrets::insert(tx, &fill, &secret("client-purged", 1))?;
        pools::claim_issuer(tx, "https://id.example.com/purged", &fill)?;
        let key = SigningKey {
            owner: fill.to_string(),
            kid: "kid-purged".to_owned(),
            role: "id".to_owned(),
            private: vec![1],
            created: NOW,
        };
        signing_keys::insert(tx, &key)?;
        groups::insert(tx, &fill, &super::group_cases::group("staff"))?;
        resource_servers::insert(tx, &super::resource_server_cases::server(&fill, "api"))?;
        identity_providers::insert(tx, &super::provider_cases::provider(&fill, "Google"))?;
        identity_providers::claim_identifier(tx, &fill, "example.com", "Google")?;
        saml_keys::insert(tx, &super::provider_cases::saml_key(&fill, saml_keys::OWN))?;
        provider_documents::put(tx, &super::provider_cases::document(&fill, "Corporate"))?;
        for n in 0..USERS {
            users::insert(tx, &user(&fill, n, &[]))?;
            names::claim(tx, &fill, &format!("user{n}"), "username", &sub(n))?;
        }
        belongings(tx, &fill)
    })
    .await;
    let key = id.clone();
    assert_eq!(read(store, move |r| pools::estimate_users(r, &key)).await, i64::from(USERS));

    let key = id.clone();
    assert!(write(store, move |tx| pools::delete(tx, &key)).await);
    let key = id.clone();
    assert!(!write(store, move |tx| pools::delete(tx, &key)).await);
    let key = id.clone();
    read(store, move |r| {
        assert!(pools::by_id(r, &key)?.is_none());
        assert!(clients::owner(r, &ClientId::new("client-purged"))?.is_none());
        assert!(clients::all(r, &key)?.is_empty());
        assert!(client_secrets::all(r, &key)?.is_empty());
        assert_eq!(signing_keys::owner(r, "kid-purged")?, None);
        assert!(signing_keys::of_owner(r, key.as_str())?.is_empty());
        assert!(groups::find(r, &key, "staff")?.is_none());
        assert!(resource_servers::all(r, &key)?.is_empty());
        assert!(identity_providers::all(r, &key)?.is_empty());
        assert_eq!(identity_providers::holder(r, &key, "example.com")?, None);
        assert!(saml_keys::all(r, &key)?.is_empty());
        assert!(provider_documents::all(r, &key)?.is_empty());
        assert!(pools::is_deleted(r, &key)?);
        assert!(pools::deleted(r, 100)?.contains(&key));
        Ok(())
    })
    .await;
    let freed = write(store, |tx| pools::claim_issuer(tx, "https://id.example.com/purged", &pool("heir"))).await;
    assert!(freed, "its issuer is free");

    let (mut steps, mut place) = (0, pools::Progress::default());
    loop {
        let key = id.clone();
        match write(store, move |tx| pools::purge(tx, &key, &place)).await {
            Some(next) => place = next,
            None => break,
        }
        steps += 1;
    }
    assert_eq!(steps, 2 * (i32::try_from(USERS).unwrap() / 100) + 1, "names, users, and a look at the rest");
    for table in PURGED {
        assert_eq!(rows_of(store, table, &id).await, 0, "{table}");
    }
    let key = id.clone();
    assert!(!read(store, move |r| pools::is_deleted(r, &key)).await, "the id is free");
}

/// Something of the first user's in every table that is keyed by users.
fn belongings(tx: &mut Tx<'_>, pool: &PoolId) -> Result<(), StoreError> {
    let first = sub(0);
    passwords::put(tx, pool, &first, &super::user_cases::password(b"a"))?;
    passkeys::insert(tx, pool, &first, &super::passkey_cases::passkey("a"))?;
    codes::put(tx, pool, &first, "sign-up", &super::user_cases::code(b"a"))?;
    attempts::put(tx, pool, &first, "password", attempts::Attempts { count: 1, since: NOW })?;
    sessions::insert(tx, pool, &super::session_cases::session("family", 0))?;
    sso_sessions::insert(tx, pool, &super::sso_cases::login("login", 0))?;
    authorization_codes::insert(tx, pool, &super::sso_cases::code("code", 0))?;
    super::device_cases::keep(tx, pool, &first)?;
    device_grants::insert(tx, pool, &super::device_grant_cases::grant("device", "CODE"))?;
    logouts::hear(tx, pool, &super::device_grant_cases::hearer(0, "login", "client"))?;
    registrations::insert(tx, (pool, &ClientId::new("client-purged")), NOW, later(60))?;
    external_users::claim(tx, &super::external_user_cases::external(pool, "ana", 0))?;
    proofs::show(tx, pool, "proof", NOW)?;
    spent::spend(tx, pool, "nonce", NOW)?;
    software_tokens::put(tx, pool, &first, b"sealed")?;
    recovery_codes::replace(tx, pool, &first, &[[1; 32], [2; 32]])?;
    message_budgets::put(tx, pool, "email", NOW, 1)?;
    super::look_cases::keep(tx, pool)?;
    groups::add_member(tx, pool, "staff", &first)
}

pub(super) async fn purge_spares_the_living(store: &Store) {
    let id = pool("living");
    let key = id.clone();
    let more = write(store, move |tx| {
        pools::insert(tx, &a_pool(&key))?;
        users::insert(tx, &user(&key, 1, &[]))?;
        pools::purge(tx, &key, &pools::Progress::default())
    });
    assert!(more.await.is_none());
    assert_eq!(rows_of(store, "SELECT COUNT(*) FROM users WHERE pool = $1", &id).await, 1);
}

pub(super) async fn facts_and_versions(store: &Store) {
    assert_eq!(read(store, |r| facts::fact(r, "a")).await, None);
    for value in ["one", "two"] {
        write(store, move |tx| facts::set_fact(tx, "a", value)).await;
        assert_eq!(read(store, |r| facts::fact(r, "a")).await.as_deref(), Some(value));
    }
    assert_eq!(read(store, |r| versions::version(r, &Scope::pool("scope"))).await, 0);
    for expected in [1, 2] {
        write(store, |tx| versions::bump(tx, Scope::pool("scope"))).await;
        assert_eq!(read(store, |r| versions::version(r, &Scope::pool("scope"))).await, expected);
    }
    assert_eq!(read(store, |r| versions::version(r, &Scope::pool("another"))).await, 0);
    // What was never changed is told apart from what is gone, what is gone from what comes after it.
    let bucket = || Scope::bucket("photos");
    let mut last = 0;
    for at in [1, 2] {
        write(store, move |tx| versions::begin(tx, bucket(), Timestamp::from_millis(at))).await;
        write(store, move |tx| versions::bump(tx, bucket())).await;
        let version = read(store, move |r| versions::version(r, &bucket())).await;
        assert!(version > last + 1, "{version}");
        last = version;
        write(store, move |tx| versions::end(tx, bucket())).await;
        assert_eq!(read(store, move |r| versions::version(r, &bucket())).await, 0);
    }
    write(store, move |tx| versions::end(tx, bucket())).await;
    assert_eq!(read(store, move |r| versions::version(r, &bucket())).await, 1);
}
