//! CreateBucket.

use kernel::{Cx, Region};
use store::{
    Scope,
    records::{
        objects::{self as records, BucketRow},
        versions,
    },
};

use super::{location::may_be_made_again, name::check_bucket_name, settings::Settings};
use crate::{
    document::to_doc,
    error::{Error, Result},
    objects::Objects,
};

impl Objects {
    /// Makes a bucket of the caller's account with a new bucket's settings.
    /// Errors: InvalidBucketName, BucketAlreadyExists, BucketAlreadyOwnedByYou (but for one in us-east-1 that is
    /// made there once more).
    pub async fn create_bucket(&self, cx: &Cx, name: &str, region: &Region, settings: &Settings) -> Result<()> {
        check_bucket_name(name)?;
        let begun_at = cx.wall();
        let row = BucketRow {
            account: cx.account().to_string(),
            name: name.to_owned(),
            region: region.to_string(),
            created_at: begun_at.millis(),
            settings: to_doc(settings)?,
            version: 1,
        };
        Ok(self
            .store
            .transact(move |tx| {
                let owner = records::claim_bucket_name(tx, &row.name, &row.account)?;
                if owner != row.account {
                    return Err(Error::BucketAlreadyExists {
                        bucket: row.name.clone(),
                    }
                    .into());
                }
                if let Some(old) = records::bucket(tx, &row.name)? {
                    return if may_be_made_again(&old.region, &row.region) {
                        Ok(())
                    } else {
                        Err(Error::BucketAlreadyOwnedByYou {
                            bucket: row.name.clone(),
                        }
                        .into())
                    };
                }
                records::insert_bucket(tx, &row)?;
                versions::begin(tx, Scope::bucket(&row.name), begun_at)?;
                Ok(())
            })
            .await?)
    }
}
