//! App clients of a user pool, and the directory that finds a client's pool. Their secrets are `client_secrets`.

use kernel::{ClientId, PoolId, Timestamp};

use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone, Debug)]
pub struct Client {
    pub pool: PoolId,
    pub client: ClientId,
    pub created: Timestamp,
    pub modified: Timestamp,
    pub version: i64,
    pub doc: String,
}

record! { $ Client from clients as client_columns: [] (pool, client) created, modified, version, doc }

/// False if the id is taken, by this pool or another.
pub fn insert(tx: &mut Tx<'_>, client: &Client) -> Result<bool, StoreError> {
    let claimed = tx.exec(
        "INSERT INTO client_owners (client, pool) VALUES ($1, $2) ON CONFLICT (client) DO NOTHING",
        (&client.client, &client.pool),
    )?;
    if claimed == 0 {
        return Ok(false);
    }
    tx.exec(
        "INSERT INTO clients (pool, client, created, modified, version, doc) VALUES ($1, $2, $3, $4, 1, $5)",
        (
            &client.pool,
            &client.client,
            client.created,
            client.modified,
            &client.doc,
        ),
    )?;
    Ok(true)
}

/// The pool that a client id, arriving alone, belongs to.
pub fn owner(r: &mut impl Read, client: &ClientId) -> Result<Option<PoolId>, StoreError> {
    r.value("SELECT pool FROM client_owners WHERE client = $1", (client,))
}

/// All of a pool's clients: what its cached settings hold.
pub fn all(r: &mut impl Read, pool: &PoolId) -> Result<Vec<Client>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            client_columns!(),
            " FROM clients WHERE pool = $1 ORDER BY client"
        ),
        (pool,),
    )
}

pub fn by_id(r: &mut impl Read, pool: &PoolId, id: &ClientId) -> Result<Option<Client>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            client_columns!(),
            " FROM clients WHERE pool = $1 AND client = $2"
        ),
        (pool, id),
    )
}

pub fn list(r: &mut impl Read, pool: &PoolId, after: &str, limit: i64) -> Result<Vec<Client>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            client_columns!(),
            " FROM clients WHERE pool = $1 AND client > $2 ORDER BY client LIMIT $3"
        ),
        (pool, after, limit),
    )
}

/// What a client's document becomes.
#[derive(Clone, Debug)]
pub struct Revision {
    pub doc: String,
    /// The version that was read.
    pub of: i64,
    pub at: Timestamp,
}

/// False if somebody else changed or deleted it since that version was read.
pub fn update(tx: &mut Tx<'_>, pool: &PoolId, id: &ClientId, revision: &Revision) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE clients SET doc = $3, modified = $4, version = version + 1
         WHERE pool = $1 AND client = $2 AND version = $5",
        (pool, id, &revision.doc, revision.at, revision.of),
    )?;
    Ok(changed == 1)
}

/// With its secrets, and what hosted login shows for it.
pub fn delete(tx: &mut Tx<'_>, pool: &PoolId, id: &ClientId) -> Result<bool, StoreError> {
    let deleted = tx.exec("DELETE FROM clients WHERE pool = $1 AND client = $2", (pool, id))?;
    tx.exec("DELETE FROM client_owners WHERE client = $1 AND pool = $2", (id, pool))?;
    tx.exec("DELETE FROM client_secrets WHERE pool = $1 AND client = $2", (pool, id))?;
    tx.exec("DELETE FROM classic_looks WHERE pool = $1 AND client = $2", (pool, id))?;
    tx.exec("DELETE FROM login_styles WHERE pool = $1 AND client = $2", (pool, id))?;
    tx.exec("DELETE FROM pictures WHERE pool = $1 AND client = $2", (pool, id))?;
    tx.exec("DELETE FROM terms WHERE pool = $1 AND client = $2", (pool, id))?;
    tx.exec("DELETE FROM registrations WHERE pool = $1 AND client = $2", (pool, id))?;
    Ok(deleted == 1)
}
