//! What identity providers publish of themselves, as it was last read.

use kernel::{PoolId, Timestamp};

use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderDocument {
    pub pool: PoolId,
    pub provider: String,
    /// Where it was read.
    pub address: String,
    pub document: String,
    /// When it is asked for anew.
    pub due: Timestamp,
}

record! { $ ProviderDocument from provider_documents as provider_document_columns:
    [] (pool, provider) address, document, due
}

/// In the place of whatever the provider had.
pub fn put(tx: &mut Tx<'_>, document: &ProviderDocument) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO provider_documents (pool, provider, address, document, due) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (pool, provider) DO UPDATE SET address = excluded.address, document = excluded.document, due = excluded.due",
        (
            &document.pool,
            &document.provider,
            &document.address,
            &document.document,
            document.due,
        ),
    )?;
    Ok(())
}

/// All of a pool's: what its cached settings hold.
pub fn all(r: &mut impl Read, pool: &PoolId) -> Result<Vec<ProviderDocument>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            provider_document_columns!(),
            " FROM provider_documents WHERE pool = $1 ORDER BY provider"
        ),
        (pool,),
    )
}

/// Of any pool, the longest overdue first, at most `limit`.
pub fn due(r: &mut impl Read, now: Timestamp, limit: i64) -> Result<Vec<ProviderDocument>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            provider_document_columns!(),
            " FROM provider_documents WHERE due <= $1 ORDER BY due, pool, provider LIMIT $2"
        ),
        (now, limit),
    )
}

/// Writes `document` and `due` where the provider is still to be read at that address. False if it is not.
pub fn renew(tx: &mut Tx<'_>, renewed: &ProviderDocument) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE provider_documents SET document = $4, due = $5 WHERE pool = $1 AND provider = $2 AND address = $3",
        (
            &renewed.pool,
            &renewed.provider,
            &renewed.address,
            &renewed.document,
            renewed.due,
        ),
    )?;
    Ok(changed == 1)
}

pub fn delete(tx: &mut Tx<'_>, pool: &PoolId, provider: &str) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM provider_documents WHERE pool = $1 AND provider = $2",
        (pool, provider),
    )?;
    Ok(())
}
