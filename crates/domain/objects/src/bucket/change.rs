//! What a bucket's owner changes about it.

use iam::Caller;
use kernel::{ApiError, Code};
use policy::{ParseError, Policy, PolicyKind};
use store::{
    Record, Scope, Stop,
    records::{document::written, objects as records, versions},
};

use super::{policy::BucketPolicy, settings::Settings, stored::Bucket};
use crate::{
    access::bucket_arn,
    error::{Error, Result},
    objects::Objects,
};

impl Objects {
    /// Keeps a policy, for the bucket that it was asked for. Reference: identity-pools-iam 4.2, 7, 11.1, 11.5.
    /// Errors: MalformedPolicy, PolicyTooLarge, PublicPolicyBlocked.
    pub async fn put_policy(&self, caller: &Caller, bucket: &Bucket, document: Vec<u8>) -> Result<()> {
        let text = String::from_utf8(document).ok().filter(|text| text.starts_with('{'));
        let text = text.ok_or_else(|| malformed(&ParseError::not_json(PolicyKind::Bucket)))?;
        check_size(&text)?;
        let policy = Policy::parse(&text, PolicyKind::Bucket).map_err(|error| malformed(&error))?;
        let kept = self.iam.keep_principals(&bucket.account, text).await?;
        // As it will be read: what is read can be put again.
        check_size(&self.iam.show_principals(&bucket.account, kept.clone()).await?)?;
        policy
            .require_sense_in(&bucket.name)
            .map_err(|error| malformed(&error))?;
        let kept = BucketPolicy::parse(kept).map_err(Error::internal)?;
        let (caller, arn) = (caller.principal.arn.to_string(), bucket_arn(&bucket.name));
        let change = move |settings: &mut Settings| {
            // By what holds now, whatever the cached bucket says.
            if kept.is_public() && settings.blocks_public_policy() {
                return Err(Error::PublicPolicyBlocked {
                    caller: caller.clone(),
                    bucket: arn.clone(),
                });
            }
            settings.policy = Some(kept.clone());
            Ok(())
        };
        self.revise_settings(&bucket.name, change).await
    }

    /// The policy as it reads today; none if there is none.
    pub async fn policy_document(&self, bucket: &Bucket) -> Result<Option<String>> {
        let Some(kept) = &bucket.settings.policy else {
            return Ok(None);
        };
        let shown = self
            .iam
            .show_principals(&bucket.account, kept.text().to_owned())
            .await?;
        Ok(Some(shown))
    }

    /// Changes the settings in one transaction. Errors: NoSuchBucket.
    pub async fn change_settings(&self, name: &str, change: impl Fn(&mut Settings) + Send + 'static) -> Result<()> {
        let change = move |settings: &mut Settings| {
            change(settings);
            Ok(())
        };
        self.revise_settings(name, change).await
    }

    /// The same for a change that may be refused by what holds. Errors: NoSuchBucket, those of `change`.
    async fn revise_settings(
        &self,
        name: &str,
        change: impl Fn(&mut Settings) -> Result<()> + Send + 'static,
    ) -> Result<()> {
        let name = name.to_owned();
        Ok(self
            .store
            .transact(move |tx| {
                let Some(row) = records::bucket(tx, &name)? else {
                    return Err(Error::NoSuchBucket { bucket: name.clone() }.into());
                };
                let mut settings: Settings = row.document("settings", &row.settings)?;
                change(&mut settings)?;
                let doc = written(&settings)?;
                if !records::set_bucket_settings(tx, &row.account, &name, row.version, &doc)? {
                    return Err(Stop::Raced);
                }
                Ok(versions::bump(tx, Scope::bucket(&name))?)
            })
            .await?)
    }
}

/// Errors: PolicyTooLarge.
fn check_size(policy: &str) -> Result<()> {
    if policy.len() > policy::limits::BUCKET {
        return Err(Error::PolicyTooLarge);
    }
    Ok(())
}

fn malformed(fault: &ParseError) -> Error {
    ApiError::new(Code(fault.code()), fault.message()).into()
}
