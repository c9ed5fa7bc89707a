//! Amazon Resource Names: `arn:partition:service:region:account:resource`.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{AccountId, IdentityPoolId, PoolId};

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Arn(String);

impl Arn {
    /// Six parts beginning with `arn`; the resource part may hold further colons.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        (parts.next() == Some("arn") && parts.count() == 5).then(|| Self(text.to_owned()))
    }

    pub fn user_pool(pool: &PoolId, account: &AccountId) -> Self {
        Self(format!(
            "arn:aws:cognito-idp:{}:{account}:userpool/{pool}",
            pool.region()
        ))
    }

    pub fn identity_pool(pool: &IdentityPoolId, account: &AccountId) -> Self {
        Self(format!(
            "arn:aws:cognito-identity:{}:{account}:identitypool/{pool}",
            pool.region()
        ))
    }

    /// `kind` is `role`, `user`, `group`, `policy`; `path` begins and ends with `/`. Reference: identity-pools-iam 3.2.
    pub fn iam(account: &AccountId, kind: &str, path: &str, name: &str) -> Self {
        Self(format!("arn:aws:iam::{account}:{kind}{path}{name}"))
    }

    /// A role session drops the role's path. Reference: identity-pools-iam 2.3.
    pub fn assumed_role(account: &AccountId, role_name: &str, session: &str) -> Self {
        Self(format!("arn:aws:sts::{account}:assumed-role/{role_name}/{session}"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn part(&self, n: usize) -> &str {
        self.0.splitn(6, ':').nth(n).unwrap_or("")
    }

    pub fn service(&self) -> &str {
        self.part(2)
    }

    pub fn region(&self) -> &str {
        self.part(3)
    }

    pub fn account(&self) -> &str {
        self.part(4)
    }

    pub fn resource(&self) -> &str {
        self.part(5)
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Arn> for String {
    fn from(arn: Arn) -> String {
        arn.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_and_colons_stay_in_the_resource() {
        let arn = Arn::parse("arn:aws:cognito-identity:us-east-1:123456789012:identitypool/us-east-1:abc").unwrap();
        assert_eq!(arn.service(), "cognito-identity");
        assert_eq!(arn.account(), "123456789012");
        assert_eq!(arn.resource(), "identitypool/us-east-1:abc");
        assert!(Arn::parse("arn:aws:s3").is_none());
        assert!(Arn::parse("urn:aws:s3:::b").is_none());
    }
}
