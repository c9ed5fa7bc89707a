//! What a request intends, as far as leave for it depends on that.

use std::collections::BTreeMap;

use kernel::Region;

use super::operation::Operation;

#[derive(Clone, Debug)]
pub struct Intent {
    pub operation: Operation,
    /// Empty: none is named.
    pub bucket: String,
    /// Empty: it is about the bucket, or about none.
    pub key: String,
    /// As it is named; never empty.
    pub version: Option<String>,
    /// Whose the bucket must be.
    pub expected_owner: Option<String>,
    /// A write's `If-Match` names an ETag.
    pub names_etag: bool,
    /// An ACL comes along.
    pub brings_acl: bool,
    /// The tags that come along, be they none.
    pub brings_tags: bool,
    pub tags: BTreeMap<String, String>,
    /// Further context keys, without `s3:`: parameters and headers that are keys of the same name.
    pub said: Vec<(String, String)>,
    pub manner: Manner,
}

/// How a request was made: what every question of it carries.
#[derive(Clone, Debug)]
pub struct Manner {
    /// None: by nobody.
    pub signature: Option<Signature>,
    /// `x-amz-content-sha256` as it was sent.
    pub content_sha256: Option<String>,
    /// The region whose endpoint is called.
    pub endpoint: Region,
}

/// How it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// `REST-HEADER`, `REST-QUERY-STRING` or `POST`.
    pub by: &'static str,
    /// `AWS4-HMAC-SHA256` or `AWS`.
    pub version: &'static str,
    /// Milliseconds; version 2 does not say.
    pub age: Option<u128>,
}

impl Intent {
    /// One that brings nothing along.
    pub fn plain(operation: Operation, bucket: impl Into<String>, key: impl Into<String>, manner: Manner) -> Self {
        Self {
            operation,
            bucket: bucket.into(),
            key: key.into(),
            version: None,
            expected_owner: None,
            names_etag: false,
            brings_acl: false,
            brings_tags: false,
            tags: BTreeMap::new(),
            said: Vec::new(),
            manner,
        }
    }

    /// To read the source of a copy.
    #[must_use]
    pub fn to_read(&self, bucket: &str, key: &str, version: Option<&str>) -> Self {
        Self {
            version: version.map(str::to_owned),
            ..Self::plain(Operation::GetObject, bucket, key, self.manner.clone())
        }
    }

    /// To delete one of the keys that DeleteObjects names.
    #[must_use]
    pub fn to_delete(&self, key: &str, version: Option<&str>) -> Self {
        Self {
            operation: Operation::DeleteObject,
            key: key.to_owned(),
            version: version.map(str::to_owned),
            ..self.clone()
        }
    }

    /// To learn what is not there.
    pub(super) fn to_list(&self) -> Self {
        Self::plain(Operation::ListObjects, self.bucket.as_str(), "", self.manner.clone())
    }
}
