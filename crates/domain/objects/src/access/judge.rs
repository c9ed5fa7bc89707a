//! An intent is judged by what it is about: the object is found by one read of the store, the questions that the intent puts are
//! asked of IAM, and it is that very object that is served. Reference: identity-pools-iam 5.5, 6.3, 11.2.

#[cfg(test)]
mod tests;

use std::{borrow::Cow, collections::BTreeMap};

use iam::{Ask, Caller, Unauthorized};
use kernel::Cx;
use store::records::objects as records;

use super::{intent::Intent, operation::Operation};
use crate::{
    bucket::{Bucket, is_stranger},
    error::{Error, Result},
    object::stored::Object,
    objects::Objects,
};

/// Who intends what, where. Whatever is found for it is judged anew by it.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub caller: &'a Caller,
    pub intent: &'a Intent,
    /// None: there is none yet, or none is named.
    pub bucket: Option<&'a Bucket>,
}

/// An object as it was found and judged.
pub struct Found<'a> {
    pub object: Object,
    /// None: the bytes are in files.
    pub(crate) held: Option<Vec<u8>>,
    /// By whom it was asked for.
    pub(crate) asked: Asked<'a>,
}

impl Objects {
    /// Finds the object that the operation is about, if it needs one, as it is now, and judges by it all that the operation needs.
    /// None: it is about no object, or there is none. Errors: AccessDenied, NotAuthorized.
    pub async fn judged<'a>(&self, cx: &Cx, asked: Asked<'a>) -> Result<Option<Found<'a>>> {
        let intent = asked.intent;
        let found = if intent.operation.needs_object() {
            let (bucket, key) = (intent.bucket.clone(), intent.key.clone());
            self.store
                .look_up(move |r| records::whole_object(r, &bucket, &key))
                .await?
        } else {
            None
        };
        let Some(whole) = found else {
            self.authorize(cx, asked, None).await?;
            return Ok(None);
        };
        let found = Found {
            object: Object::of_row(whole.row)?,
            held: whole.bytes,
            asked,
        };
        self.authorize(cx, asked, Some(&found.object)).await?;
        Ok(Some(found))
    }

    /// Whether the caller may do all that the intent needs. `object`: the one that is served if leave is given.
    /// Errors: AccessDenied, NotAuthorized.
    pub async fn authorize(&self, cx: &Cx, asked: Asked<'_>, object: Option<&Object>) -> Result<()> {
        let Asked { caller, intent, bucket } = asked;
        let owner = bucket.map_or(cx.account(), |bucket| &bucket.account);
        if bucket.is_some()
            && intent
                .expected_owner
                .as_ref()
                .is_some_and(|expected| expected != owner.as_str())
        {
            return Err(Error::AccessDenied);
        }
        let none = BTreeMap::new();
        let keys = Keys::of(intent, bucket, object.map_or(&none, |object| &object.tags));
        let policy = bucket.and_then(|bucket| bucket.policy_for(&caller.principal));
        // A bucket is called where it is: on AWS nobody reaches it by a signature for elsewhere, here everybody does. The
        // source of a copy counts where the source is (unconfirmed).
        let region = bucket.map_or(&intent.manner.endpoint, |bucket| &bucket.region);
        for (action, resource) in needs(intent) {
            let mut ask = Ask::new(action, &resource)
                .governed_by(policy)
                .owned_by(owner)
                .with(policy::keys::REQUESTED_REGION, region.as_str());
            for (key, value) in &keys.single {
                ask = ask.with(&**key, &**value);
            }
            if !keys.tag_names.is_empty() {
                ask = ask.with_all("s3:RequestObjectTagKeys", keys.tag_names.iter().copied());
            }
            match self.iam.authorize(cx, caller, &ask).await {
                Ok(()) => {}
                // Strangers are told nothing but no.
                Err(Unauthorized::Denied(_)) if is_stranger(&caller.principal, owner) => {
                    return Err(Error::AccessDenied);
                }
                Err(Unauthorized::Denied(denial)) => {
                    return Err(Error::NotAuthorized {
                        sentence: denial.quoted(),
                    });
                }
                Err(Unauthorized::Internal(error)) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// What is said of a key that names nothing: that, but only to those who may list. Reference: identity-pools-iam 11.2,
    /// last line. Answers NoSuchKey, AccessDenied or NotAuthorized.
    pub async fn absence(&self, cx: &Cx, asked: Asked<'_>) -> Error {
        let listing = asked.intent.to_list();
        let to_list = Asked {
            intent: &listing,
            ..asked
        };
        match self.authorize(cx, to_list, None).await {
            Ok(()) => Error::NoSuchKey {
                key: asked.intent.key.clone(),
            },
            Err(denied) => denied,
        }
    }
}

/// An action and the ARN that it acts on.
type Need = (&'static str, String);

pub fn bucket_arn(bucket: &str) -> String {
    format!("arn:aws:s3:::{bucket}")
}

fn object_arn(bucket: &str, key: &str) -> String {
    format!("arn:aws:s3:::{bucket}/{key}")
}

/// All that must be allowed before the operation begins. What concerns another bucket (the source of a copy) or single
/// keys (DeleteObjects) are intents of their own.
fn needs(intent: &Intent) -> Vec<Need> {
    let operation = intent.operation;
    let resource = match (intent.bucket.as_str(), intent.key.as_str()) {
        ("", _) => "*".to_owned(),
        // DeleteObjects may name a key that none can be: it is no less a key.
        (bucket, "") if operation != Operation::DeleteObject => bucket_arn(bucket),
        (bucket, key) => object_arn(bucket, key),
    };
    let version = operation.version_action().filter(|_| intent.version.is_some());
    // Who writes on condition of an ETag learns whether it is that. Reference: S3 user guide, conditional requests.
    let etag = (operation.has_if_match() && intent.names_etag).then_some("s3:GetObject");
    let acl = (operation.writes_object() && intent.brings_acl).then_some("s3:PutObjectAcl");
    let tags = (operation.writes_object() && intent.brings_tags).then_some("s3:PutObjectTagging");
    [operation.action(), version, etag, acl, tags]
        .into_iter()
        .flatten()
        .map(|action| (action, resource.clone()))
        .collect()
}

/// Context keys that only S3 knows, `s3:` in front; the global ones are IAM's to add from the request's context.
#[derive(Debug, Default, PartialEq, Eq)]
struct Keys<'a> {
    single: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// `s3:RequestObjectTagKeys`, multivalued by nature.
    tag_names: Vec<&'a str>,
}

impl<'a> Keys<'a> {
    /// `bucket`: the one that is asked about. `existing`: the tags of the object that was found.
    fn of(intent: &'a Intent, bucket: Option<&'a Bucket>, existing: &'a BTreeMap<String, String>) -> Self {
        let mut keys = Self::default();
        if let Some(hash) = &intent.manner.content_sha256 {
            keys.add("s3:x-amz-content-sha256", hash);
        }
        if let Some(signature) = &intent.manner.signature {
            keys.add("s3:authType", signature.by);
            keys.add("s3:signatureversion", signature.version);
            if let Some(age) = signature.age {
                keys.add("s3:signatureAge", age.to_string());
            }
        }
        if let Some(bucket) = bucket {
            keys.add("s3:ResourceAccount", bucket.account.as_str());
        }
        for (name, value) in &intent.said {
            keys.add(format!("s3:{name}"), value);
        }
        if let Some(version) = &intent.version {
            keys.add("s3:VersionId", version);
        }
        if let Some(creates) = intent.operation.creates_object() {
            keys.add("s3:ObjectCreationOperation", if creates { "true" } else { "false" });
        }
        for (key, value) in &intent.tags {
            keys.add(format!("s3:RequestObjectTag/{key}"), value);
            keys.tag_names.push(key);
        }
        for (key, value) in existing {
            keys.add(format!("s3:ExistingObjectTag/{key}"), value);
        }
        keys
    }

    fn add(&mut self, name: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) {
        self.single.push((name.into(), value.into()));
    }
}
