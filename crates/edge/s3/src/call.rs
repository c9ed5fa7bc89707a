//! One request that was read: what it intends, and what every handler answers from. Reference: identity-pools-iam 6.3, 11.2.

use std::sync::Arc;

use http::HeaderMap;
use iam::Caller;
use kernel::{ApiError, Cx, Result};
use objects::{Asked, Bucket, Error, EtagTest, GLOBAL_REGION, Intent, Operation};

use crate::{
    endpoint::S3,
    errors,
    headers::{self, text},
    request::{address::Query, said::Said},
};

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

pub(crate) struct S3Call<'a> {
    pub s3: &'a S3,
    pub cx: &'a Cx,
    pub caller: Caller,
    pub intent: Intent,
    pub query: Query,
    pub headers: &'a HeaderMap,
    pub said: Said,
    /// Absent for ListBuckets and CreateBucket.
    pub bucket: Option<Arc<Bucket>>,
}

impl S3Call<'_> {
    /// What the intent is beside its operation, bucket and key, as query, headers and document say. Errors: those of tags in
    /// headers.
    pub(crate) fn read_intent(mut self) -> Result<Self> {
        let header = |name| text(self.headers, name);
        let tags = match self.intent.operation {
            Operation::PutObjectTagging => self.said.tags.clone(),
            _ => headers::tags(self.headers)?,
        };
        let said = self.keys();
        self.intent = Intent {
            version: self.query.get("versionId").filter(|v| !v.is_empty()).map(str::to_owned),
            expected_owner: header("x-amz-expected-bucket-owner").map(str::to_owned),
            names_etag: header("if-match").is_some_and(|tag| EtagTest::parse(tag) != EtagTest::Any),
            brings_acl: self.headers.contains_key("x-amz-acl") || headers::has_grants(self.headers),
            brings_tags: self.headers.contains_key("x-amz-tagging"),
            tags,
            said,
            ..self.intent
        };
        Ok(self)
    }

    /// Context keys that stand in the request by their names.
    fn keys(&self) -> Vec<(String, String)> {
        let mut keys = Vec::new();
        let mut add = |name: &str, value: &str| keys.push((name.to_owned(), value.to_owned()));
        if matches!(
            self.intent.operation,
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
        if self.intent.operation == Operation::CreateBucket {
            // Without one it is this region's; the key that S3 sets then is unconfirmed.
            let constraint = self.said.constraint.as_deref();
            add("LocationConstraint", constraint.unwrap_or(GLOBAL_REGION));
        }
        keys
    }

    /// What `objects` judges.
    pub(crate) fn asked(&self) -> Asked<'_> {
        Asked {
            caller: &self.caller,
            intent: &self.intent,
            bucket: self.bucket.as_deref(),
        }
    }

    /// The bucket of a bucket or object operation.
    pub(crate) fn bucket(&self) -> Result<&Bucket> {
        let missing = || Error::NoSuchBucket {
            bucket: self.intent.bucket.clone(),
        };
        Ok(self.bucket.as_deref().ok_or_else(missing)?)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        text(self.headers, name)
    }

    /// A number in the query. Errors: InvalidArgument.
    pub(crate) fn number(&self, name: &str, default: u32) -> Result<u32> {
        let Some(value) = self.query.get(name).filter(|v| !v.is_empty()) else {
            return Ok(default);
        };
        let number: i32 = value.parse().map_err(|_| errors::not_an_integer(name, value))?;
        u32::try_from(number).map_err(|_| errors::negative(name, value))
    }

    /// What is said of a key that names nothing.
    pub(crate) async fn absence(&self) -> ApiError {
        self.s3.objects.absence(self.cx, self.asked()).await.into()
    }

    /// Errors: InvalidArgument for any version but `null`.
    pub(crate) fn check_version(&self) -> Result<()> {
        match self.query.get("versionId") {
            None | Some("null" | "") => Ok(()),
            Some(version) => Err(errors::invalid_version(version)),
        }
    }
}
