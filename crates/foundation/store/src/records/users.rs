//! Users of a pool. Searchable attributes are repeated in columns; [`Doc`] holds all of them and the rest.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{PoolId, Sub, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    address::Address,
    document::{document, written},
    factor::Factor,
    folding::folded,
    status::Status,
};
use crate::{Read, StoreError, Tx, Value, record::record};

#[derive(Clone, Debug)]
pub struct User {
    pub pool: PoolId,
    pub sub: Sub,
    /// As `Username` prints it: chosen by the caller, or the sub in username-attribute pools.
    pub username: String,
    pub status: Status,
    pub enabled: bool,
    pub created: Timestamp,
    pub modified: Timestamp,
    pub version: i64,
    pub doc: Doc,
}

/// What is stored of a user beside the columns.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doc {
    /// Without `sub`, which is the key.
    pub attributes: BTreeMap<String, String>,
    /// New values that become real when their code is given (`AttributesRequireVerificationBeforeUpdate`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pending: BTreeMap<Address, String>,
    /// Tokens issued before this are dead: global sign-out, disabling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_out_before: Option<Timestamp>,
    /// How often the user signed out everywhere. Families that began at a lower count are over: one row ends them all,
    /// exactly, whatever the clocks of the nodes say.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub sign_outs: u32,
    /// When a temporary password stops working.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temporary_until: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Mfa::is_empty")]
    pub mfa: Mfa,
    /// Who the user is elsewhere: what `external_users` has, as it is shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identities: Vec<Identity>,
}

/// A user of an identity provider that this one is, or is linked with. Reference: user-pools 15.2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    pub provider: String,
    /// Its `ProviderType`.
    pub kind: String,
    /// SAML's entity id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// What the provider calls its user by; of a link by another attribute that was not used yet, that attribute's value.
    pub user_id: String,
    /// Whether the user was made when they came from there.
    pub primary: bool,
    pub created: Timestamp,
}

/// A user's second factors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mfa {
    /// Those that were turned on.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub enabled: BTreeSet<Factor>,
    /// One of them, or none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred: Option<Factor>,
    /// Whether a passkey counts as one.
    #[serde(default, skip_serializing_if = "is_false")]
    pub passkey: bool,
    /// Whether the user has a software token in force, turned on or not: sign-in need not look for one.
    #[serde(default, skip_serializing_if = "is_false")]
    pub has_token: bool,
}

impl Mfa {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's form")]
pub(super) fn is_zero(n: &u32) -> bool {
    *n == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's form")]
fn is_false(is: &bool) -> bool {
    !is
}

record! { $ User from users as user_columns: [] (pool, sub) username, status, enabled, created, modified, version, doc }

pub(super) use user_columns;

document! { Doc }

fn searchable(doc: &Doc, name: &str) -> Value {
    doc.attributes
        .get(name)
        .map_or(Value::Null, |value| Value::Text(folded(value)))
}

/// The values of one row, numbered as both statements below number them.
fn values(user: &User) -> Result<[Value; 14], StoreError> {
    Ok([
        Value::Text(user.pool.to_string()),
        Value::Text(user.sub.to_string()),
        Value::Text(user.username.clone()),
        user.status.into(),
        Value::Bool(user.enabled),
        searchable(&user.doc, "email"),
        searchable(&user.doc, "phone_number"),
        searchable(&user.doc, "name"),
        searchable(&user.doc, "given_name"),
        searchable(&user.doc, "family_name"),
        searchable(&user.doc, "preferred_username"),
        Value::Int(user.modified.millis()),
        Value::Text(written(&user.doc)?),
        Value::Int(user.version),
    ])
}

/// A new user, with version 1 whatever `user.version` says; created when last modified.
pub fn insert(tx: &mut Tx<'_>, user: &User) -> Result<(), StoreError> {
    let values = values(&User {
        version: 1,
        ..user.clone()
    })?;
    tx.exec(
        "INSERT INTO users (pool, sub, username, status, enabled, email, phone_number, name, given_name, family_name,
         preferred_username, created, modified, doc, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, $14)",
        values.as_slice(),
    )?;
    Ok(())
}

/// Writes all of `user`, guarded by `user.version` (as it was read). False if somebody else was quicker.
pub fn update(tx: &mut Tx<'_>, user: &User) -> Result<bool, StoreError> {
    let values = values(user)?;
    let changed = tx.exec(
        "UPDATE users SET username = $3, status = $4, enabled = $5, email = $6, phone_number = $7, name = $8,
         given_name = $9, family_name = $10, preferred_username = $11, modified = $12, doc = $13, version = version + 1
         WHERE pool = $1 AND sub = $2 AND version = $14",
        values.as_slice(),
    )?;
    Ok(changed == 1)
}

pub fn by_sub(r: &mut impl Read, pool: &PoolId, sub: &Sub) -> Result<Option<User>, StoreError> {
    r.one(
        concat!("SELECT ", user_columns!(), " FROM users WHERE pool = $1 AND sub = $2"),
        (pool, sub),
    )
}

/// Deletes the user's row and all that is the user's: names, password, passkeys, codes, attempts, sessions of apps and browsers, what an
/// app or a device could trade for one, devices, memberships, software token, recovery codes. What clients are yet to be told of the user's end stays until they are.
pub fn delete(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub) -> Result<bool, StoreError> {
    let deleted = tx.exec("DELETE FROM users WHERE pool = $1 AND sub = $2", (pool, sub))?;
    for statement in [
        "DELETE FROM names WHERE pool = $1 AND sub = $2",
        "DELETE FROM passwords WHERE pool = $1 AND sub = $2",
        "DELETE FROM passkeys WHERE pool = $1 AND sub = $2",
        "DELETE FROM codes WHERE pool = $1 AND sub = $2",
        "DELETE FROM attempts WHERE pool = $1 AND sub = $2",
        "DELETE FROM sessions WHERE pool = $1 AND sub = $2",
        "DELETE FROM sso_sessions WHERE pool = $1 AND sub = $2",
        "DELETE FROM authorization_codes WHERE pool = $1 AND sub = $2",
        "DELETE FROM device_grants WHERE pool = $1 AND sub = $2",
        "DELETE FROM devices WHERE pool = $1 AND sub = $2",
        "DELETE FROM memberships WHERE pool = $1 AND sub = $2",
        "DELETE FROM software_tokens WHERE pool = $1 AND sub = $2",
        "DELETE FROM external_users WHERE pool = $1 AND sub = $2",
        "DELETE FROM recovery_codes WHERE pool = $1 AND sub = $2",
    ] {
        tx.exec(statement, (pool, sub))?;
    }
    Ok(deleted == 1)
}

/// All users by sub: those after `after`, at most `limit`.
pub fn list(r: &mut impl Read, pool: &PoolId, after: &str, limit: i64) -> Result<Vec<User>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            user_columns!(),
            " FROM users WHERE pool = $1 AND sub > $2 ORDER BY sub LIMIT $3"
        ),
        (pool, after, limit),
    )
}
