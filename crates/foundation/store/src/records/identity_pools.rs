//! Identity pools. `doc` is the settings, written and read by `identitypool`.

use kernel::{AccountId, IdentityPoolId, Region, Timestamp};

use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone, Debug)]
pub struct IdentityPool {
    pub pool: IdentityPoolId,
    pub account: AccountId,
    pub region: Region,
    pub created: Timestamp,
    pub modified: Timestamp,
    pub version: i64,
    pub doc: String,
    /// The login providers' application ids, sealed; None where there are no such providers.
    pub providers: Option<Vec<u8>>,
}

record! { $ IdentityPool from identity_pools as identity_pool_columns:
    [] (pool) account, region, created, modified, version, doc, providers
}

/// With version 1 whatever `pool.version` says. False if the id is taken (pinned by `_custom_id_`), be it by what [`purge`] has
/// left of a deleted pool: its identities must not become the new one's.
pub fn insert(tx: &mut Tx<'_>, pool: &IdentityPool) -> Result<bool, StoreError> {
    if is_deleted(tx, &pool.pool)? {
        return Ok(false);
    }
    let inserted = tx.exec(
        "INSERT INTO identity_pools (pool, account, region, created, modified, version, doc, providers)
         VALUES ($1, $2, $3, $4, $5, 1, $6, $7) ON CONFLICT (pool) DO NOTHING",
        (
            &pool.pool,
            &pool.account,
            &pool.region,
            pool.created,
            pool.modified,
            &pool.doc,
            pool.providers.clone(),
        ),
    )?;
    Ok(inserted == 1)
}

pub fn by_id(r: &mut impl Read, id: &IdentityPoolId) -> Result<Option<IdentityPool>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            identity_pool_columns!(),
            " FROM identity_pools WHERE pool = $1"
        ),
        (id,),
    )
}

/// Whether the pool is there: asked in the transaction that adds to it.
pub fn exists(r: &mut impl Read, id: &IdentityPoolId) -> Result<bool, StoreError> {
    let row = r.value::<i64>("SELECT version FROM identity_pools WHERE pool = $1", (id,))?;
    Ok(row.is_some())
}

/// Writes `doc`, `providers` and `modified`, guarded by `pool.version` (as it was read). False if somebody else was quicker.
pub fn update(tx: &mut Tx<'_>, pool: &IdentityPool) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE identity_pools SET doc = $2, providers = $3, modified = $4, version = version + 1
         WHERE pool = $1 AND version = $5",
        (
            &pool.pool,
            &pool.doc,
            pool.providers.clone(),
            pool.modified,
            pool.version,
        ),
    )?;
    Ok(changed == 1)
}

/// Pages by id: those after `after`, at most `limit`.
pub fn list(
    r: &mut impl Read,
    account: &AccountId,
    region: &Region,
    after: &str,
    limit: i64,
) -> Result<Vec<IdentityPool>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            identity_pool_columns!(),
            " FROM identity_pools WHERE account = $1 AND region = $2 AND pool > $3 ORDER BY pool LIMIT $4"
        ),
        (account, region, after, limit),
    )
}

/// Makes the pool and its identities unreachable at once; the identities go by [`purge`]. False if there is no such pool.
pub fn delete(tx: &mut Tx<'_>, id: &IdentityPoolId) -> Result<bool, StoreError> {
    if tx.exec("DELETE FROM identity_pools WHERE pool = $1", (id,))? == 0 {
        return Ok(false);
    }
    tx.exec(
        "INSERT INTO deleted_identity_pools (pool) VALUES ($1) ON CONFLICT (pool) DO NOTHING",
        (id,),
    )?;
    Ok(true)
}

fn is_deleted(r: &mut impl Read, id: &IdentityPoolId) -> Result<bool, StoreError> {
    let row = r.value::<IdentityPoolId>("SELECT pool FROM deleted_identity_pools WHERE pool = $1", (id,))?;
    Ok(row.is_some())
}

/// The pools that were deleted and whose identities may not all be yet.
pub fn deleted(r: &mut impl Read, limit: i64) -> Result<Vec<IdentityPoolId>, StoreError> {
    r.values(
        "SELECT pool FROM deleted_identity_pools ORDER BY pool LIMIT $1",
        (limit,),
    )
}

/// Deletes a hundred identities of a pool that is no more, and what is theirs. True while there may be more; then the
/// deletion is forgotten too.
pub fn purge(tx: &mut Tx<'_>, id: &IdentityPoolId) -> Result<bool, StoreError> {
    const STATEMENTS: [&str; 3] = [
        "DELETE FROM logins WHERE pool = $1 AND (provider, subject) IN
         (SELECT provider, subject FROM logins WHERE pool = $1 LIMIT 100)",
        // The same identities in both, hence the order.
        "DELETE FROM identity_owners WHERE identity IN
         (SELECT identity FROM identities WHERE pool = $1 ORDER BY identity LIMIT 100)",
        "DELETE FROM identities WHERE pool = $1 AND identity IN
         (SELECT identity FROM identities WHERE pool = $1 ORDER BY identity LIMIT 100)",
    ];
    if exists(tx, id)? {
        return Ok(false);
    }
    let mut deleted = 0;
    for statement in STATEMENTS {
        deleted += tx.exec(statement, (id,))?;
    }
    if deleted == 0 {
        tx.exec("DELETE FROM deleted_identity_pools WHERE pool = $1", (id,))?;
    }
    Ok(deleted > 0)
}
