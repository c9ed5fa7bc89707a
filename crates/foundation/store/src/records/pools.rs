//! User pools. `doc` is the settings, written and read by `userpool`.

use kernel::{AccountId, PoolId, Region, Timestamp};

use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone, Debug)]
pub struct Pool {
    pub pool: PoolId,
    pub account: AccountId,
    pub region: Region,
    pub created: Timestamp,
    pub modified: Timestamp,
    pub version: i64,
    pub doc: String,
    /// What the pool chose as its issuer, as `tokens` reads it; None: the server's default.
    pub issuer: Option<String>,
    /// Whether AWS's form of an issuer is the updated one.
    pub issuer_updated: bool,
}

record! { $ Pool from pools as pool_columns:
    [] (pool) account, region, created, modified, version, doc, issuer, issuer_updated
}

/// With version 1 whatever `pool.version` says. False if the id is taken (pinned by `_custom_id_`).
pub fn insert(tx: &mut Tx<'_>, pool: &Pool) -> Result<bool, StoreError> {
    let inserted = tx.exec(
        "INSERT INTO pools (pool, account, region, created, modified, version, doc, issuer, issuer_updated)
         VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8) ON CONFLICT (pool) DO NOTHING",
        (
            &pool.pool,
            &pool.account,
            &pool.region,
            pool.created,
            pool.modified,
            &pool.doc,
            pool.issuer.as_deref(),
            pool.issuer_updated,
        ),
    )?;
    Ok(inserted == 1)
}

pub fn by_id(r: &mut impl Read, id: &PoolId) -> Result<Option<Pool>, StoreError> {
    r.one(
        concat!("SELECT ", pool_columns!(), " FROM pools WHERE pool = $1"),
        (id,),
    )
}

/// What the pool chose as its issuer, and whether AWS's form is the updated one. None: there is no such pool.
pub fn issuer(r: &mut impl Read, id: &str) -> Result<Option<(Option<String>, bool)>, StoreError> {
    r.one("SELECT issuer, issuer_updated FROM pools WHERE pool = $1", (id,))
}

/// Writes doc, issuer and `modified`, guarded by `pool.version` (as it was read). False if somebody else was quicker.
pub fn update(tx: &mut Tx<'_>, pool: &Pool) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE pools SET doc = $2, issuer = $3, issuer_updated = $4, modified = $5, version = version + 1
         WHERE pool = $1 AND version = $6",
        (
            &pool.pool,
            &pool.doc,
            pool.issuer.as_deref(),
            pool.issuer_updated,
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
) -> Result<Vec<Pool>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            pool_columns!(),
            " FROM pools WHERE account = $1 AND region = $2 AND pool > $3 ORDER BY pool LIMIT $4"
        ),
        (account, region, after, limit),
    )
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
    r.value("SELECT pool FROM issuers WHERE issuer = $1", (issuer,))
}

/// Gives up an issuer, if the pool has it.
pub fn release_issuer(tx: &mut Tx<'_>, issuer: &str, id: &PoolId) -> Result<(), StoreError> {
    tx.exec("DELETE FROM issuers WHERE issuer = $1 AND pool = $2", (issuer, id))?;
    Ok(())
}

/// What is settings of a pool, and the directories' rows that lead to them, which go first.
const SETTINGS: [&str; 14] = [
    "DELETE FROM client_owners WHERE client IN (SELECT client FROM clients WHERE pool = $1)",
    "DELETE FROM clients WHERE pool = $1",
    "DELETE FROM client_secrets WHERE pool = $1",
    "DELETE FROM resource_servers WHERE pool = $1",
    "DELETE FROM provider_identifiers WHERE pool = $1",
    "DELETE FROM provider_documents WHERE pool = $1",
    "DELETE FROM saml_keys WHERE pool = $1",
    "DELETE FROM identity_providers WHERE pool = $1",
    "DELETE FROM domain_owners WHERE pool = $1",
    "DELETE FROM domains WHERE pool = $1",
    "DELETE FROM key_owners WHERE kid IN (SELECT kid FROM signing_keys WHERE owner = $1)",
    "DELETE FROM signing_keys WHERE owner = $1",
    "DELETE FROM user_groups WHERE pool = $1",
    "DELETE FROM issuers WHERE pool = $1",
];

/// Makes the pool and what is settings of it unreachable at once. What else is keyed by the pool goes by [`purge`].
pub fn delete(tx: &mut Tx<'_>, id: &PoolId) -> Result<bool, StoreError> {
    if tx.exec("DELETE FROM pools WHERE pool = $1", (id,))? == 0 {
        return Ok(false);
    }
    for statement in SETTINGS {
        tx.exec(statement, (id,))?;
    }
    tx.exec(
        "INSERT INTO deleted_pools (pool) VALUES ($1) ON CONFLICT (pool) DO NOTHING",
        (id,),
    )?;
    Ok(true)
}

/// Whether rows of a deleted pool of this id may still be there.
pub fn is_deleted(r: &mut impl Read, id: &PoolId) -> Result<bool, StoreError> {
    let row = r.value::<PoolId>("SELECT pool FROM deleted_pools WHERE pool = $1", (id,))?;
    Ok(row.is_some())
}

/// Deleted pools that [`purge`] has not finished.
pub fn deleted(r: &mut impl Read, limit: i64) -> Result<Vec<PoolId>, StoreError> {
    r.values("SELECT pool FROM deleted_pools ORDER BY pool LIMIT $1", (limit,))
}

/// Rows that one step of [`purge`] deletes, about: a few milliseconds' work.
const STEP: usize = 100;

/// Some rows of a pool in the order of their keys, those after `$2`, each with its key. The limit is [`STEP`].
const PURGES: [&str; 25] = [
    "DELETE FROM names WHERE pool = $1 AND name IN
     (SELECT name FROM names WHERE pool = $1 AND name > $2 ORDER BY name LIMIT 100) RETURNING name",
    "DELETE FROM passwords WHERE pool = $1 AND sub IN
     (SELECT sub FROM passwords WHERE pool = $1 AND sub > $2 ORDER BY sub LIMIT 100) RETURNING sub",
    "DELETE FROM external_users WHERE pool = $1 AND sub IN
     (SELECT sub FROM external_users WHERE pool = $1 AND sub > $2 ORDER BY sub LIMIT 100) RETURNING sub",
    "DELETE FROM recovery_codes WHERE pool = $1 AND sub IN
     (SELECT sub FROM recovery_codes WHERE pool = $1 AND sub > $2 ORDER BY sub LIMIT 100) RETURNING sub",
    "DELETE FROM passkeys WHERE pool = $1 AND sub IN
     (SELECT sub FROM passkeys WHERE pool = $1 AND sub > $2 ORDER BY sub LIMIT 100) RETURNING sub",
    "DELETE FROM codes WHERE pool = $1 AND sub IN
     (SELECT sub FROM codes WHERE pool = $1 AND sub > $2 ORDER BY sub LIMIT 100) RETURNING sub",
    "DELETE FROM attempts WHERE pool = $1 AND sub IN
     (SELECT sub FROM attempts WHERE pool = $1 AND sub > $2 ORDER BY sub LIMIT 100) RETURNING sub",
    "DELETE FROM sessions WHERE pool = $1 AND family IN
     (SELECT family FROM sessions WHERE pool = $1 AND family > $2 ORDER BY family LIMIT 100) RETURNING family",
    "DELETE FROM sso_sessions WHERE pool = $1 AND login IN
     (SELECT login FROM sso_sessions WHERE pool = $1 AND login > $2 ORDER BY login LIMIT 100) RETURNING login",
    "DELETE FROM authorization_codes WHERE pool = $1 AND code IN
     (SELECT code FROM authorization_codes WHERE pool = $1 AND code > $2 ORDER BY code LIMIT 100) RETURNING code",
    "DELETE FROM devices WHERE pool = $1 AND sub IN
     (SELECT sub FROM devices WHERE pool = $1 AND sub > $2 ORDER BY sub LIMIT 100) RETURNING sub",
    "DELETE FROM spent WHERE pool = $1 AND nonce IN
     (SELECT nonce FROM spent WHERE pool = $1 AND nonce > $2 ORDER BY nonce LIMIT 100) RETURNING nonce",
    "DELETE FROM memberships WHERE pool = $1 AND sub IN
     (SELECT sub FROM memberships WHERE pool = $1 AND sub > $2 ORDER BY sub LIMIT 100) RETURNING sub",
    "DELETE FROM software_tokens WHERE pool = $1 AND sub IN
     (SELECT sub FROM software_tokens WHERE pool = $1 AND sub > $2 ORDER BY sub LIMIT 100) RETURNING sub",
    "DELETE FROM message_budgets WHERE pool = $1 AND channel IN
     (SELECT channel FROM message_budgets WHERE pool = $1 AND channel > $2 ORDER BY channel LIMIT 100) RETURNING channel",
    "DELETE FROM classic_looks WHERE pool = $1 AND client IN
     (SELECT client FROM classic_looks WHERE pool = $1 AND client > $2 ORDER BY client LIMIT 100) RETURNING client",
    "DELETE FROM login_styles WHERE pool = $1 AND id IN
     (SELECT id FROM login_styles WHERE pool = $1 AND id > $2 ORDER BY id LIMIT 100) RETURNING id",
    "DELETE FROM pictures WHERE pool = $1 AND client IN
     (SELECT client FROM pictures WHERE pool = $1 AND client > $2 ORDER BY client LIMIT 100) RETURNING client",
    "DELETE FROM terms WHERE pool = $1 AND id IN
     (SELECT id FROM terms WHERE pool = $1 AND id > $2 ORDER BY id LIMIT 100) RETURNING id",
    "DELETE FROM registrations WHERE pool = $1 AND client IN
     (SELECT client FROM registrations WHERE pool = $1 AND client > $2 ORDER BY client LIMIT 100) RETURNING client",
    "DELETE FROM pushed_requests WHERE pool = $1 AND request IN
     (SELECT request FROM pushed_requests WHERE pool = $1 AND request > $2 ORDER BY request LIMIT 100) RETURNING request",
    "DELETE FROM device_grants WHERE pool = $1 AND device IN
     (SELECT device FROM device_grants WHERE pool = $1 AND device > $2 ORDER BY device LIMIT 100) RETURNING device",
    "DELETE FROM logouts WHERE pool = $1 AND sub IN
     (SELECT sub FROM logouts WHERE pool = $1 AND sub > $2 ORDER BY sub LIMIT 100) RETURNING sub",
    "DELETE FROM proofs WHERE pool = $1 AND proof IN
     (SELECT proof FROM proofs WHERE pool = $1 AND proof > $2 ORDER BY proof LIMIT 100) RETURNING proof",
    "DELETE FROM users WHERE pool = $1 AND sub IN
     (SELECT sub FROM users WHERE pool = $1 AND sub > $2 ORDER BY sub LIMIT 100) RETURNING sub",
];

/// How far a [`purge`] has come. It goes on from there rather than from the start, because engines keep deleted rows for a
/// while and would pass over all of them again. A purge that is cut short begins anew.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    table: usize,
    after: String,
    found: bool,
}

/// Deletes about a hundred rows of a deleted pool and says where to go on; None when nothing was left anywhere, and then the
/// id is free again. Does nothing to a pool that was not deleted.
pub fn purge(tx: &mut Tx<'_>, id: &PoolId, from: &Progress) -> Result<Option<Progress>, StoreError> {
    if !is_deleted(tx, id)? {
        return Ok(None);
    }
    let (mut place, mut deleted) = (from.clone(), 0);
    while let Some(statement) = PURGES.get(place.table) {
        let keys = tx.values::<String>(statement, (id, place.after.as_str()))?;
        deleted += keys.len();
        place.found |= !keys.is_empty();
        match keys.iter().max() {
            Some(last) if keys.len() >= STEP => place.after.clone_from(last),
            _ => {
                place.table += 1;
                place.after.clear();
            }
        }
        if deleted >= STEP {
            return Ok(Some(place));
        }
    }
    if place.found {
        // Once more from the start: what was under way when the pool was deleted may have come in behind.
        return Ok(Some(Progress::default()));
    }
    tx.exec("DELETE FROM deleted_pools WHERE pool = $1", (id,))?;
    Ok(None)
}

/// Up to so many users are counted; more are estimated from the part of the keys that so many take up.
const COUNTED: i64 = 4096;

/// How many users the pool has: exact up to some thousands, beyond that within a few per cent (one standard deviation is
/// 1.6), and for the same price whatever the number.
pub fn estimate_users(r: &mut impl Read, id: &PoolId) -> Result<i64, StoreError> {
    let first = r.one::<(i64, Option<String>)>(
        "SELECT COUNT(*), MAX(sub) FROM (SELECT sub FROM users WHERE pool = $1 ORDER BY sub LIMIT $2) AS lowest",
        (id, COUNTED),
    )?;
    Ok(first.map_or(0, |(count, last)| estimate(count, last.as_deref())))
}

/// Subjects are random, so users lie evenly in the order of their subjects: if the lowest n reach up to the share s of all
/// possible subjects, there are about (n - 1) / s (the k-minimum-values estimator).
fn estimate(count: i64, last: Option<&str>) -> i64 {
    let reach = last.and_then(|sub| u32::from_str_radix(sub.get(..8)?, 16).ok());
    match reach {
        Some(reach) if count >= COUNTED => (((count - 1) << 32) / (i64::from(reach) + 1)).max(count),
        _ => count,
    }
}

/// The ids of all pools of all regions: those after `after`, at most `limit`. For work that goes round.
pub fn ids(r: &mut impl Read, after: &str, limit: i64) -> Result<Vec<PoolId>, StoreError> {
    r.values(
        "SELECT pool FROM pools WHERE pool > $1 ORDER BY pool LIMIT $2",
        (after, limit),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::MIGRATIONS;

    #[test]
    fn few_users_are_counted_and_many_estimated() {
        let last = |first: &str| format!("{first}-0000-4000-8000-000000000000");
        for (count, first, expected) in [
            (0, None, 0),
            (1, Some("00000000"), 1),
            (COUNTED - 1, Some("00000001"), COUNTED - 1),
            // All of the keys, a half, and what a million users would leave to the lowest.
            (COUNTED, Some("ffffffff"), COUNTED),
            (COUNTED, Some("7fffffff"), 2 * (COUNTED - 1)),
            (COUNTED, Some("010c6f7a"), 999_755),
            (COUNTED, Some("no sub .."), COUNTED),
        ] {
            assert_eq!(
                estimate(count, first.map(last).as_deref()),
                expected,
                "{count} {first:?}"
            );
        }
    }

    /// Not those of identity pools, whose tables have the same key, nor messages that are on their way.
    #[test]
    fn nothing_of_a_deleted_pool_is_forgotten() {
        let of_others = [
            "identities",
            "logins",
            "identity_pools",
            "deleted_identity_pools",
            "outbox",
        ];
        let by_itself = ["pools", "deleted_pools"];
        let text: String = MIGRATIONS.iter().map(|(_, text)| *text).collect();
        let mut tables = 0;
        for table in text.split("CREATE TABLE ").skip(1) {
            let (name, columns) = table.split_once(" (").unwrap();
            let columns = columns.split(';').next().unwrap();
            let is_keyed_by_pool = columns.contains("PRIMARY KEY (pool") || columns.contains("pool {key} PRIMARY KEY");
            if !is_keyed_by_pool || of_others.contains(&name) || by_itself.contains(&name) {
                continue;
            }
            tables += 1;
            let deleted = format!("DELETE FROM {name} WHERE pool = $1");
            let mut statements = SETTINGS.iter().chain(&PURGES);
            assert!(statements.any(|sql| sql.starts_with(&deleted)), "{name}");
        }
        assert!(tables > 20, "{tables}");
    }

    #[test]
    fn a_step_is_what_the_statements_say() {
        let limit = format!(" LIMIT {STEP})");
        assert!(PURGES.iter().all(|sql| sql.contains(&limit)));
    }
}
