//! How the classic hosted pages look, of a client or (`ALL`) of the whole pool. The logo is a [picture](super::pictures).

use kernel::{PoolId, Timestamp};

use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassicLook {
    pub client: String,
    /// As it was given.
    pub css: Option<String>,
    pub created: Timestamp,
    pub modified: Timestamp,
}

record! { $ ClassicLook from classic_looks as look_columns: [pool] (client) css, created, modified }

/// Replaces what is there; `created` stays that of the first.
pub fn put(tx: &mut Tx<'_>, pool: &PoolId, look: &ClassicLook) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO classic_looks (pool, client, css, created, modified) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (pool, client) DO UPDATE SET css = excluded.css, modified = excluded.modified",
        (pool, &look.client, look.css.as_deref(), look.created, look.modified),
    )?;
    Ok(())
}

pub fn find(r: &mut impl Read, pool: &PoolId, client: &str) -> Result<Option<ClassicLook>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            look_columns!(),
            " FROM classic_looks WHERE pool = $1 AND client = $2"
        ),
        (pool, client),
    )
}

pub fn delete(tx: &mut Tx<'_>, pool: &PoolId, client: &str) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM classic_looks WHERE pool = $1 AND client = $2",
        (pool, client),
    )?;
    Ok(())
}
