//! Passkeys of users.

use kernel::{PoolId, Sub, Timestamp};

use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// The credential's id, base64url.
    pub credential: String,
    /// As COSE spells it.
    pub public_key: Vec<u8>,
    /// The highest that was seen; 0 if the authenticator does not count.
    pub counter: i64,
    pub name: String,
    pub relying_party: String,
    /// `platform` or `cross-platform`, if the browser said.
    pub attachment: Option<String>,
    /// Separated by blanks.
    pub transports: String,
    pub backup_eligible: bool,
    pub backed_up: bool,
    pub created: Timestamp,
    pub used_at: Option<Timestamp>,
    /// When a counter came that was not higher than the one before.
    pub stepped_back: Option<Timestamp>,
}

record! { $ Passkey from passkeys as passkey_columns: [pool, sub] (credential) public_key, counter, name, relying_party,
    attachment, transports, backup_eligible, backed_up, created, used_at, stepped_back
}

/// False if the pool has a credential of this id, whose ever it is.
pub fn insert(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub, passkey: &Passkey) -> Result<bool, StoreError> {
    let inserted = tx.exec(
        "INSERT INTO passkeys (pool, sub, credential, public_key, counter, name, relying_party, attachment, transports,
         backup_eligible, backed_up, created)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING",
        (
            pool,
            sub,
            &passkey.credential,
            passkey.public_key.as_slice(),
            passkey.counter,
            &passkey.name,
            &passkey.relying_party,
            passkey.attachment.as_deref(),
            &passkey.transports,
            passkey.backup_eligible,
            passkey.backed_up,
            passkey.created,
        ),
    )?;
    Ok(inserted == 1)
}

/// All of a user's. They are few: whoever inserts counts them first.
pub fn of_user(r: &mut impl Read, pool: &PoolId, sub: &Sub) -> Result<Vec<Passkey>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            passkey_columns!(),
            " FROM passkeys WHERE pool = $1 AND sub = $2 ORDER BY credential"
        ),
        (pool, sub),
    )
}

pub fn count(r: &mut impl Read, pool: &PoolId, sub: &Sub) -> Result<i64, StoreError> {
    let counted = r.value(
        "SELECT COUNT(*) FROM passkeys WHERE pool = $1 AND sub = $2",
        (pool, sub),
    )?;
    Ok(counted.unwrap_or(0))
}

/// False if the user has none of this id.
pub fn delete(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub, credential: &str) -> Result<bool, StoreError> {
    let deleted = tx.exec(
        "DELETE FROM passkeys WHERE pool = $1 AND sub = $2 AND credential = $3",
        (pool, sub, credential),
    )?;
    Ok(deleted == 1)
}

/// A sign-in whose signature was right.
#[derive(Clone, Debug)]
pub struct Use {
    pub credential: String,
    pub counter: u32,
    pub backed_up: bool,
    pub at: Timestamp,
}

/// Remembers a use, if its counter is higher than any before or the authenticator never counted. False otherwise, also if the
/// passkey is gone: then see [`step_back`].
pub fn note_use(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub, used: &Use) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE passkeys SET counter = $4, backed_up = $5, used_at = $6 WHERE pool = $1 AND sub = $2 AND credential = $3
         AND (counter < $4 OR (counter = 0 AND $4 = 0))",
        (pool, sub, &used.credential, used.counter, used.backed_up, used.at),
    )?;
    Ok(changed == 1)
}

/// Remembers that a use came whose counter was not higher. False if the passkey is gone.
pub fn step_back(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub, used: &Use) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE passkeys SET stepped_back = $4 WHERE pool = $1 AND sub = $2 AND credential = $3",
        (pool, sub, &used.credential, used.at),
    )?;
    Ok(changed == 1)
}
