//! Secrets of app clients, sealed for their pool and client. Reference: user-pools 3.3.

use kernel::{ClientId, PoolId, Timestamp};

use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientSecret {
    pub client: ClientId,
    pub id: String,
    pub created: Timestamp,
    pub secret: Vec<u8>,
}

record! { $ ClientSecret from client_secrets as secret_columns: [pool] (client, id) created, secret }

/// False if the client has a secret of this id.
pub fn insert(tx: &mut Tx<'_>, pool: &PoolId, secret: &ClientSecret) -> Result<bool, StoreError> {
    let inserted = tx.exec(
        "INSERT INTO client_secrets (pool, client, id, created, secret) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        (pool, &secret.client, &secret.id, secret.created, secret.secret.as_slice()),
    )?;
    Ok(inserted == 1)
}

/// Those of all of a pool's clients: what its cached settings hold.
pub fn all(r: &mut impl Read, pool: &PoolId) -> Result<Vec<ClientSecret>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            secret_columns!(),
            " FROM client_secrets WHERE pool = $1 ORDER BY client, id"
        ),
        (pool,),
    )
}

pub fn of_client(r: &mut impl Read, pool: &PoolId, client: &ClientId) -> Result<Vec<ClientSecret>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            secret_columns!(),
            " FROM client_secrets WHERE pool = $1 AND client = $2 ORDER BY id"
        ),
        (pool, client),
    )
}

/// False if the client has no secret of this id.
pub fn delete(tx: &mut Tx<'_>, pool: &PoolId, client: &ClientId, id: &str) -> Result<bool, StoreError> {
    let deleted = tx.exec(
        "DELETE FROM client_secrets WHERE pool = $1 AND client = $2 AND id = $3",
        (pool, client, id),
    )?;
    Ok(deleted == 1)
}
