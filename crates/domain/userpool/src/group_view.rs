//! How a group is shown: absent members are absent. Reference: user-pools 9.

use api::cognito_idp::GroupType;
use kernel::PoolId;
use store::records::groups::Group;

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
