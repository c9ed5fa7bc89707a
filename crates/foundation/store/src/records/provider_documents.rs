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

/// Writes `document` and the time when it is asked for anew, guarded by address and `due` as they were read. False if somebody has
/// written since.
pub fn renew(tx: &mut Tx<'_>, read: &ProviderDocument, document: &str, due: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE provider_documents SET document = $5, due = $6 WHERE pool = $1 AND provider = $2 AND address = $3 AND due = $4",
        (&read.pool, &read.provider, &read.address, read.due, document, due),
    )?;
    Ok(changed == 1)
}

/// Writes `due` alone, guarded alike. False if somebody has written since.
pub fn postpone(tx: &mut Tx<'_>, read: &ProviderDocument, due: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE provider_documents SET due = $5 WHERE pool = $1 AND provider = $2 AND address = $3 AND due = $4",
        (&read.pool, &read.provider, &read.address, read.due, due),
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
