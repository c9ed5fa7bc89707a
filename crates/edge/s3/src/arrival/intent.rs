//! What a request intends, read from its address, headers and document. Reference: identity-pools-iam 6.3, 11.2.

use http::HeaderMap;
use kernel::{Cx, Region, Result};
use objects::{EtagTest, GLOBAL_REGION, Intent, Manner, Operation, Signature};

use super::{address::Query, said::Said, signature::Signing};
use crate::headers::{self, text};

/// Headers that are context keys of the same name.
pub(crate) const HEADER_KEYS: [&str; 12] = [
    "if-match",
    "if-none-match",
    "x-amz-acl",
    "x-amz-bucket-namespace",
    "x-amz-copy-source",
    "x-amz-metadata-directive",
    "x-amz-object-ownership",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-server-side-encryption-customer-algorithm",
    "x-amz-storage-class",
    "x-amz-website-redirect-location",
];

/// What has been read of a request.
pub(crate) struct Read<'a> {
    pub operation: Operation,
    /// Empty where none is named.
    pub bucket: &'a str,
    pub key: &'a str,
    pub query: &'a Query,
    pub headers: &'a HeaderMap,
    pub said: &'a Said,
    pub manner: Manner,
}

impl Read<'_> {
    /// Errors: those of tags in headers.
    pub(crate) fn intent(self) -> Result<Intent> {
        let header = |name| text(self.headers, name);
        let tags = match self.operation {
            Operation::PutObjectTagging => self.said.tags.clone(),
            _ => headers::tags(self.headers)?,
        };
        Ok(Intent {
            operation: self.operation,
            bucket: self.bucket.to_owned(),
            key: self.key.to_owned(),
            version: self.query.get("versionId").filter(|v| !v.is_empty()).map(str::to_owned),
            expected_owner: header("x-amz-expected-bucket-owner").map(str::to_owned),
            names_etag: header("if-match").is_some_and(|tag| EtagTest::parse(tag) != EtagTest::Any),
            brings_acl: self.headers.contains_key("x-amz-acl") || headers::has_grants(self.headers),
            brings_tags: self.headers.contains_key("x-amz-tagging"),
            tags,
            said: self.keys(),
            manner: self.manner,
        })
    }

    /// Context keys that stand in the request by their names.
    fn keys(&self) -> Vec<(String, String)> {
        let mut keys = Vec::new();
        let mut add = |name: &str, value: &str| keys.push((name.to_owned(), value.to_owned()));
        if matches!(
            self.operation,
            Operation::ListObjects
                | Operation::ListObjectsV2
                | Operation::ListObjectVersions
                | Operation::ListMultipartUploads
        ) {
            for name in ["prefix", "delimiter", "max-keys"] {
                if let Some(value) = self.query.get(name) {
                    add(name, value);
                }
            }
        }
        for name in self.headers.keys().map(http::HeaderName::as_str) {
            let counts = HEADER_KEYS.contains(&name) || name.starts_with("x-amz-grant-");
            if let Some(value) = text(self.headers, name).filter(|_| counts) {
                add(name, value);
            }
        }
        if self.operation == Operation::CreateBucket {
            // Without one it is this region's; the key that S3 sets then is unconfirmed.
            let constraint = self.said.constraint.as_deref();
            add("LocationConstraint", constraint.unwrap_or(GLOBAL_REGION));
        }
        keys
    }
}

/// How it was made.
pub(crate) fn manner(cx: &Cx, signing: Signing, headers: &HeaderMap) -> Manner {
    let (by, stamp) = match signing {
        Signing::Nobody => (None, None),
        Signing::Header(stamp) => (Some("REST-HEADER"), Some(stamp)),
        Signing::Presigned(stamp) => (Some("REST-QUERY-STRING"), Some(stamp)),
        Signing::Version2 => (Some("REST-QUERY-STRING"), None),
        Signing::Form(stamp) => (Some("POST"), stamp),
    };
    Manner {
        signature: by.map(|by| Signature {
            by,
            version: stamp.map_or("AWS", |_| sigv4::ALGORITHM),
            age: stamp.map(|stamp| cx.wall().since(stamp.time()).as_millis()),
        }),
        content_sha256: text(headers, "x-amz-content-sha256").map(str::to_owned),
        // The region that is signed for. Version 2 signs for none, and neither does nobody: that is the global endpoint.
        endpoint: match signing {
            Signing::Header(_) | Signing::Presigned(_) => cx.region.clone(),
            Signing::Version2 | Signing::Form(_) | Signing::Nobody => Region::new(GLOBAL_REGION),
        },
    }
}
