//! Resource servers of a user pool. `doc` is the settings, written and read by `userpool`.

use kernel::PoolId;

use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone, Debug)]
pub struct ResourceServer {
    pub pool: PoolId,
    pub identifier: String,
    pub doc: String,
}

record! { $ ResourceServer from resource_servers as resource_server_columns: [] (pool, identifier) doc }

/// False if the pool has one of that identifier.
pub fn insert(tx: &mut Tx<'_>, server: &ResourceServer) -> Result<bool, StoreError> {
    let inserted = tx.exec(
        "INSERT INTO resource_servers (pool, identifier, doc) VALUES ($1, $2, $3)
         ON CONFLICT (pool, identifier) DO NOTHING",
        (&server.pool, &server.identifier, &server.doc),
    )?;
    Ok(inserted == 1)
}

/// All of a pool's: what its cached settings hold.
pub fn all(r: &mut impl Read, pool: &PoolId) -> Result<Vec<ResourceServer>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            resource_server_columns!(),
            " FROM resource_servers WHERE pool = $1 ORDER BY identifier"
        ),
        (pool,),
    )
}

pub fn count(r: &mut impl Read, pool: &PoolId) -> Result<i64, StoreError> {
    let servers = r.value("SELECT COUNT(*) FROM resource_servers WHERE pool = $1", (pool,))?;
    Ok(servers.unwrap_or(0))
}

/// False if there is none of that identifier.
pub fn update(tx: &mut Tx<'_>, server: &ResourceServer) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE resource_servers SET doc = $3 WHERE pool = $1 AND identifier = $2",
        (&server.pool, &server.identifier, &server.doc),
    )?;
    Ok(changed == 1)
}

pub fn delete(tx: &mut Tx<'_>, pool: &PoolId, identifier: &str) -> Result<bool, StoreError> {
    let deleted = tx.exec(
        "DELETE FROM resource_servers WHERE pool = $1 AND identifier = $2",
        (pool, identifier),
    )?;
    Ok(deleted == 1)
}
