//! What a policy's conditions may ask of a request. Reference: identity-pools-iam 6.3.

use std::collections::BTreeMap;

use super::intent::Intent;
use crate::bucket::Bucket;

/// Context keys that only S3 knows, `s3:` in front; the global ones are IAM's to add from the request's context.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    pub single: Vec<(String, String)>,
    /// Multivalued by nature.
    pub many: Vec<(String, Vec<String>)>,
}

impl Keys {
    /// `bucket`: the one that is asked about. `existing`: the tags of the object that was found.
    pub fn of(intent: &Intent, bucket: Option<&Bucket>, existing: &BTreeMap<String, String>) -> Self {
        let mut keys = Self::default();
        if let Some(hash) = &intent.manner.content_sha256 {
            keys.add("x-amz-content-sha256", hash);
        }
        if let Some(signature) = &intent.manner.signature {
            keys.add("authType", signature.by);
            keys.add("signatureversion", signature.version);
            if let Some(age) = signature.age {
                keys.add("signatureAge", age.to_string());
            }
        }
        if let Some(bucket) = bucket {
            keys.add("ResourceAccount", bucket.account.as_str());
        }
        for (name, value) in &intent.said {
            keys.add(name, value);
        }
        if let Some(version) = &intent.version {
            keys.add("VersionId", version);
        }
        if let Some(creates) = intent.operation.creates_object() {
            keys.add("ObjectCreationOperation", if creates { "true" } else { "false" });
        }
        for (key, value) in &intent.tags {
            keys.add(&format!("RequestObjectTag/{key}"), value);
        }
        if !intent.tags.is_empty() {
            let names = intent.tags.keys().cloned().collect();
            keys.many.push(("s3:RequestObjectTagKeys".to_owned(), names));
        }
        for (key, value) in existing {
            keys.add(&format!("ExistingObjectTag/{key}"), value);
        }
        keys
    }

    fn add(&mut self, name: &str, value: impl Into<String>) {
        self.single.push((format!("s3:{name}"), value.into()));
    }
}
