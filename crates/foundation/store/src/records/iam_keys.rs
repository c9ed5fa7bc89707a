//! Access keys of IAM users, and the directory that knows whose a key is or was.

use kernel::{AccessKeyId, AccountId, Timestamp};

use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone, Debug)]
pub struct AccessKey {
    pub id: AccessKeyId,
    /// The user's unique id.
    pub owner: String,
    pub active: bool,
    /// Sealed.
    pub secret: Vec<u8>,
    pub created: Timestamp,
}

record! { $ AccessKey from iam_access_keys as key_columns:
    [account] (owner, id = "access_key") active, secret, created
}

/// False if the id was ever given.
pub fn insert(tx: &mut Tx<'_>, account: &AccountId, key: &AccessKey) -> Result<bool, StoreError> {
    let fresh = tx.exec(
        "INSERT INTO access_key_owners (access_key, account, owner) VALUES ($1, $2, $3)
         ON CONFLICT (access_key) DO NOTHING",
        (&key.id, account, &key.owner),
    )?;
    if fresh == 0 {
        return Ok(false);
    }
    tx.exec(
        "INSERT INTO iam_access_keys (account, owner, access_key, active, secret, created)
         VALUES ($1, $2, $3, $4, $5, $6)",
        (account, &key.owner, &key.id, key.active, &key.secret, key.created),
    )?;
    Ok(true)
}

/// Account and user that the key belongs to, or belonged to before it was deleted.
pub fn owner(r: &mut impl Read, id: &AccessKeyId) -> Result<Option<(AccountId, String)>, StoreError> {
    r.one(
        "SELECT account, owner FROM access_key_owners WHERE access_key = $1",
        (id,),
    )
}

pub fn find(
    r: &mut impl Read,
    account: &AccountId,
    owner: &str,
    id: &AccessKeyId,
) -> Result<Option<AccessKey>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            key_columns!(),
            " FROM iam_access_keys WHERE account = $1 AND owner = $2 AND access_key = $3"
        ),
        (account, owner, id),
    )
}

/// A user's keys by id: two at most, so they are never paged by the store.
pub fn of_user(r: &mut impl Read, account: &AccountId, owner: &str) -> Result<Vec<AccessKey>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            key_columns!(),
            " FROM iam_access_keys WHERE account = $1 AND owner = $2 ORDER BY access_key"
        ),
        (account, owner),
    )
}

/// False if the user has no such key.
pub fn set_active(
    tx: &mut Tx<'_>,
    account: &AccountId,
    owner: &str,
    id: &AccessKeyId,
    active: bool,
) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE iam_access_keys SET active = $4 WHERE account = $1 AND owner = $2 AND access_key = $3",
        (account, owner, id, active),
    )?;
    Ok(changed == 1)
}

/// The directory keeps the id. False if the user has no such key.
pub fn delete(tx: &mut Tx<'_>, account: &AccountId, owner: &str, id: &AccessKeyId) -> Result<bool, StoreError> {
    let deleted = tx.exec(
        "DELETE FROM iam_access_keys WHERE account = $1 AND owner = $2 AND access_key = $3",
        (account, owner, id),
    )?;
    Ok(deleted == 1)
}
