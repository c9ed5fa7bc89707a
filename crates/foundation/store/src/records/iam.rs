//! IAM's entities: roles, users, groups and customer managed policies. `doc` is written and read by `iam`.

use kernel::{AccountId, Timestamp};

use crate::{Cell, FromColumn, Read, StoreError, Tx, record::record};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Role,
    User,
    Group,
    Policy,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Role, Self::User, Self::Group, Self::Policy];

    /// As it stands in the table and in ARNs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::User => "user",
            Self::Group => "group",
            Self::Policy => "policy",
        }
    }
}

impl FromColumn for Kind {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        let text = String::from_column(cell)?;
        let kind = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        kind.ok_or_else(|| "an unknown kind".to_owned())
    }
}

#[derive(Clone, Debug)]
pub struct Entity {
    pub kind: Kind,
    /// `AROA…`, `AIDA…`, `AGPA…`, `ANPA…`: never given twice.
    pub id: String,
    /// As it was written; compared ignoring case.
    pub name: String,
    /// Begins and ends with `/`.
    pub path: String,
    pub created: Timestamp,
    pub version: i64,
    pub doc: String,
}

record! { $ Entity from iam_entities as entity_columns: [account] (id) kind, name, path, created, version, doc }

pub(super) use entity_columns;

/// Under what a name is found.
fn key(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// False if the account has one of that kind and name.
pub fn insert(tx: &mut Tx<'_>, account: &AccountId, entity: &Entity) -> Result<bool, StoreError> {
    let inserted = tx.exec(
        "INSERT INTO iam_entities (account, kind, name_key, id, name, path, created, version, doc)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8) ON CONFLICT (account, kind, name_key) DO NOTHING",
        (
            account,
            entity.kind.as_str(),
            key(&entity.name),
            &entity.id,
            &entity.name,
            &entity.path,
            entity.created,
            &entity.doc,
        ),
    )?;
    Ok(inserted == 1)
}

pub fn find(r: &mut impl Read, account: &AccountId, kind: Kind, name: &str) -> Result<Option<Entity>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            entity_columns!(),
            " FROM iam_entities WHERE account = $1 AND kind = $2 AND name_key = $3"
        ),
        (account, kind.as_str(), key(name)),
    )
}

pub fn by_id(r: &mut impl Read, account: &AccountId, id: &str) -> Result<Option<Entity>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            entity_columns!(),
            " FROM iam_entities WHERE account = $1 AND id = $2"
        ),
        (account, id),
    )
}

/// Writes name, path and doc, guarded by `entity.version` (as it was read). False if somebody else was quicker.
pub fn update(tx: &mut Tx<'_>, account: &AccountId, entity: &Entity) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE iam_entities SET name_key = $3, name = $4, path = $5, doc = $6, version = version + 1
         WHERE account = $1 AND id = $2 AND version = $7",
        (
            account,
            &entity.id,
            key(&entity.name),
            &entity.name,
            &entity.path,
            &entity.doc,
            entity.version,
        ),
    )?;
    Ok(changed == 1)
}

/// Writes the doc under the version that was read: what is noted of an entity in passing is in nobody's way.
pub fn annotate(tx: &mut Tx<'_>, account: &AccountId, entity: &Entity) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE iam_entities SET doc = $3 WHERE account = $1 AND id = $2 AND version = $4",
        (account, &entity.id, &entity.doc, entity.version),
    )?;
    Ok(changed == 1)
}

pub fn delete(tx: &mut Tx<'_>, account: &AccountId, entity: &Entity) -> Result<bool, StoreError> {
    let deleted = tx.exec(
        "DELETE FROM iam_entities WHERE account = $1 AND kind = $2 AND name_key = $3 AND id = $4",
        (account, entity.kind.as_str(), key(&entity.name), &entity.id),
    )?;
    Ok(deleted == 1)
}

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// What lies behind this key: a name in lower case, an ARN, an id; empty for the first page.
    pub after: String,
    pub limit: i64,
}

/// By name ignoring case, of those whose path begins with `prefix` (itself beginning with `/`).
pub fn list(
    r: &mut impl Read,
    account: &AccountId,
    kind: Kind,
    prefix: &str,
    page: &Page,
) -> Result<Vec<Entity>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            entity_columns!(),
            " FROM iam_entities WHERE account = $1 AND kind = $2 AND name_key > $3 AND path >= $4 AND path < $5
             ORDER BY name_key LIMIT $6"
        ),
        (account, kind.as_str(), &page.after, prefix, behind(prefix), page.limit),
    )
}

/// The first text in byte order that is behind all that begin with `prefix`, whose characters are ASCII.
fn behind(prefix: &str) -> String {
    let mut chars = prefix.chars();
    let next = chars.next_back().and_then(|last| char::from_u32(u32::from(last) + 1));
    let mut text = chars.as_str().to_owned();
    text.extend(next);
    text
}

/// How many of each kind the account has; kinds it has none of are left out.
pub fn counts(r: &mut impl Read, account: &AccountId) -> Result<Vec<(Kind, i64)>, StoreError> {
    r.rows(
        "SELECT kind, COUNT(*) FROM iam_entities WHERE account = $1 GROUP BY kind",
        (account,),
    )
}

/// How many of one kind the account has.
pub fn count(r: &mut impl Read, account: &AccountId, kind: Kind) -> Result<i64, StoreError> {
    let counted = r.value(
        "SELECT COUNT(*) FROM iam_entities WHERE account = $1 AND kind = $2",
        (account, kind.as_str()),
    )?;
    Ok(counted.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::behind;

    #[test]
    fn a_prefix_ends_before_the_next_character() {
        assert_eq!(behind("/"), "0");
        assert_eq!(behind("/app"), "/apq");
        assert!(*"/app/zz" < *behind("/app") && *"/apq" >= *behind("/app"));
    }
}
