//! Deleting objects. What is not there counts as deleted.

use futures_util::{StreamExt, stream};
use kernel::Timestamp;
use store::records::objects as records;

use super::{conditions::DeleteConditions, key::check_key, stored::dropped};
use crate::{content::folder::to_the_end, document::size_of_row, error::Result, objects::Objects};

/// Deletions of one request that wait for the same commit.
const AT_ONCE: usize = 64;

impl Objects {
    /// Errors: PreconditionFailed if the object is not the one that is meant, NoSuchKey if an ETag is named and there is none.
    pub async fn delete(&self, bucket: &str, key: &str, conditions: DeleteConditions) -> Result<()> {
        check_key(key)?;
        let (objects, bucket, key) = (self.clone(), bucket.to_owned(), key.to_owned());
        to_the_end(async move { objects.commit_deletion(bucket, key, conditions).await }).await
    }

    async fn commit_deletion(&self, bucket: String, key: String, conditions: DeleteConditions) -> Result<()> {
        let file = self
            .store
            .transact(move |tx| {
                let Some(old) = records::object(tx, &bucket, &key)? else {
                    return match conditions.check_absent(&key) {
                        Err(refusal) => Err(refusal.into()),
                        Ok(()) => Ok(None),
                    };
                };
                let modified_at = Timestamp::from_millis(old.modified_at);
                conditions.check(&old.etag, modified_at, size_of_row(old.size))?;
                records::delete_object(tx, &bucket, &key)?;
                Ok(dropped(tx, Some(old))?)
            })
            .await?;
        if let Some(id) = file {
            self.folder.remove(&id).await;
        }
        Ok(())
    }

    /// One answer a key, in the keys' order. Each is allowed or refused by its own conditions.
    pub async fn delete_many(&self, bucket: &str, keys: Vec<(String, DeleteConditions)>) -> Vec<(String, Result<()>)> {
        stream::iter(keys)
            .map(|(key, conditions)| async move {
                let deleted = self.delete(bucket, &key, conditions).await;
                (key, deleted)
            })
            .buffered(AT_ONCE)
            .collect()
            .await
    }
}
