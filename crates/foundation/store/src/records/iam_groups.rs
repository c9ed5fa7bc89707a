//! Which IAM users are in which groups, by their unique ids.

use kernel::AccountId;

use super::iam::{Entity, Page, entity_columns};
use crate::{Read, StoreError, Tx};

/// Adding twice is adding once.
pub fn add(tx: &mut Tx<'_>, account: &AccountId, group: &str, member: &str) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO iam_memberships (account, member, group_id) VALUES ($1, $2, $3)
         ON CONFLICT (account, member, group_id) DO NOTHING",
        (account, member, group),
    )?;
    Ok(())
}

/// False if the user was not in it.
pub fn remove(tx: &mut Tx<'_>, account: &AccountId, group: &str, member: &str) -> Result<bool, StoreError> {
    let deleted = tx.exec(
        "DELETE FROM iam_memberships WHERE account = $1 AND member = $2 AND group_id = $3",
        (account, member, group),
    )?;
    Ok(deleted == 1)
}

/// By id.
pub fn groups_of(r: &mut impl Read, account: &AccountId, member: &str, page: &Page) -> Result<Vec<Entity>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            entity_columns!("e."),
            " FROM iam_memberships m JOIN iam_entities e ON e.account = m.account AND e.id = m.group_id
         WHERE m.account = $1 AND m.member = $2 AND m.group_id > $3 ORDER BY m.group_id LIMIT $4"
        ),
        (account, member, &page.after, page.limit),
    )
}

/// By id.
pub fn members_of(r: &mut impl Read, account: &AccountId, group: &str, page: &Page) -> Result<Vec<Entity>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            entity_columns!("e."),
            " FROM iam_memberships m JOIN iam_entities e ON e.account = m.account AND e.id = m.member
         WHERE m.account = $1 AND m.group_id = $2 AND m.member > $3 ORDER BY m.member LIMIT $4"
        ),
        (account, group, &page.after, page.limit),
    )
}
