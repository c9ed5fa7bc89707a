//! What an owner sets on a bucket. What acts here has a type; what only has to be given back as it came (lifecycle,
//! encryption, logging, …) is kept as the text that the owner sent.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{cors::Cors, policy::BucketPolicy, website::Website};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub cors: Option<Cors>,
    pub website: Option<Website>,
    pub policy: Option<BucketPolicy>,
    /// Absent after DeletePublicAccessBlock: nothing is blocked then.
    pub public_access_block: Option<PublicAccessBlock>,
    /// Absent after DeleteBucketOwnershipControls: as `ObjectWriter`.
    pub ownership: Option<Ownership>,
    /// What GetBucketLocation answers where that is not the region's name.
    pub location: Option<String>,
    pub tags: BTreeMap<String, String>,
    pub versioning: Versioning,
    /// By the name of the sub-resource: `lifecycle`, `encryption`, …
    pub opaque: BTreeMap<OpaqueSetting, String>,
}

impl Settings {
    /// A new bucket: public access blocked, ACLs off. Reference: identity-pools-iam 11.2.
    pub fn of_new_bucket() -> Self {
        Self {
            public_access_block: Some(PublicAccessBlock::all()),
            ownership: Some(Ownership::BucketOwnerEnforced),
            ..Self::default()
        }
    }

    pub(crate) fn blocks_public_policy(&self) -> bool {
        self.public_access_block.is_some_and(|b| b.block_public_policy)
    }

    /// A public policy is in place but strangers are kept out.
    pub(crate) fn restricts_public_buckets(&self) -> bool {
        self.public_access_block.is_some_and(|b| b.restrict_public_buckets)
    }

    /// ACLs are refused; the owner owns every object. Reference: identity-pools-iam 11.2, last row.
    pub fn acls_are_off(&self) -> bool {
        self.ownership == Some(Ownership::BucketOwnerEnforced)
    }

    /// ACLs that grant anything to everybody are refused.
    pub fn blocks_public_acls(&self) -> bool {
        self.public_access_block.is_some_and(|b| b.block_public_acls)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "four switches of AWS's, each on its own")]
pub struct PublicAccessBlock {
    pub block_public_acls: bool,
    pub ignore_public_acls: bool,
    pub block_public_policy: bool,
    pub restrict_public_buckets: bool,
}

impl PublicAccessBlock {
    pub fn all() -> Self {
        Self {
            block_public_acls: true,
            ignore_public_acls: true,
            block_public_policy: true,
            restrict_public_buckets: true,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ownership {
    BucketOwnerEnforced,
    BucketOwnerPreferred,
    ObjectWriter,
}

impl Ownership {
    pub const ALL: [Self; 3] = [
        Self::BucketOwnerEnforced,
        Self::BucketOwnerPreferred,
        Self::ObjectWriter,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::BucketOwnerEnforced => "BucketOwnerEnforced",
            Self::BucketOwnerPreferred => "BucketOwnerPreferred",
            Self::ObjectWriter => "ObjectWriter",
        }
    }
}

/// Old versions are not kept yet; `Enabled` is refused rather than promised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Versioning {
    #[default]
    Never,
    Suspended,
}

/// Settings that are stored and given back verbatim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpaqueSetting {
    Accelerate,
    Encryption,
    Lifecycle,
    Logging,
    Notification,
    RequestPayment,
}
