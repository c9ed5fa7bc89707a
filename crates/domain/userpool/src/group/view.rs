//! How a group is shown, absent members being absent, which role it may have, and how many a user may be in. Reference:
//! user-pools 9.

use api::cognito_idp::GroupType;
use kernel::{ApiError, Arn, PoolId};
use store::records::groups::Group;

use crate::{errors::settings as errors, pool::Pool};

/// A user is in at most so many, and all of them stand in the tokens. Reference: user-pools 9, 19.
pub(crate) const MOST_OF_A_USER: i64 = 100;

/// Errors: InvalidParameter for a role of another account than the pool's.
pub(crate) fn check_role(pool: &Pool, role: Option<&str>) -> Result<(), ApiError> {
    match role.and_then(Arn::parse) {
        Some(role) if role.account() != pool.account.as_str() => Err(errors::role_of_another_account()),
        _ => Ok(()),
    }
}

pub(crate) fn described(pool: &PoolId, group: Group) -> GroupType {
    GroupType {
        group_name: Some(group.name),
        user_pool_id: Some(pool.to_string()),
        description: group.description,
        role_arn: group.role_arn,
        precedence: group.precedence.and_then(|n| i32::try_from(n).ok()),
        last_modified_date: Some(group.modified),
        creation_date: Some(group.created),
    }
}

pub(crate) fn all(pool: &PoolId, groups: Vec<Group>) -> Vec<GroupType> {
    groups.into_iter().map(|group| described(pool, group)).collect()
}
