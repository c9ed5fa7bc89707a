//! Session families: one row a sign-in, whatever number of refresh tokens comes of it (decision 8). A refresh token names
//! its family under seal, so that an outdated one is recognised as reuse, not merely as unknown.

use kernel::{ClientId, DeviceKey, PoolId, Sub, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    document::{document, written},
    users::User,
};
use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone, Debug)]
pub struct Session {
    /// The tokens' `origin_jti`.
    pub family: String,
    pub sub: Sub,
    pub client: ClientId,
    /// SHA-256 of the refresh token in force.
    pub token: Vec<u8>,
    /// SHA-256 of the one before, usable until its grace period ends.
    pub previous_token: Option<Vec<u8>>,
    pub rotated_at: Option<Timestamp>,
    pub created: Timestamp,
    pub used_at: Timestamp,
    pub expires: Timestamp,
    pub revoked: bool,
    pub doc: Doc,
}

/// What every token of the family repeats.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doc {
    pub auth_time: Timestamp,
    pub event_id: String,
    pub scope: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_key: Option<DeviceKey>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amr: Vec<String>,
    /// None: of a family that began before levels were kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// In a pool that tracks sessions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
    /// The user's count of global sign-outs when the family began.
    #[serde(default, skip_serializing_if = "super::users::is_zero")]
    pub sign_outs: u32,
    /// None: of a sign-in by the API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hosted: Option<Hosted>,
}

/// What the tokens of hosted login repeat beside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hosted {
    /// The id of the browser's session that the family was born from.
    pub login: String,
    /// Whose API the access token is for (RFC 8707).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// Whether the client is told when that session ends, and knows it by its id.
    #[serde(default, skip_serializing_if = "is_no")]
    pub hears: bool,
    /// The thumbprint of the key that its refresh tokens are bound to (RFC 9449).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_no(flag: &bool) -> bool {
    !flag
}

/// From where a family was last used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// The system and the browser or app, of the user agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
}

/// One refresh token of a family after another, by their SHA-256.
#[derive(Clone, Copy, Debug)]
pub struct Succession<'a> {
    pub old: &'a [u8],
    pub new: &'a [u8],
    pub at: Timestamp,
}

impl Session {
    /// The same family, begun by the user as they are now: in the transaction that stores it.
    #[must_use]
    pub fn begun_by(&self, user: &User) -> Self {
        let mut session = self.clone();
        session.doc.sign_outs = user.doc.sign_outs;
        session
    }

    /// Revoked by itself, or by a global sign-out since it began.
    pub fn is_over(&self, user: &User) -> bool {
        self.revoked || self.doc.sign_outs < user.doc.sign_outs
    }
}

record! { $ Session from sessions as session_columns:
    [pool] (family)
    sub, client, token, previous_token, rotated_at, created, used_at, expires, revoked, doc
}

document! { Doc }

pub fn insert(tx: &mut Tx<'_>, pool: &PoolId, session: &Session) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO sessions (pool, family, sub, client, token, created, used_at, expires, revoked, doc)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, FALSE, $9)",
        (
            pool,
            &session.family,
            &session.sub,
            &session.client,
            session.token.as_slice(),
            session.created,
            session.used_at,
            session.expires,
            written(&session.doc)?,
        ),
    )?;
    Ok(())
}

pub fn by_family(r: &mut impl Read, pool: &PoolId, family: &str) -> Result<Option<Session>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            session_columns!(),
            " FROM sessions WHERE pool = $1 AND family = $2"
        ),
        (pool, family),
    )
}

/// Replaces the token in force, if it still is the old one. False for the second of two racing rotations.
pub fn rotate(tx: &mut Tx<'_>, pool: &PoolId, family: &str, succession: &Succession<'_>) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE sessions SET previous_token = token, token = $4, rotated_at = $5, used_at = $5
         WHERE pool = $1 AND family = $2 AND token = $3 AND NOT revoked",
        (pool, family, succession.old, succession.new, succession.at),
    )?;
    Ok(changed == 1)
}

/// A user's families that are neither revoked nor expired, by name: those after `after`, at most `limit`. What a global sign-out
/// ended is among them.
pub fn of_user(
    r: &mut impl Read,
    (pool, sub): (&PoolId, &Sub),
    now: Timestamp,
    after: &str,
    limit: i64,
) -> Result<Vec<Session>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            session_columns!(),
            " FROM sessions WHERE pool = $1 AND sub = $2 AND family > $3 AND NOT revoked AND expires > $4
             ORDER BY family LIMIT $5"
        ),
        (pool, sub, after, now, limit),
    )
}

pub fn revoke(tx: &mut Tx<'_>, pool: &PoolId, family: &str) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE sessions SET revoked = TRUE WHERE pool = $1 AND family = $2",
        (pool, family),
    )?;
    Ok(changed == 1)
}

/// Leaves a user the `kept` families that were used last, those that are over counting as used before all others, and forgets a
/// thousand of the rest. A family that a global sign-out ended was last used before any that began since.
pub fn evict(tx: &mut Tx<'_>, (pool, sub): (&PoolId, &Sub), kept: i64, now: Timestamp) -> Result<u64, StoreError> {
    tx.exec(
        "DELETE FROM sessions WHERE pool = $1 AND family IN
         (SELECT family FROM sessions WHERE pool = $1 AND sub = $2
          ORDER BY revoked OR expires <= $3, used_at DESC, family LIMIT 1000 OFFSET $4)",
        (pool, sub, now, kept),
    )
}

/// The family was used, from where the document says. False if it was revoked meanwhile.
pub fn used(tx: &mut Tx<'_>, pool: &PoolId, family: &str, doc: &Doc, at: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE sessions SET used_at = $3, doc = $4 WHERE pool = $1 AND family = $2 AND NOT revoked",
        (pool, family, at, written(doc)?),
    )?;
    Ok(changed == 1)
}

/// Forgets a hundred families of a pool that expired before `before`. Returns how many.
pub fn sweep(tx: &mut Tx<'_>, pool: &PoolId, before: Timestamp) -> Result<u64, StoreError> {
    tx.exec(
        "DELETE FROM sessions WHERE pool = $1 AND family IN
         (SELECT family FROM sessions WHERE pool = $1 AND expires < $2 LIMIT 100)",
        (pool, before),
    )
}
