//! DeleteBucket.

use store::{
    Scope,
    records::{objects as records, versions},
};

use crate::{
    error::{Error, Result},
    objects::Objects,
};

/// Finished uploads that are forgotten in one transaction when their bucket goes.
const FORGOTTEN_AT_ONCE: i64 = 1000;

impl Objects {
    /// Uploads in progress go with it, and the memory of finished ones. Errors: NoSuchBucket, BucketNotEmpty.
    pub async fn delete_bucket(&self, name: &str) -> Result<()> {
        let wanted = name.to_owned();
        if self
            .store
            .read(move |r| records::bucket_has_objects(r, &wanted))
            .await?
        {
            return Err(Error::BucketNotEmpty {
                bucket: name.to_owned(),
            });
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
            .transact(move |tx| {
                let Some(row) = records::bucket(tx, &name)? else {
                    return Err(Error::NoSuchBucket { bucket: name.clone() }.into());
                };
                // An upload begun since the last look is somebody working here: as if an object were there.
                if records::bucket_has_objects(tx, &name)? || !records::uploads_from(tx, &name, "", "", 1)?.is_empty() {
                    return Err(Error::BucketNotEmpty { bucket: name.clone() }.into());
                }
                if records::forget_finished_uploads_of(tx, &name, FORGOTTEN_AT_ONCE)?
                    == FORGOTTEN_AT_ONCE.unsigned_abs()
                {
                    return Ok(false);
                }
                records::delete_bucket(tx, &row.account, &name)?;
                versions::end(tx, Scope::bucket(&name))?;
                Ok(true)
            })
            .await?)
    }
}
