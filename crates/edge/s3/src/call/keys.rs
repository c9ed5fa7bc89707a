//! What a policy's conditions may ask of a request. Reference: identity-pools-iam 6.3.

use std::collections::BTreeMap;

use kernel::{Code, Result};
use objects::Bucket;

use super::Call;
use crate::{
    gate::{Keys, Signed},
    headers,
    operation::Op,
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

impl Call<'_> {
    /// The context keys of reference 6.3.
    pub(crate) async fn keys(&self) -> Result<Keys> {
        let mut keys = self.common_keys(self.bucket.as_ref());
        let mut add = |name: &str, value: &str| keys.single.push((format!("s3:{name}"), value.to_owned()));
        if matches!(
            self.op,
            Op::ListObjects | Op::ListObjectsV2 | Op::ListObjectVersions | Op::ListMultipartUploads
        ) {
            for name in ["prefix", "delimiter", "max-keys"] {
                if let Some(value) = self.query.get(name) {
                    add(name, value);
                }
            }
        }
        for name in self.headers.keys().map(http::HeaderName::as_str) {
            let counts = HEADER_KEYS.contains(&name) || name.starts_with("x-amz-grant-");
            if let Some(value) = self.header(name).filter(|_| counts) {
                add(name, value);
            }
        }
        if let Some(version) = self.version() {
            add("VersionId", version);
        }
        if let Some(creates) = self.op.creates_object() {
            add("ObjectCreationOperation", if creates { "true" } else { "false" });
        }
        if self.op == Op::CreateBucket {
            // Without one it is this region's; the key that S3 sets then is unconfirmed.
            add(
                "LocationConstraint",
                self.said.constraint.as_deref().unwrap_or("us-east-1"),
            );
        }
        let requested = match self.op {
            Op::PutObjectTagging => self.said.tags.clone(),
            _ => headers::tags(&self.headers)?,
        };
        if !requested.is_empty() {
            for (key, value) in &requested {
                add(&format!("RequestObjectTag/{key}"), value);
            }
            keys.many
                .push(("s3:RequestObjectTagKeys".to_owned(), requested.into_keys().collect()));
        }
        for (key, value) in self.existing_tags().await? {
            keys.single.push((format!("s3:ExistingObjectTag/{key}"), value));
        }
        Ok(keys)
    }

    /// The keys of every question, whatever it is about. `bucket`: the one that is asked about.
    pub(crate) fn common_keys(&self, bucket: Option<&Bucket>) -> Keys {
        let mut keys = Keys::default();
        let mut add = |name: &str, value: &str| keys.single.push((format!("s3:{name}"), value.to_owned()));
        if let Some(hash) = self.header("x-amz-content-sha256") {
            add("x-amz-content-sha256", hash);
        }
        if let Some(signed) = self.signed {
            let (auth_type, stamp) = match signed {
                Signed::Header(stamp) => ("REST-HEADER", Some(stamp)),
                Signed::Presigned(stamp) => ("REST-QUERY-STRING", Some(stamp)),
                Signed::Version2 => ("REST-QUERY-STRING", None),
                Signed::Form(stamp) => ("POST", stamp),
            };
            add("authType", auth_type);
            add("signatureversion", stamp.map_or("AWS", |_| sigv4::ALGORITHM));
            if let Some(stamp) = stamp {
                let age = self.cx.wall().since(stamp.time()).as_millis();
                add("signatureAge", &age.to_string());
            }
        }
        if let Some(bucket) = bucket {
            add("ResourceAccount", bucket.account.as_str());
        }
        keys
    }

    async fn existing_tags(&self) -> Result<BTreeMap<String, String>> {
        let reads = matches!(
            self.op,
            Op::GetObject
                | Op::HeadObject
                | Op::GetObjectAcl
                | Op::PutObjectAcl
                | Op::GetObjectTagging
                | Op::PutObjectTagging
                | Op::DeleteObjectTagging
        );
        if !reads {
            return Ok(BTreeMap::new());
        }
        match self
            .s3
            .objects
            .head(&self.bucket_name, &self.key, &objects::Conditions::default())
            .await
        {
            Ok(object) => Ok(object.tags),
            Err(error) if error.code() == Code("NoSuchKey") => Ok(BTreeMap::new()),
            Err(error) => Err(error),
        }
    }
}
