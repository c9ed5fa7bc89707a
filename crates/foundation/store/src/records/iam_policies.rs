//! Policies of IAM's entities: inline documents, versions of customer managed ones, and what is attached to whom.

use kernel::{AccountId, Timestamp};

use super::iam::{Entity, Page, entity_columns};
use crate::{Cell, Cells, Columns, FromColumn, FromRow, Read, Row, StoreError, Tx, record::record};

/// What a managed policy does for the entity it is attached to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    Permissions,
    Boundary,
}

impl Use {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Permissions => "permissions",
            Self::Boundary => "boundary",
        }
    }
}

impl FromColumn for Use {
    fn from_column(cell: Cell<'_>) -> Result<Self, String> {
        let text = String::from_column(cell)?;
        let one = [Self::Permissions, Self::Boundary]
            .into_iter()
            .find(|one| one.as_str() == text);
        one.ok_or_else(|| "an unknown purpose".to_owned())
    }
}

/// Writes or replaces.
pub fn put_inline(
    tx: &mut Tx<'_>,
    account: &AccountId,
    owner: &str,
    name: &str,
    document: &str,
) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO iam_inline_policies (account, owner, name, document) VALUES ($1, $2, $3, $4)
         ON CONFLICT (account, owner, name) DO UPDATE SET document = excluded.document",
        (account, owner, name, document),
    )?;
    Ok(())
}

pub fn inline(r: &mut impl Read, account: &AccountId, owner: &str, name: &str) -> Result<Option<String>, StoreError> {
    r.value(
        "SELECT document FROM iam_inline_policies WHERE account = $1 AND owner = $2 AND name = $3",
        (account, owner, name),
    )
}

pub fn delete_inline(tx: &mut Tx<'_>, account: &AccountId, owner: &str, name: &str) -> Result<bool, StoreError> {
    let deleted = tx.exec(
        "DELETE FROM iam_inline_policies WHERE account = $1 AND owner = $2 AND name = $3",
        (account, owner, name),
    )?;
    Ok(deleted == 1)
}

/// Names and documents, by name.
pub fn inlines(
    r: &mut impl Read,
    account: &AccountId,
    owner: &str,
    page: &Page,
) -> Result<Vec<(String, String)>, StoreError> {
    r.rows(
        "SELECT name, document FROM iam_inline_policies WHERE account = $1 AND owner = $2 AND name > $3
         ORDER BY name LIMIT $4",
        (account, owner, &page.after, page.limit),
    )
}

/// Those of all groups that `member` is in. CROSS JOIN: else SQLite may begin with the account's every policy.
pub fn inlines_of_groups(r: &mut impl Read, account: &AccountId, member: &str) -> Result<Vec<String>, StoreError> {
    r.values(
        "SELECT i.document FROM iam_memberships m CROSS JOIN iam_inline_policies i
         WHERE m.account = $1 AND m.member = $2 AND i.account = m.account AND i.owner = m.group_id
         ORDER BY m.group_id, i.name",
        (account, member),
    )
}

#[derive(Clone, Debug)]
pub struct Version {
    pub number: i64,
    pub is_default: bool,
    pub document: String,
    pub created: Timestamp,
}

record! { $ Version from iam_policy_versions as version_columns:
    [account, policy] (number) is_default, document, created
}

/// A default version takes that standing from the one that has it.
pub fn insert_version(tx: &mut Tx<'_>, account: &AccountId, policy: &str, version: &Version) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO iam_policy_versions (account, policy, number, is_default, document, created)
         VALUES ($1, $2, $3, FALSE, $4, $5)",
        (account, policy, version.number, &version.document, version.created),
    )?;
    if version.is_default {
        set_default_version(tx, account, policy, version.number)?;
    }
    Ok(())
}

pub fn set_default_version(tx: &mut Tx<'_>, account: &AccountId, policy: &str, number: i64) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE iam_policy_versions SET is_default = (number = $3) WHERE account = $1 AND policy = $2",
        (account, policy, number),
    )?;
    Ok(())
}

pub fn delete_version(tx: &mut Tx<'_>, account: &AccountId, policy: &str, number: i64) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM iam_policy_versions WHERE account = $1 AND policy = $2 AND number = $3",
        (account, policy, number),
    )?;
    Ok(())
}

/// Newest first: five at most, so they are never paged by the store.
pub fn versions(r: &mut impl Read, account: &AccountId, policy: &str) -> Result<Vec<Version>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            version_columns!(),
            " FROM iam_policy_versions WHERE account = $1 AND policy = $2 ORDER BY number DESC"
        ),
        (account, policy),
    )
}

pub fn default_version(r: &mut impl Read, account: &AccountId, policy: &str) -> Result<Option<Version>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            version_columns!(),
            " FROM iam_policy_versions WHERE account = $1 AND policy = $2 AND is_default = TRUE LIMIT 1"
        ),
        (account, policy),
    )
}

/// Attaching twice is attaching once.
pub fn attach(tx: &mut Tx<'_>, account: &AccountId, owner: &str, purpose: Use, policy: &str) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO iam_attachments (account, owner, purpose, policy) VALUES ($1, $2, $3, $4)
         ON CONFLICT (account, owner, purpose, policy) DO NOTHING",
        (account, owner, purpose.as_str(), policy),
    )?;
    Ok(())
}

/// False if it was not attached.
pub fn detach(
    tx: &mut Tx<'_>,
    account: &AccountId,
    owner: &str,
    purpose: Use,
    policy: &str,
) -> Result<bool, StoreError> {
    let deleted = tx.exec(
        "DELETE FROM iam_attachments WHERE account = $1 AND owner = $2 AND purpose = $3 AND policy = $4",
        (account, owner, purpose.as_str(), policy),
    )?;
    Ok(deleted == 1)
}

/// An entity has one boundary at most. False if it had none.
pub fn clear_boundary(tx: &mut Tx<'_>, account: &AccountId, owner: &str) -> Result<bool, StoreError> {
    let deleted = tx.exec(
        "DELETE FROM iam_attachments WHERE account = $1 AND owner = $2 AND purpose = 'boundary'",
        (account, owner),
    )?;
    Ok(deleted > 0)
}

pub fn boundary(r: &mut impl Read, account: &AccountId, owner: &str) -> Result<Option<String>, StoreError> {
    r.value(
        "SELECT policy FROM iam_attachments WHERE account = $1 AND owner = $2 AND purpose = 'boundary' LIMIT 1",
        (account, owner),
    )
}

/// The ARNs of the managed policies that give `owner` its permissions, by ARN.
pub fn attached(r: &mut impl Read, account: &AccountId, owner: &str, page: &Page) -> Result<Vec<String>, StoreError> {
    r.values(
        "SELECT policy FROM iam_attachments
         WHERE account = $1 AND owner = $2 AND purpose = 'permissions' AND policy > $3 ORDER BY policy LIMIT $4",
        (account, owner, &page.after, page.limit),
    )
}

/// A managed policy in effect. AWS's own have no document in the store.
#[derive(Clone, Debug)]
pub struct Attachment {
    pub purpose: Use,
    pub policy: String,
    pub document: Option<String>,
}

impl FromRow for Attachment {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        const COLUMNS: Columns = Columns {
            table: "iam_attachments",
            names: &["account", "owner", "policy", "purpose", "document"],
            unkept: 2,
            key: 3,
        };
        let mut cells = Cells::of(row, &COLUMNS);
        Ok(Self {
            policy: cells.take()?,
            purpose: cells.take()?,
            document: cells.take()?,
        })
    }
}

macro_rules! attachment_columns {
    () => {
        "a.account, a.owner, a.policy, a.purpose, v.document"
    };
}

/// Everything attached to `owner`, with the default versions' documents.
pub fn attachments(r: &mut impl Read, account: &AccountId, owner: &str) -> Result<Vec<Attachment>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            attachment_columns!(),
            " FROM iam_attachments a
         LEFT JOIN iam_policy_versions v ON v.account = a.account AND v.policy = a.policy AND v.is_default = TRUE
         WHERE a.account = $1 AND a.owner = $2 ORDER BY a.purpose, a.policy"
        ),
        (account, owner),
    )
}

/// Everything attached to the groups that `member` is in. CROSS JOIN as in [`inlines_of_groups`].
pub fn attachments_of_groups(
    r: &mut impl Read,
    account: &AccountId,
    member: &str,
) -> Result<Vec<Attachment>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            attachment_columns!(),
            " FROM iam_memberships m CROSS JOIN iam_attachments a
         LEFT JOIN iam_policy_versions v ON v.account = a.account AND v.policy = a.policy AND v.is_default = TRUE
         WHERE m.account = $1 AND m.member = $2 AND a.account = m.account AND a.owner = m.group_id ORDER BY a.purpose, a.policy"
        ),
        (account, member),
    )
}

/// For how many entities the policy stands for permissions, and for how many as boundary.
pub fn attachment_counts(r: &mut impl Read, account: &AccountId, policy: &str) -> Result<(i64, i64), StoreError> {
    let rows = r.rows::<(Use, i64)>(
        "SELECT purpose, COUNT(*) FROM iam_attachments WHERE account = $1 AND policy = $2 GROUP BY purpose",
        (account, policy),
    )?;
    let of = |purpose: Use| rows.iter().find(|(p, _)| *p == purpose).map_or(0, |(_, n)| *n);
    Ok((of(Use::Permissions), of(Use::Boundary)))
}

/// Every policy that is attached to something in the account, with its purpose and how often.
pub fn all_attachment_counts(r: &mut impl Read, account: &AccountId) -> Result<Vec<(String, Use, i64)>, StoreError> {
    r.rows(
        "SELECT policy, purpose, COUNT(*) FROM iam_attachments WHERE account = $1 GROUP BY policy, purpose",
        (account,),
    )
}

/// The entities that the policy is attached to, by id.
pub fn entities_of(
    r: &mut impl Read,
    account: &AccountId,
    policy: &str,
    purpose: Use,
    page: &Page,
) -> Result<Vec<Entity>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            entity_columns!("e."),
            " FROM iam_attachments a
         JOIN iam_entities e ON e.account = a.account AND e.id = a.owner
         WHERE a.account = $1 AND a.policy = $2 AND a.purpose = $3 AND a.owner > $4 ORDER BY a.owner LIMIT $5"
        ),
        (account, policy, purpose.as_str(), &page.after, page.limit),
    )
}
