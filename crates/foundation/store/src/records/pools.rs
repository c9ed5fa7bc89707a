//! User pools. `doc` is the settings, written and read by `userpool`.

use kernel::{AccountId, PoolId, Region, Timestamp};

use crate::{Read, StoreError, Tx};

#[derive(Clone, Debug)]
pub struct Pool {
    pub pool: PoolId,
    pub account: AccountId,
    pub region: Region,
    pub created: Timestamp,
    pub modified: Timestamp,
    pub version: i64,
    pub doc: String,
}

type Row = (String, String, String, Timestamp, Timestamp, i64, String);

fn pool((pool, account, region, created, modified, version, doc): Row) -> Pool {
    Pool {
        pool: PoolId::new(pool),
        account: AccountId::new(account),
        region: Region::new(region),
        created,
        modified,
        version,
        doc,
    }
}

/// False if the id is taken (pinned by `_custom_id_`).
pub fn insert(tx: &mut Tx<'_>, pool: &Pool) -> Result<bool, StoreError> {
    let inserted = tx.exec(
        "INSERT INTO pools (pool, account, region, created, modified, version, doc)
         VALUES ($1, $2, $3, $4, $5, 1, $6) ON CONFLICT (pool) DO NOTHING",
        (
            &pool.pool,
            &pool.account,
            &pool.region,
            pool.created,
            pool.modified,
            &pool.doc,
        ),
    )?;
    Ok(inserted == 1)
}

pub fn by_id(r: &mut impl Read, id: &PoolId) -> Result<Option<Pool>, StoreError> {
    let row = r.one::<Row>(
        "SELECT pool, account, region, created, modified, version, doc FROM pools WHERE pool = $1",
        (id,),
    )?;
    Ok(row.map(pool))
}

/// False if somebody else changed or deleted it since `version` was read.
pub fn update(tx: &mut Tx<'_>, id: &PoolId, doc: &str, now: Timestamp, version: i64) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE pools SET doc = $2, modified = $3, version = version + 1 WHERE pool = $1 AND version = $4",
        (id, doc, now, version),
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
) -> Result<Vec<Pool>, StoreError> {
    let rows = r.rows::<Row>(
        "SELECT pool, account, region, created, modified, version, doc FROM pools
         WHERE account = $1 AND region = $2 AND pool > $3 ORDER BY pool LIMIT $4",
        (account, region, after, limit),
    )?;
    Ok(rows.into_iter().map(pool).collect())
}

/// Takes an issuer for a pool. False if another pool has it.
pub fn claim_issuer(tx: &mut Tx<'_>, issuer: &str, id: &PoolId) -> Result<bool, StoreError> {
    tx.exec(
        "INSERT INTO issuers (issuer, pool) VALUES ($1, $2) ON CONFLICT (issuer) DO NOTHING",
        (issuer, id),
    )?;
    Ok(by_issuer(tx, issuer)?.is_some_and(|owner| owner == *id))
}

/// The pool that has taken an issuer.
pub fn by_issuer(r: &mut impl Read, issuer: &str) -> Result<Option<PoolId>, StoreError> {
    let owner = r.one::<(String,)>("SELECT pool FROM issuers WHERE issuer = $1", (issuer,))?;
    Ok(owner.map(|(pool,)| PoolId::new(pool)))
}

/// Gives up an issuer, if the pool has it.
pub fn release_issuer(tx: &mut Tx<'_>, issuer: &str, id: &PoolId) -> Result<(), StoreError> {
    tx.exec("DELETE FROM issuers WHERE issuer = $1 AND pool = $2", (issuer, id))?;
    Ok(())
}

/// Makes the pool and its clients unreachable at once. What else is keyed by the pool goes by [`purge`].
pub fn delete(tx: &mut Tx<'_>, id: &PoolId) -> Result<bool, StoreError> {
    if tx.exec("DELETE FROM pools WHERE pool = $1", (id,))? == 0 {
        return Ok(false);
    }
    tx.exec(
        "DELETE FROM client_owners WHERE client IN (SELECT client FROM clients WHERE pool = $1)",
        (id,),
    )?;
    tx.exec("DELETE FROM clients WHERE pool = $1", (id,))?;
    tx.exec(
        "DELETE FROM key_owners WHERE kid IN (SELECT kid FROM signing_keys WHERE owner = $1)",
        (id,),
    )?;
    tx.exec("DELETE FROM signing_keys WHERE owner = $1", (id,))?;
    tx.exec("DELETE FROM user_groups WHERE pool = $1", (id,))?;
    tx.exec("DELETE FROM issuers WHERE pool = $1", (id,))?;
    tx.exec(
        "INSERT INTO deleted_pools (pool) VALUES ($1) ON CONFLICT (pool) DO NOTHING",
        (id,),
    )?;
    Ok(true)
}

/// Whether rows of a deleted pool of this id may still be there.
pub fn is_deleted(r: &mut impl Read, id: &PoolId) -> Result<bool, StoreError> {
    Ok(
        r.one::<(String,)>("SELECT pool FROM deleted_pools WHERE pool = $1", (id,))?
            .is_some(),
    )
}

/// Deleted pools that [`purge`] has not finished.
pub fn deleted(r: &mut impl Read, limit: i64) -> Result<Vec<PoolId>, StoreError> {
    let rows = r.rows::<(String,)>("SELECT pool FROM deleted_pools ORDER BY pool LIMIT $1", (limit,))?;
    Ok(rows.into_iter().map(|(pool,)| PoolId::new(pool)).collect())
}

/// Deletes a few hundred of a deleted pool's users and what is theirs. True while there may be more; then the id is free
/// again. Does nothing to a pool that was not deleted.
pub fn purge(tx: &mut Tx<'_>, id: &PoolId) -> Result<bool, StoreError> {
    const STATEMENTS: [&str; 8] = [
        "DELETE FROM names WHERE pool = $1 AND name IN (SELECT name FROM names WHERE pool = $1 LIMIT 500)",
        "DELETE FROM passwords WHERE pool = $1 AND sub IN (SELECT sub FROM passwords WHERE pool = $1 LIMIT 500)",
        "DELETE FROM codes WHERE pool = $1 AND sub IN (SELECT sub FROM codes WHERE pool = $1 LIMIT 500)",
        "DELETE FROM attempts WHERE pool = $1 AND sub IN (SELECT sub FROM attempts WHERE pool = $1 LIMIT 500)",
        "DELETE FROM sessions WHERE pool = $1 AND family IN (SELECT family FROM sessions WHERE pool = $1 LIMIT 500)",
        "DELETE FROM spent WHERE pool = $1 AND nonce IN (SELECT nonce FROM spent WHERE pool = $1 LIMIT 500)",
        "DELETE FROM memberships WHERE pool = $1 AND sub IN (SELECT sub FROM memberships WHERE pool = $1 LIMIT 500)",
        "DELETE FROM users WHERE pool = $1 AND sub IN (SELECT sub FROM users WHERE pool = $1 LIMIT 500)",
    ];
    if !is_deleted(tx, id)? {
        return Ok(false);
    }
    let mut deleted = 0;
    for statement in STATEMENTS {
        deleted += tx.exec(statement, (id,))?;
    }
    if deleted == 0 {
        tx.exec("DELETE FROM deleted_pools WHERE pool = $1", (id,))?;
    }
    Ok(deleted > 0)
}

/// How many users the pool has: a count over the primary key, so callers keep the answer for a while.
pub fn count_users(r: &mut impl Read, id: &PoolId) -> Result<i64, StoreError> {
    Ok(r.one::<(i64,)>("SELECT COUNT(*) FROM users WHERE pool = $1", (id,))?
        .map_or(0, |(count,)| count))
}

/// The ids of all pools of all regions: those after `after`, at most `limit`. For work that goes round.
pub fn ids(r: &mut impl Read, after: &str, limit: i64) -> Result<Vec<PoolId>, StoreError> {
    let rows = r.rows::<(String,)>(
        "SELECT pool FROM pools WHERE pool > $1 ORDER BY pool LIMIT $2",
        (after, limit),
    )?;
    Ok(rows.into_iter().map(|(pool,)| PoolId::new(pool)).collect())
}
