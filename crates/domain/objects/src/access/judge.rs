//! The questions are put to IAM. Reference: identity-pools-iam 5.5, 11.2.

use std::collections::BTreeMap;

use iam::{Ask, Caller, Unauthorized};
use kernel::Cx;

use super::{
    intent::Intent,
    questions::{Keys, needs},
};
use crate::{
    bucket::{Bucket, is_stranger},
    error::{Error, Result},
    object::Object,
    objects::Objects,
};

/// What an intent is about, as far as it was found.
#[derive(Clone, Copy, Default)]
pub struct On<'a> {
    /// None: there is none yet, or none is named.
    pub bucket: Option<&'a Bucket>,
    /// The one that is served if leave is given.
    pub object: Option<&'a Object>,
}

impl Objects {
    /// Whether the caller may do all that the intent needs. Errors: AccessDenied, NotAuthorized.
    pub async fn authorize(&self, cx: &Cx, caller: &Caller, intent: &Intent, on: On<'_>) -> Result<()> {
        let owner = on.bucket.map_or(cx.account(), |bucket| &bucket.account);
        if on.bucket.is_some()
            && intent
                .expected_owner
                .as_ref()
                .is_some_and(|expected| expected != owner.as_str())
        {
            return Err(Error::AccessDenied);
        }
        let none = BTreeMap::new();
        let keys = Keys::of(intent, on.bucket, on.object.map_or(&none, |object| &object.tags));
        let policy = on.bucket.and_then(|bucket| bucket.policy_for(&caller.principal));
        // A bucket is called where it is: on AWS nobody reaches it by a signature for elsewhere, here everybody does. The
        // source of a copy counts where the source is (unconfirmed).
        let region = on.bucket.map_or(&intent.manner.endpoint, |bucket| &bucket.region);
        for (action, resource) in needs(intent) {
            let mut ask = Ask::new(action, &resource)
                .governed_by(policy)
                .owned_by(owner)
                .with(policy::keys::REQUESTED_REGION, region.as_str());
            for (key, value) in &keys.single {
                ask = ask.with(key.as_str(), value.as_str());
            }
            for (key, values) in &keys.many {
                ask = ask.with_all(key.as_str(), values.iter().map(String::as_str));
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
    pub async fn absence(&self, cx: &Cx, caller: &Caller, intent: &Intent, bucket: &Bucket) -> Error {
        let listing = On {
            bucket: Some(bucket),
            object: None,
        };
        match self.authorize(cx, caller, &intent.to_list(), listing).await {
            Ok(()) => Error::NoSuchKey {
                key: intent.key.clone(),
            },
            Err(denied) => denied,
        }
    }
}
