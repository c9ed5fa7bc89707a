//! A bucket's sub-resources and what they need leave for. Reference: identity-pools-iam 11.2.

/// A sub-resource of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setting {
    Accelerate,
    Acl,
    Cors,
    Encryption,
    Lifecycle,
    Location,
    Logging,
    Notification,
    ObjectLock,
    OwnershipControls,
    Policy,
    PolicyStatus,
    PublicAccessBlock,
    Replication,
    RequestPayment,
    Tagging,
    Versioning,
    Website,
}

/// Query parameter, sub-resource, and the actions to get, put and delete it; empty: there is no such operation.
const SETTINGS: [(&str, Setting, [&str; 3]); 18] = [
    (
        "accelerate",
        Setting::Accelerate,
        ["s3:GetAccelerateConfiguration", "s3:PutAccelerateConfiguration", ""],
    ),
    ("acl", Setting::Acl, ["s3:GetBucketAcl", "s3:PutBucketAcl", ""]),
    (
        "cors",
        Setting::Cors,
        ["s3:GetBucketCORS", "s3:PutBucketCORS", "s3:PutBucketCORS"],
    ),
    (
        "encryption",
        Setting::Encryption,
        [
            "s3:GetEncryptionConfiguration",
            "s3:PutEncryptionConfiguration",
            "s3:PutEncryptionConfiguration",
        ],
    ),
    (
        "lifecycle",
        Setting::Lifecycle,
        [
            "s3:GetLifecycleConfiguration",
            "s3:PutLifecycleConfiguration",
            "s3:PutLifecycleConfiguration",
        ],
    ),
    ("location", Setting::Location, ["s3:GetBucketLocation", "", ""]),
    (
        "logging",
        Setting::Logging,
        ["s3:GetBucketLogging", "s3:PutBucketLogging", ""],
    ),
    (
        "notification",
        Setting::Notification,
        ["s3:GetBucketNotification", "s3:PutBucketNotification", ""],
    ),
    (
        "object-lock",
        Setting::ObjectLock,
        [
            "s3:GetBucketObjectLockConfiguration",
            "s3:PutBucketObjectLockConfiguration",
            "",
        ],
    ),
    (
        "ownershipControls",
        Setting::OwnershipControls,
        [
            "s3:GetBucketOwnershipControls",
            "s3:PutBucketOwnershipControls",
            "s3:PutBucketOwnershipControls",
        ],
    ),
    (
        "policy",
        Setting::Policy,
        ["s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"],
    ),
    (
        "policyStatus",
        Setting::PolicyStatus,
        ["s3:GetBucketPolicyStatus", "", ""],
    ),
    (
        "publicAccessBlock",
        Setting::PublicAccessBlock,
        [
            "s3:GetBucketPublicAccessBlock",
            "s3:PutBucketPublicAccessBlock",
            "s3:PutBucketPublicAccessBlock",
        ],
    ),
    (
        "replication",
        Setting::Replication,
        [
            "s3:GetReplicationConfiguration",
            "s3:PutReplicationConfiguration",
            "s3:PutReplicationConfiguration",
        ],
    ),
    (
        "requestPayment",
        Setting::RequestPayment,
        ["s3:GetBucketRequestPayment", "s3:PutBucketRequestPayment", ""],
    ),
    (
        "tagging",
        Setting::Tagging,
        ["s3:GetBucketTagging", "s3:PutBucketTagging", "s3:PutBucketTagging"],
    ),
    (
        "versioning",
        Setting::Versioning,
        ["s3:GetBucketVersioning", "s3:PutBucketVersioning", ""],
    ),
    (
        "website",
        Setting::Website,
        ["s3:GetBucketWebsite", "s3:PutBucketWebsite", "s3:DeleteBucketWebsite"],
    ),
];

/// The sub-resource that `?name` means.
pub(super) fn by_name(name: &str) -> Option<Setting> {
    let found = SETTINGS.iter().find(|(known, ..)| *known == name);
    found.map(|(_, setting, _)| *setting)
}

impl Setting {
    /// To get, put and delete it; empty: there is no such operation.
    pub(super) fn actions(self) -> [&'static str; 3] {
        SETTINGS
            .iter()
            .find(|(_, setting, _)| *setting == self)
            .map_or([""; 3], |(.., actions)| *actions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_has_its_actions() {
        for (name, setting, actions) in SETTINGS {
            assert_eq!(setting.actions(), actions, "{name}");
            assert!(actions[0].starts_with("s3:Get"), "{name}");
        }
    }
}
