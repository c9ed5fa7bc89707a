//! Identities of identity pools and the logins that lead to them.

use kernel::{IdentityId, IdentityPoolId, Timestamp};
use serde::{Deserialize, Serialize};

use super::document::{document, written};
use crate::{Cell, FromColumn, Read, StoreError, Tx, record::record};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub pool: IdentityPoolId,
    pub identity: IdentityId,
    pub created: Timestamp,
    pub modified: Timestamp,
    /// False once it was merged into another.
    pub enabled: bool,
    /// It has a login, or had one.
    pub authenticated: bool,
    pub version: i64,
    pub logins: Vec<Login>,
}

/// Who somebody is at a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// One name a provider, whatever other spellings it has.
    pub provider: String,
    pub subject: String,
}

record! { $ Identity from identities as identity_columns:
    [] (pool, identity) created, modified, enabled, authenticated, version, logins = "doc"
}

/// They stand in `doc`.
impl FromColumn for Vec<Login> {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Doc {
            logins: Vec<Login>,
        }
        document! { Doc }
        Doc::from_column(cell).map(|doc| doc.logins)
    }
}

#[derive(Serialize)]
struct DocRef<'a> {
    logins: &'a [Login],
}

const BY_ID: &str = concat!(
    "SELECT ",
    identity_columns!(),
    " FROM identities WHERE pool = $1 AND identity = $2"
);

const OF_ANY_POOL: &str = concat!(
    "SELECT ",
    identity_columns!(),
    " FROM identities WHERE identity = $1 AND pool = (SELECT pool FROM identity_owners WHERE identity = $1)"
);

const BY_LOGIN: &str = "SELECT identity FROM logins WHERE pool = $1 AND provider = $2 AND subject = $3";

const LIST: &str = concat!(
    "SELECT ",
    identity_columns!(),
    " FROM identities WHERE pool = $1 AND (created, identity) > ($2, $3) AND enabled >= $4
     ORDER BY created, identity LIMIT $5"
);

fn doc(identity: &Identity) -> Result<String, StoreError> {
    written(&DocRef {
        logins: &identity.logins,
    })
}

/// A new identity, with version 1 whatever `identity.version` says. Its logins are claimed by [`claim`].
pub fn insert(tx: &mut Tx<'_>, identity: &Identity) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO identity_owners (identity, pool) VALUES ($1, $2)",
        (&identity.identity, &identity.pool),
    )?;
    tx.exec(
        "INSERT INTO identities (pool, identity, created, modified, enabled, authenticated, version, doc)
         VALUES ($1, $2, $3, $4, $5, $6, 1, $7)",
        (
            &identity.pool,
            &identity.identity,
            identity.created,
            identity.modified,
            identity.enabled,
            identity.authenticated,
            doc(identity)?,
        ),
    )?;
    Ok(())
}

/// Writes all of `identity`, guarded by `identity.version` (as it was read). False if somebody else was quicker.
pub fn update(tx: &mut Tx<'_>, identity: &Identity) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE identities SET modified = $3, enabled = $4, authenticated = $5, doc = $6, version = version + 1
         WHERE pool = $1 AND identity = $2 AND version = $7",
        (
            &identity.pool,
            &identity.identity,
            identity.modified,
            identity.enabled,
            identity.authenticated,
            doc(identity)?,
            identity.version,
        ),
    )?;
    Ok(changed == 1)
}

pub fn by_id(r: &mut impl Read, pool: &IdentityPoolId, id: &IdentityId) -> Result<Option<Identity>, StoreError> {
    r.one(BY_ID, (pool, id))
}

/// An identity that is named without its pool. It may be a pool that is being deleted.
pub fn of_any_pool(r: &mut impl Read, id: &IdentityId) -> Result<Option<Identity>, StoreError> {
    r.one(OF_ANY_POOL, (id,))
}

/// The identity that a login leads to.
pub fn by_login(r: &mut impl Read, pool: &IdentityPoolId, login: &Login) -> Result<Option<IdentityId>, StoreError> {
    r.value(BY_LOGIN, (pool, &login.provider, &login.subject))
}

/// From now on the login leads to this identity.
pub fn claim(tx: &mut Tx<'_>, pool: &IdentityPoolId, login: &Login, id: &IdentityId) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO logins (pool, provider, subject, identity) VALUES ($1, $2, $3, $4)
         ON CONFLICT (pool, provider, subject) DO UPDATE SET identity = excluded.identity",
        (pool, &login.provider, &login.subject, id),
    )?;
    Ok(())
}

/// From now on the login leads nowhere.
pub fn release(tx: &mut Tx<'_>, pool: &IdentityPoolId, login: &Login) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM logins WHERE pool = $1 AND provider = $2 AND subject = $3",
        (pool, &login.provider, &login.subject),
    )?;
    Ok(())
}

/// Which of a pool's identities a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    All,
    Enabled,
}

/// Identities in the order of their creation: those after the one created at `after` with that id, at most `limit`.
pub fn list(
    r: &mut impl Read,
    pool: &IdentityPoolId,
    after: (Timestamp, &str),
    limit: i64,
    shown: Shown,
) -> Result<Vec<Identity>, StoreError> {
    let least = shown == Shown::Enabled;
    r.rows(LIST, (pool, after.0, after.1, least, limit))
}

pub fn delete(tx: &mut Tx<'_>, identity: &Identity) -> Result<(), StoreError> {
    for login in &identity.logins {
        release(tx, &identity.pool, login)?;
    }
    tx.exec(
        "DELETE FROM identities WHERE pool = $1 AND identity = $2",
        (&identity.pool, &identity.identity),
    )?;
    tx.exec("DELETE FROM identity_owners WHERE identity = $1", (&identity.identity,))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use testkit::Folder;

    use super::*;
    use crate::{Config, Store, Value};

    #[tokio::test]
    async fn every_lookup_uses_an_index_and_lists_are_not_sorted() {
        let folder = Folder::new().unwrap();
        let path = folder.path().join("db");
        let postgres = testkit::postgres::database().map(|url| Config::Postgres { url });
        for config in [Some(Config::Sqlite { path }), postgres].into_iter().flatten() {
            let store = Store::open(config).unwrap();
            store.migrate(Timestamp::from_secs(0)).await.unwrap();
            let text = || Value::from("x");
            let list = vec![text(), Value::Int(1), text(), Value::Bool(false), Value::Int(60)];
            for (sql, params) in [
                (BY_ID, vec![text(), text()]),
                (OF_ANY_POOL, vec![text()]),
                (BY_LOGIN, vec![text(), text(), text()]),
                (LIST, list),
            ] {
                let plan = store.explain(sql, params).await.unwrap().join("\n").to_lowercase();
                assert!(plan.contains("index"), "{plan}");
                for costly in ["seq scan", "scan identities", "scan logins", "temp b-tree", "sort"] {
                    assert!(!plan.contains(costly), "{plan}");
                }
            }
        }
    }
}
