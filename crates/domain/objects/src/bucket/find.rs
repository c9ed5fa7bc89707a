//! Finding buckets: one by its name, from the cache, and an account's in order.

use std::sync::Arc;

use kernel::{AccountId, Region, Timestamp};
use store::{Reader, Scope, records::objects as records};

use super::stored::Bucket;
use crate::{
    error::{Error, Result},
    objects::Objects,
};

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
    pub buckets: Vec<BucketEntry>,
    /// Where the next page begins; absent on the last.
    pub next: Option<String>,
}

/// A bucket as lists show it.
#[derive(Clone, Debug)]
pub struct BucketEntry {
    pub name: String,
    pub region: Region,
    pub created_at: Timestamp,
}

impl Objects {
    /// Errors: NoSuchBucket.
    pub async fn bucket(&self, name: &str) -> Result<Arc<Bucket>> {
        let found = self.find_bucket(name).await?;
        found.ok_or_else(|| Error::NoSuchBucket {
            bucket: name.to_owned(),
        })
    }

    /// As it was when it was last changed here, or within the last second elsewhere. decision 11.
    pub async fn find_bucket(&self, name: &str) -> Result<Option<Arc<Bucket>>> {
        let name = name.to_owned();
        let load = {
            let name = name.clone();
            move |r: &mut Reader<'_>| records::bucket(r, &name)?.map(Bucket::of_row).transpose()
        };
        Ok(self.buckets.load(&name, || Scope::bucket(&name), load).await?)
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
            buckets: rows
                .into_iter()
                .map(|row| BucketEntry {
                    name: row.name,
                    region: Region::new(row.region),
                    created_at: Timestamp::from_millis(row.created_at),
                })
                .collect(),
            next,
        })
    }
}
