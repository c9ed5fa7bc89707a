//! Terms of use and privacy policies of app clients: links by language.

use std::collections::BTreeMap;

use kernel::{ClientId, PoolId, Timestamp};

use super::document::{document, written};
use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    pub id: String,
    pub client: ClientId,
    pub name: String,
    pub links: Links,
    pub created: Timestamp,
    pub modified: Timestamp,
    pub version: i64,
}

/// Language (`cognito:german`) to address.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Links(pub BTreeMap<String, String>);

document!(Links);

record! { $ Terms from terms as terms_columns: [pool] (id) client, name, links, created, modified, version }

/// With version 1. False if the client has terms of that name.
pub fn insert(tx: &mut Tx<'_>, pool: &PoolId, terms: &Terms) -> Result<bool, StoreError> {
    let inserted = tx.exec(
        "INSERT INTO terms (pool, id, client, name, links, created, modified, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1) ON CONFLICT DO NOTHING",
        (
            pool,
            &terms.id,
            &terms.client,
            &terms.name,
            written(&terms.links)?,
            terms.created,
            terms.modified,
        ),
    )?;
    Ok(inserted == 1)
}

/// Writes name, links and `modified`, guarded by the version that was read. False if somebody else was quicker. Whether the
/// name is free the caller has asked in this transaction.
pub fn update(tx: &mut Tx<'_>, pool: &PoolId, terms: &Terms) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE terms SET name = $3, links = $4, modified = $5, version = version + 1
         WHERE pool = $1 AND id = $2 AND version = $6",
        (
            pool,
            &terms.id,
            &terms.name,
            written(&terms.links)?,
            terms.modified,
            terms.version,
        ),
    )?;
    Ok(changed == 1)
}

pub fn by_id(r: &mut impl Read, pool: &PoolId, id: &str) -> Result<Option<Terms>, StoreError> {
    r.one(
        concat!("SELECT ", terms_columns!(), " FROM terms WHERE pool = $1 AND id = $2"),
        (pool, id),
    )
}

pub fn of_client(r: &mut impl Read, pool: &PoolId, client: &ClientId, name: &str) -> Result<Option<Terms>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            terms_columns!(),
            " FROM terms WHERE pool = $1 AND client = $2 AND name = $3"
        ),
        (pool, client, name),
    )
}

/// Pages by id: those after `after`, at most `limit`.
pub fn list(r: &mut impl Read, pool: &PoolId, after: &str, limit: i64) -> Result<Vec<Terms>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            terms_columns!(),
            " FROM terms WHERE pool = $1 AND id > $2 ORDER BY id LIMIT $3"
        ),
        (pool, after, limit),
    )
}

/// False if there are none.
pub fn delete(tx: &mut Tx<'_>, pool: &PoolId, id: &str) -> Result<bool, StoreError> {
    let deleted = tx.exec("DELETE FROM terms WHERE pool = $1 AND id = $2", (pool, id))?;
    Ok(deleted == 1)
}
