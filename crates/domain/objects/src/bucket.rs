//! Buckets and their settings.

use kernel::{AccountId, Cx, Region, Result, Timestamp};
use store::{
    Record,
    records::{
        document::written,
        objects::{self as records, BucketRow},
    },
};

use crate::{Objects, Settings, check_bucket_name, errors, from_doc, location, to_doc};

/// Finished uploads that are forgotten in one transaction when their bucket goes.
const FORGOTTEN_AT_ONCE: i64 = 1000;

#[derive(Clone, Debug)]
pub struct Bucket {
    pub name: String,
    pub account: AccountId,
    pub region: Region,
    pub created_at: Timestamp,
    pub settings: Settings,
}

/// Which of an account's buckets; empty texts ask for nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct BucketListRequest<'a> {
    pub prefix: &'a str,
    /// Only those of this region.
    pub region: &'a str,
    /// The name to begin with.
    pub from: &'a str,
    pub max: usize,
}

/// A page of an account's buckets in order of name.
#[derive(Clone, Debug)]
pub struct Buckets {
    pub buckets: Vec<Bucket>,
    /// Where the next page begins; absent on the last.
    pub next: Option<String>,
}

impl Bucket {
    fn of_row(row: BucketRow) -> Result<Self> {
        Ok(Self {
            settings: from_doc(&row.settings)?,
            name: row.name,
            account: AccountId::new(row.account),
            region: Region::new(row.region),
            created_at: Timestamp::from_millis(row.created_at),
        })
    }
}

impl Objects {
    /// Makes a bucket of the caller's account with a new bucket's settings.
    /// Errors: InvalidBucketName, BucketAlreadyExists, BucketAlreadyOwnedByYou (but for one in us-east-1 that is
    /// made there once more).
    pub async fn create_bucket(&self, cx: &Cx, name: &str, region: &Region, settings: &Settings) -> Result<()> {
        check_bucket_name(name)?;
        let row = BucketRow {
            account: cx.account().to_string(),
            name: name.to_owned(),
            region: region.to_string(),
            created_at: cx.wall().millis(),
            settings: to_doc(settings)?,
            version: 1,
        };
        Ok(self
            .store
            .write(move |tx| {
                let owner = records::claim_bucket_name(tx, &row.name, &row.account)?;
                if owner != row.account {
                    return Err(errors::bucket_already_exists(&row.name).into());
                }
                if let Some(old) = records::bucket(tx, &row.name)? {
                    return if location::may_be_made_again(&old.region, &row.region) {
                        Ok(())
                    } else {
                        Err(errors::bucket_already_owned_by_you(&row.name).into())
                    };
                }
                records::insert_bucket(tx, &row)?;
                Ok(())
            })
            .await?)
    }

    /// Errors: NoSuchBucket.
    pub async fn bucket(&self, name: &str) -> Result<Bucket> {
        let wanted = name.to_owned();
        let row = self.store.look_up(move |r| records::bucket(r, &wanted)).await?;
        Bucket::of_row(row.ok_or_else(|| errors::no_such_bucket(name))?)
    }

    /// A page of an account's buckets.
    pub async fn buckets(&self, account: &AccountId, request: BucketListRequest<'_>) -> Result<Buckets> {
        let BucketListRequest {
            prefix,
            region,
            from,
            max,
        } = request;
        let (account, region, from) = (account.to_string(), region.to_owned(), prefix.max(from).to_owned());
        let limit = i64::try_from(max).unwrap_or(i64::MAX).saturating_add(1);
        let mut rows = self
            .store
            .read(move |r| records::buckets_of(r, &account, &region, &from, limit))
            .await?;
        rows.retain(|row| row.name.starts_with(prefix));
        let next = rows.get(max).map(|row| row.name.clone());
        rows.truncate(max);
        Ok(Buckets {
            buckets: rows.into_iter().map(Bucket::of_row).collect::<Result<_>>()?,
            next,
        })
    }

    /// Uploads in progress go with it, and the memory of finished ones. Errors: NoSuchBucket, BucketNotEmpty.
    pub async fn delete_bucket(&self, name: &str) -> Result<()> {
        let wanted = name.to_owned();
        if self
            .store
            .read(move |r| records::bucket_has_objects(r, &wanted))
            .await?
        {
            return Err(errors::bucket_not_empty().with_member("BucketName", name));
        }
        while self.abort_some_uploads(name).await? {}
        while !self.try_to_delete_bucket(name).await? {}
        Ok(())
    }

    /// False while there are finished uploads to forget first, some at a time.
    async fn try_to_delete_bucket(&self, name: &str) -> Result<bool> {
        let name = name.to_owned();
        Ok(self
            .store
            .write(move |tx| {
                let Some(row) = records::bucket(tx, &name)? else {
                    return Err(errors::no_such_bucket(&name).into());
                };
                // An upload begun since the last look is somebody working here: as if an object were there.
                if records::bucket_has_objects(tx, &name)? || !records::uploads_from(tx, &name, "", "", 1)?.is_empty() {
                    return Err(errors::bucket_not_empty()
                        .with_member("BucketName", name.as_str())
                        .into());
                }
                if records::forget_finished_uploads_of(tx, &name, FORGOTTEN_AT_ONCE)?
                    == FORGOTTEN_AT_ONCE.unsigned_abs()
                {
                    return Ok(false);
                }
                records::delete_bucket(tx, &row.account, &name)?;
                Ok(true)
            })
            .await?)
    }

    /// Changes the settings in one transaction. Errors: NoSuchBucket.
    pub async fn change_settings(&self, name: &str, change: impl Fn(&mut Settings) + Send + 'static) -> Result<()> {
        let name = name.to_owned();
        Ok(self
            .store
            .write(move |tx| {
                let Some(row) = records::bucket(tx, &name)? else {
                    return Err(errors::no_such_bucket(&name).into());
                };
                let mut settings: Settings = row.document("settings", &row.settings)?;
                change(&mut settings);
                let doc = written(&settings)?;
                if records::set_bucket_settings(tx, &row.account, &name, row.version, &doc)? {
                    Ok(())
                } else {
                    Err(errors::operation_aborted().into())
                }
            })
            .await?)
    }
}
