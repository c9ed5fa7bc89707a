//! Browsers' sessions of hosted login. The cookie is kept as its digest alone. Reference: oauth-and-federation 4; user-pools 15.2.

use kernel::{ClientId, PoolId, Sub, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    document::{document, written},
    sessions::Seen,
    users::User,
};
use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone, Debug)]
pub struct Login {
    /// SHA-256 of the cookie, in hexadecimal.
    pub login: String,
    pub sub: Sub,
    pub created: Timestamp,
    /// For every client: one may use it for less long.
    pub expires: Timestamp,
    pub doc: Doc,
}

/// What a sign-in showed, as the tokens that come of it say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doc {
    /// A UUID: what session lists call it.
    pub id: String,
    pub client: Option<ClientId>,
    /// True time.
    pub auth_time: Timestamp,
    #[serde(default)]
    pub amr: Vec<String>,
    #[serde(default)]
    pub acr: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
    /// The user's count of global sign-outs when it began.
    #[serde(default, skip_serializing_if = "super::users::is_zero")]
    pub sign_outs: u32,
    /// Who vouched for the user, where they came from elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<External>,
}

/// An identity provider that sent somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct External {
    pub provider: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saml: Option<SamlSession>,
}

/// By what a SAML identity provider knows its own session again. Reference: oauth-and-federation 11.7.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlSession {
    pub name_id: String,
    /// None: unspecified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<String>,
}

record! { $ Login from sso_sessions as sso_columns: [pool] (login) sub, created, expires, doc }

document! { Doc }

impl Login {
    /// The same, begun by the user as they are now: in the transaction that stores it.
    #[must_use]
    pub fn begun_by(&self, user: &User) -> Self {
        let mut login = self.clone();
        login.doc.sign_outs = user.doc.sign_outs;
        login
    }
}

pub fn insert(tx: &mut Tx<'_>, pool: &PoolId, login: &Login) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO sso_sessions (pool, login, sub, created, expires, doc) VALUES ($1, $2, $3, $4, $5, $6)",
        (
            pool,
            login.login.as_str(),
            &login.sub,
            login.created,
            login.expires,
            written(&login.doc)?,
        ),
    )?;
    Ok(())
}

pub fn find(r: &mut impl Read, pool: &PoolId, login: &str) -> Result<Option<Login>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            sso_columns!(),
            " FROM sso_sessions WHERE pool = $1 AND login = $2"
        ),
        (pool, login),
    )
}

/// What a sign-in showed, otherwise.
pub fn update(tx: &mut Tx<'_>, pool: &PoolId, login: &str, doc: &Doc) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE sso_sessions SET doc = $3 WHERE pool = $1 AND login = $2",
        (pool, login, written(doc)?),
    )?;
    Ok(())
}

/// Ends one. False if there is none.
pub fn delete(tx: &mut Tx<'_>, pool: &PoolId, login: &str) -> Result<bool, StoreError> {
    let deleted = tx.exec("DELETE FROM sso_sessions WHERE pool = $1 AND login = $2", (pool, login))?;
    Ok(deleted == 1)
}

/// A user's that have not expired, those after `after`, at most `limit`.
pub fn of_user(
    r: &mut impl Read,
    (pool, sub): (&PoolId, &Sub),
    now: Timestamp,
    after: &str,
    limit: i64,
) -> Result<Vec<Login>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            sso_columns!(),
            " FROM sso_sessions WHERE pool = $1 AND sub = $2 AND login > $3 AND expires > $4 ORDER BY login LIMIT $5"
        ),
        (pool, sub, after, now, limit),
    )
}

/// Forgets a hundred of a pool that expired before `before`. Returns how many.
pub fn sweep(tx: &mut Tx<'_>, pool: &PoolId, before: Timestamp) -> Result<u64, StoreError> {
    tx.exec(
        "DELETE FROM sso_sessions WHERE pool = $1 AND login IN
         (SELECT login FROM sso_sessions WHERE pool = $1 AND expires < $2 LIMIT 100)",
        (pool, before),
    )
}
