//! Styles of managed login, one a client. Their assets are [pictures](super::pictures).

use kernel::{ClientId, PoolId, Timestamp};

use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginStyle {
    pub id: String,
    pub client: ClientId,
    /// JSON; None: the service's own values.
    pub settings: Option<String>,
    pub created: Timestamp,
    pub modified: Timestamp,
    pub version: i64,
}

record! { $ LoginStyle from login_styles as style_columns: [pool] (id) client, settings, created, modified, version }

/// With version 1. False if the client has one.
pub fn insert(tx: &mut Tx<'_>, pool: &PoolId, style: &LoginStyle) -> Result<bool, StoreError> {
    let inserted = tx.exec(
        "INSERT INTO login_styles (pool, id, client, settings, created, modified, version)
         VALUES ($1, $2, $3, $4, $5, $6, 1) ON CONFLICT DO NOTHING",
        (
            pool,
            &style.id,
            &style.client,
            style.settings.as_deref(),
            style.created,
            style.modified,
        ),
    )?;
    Ok(inserted == 1)
}

/// Writes settings and `modified`, guarded by the version that was read. False if somebody else was quicker.
pub fn update(tx: &mut Tx<'_>, pool: &PoolId, style: &LoginStyle) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE login_styles SET settings = $3, modified = $4, version = version + 1
         WHERE pool = $1 AND id = $2 AND version = $5",
        (
            pool,
            &style.id,
            style.settings.as_deref(),
            style.modified,
            style.version,
        ),
    )?;
    Ok(changed == 1)
}

pub fn by_id(r: &mut impl Read, pool: &PoolId, id: &str) -> Result<Option<LoginStyle>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            style_columns!(),
            " FROM login_styles WHERE pool = $1 AND id = $2"
        ),
        (pool, id),
    )
}

pub fn of_client(r: &mut impl Read, pool: &PoolId, client: &ClientId) -> Result<Option<LoginStyle>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            style_columns!(),
            " FROM login_styles WHERE pool = $1 AND client = $2"
        ),
        (pool, client),
    )
}

/// How many a pool has, counted up to `most`.
pub fn count(r: &mut impl Read, pool: &PoolId, most: i64) -> Result<usize, StoreError> {
    let ids = r.values::<String>(
        "SELECT id FROM login_styles WHERE pool = $1 AND id > $2 ORDER BY id LIMIT $3",
        (pool, "", most),
    )?;
    Ok(ids.len())
}

/// False if there is none.
pub fn delete(tx: &mut Tx<'_>, pool: &PoolId, id: &str) -> Result<bool, StoreError> {
    let deleted = tx.exec("DELETE FROM login_styles WHERE pool = $1 AND id = $2", (pool, id))?;
    Ok(deleted == 1)
}
