//! A bucket's sub-resources and what they need leave for. Reference: identity-pools-iam 11.2.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
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

/// Its name, and the actions to get, put and delete it; none: there is no such operation.
struct Row(&'static str, &'static str, Option<&'static str>, Option<&'static str>);

impl Setting {
    const ALL: [Self; 18] = [
        Self::Accelerate,
        Self::Acl,
        Self::Cors,
        Self::Encryption,
        Self::Lifecycle,
        Self::Location,
        Self::Logging,
        Self::Notification,
        Self::ObjectLock,
        Self::OwnershipControls,
        Self::Policy,
        Self::PolicyStatus,
        Self::PublicAccessBlock,
        Self::Replication,
        Self::RequestPayment,
        Self::Tagging,
        Self::Versioning,
        Self::Website,
    ];

    #[rustfmt::skip]
    fn row(self) -> Row {
        match self {
            Self::Accelerate => Row("accelerate", "s3:GetAccelerateConfiguration", Some("s3:PutAccelerateConfiguration"), None),
            Self::Acl => Row("acl", "s3:GetBucketAcl", Some("s3:PutBucketAcl"), None),
            Self::Cors => both("cors", "s3:GetBucketCORS", "s3:PutBucketCORS"),
            Self::Encryption => both("encryption", "s3:GetEncryptionConfiguration", "s3:PutEncryptionConfiguration"),
            Self::Lifecycle => both("lifecycle", "s3:GetLifecycleConfiguration", "s3:PutLifecycleConfiguration"),
            Self::Location => Row("location", "s3:GetBucketLocation", None, None),
            Self::Logging => Row("logging", "s3:GetBucketLogging", Some("s3:PutBucketLogging"), None),
            Self::Notification => Row("notification", "s3:GetBucketNotification", Some("s3:PutBucketNotification"), None),
            Self::ObjectLock => Row("object-lock", "s3:GetBucketObjectLockConfiguration", Some("s3:PutBucketObjectLockConfiguration"), None),
            Self::OwnershipControls => both("ownershipControls", "s3:GetBucketOwnershipControls", "s3:PutBucketOwnershipControls"),
            Self::Policy => Row("policy", "s3:GetBucketPolicy", Some("s3:PutBucketPolicy"), Some("s3:DeleteBucketPolicy")),
            Self::PolicyStatus => Row("policyStatus", "s3:GetBucketPolicyStatus", None, None),
            Self::PublicAccessBlock => both("publicAccessBlock", "s3:GetBucketPublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
            Self::Replication => both("replication", "s3:GetReplicationConfiguration", "s3:PutReplicationConfiguration"),
            Self::RequestPayment => Row("requestPayment", "s3:GetBucketRequestPayment", Some("s3:PutBucketRequestPayment"), None),
            Self::Tagging => both("tagging", "s3:GetBucketTagging", "s3:PutBucketTagging"),
            Self::Versioning => Row("versioning", "s3:GetBucketVersioning", Some("s3:PutBucketVersioning"), None),
            Self::Website => Row("website", "s3:GetBucketWebsite", Some("s3:PutBucketWebsite"), Some("s3:DeleteBucketWebsite")),
        }
    }

    /// The sub-resource of that name, as it stands in a query.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|setting| setting.row().0 == name)
    }

    pub(super) fn get(self) -> &'static str {
        self.row().1
    }

    /// None: there is no operation that puts it.
    pub fn put(self) -> Option<&'static str> {
        self.row().2
    }

    /// None: there is no operation that deletes it.
    pub fn delete(self) -> Option<&'static str> {
        self.row().3
    }
}

/// To delete it is to put it.
fn both(name: &'static str, get: &'static str, put: &'static str) -> Row {
    Row(name, get, Some(put), Some(put))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_has_its_actions() {
        for setting in Setting::ALL {
            let Row(name, get, put, delete) = setting.row();
            assert_eq!(Setting::named(name), Some(setting), "{name}");
            assert!(get.starts_with("s3:Get"), "{name}");
            assert!(put.is_none_or(|put| put.starts_with("s3:Put")), "{name}");
            assert!(delete.is_none() || put.is_some(), "{name}");
        }
        assert_eq!(Setting::named("inventory"), None);
    }
}
