//! AWS's own managed policies, those that guides and modules attach: data, read-only, under the account `aws`.
//! Reference: identity-pools-iam section 8.

mod table;

use kernel::Timestamp;

pub(crate) use table::ALL;

pub(crate) const ADMINISTRATOR_ACCESS: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

#[derive(Debug)]
pub(crate) struct AwsPolicy {
    pub name: &'static str,
    pub path: &'static str,
    /// The default version's number; the only one that is shown.
    pub version: i64,
    pub created: Timestamp,
    /// When the default version was made.
    pub updated: Timestamp,
    pub document: &'static str,
}

impl AwsPolicy {
    pub fn arn(&self) -> String {
        format!("arn:aws:iam::aws:policy{}{}", self.path, self.name)
    }

    /// `ANPA…`. The ids that AWS gave them are not published: ours are of the same form and never change.
    pub fn id(&self) -> String {
        let hash = vault::sha256(self.name.as_bytes());
        let letters = hash.iter().take(17).map(|byte| match byte % 32 {
            letter @ 0..26 => char::from(b'A' + letter),
            digit => char::from(b'2' + digit - 26),
        });
        "ANPA".chars().chain(letters).collect()
    }
}

pub(crate) fn find(arn: &str) -> Option<&'static AwsPolicy> {
    let path_and_name = arn.strip_prefix("arn:aws:iam::aws:policy")?;
    let (_, name) = path_and_name.rsplit_once('/')?;
    let at = ALL.binary_search_by_key(&name, |policy| policy.name).ok()?;
    let policy = ALL.get(at)?;
    (path_and_name.strip_suffix(name) == Some(policy.path)).then_some(policy)
}

pub(crate) fn is_aws(arn: &str) -> bool {
    arn.starts_with("arn:aws:iam::aws:")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kernel::Arn;
    use policy::Policy;

    use super::*;

    #[test]
    fn every_one_is_a_sound_policy_and_is_found_by_its_arn() {
        assert!(ALL.len() >= 60);
        let ids: BTreeSet<_> = ALL.iter().map(AwsPolicy::id).collect();
        assert_eq!(ids.len(), ALL.len());
        for policy in ALL {
            let name = policy.name;
            Policy::parse_managed(policy.document).unwrap_or_else(|error| panic!("{name}: {error:?}"));
            assert!(
                policy.document.starts_with('{') && policy.document.ends_with('}'),
                "{name}"
            );
            let id = policy.id();
            assert!(id.len() == 21 && id.bytes().all(|b| b.is_ascii_uppercase() || (b'2'..=b'7').contains(&b)));
            assert!(
                ["/", "/service-role/", "/job-function/"].contains(&policy.path),
                "{name}"
            );
            assert!(
                name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b)),
                "{name}"
            );
            assert!(Arn::parse(&policy.arn()).is_some(), "{name}");
            assert_eq!(find(&policy.arn()).unwrap().name, name);
            assert!(policy.version >= 1 && policy.created <= policy.updated, "{name}");
        }
        assert!(
            ALL.is_sorted_by_key(|policy| policy.name),
            "paged by name, and searched"
        );
    }

    #[test]
    fn an_arn_names_its_path_and_the_account_aws() {
        for absent in [
            "arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole",
            "arn:aws:iam::aws:policy/service-role/AdministratorAccess",
            "arn:aws:iam::aws:policyAdministratorAccess",
            "arn:aws:iam::aws:policy/administratoraccess",
            "arn:aws:iam::aws:policy/",
            "arn:aws:iam::123456789012:policy/AdministratorAccess",
        ] {
            assert!(find(absent).is_none(), "{absent}");
        }
        let there = [
            "AmazonCognitoPowerUser",
            "AmazonESCognitoAccess",
            "AWSLambdaExecute",
            "AWSXRayDaemonWriteAccess",
            "CloudWatchLogsFullAccess",
            "ReadOnlyAccess",
            "SecurityAudit",
            "job-function/ViewOnlyAccess",
            "service-role/AWSLambdaBasicExecutionRole",
            "service-role/AWSLambdaRole",
            "service-role/AmazonECSTaskExecutionRolePolicy",
        ];
        for name in there {
            assert!(find(&format!("arn:aws:iam::aws:policy/{name}")).is_some(), "{name}");
        }
    }
}
