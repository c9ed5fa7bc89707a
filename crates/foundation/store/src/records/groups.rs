//! Groups of a pool and who is in them.

use kernel::{PoolId, Sub, Timestamp};

use super::users::{User, user_columns};
use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone, Debug)]
pub struct Group {
    pub name: String,
    pub description: Option<String>,
    pub role_arn: Option<String>,
    pub precedence: Option<i64>,
    pub created: Timestamp,
    pub modified: Timestamp,
}

record! { $ Group from user_groups as group_columns:
    [pool] (name) description, role_arn, precedence, created, modified
}

/// False if a group of that name exists.
pub fn insert(tx: &mut Tx<'_>, pool: &PoolId, group: &Group) -> Result<bool, StoreError> {
    let inserted = tx.exec(
        "INSERT INTO user_groups (pool, name, description, role_arn, precedence, created, modified)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (pool, name) DO NOTHING",
        (
            pool,
            &group.name,
            group.description.as_deref(),
            group.role_arn.as_deref(),
            group.precedence,
            group.created,
            group.modified,
        ),
    )?;
    Ok(inserted == 1)
}

pub fn find(r: &mut impl Read, pool: &PoolId, name: &str) -> Result<Option<Group>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            group_columns!(),
            " FROM user_groups WHERE pool = $1 AND name = $2"
        ),
        (pool, name),
    )
}

pub fn update(tx: &mut Tx<'_>, pool: &PoolId, group: &Group) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE user_groups SET description = $3, role_arn = $4, precedence = $5, modified = $6
         WHERE pool = $1 AND name = $2",
        (
            pool,
            &group.name,
            group.description.as_deref(),
            group.role_arn.as_deref(),
            group.precedence,
            group.modified,
        ),
    )?;
    Ok(changed == 1)
}

pub fn delete(tx: &mut Tx<'_>, pool: &PoolId, name: &str) -> Result<bool, StoreError> {
    let deleted = tx.exec("DELETE FROM user_groups WHERE pool = $1 AND name = $2", (pool, name))?;
    tx.exec("DELETE FROM memberships WHERE pool = $1 AND name = $2", (pool, name))?;
    Ok(deleted == 1)
}

pub fn list(r: &mut impl Read, pool: &PoolId, after: &str, limit: i64) -> Result<Vec<Group>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            group_columns!(),
            " FROM user_groups WHERE pool = $1 AND name > $2 ORDER BY name LIMIT $3"
        ),
        (pool, after, limit),
    )
}

/// Adding twice is adding once.
pub fn add_member(tx: &mut Tx<'_>, pool: &PoolId, name: &str, sub: &Sub) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO memberships (pool, sub, name) VALUES ($1, $2, $3) ON CONFLICT (pool, sub, name) DO NOTHING",
        (pool, sub, name),
    )?;
    Ok(())
}

pub fn remove_member(tx: &mut Tx<'_>, pool: &PoolId, name: &str, sub: &Sub) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM memberships WHERE pool = $1 AND sub = $2 AND name = $3",
        (pool, sub, name),
    )?;
    Ok(())
}

/// How many groups a user is in beside the one of this name.
pub fn count_others(r: &mut impl Read, pool: &PoolId, name: &str, sub: &Sub) -> Result<i64, StoreError> {
    let others = r.value(
        "SELECT COUNT(*) FROM memberships WHERE pool = $1 AND sub = $2 AND name <> $3",
        (pool, sub, name),
    )?;
    Ok(others.unwrap_or(0))
}

/// A user's groups by name: those after `after`, at most `limit`.
pub fn of_user(r: &mut impl Read, pool: &PoolId, sub: &Sub, after: &str, limit: i64) -> Result<Vec<Group>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            group_columns!("g."),
            " FROM memberships m JOIN user_groups g ON g.pool = m.pool AND g.name = m.name
             WHERE m.pool = $1 AND m.sub = $2 AND m.name > $3 ORDER BY m.name LIMIT $4"
        ),
        (pool, sub, after, limit),
    )
}

/// A group's members by sub: those after `after`, at most `limit`.
pub fn members(r: &mut impl Read, pool: &PoolId, name: &str, after: &str, limit: i64) -> Result<Vec<User>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            user_columns!("u."),
            " FROM memberships m JOIN users u ON u.pool = m.pool AND u.sub = m.sub
             WHERE m.pool = $1 AND m.name = $2 AND m.sub > $3 ORDER BY m.sub LIMIT $4"
        ),
        (pool, name, after, limit),
    )
}
