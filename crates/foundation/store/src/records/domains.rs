//! Domains of user pools, and the directory that finds a host's pool. `doc` is the settings, written and read by `userpool`; `kind` and
//! the keys are its words too.

use kernel::PoolId;

use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone, Debug)]
pub struct Domain {
    pub pool: PoolId,
    /// A pool has one of each.
    pub kind: String,
    pub domain: String,
    /// Whether the prefix alone, without its Region, is this pool's too.
    pub bare: bool,
    pub version: i64,
    pub doc: String,
}

record! { $ Domain from domains as domain_columns: [] (pool, kind) domain, bare, version, doc }

/// Takes a key for a pool. False if it is taken, by this pool or another.
pub fn claim(tx: &mut Tx<'_>, key: &str, pool: &PoolId) -> Result<bool, StoreError> {
    let claimed = tx.exec(
        "INSERT INTO domain_owners (domain, pool) VALUES ($1, $2) ON CONFLICT (domain) DO NOTHING",
        (key, pool),
    )?;
    Ok(claimed == 1)
}

/// The pool whose a key is.
pub fn owner(r: &mut impl Read, key: &str) -> Result<Option<PoolId>, StoreError> {
    r.value("SELECT pool FROM domain_owners WHERE domain = $1", (key,))
}

/// Gives up a key, if the pool has it.
pub fn release(tx: &mut Tx<'_>, key: &str, pool: &PoolId) -> Result<(), StoreError> {
    tx.exec("DELETE FROM domain_owners WHERE domain = $1 AND pool = $2", (key, pool))?;
    Ok(())
}

/// With version 1 whatever `domain.version` says. Its keys are claimed beside. False if the pool has one of the kind.
pub fn insert(tx: &mut Tx<'_>, domain: &Domain) -> Result<bool, StoreError> {
    let inserted = tx.exec(
        "INSERT INTO domains (pool, kind, domain, bare, version, doc) VALUES ($1, $2, $3, $4, 1, $5)
         ON CONFLICT (pool, kind) DO NOTHING",
        (&domain.pool, &domain.kind, &domain.domain, domain.bare, &domain.doc),
    )?;
    Ok(inserted == 1)
}

/// All of a pool's, two at most: what its cached settings hold.
pub fn all(r: &mut impl Read, pool: &PoolId) -> Result<Vec<Domain>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            domain_columns!(),
            " FROM domains WHERE pool = $1 ORDER BY kind"
        ),
        (pool,),
    )
}

/// Those of one kind, whosever they are: names with their pools, from after one on.
pub fn of_kind(
    r: &mut impl Read,
    kind: &str,
    (domain, pool): (&str, &str),
    limit: i64,
) -> Result<Vec<(String, PoolId)>, StoreError> {
    r.rows(
        "SELECT domain, pool FROM domains WHERE kind = $1 AND (domain, pool) > ($2, $3) ORDER BY domain, pool LIMIT $4",
        (kind, domain, pool, limit),
    )
}

/// Writes `doc`, guarded by `domain.version` (as it was read). False if somebody else changed or deleted it since.
pub fn update(tx: &mut Tx<'_>, domain: &Domain) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE domains SET doc = $4, version = version + 1
         WHERE pool = $1 AND kind = $2 AND domain = $3 AND version = $5",
        (&domain.pool, &domain.kind, &domain.domain, &domain.doc, domain.version),
    )?;
    Ok(changed == 1)
}

/// Its keys are released beside.
pub fn delete(tx: &mut Tx<'_>, pool: &PoolId, kind: &str, domain: &str) -> Result<bool, StoreError> {
    let deleted = tx.exec(
        "DELETE FROM domains WHERE pool = $1 AND kind = $2 AND domain = $3",
        (pool, kind, domain),
    )?;
    Ok(deleted == 1)
}
