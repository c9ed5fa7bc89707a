//! A bucket's policy, read once.

use kernel::{AccountId, Principal};
use policy::{ParseError, Policy, PolicyKind};
use serde::{Deserialize, Serialize};

/// The document as it was put, but with unique ids for the users and roles that it names (in buckets of earlier versions
/// their ARNs), and what it says. Kept as its text, parsed where it is loaded.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BucketPolicy {
    text: String,
    policy: Policy,
    is_public: bool,
}

impl BucketPolicy {
    /// Errors: MalformedPolicy with S3's sentence.
    pub fn parse(text: String) -> Result<Self, ParseError> {
        let policy = Policy::parse(&text, PolicyKind::Bucket)?;
        Ok(Self {
            is_public: policy.is_public(),
            policy,
            text,
        })
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether some Allow reaches everybody. Reference: identity-pools-iam 11.5.
    pub fn is_public(&self) -> bool {
        self.is_public
    }

    pub(crate) fn policy(&self) -> &Policy {
        &self.policy
    }
}

impl PartialEq for BucketPolicy {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl TryFrom<String> for BucketPolicy {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}

impl From<BucketPolicy> for String {
    fn from(policy: BucketPolicy) -> Self {
        policy.text
    }
}

/// Whether a caller comes from outside: to such nothing is explained, and they are whom RestrictPublicBuckets keeps out.
pub(crate) fn is_stranger(caller: &Principal, owner: &AccountId) -> bool {
    caller.is_anonymous() || caller.account != *owner
}
