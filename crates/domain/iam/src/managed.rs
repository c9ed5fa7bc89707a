//! AWS's own managed policies that the guides use: data, read-only, under the account `aws`.
//! Reference: identity-pools-iam section 8.

mod documents;

use kernel::Timestamp;

pub(crate) use documents::ALL;

pub(crate) const ADMINISTRATOR_ACCESS: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

#[derive(Debug)]
pub(crate) struct AwsPolicy {
    pub name: &'static str,
    pub path: &'static str,
    /// `ANPA…`.
    pub id: &'static str,
    pub description: &'static str,
    /// The default version's number; the only one that is shown.
    pub version: i64,
    pub document: &'static str,
}

/// None of their dates is known here; they are older than anything that is made here.
pub(crate) const CREATED: Timestamp = Timestamp::from_secs(1_423_180_800);

impl AwsPolicy {
    pub fn arn(&self) -> String {
        format!("arn:aws:iam::aws:policy{}{}", self.path, self.name)
    }
}

pub(crate) fn find(arn: &str) -> Option<&'static AwsPolicy> {
    let path_and_name = arn.strip_prefix("arn:aws:iam::aws:policy")?;
    ALL.iter()
        .find(|policy| path_and_name.strip_prefix(policy.path) == Some(policy.name))
}

pub(crate) fn is_aws(arn: &str) -> bool {
    arn.starts_with("arn:aws:iam::aws:")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::documents;

    #[test]
    fn every_one_is_a_sound_policy_and_is_found_by_its_arn() {
        let ids: BTreeSet<_> = ALL.iter().map(|policy| policy.id).collect();
        assert_eq!(ids.len(), ALL.len());
        for policy in ALL {
            documents::managed(policy.document).unwrap();
            assert!(policy.id.starts_with("ANPA") && policy.id.len() == 21, "{}", policy.id);
            assert_eq!(find(&policy.arn()).unwrap().name, policy.name);
        }
        assert!(ALL.is_sorted_by_key(|policy| policy.name), "paged by name");
        assert!(
            find("arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole").is_none(),
            "its path is missing"
        );
        assert!(find("arn:aws:iam::123456789012:policy/AdministratorAccess").is_none());
    }
}
