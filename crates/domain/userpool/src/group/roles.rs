//! What a user's groups make of the tokens. Reference: user-pools 9.

use kernel::{PoolId, Sub};
use store::{
    Read, StoreError,
    records::groups::{self, Group},
};

use super::view::MOST_OF_A_USER;

/// The groups of a user, in the order in which tokens name them: by precedence, the lowest number first.
pub(crate) fn of_user(r: &mut impl Read, pool: &PoolId, sub: &Sub) -> Result<Vec<Group>, StoreError> {
    let mut groups = groups::of_user(r, pool, sub, "", MOST_OF_A_USER)?;
    groups.sort_by_key(rank);
    Ok(groups)
}

/// Without a precedence a group comes last.
fn rank(group: &Group) -> i64 {
    group.precedence.unwrap_or(i64::MAX)
}

pub(crate) fn names(groups: &[Group]) -> Vec<&str> {
    groups.iter().map(|group| group.name.as_str()).collect()
}

/// The groups' roles, each once.
pub(crate) fn roles(groups: &[Group]) -> Vec<&str> {
    let mut roles = Vec::new();
    for role in groups.iter().filter_map(|group| group.role_arn.as_deref()) {
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    roles
}

/// The role of the group that comes first among those with a role. None where several come first with different roles.
pub(crate) fn preferred_role(groups: &[Group]) -> Option<&str> {
    let with_role = || {
        groups
            .iter()
            .filter_map(|group| Some((rank(group), group.role_arn.as_deref()?)))
    };
    let first = with_role().map(|(rank, _)| rank).min()?;
    let mut roles = with_role().filter(|(rank, _)| *rank == first).map(|(_, role)| role);
    let role = roles.next()?;
    roles.all(|other| other == role).then_some(role)
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;

    use super::*;

    fn group(name: &str, precedence: Option<i64>, role: Option<&str>) -> Group {
        Group {
            name: name.to_owned(),
            description: None,
            role_arn: role.map(str::to_owned),
            precedence,
            created: Timestamp::default(),
            modified: Timestamp::default(),
        }
    }

    #[test]
    fn the_preferred_role_is_the_first_ones() {
        let cases: [(&[Group], Option<&str>); 7] = [
            (&[], None),
            (&[group("a", Some(1), None)], None),
            (&[group("a", None, Some("r1"))], Some("r1")),
            (
                &[group("a", Some(2), Some("r1")), group("b", Some(1), Some("r2"))],
                Some("r2"),
            ),
            (
                &[group("a", Some(1), None), group("b", Some(2), Some("r2"))],
                Some("r2"),
            ),
            (
                &[group("a", Some(1), Some("r1")), group("b", Some(1), Some("r2"))],
                None,
            ),
            (
                &[group("a", Some(1), Some("r1")), group("b", Some(1), Some("r1"))],
                Some("r1"),
            ),
        ];
        for (groups, expected) in cases {
            assert_eq!(preferred_role(groups), expected, "{groups:?}");
        }
    }

    #[test]
    fn roles_are_named_once() {
        let groups = [
            group("a", None, Some("r1")),
            group("b", None, None),
            group("c", None, Some("r1")),
        ];
        assert_eq!(roles(&groups), ["r1"]);
    }
}
