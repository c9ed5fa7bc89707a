//! Deleting objects. What is not there counts as deleted.

use futures_util::{StreamExt, stream};
use kernel::Result;
use store::{done, records::objects as records, refuse};

use crate::{Conditions, EtagTest, Objects, check_key, errors};

/// Deletions of one request that wait for the same commit.
const AT_ONCE: usize = 64;

impl Objects {
    /// Errors: PreconditionFailed if `if_match` is another ETag than the object's.
    pub async fn delete(&self, bucket: &str, key: &str, if_match: Option<EtagTest>) -> Result<()> {
        check_key(key)?;
        let (bucket, key) = (bucket.to_owned(), key.to_owned());
        let conditions = Conditions {
            if_match,
            ..Conditions::default()
        };
        let dropped = self
            .store
            .write(move |tx| {
                let Some(old) = records::object(tx, &bucket, &key)? else {
                    return match conditions.check_write(&key, None) {
                        Err(refusal) => refuse(refusal),
                        Ok(()) => done(None),
                    };
                };
                if conditions.check_write(&key, Some(&old.etag)).is_err() {
                    return refuse(errors::precondition_failed("If-Match"));
                }
                records::delete_object(tx, &bucket, &key)?;
                records::drop_content(tx, &old.content)?;
                done(Some(old.content))
            })
            .await??;
        if let Some(id) = dropped {
            self.folder.remove(&id).await;
        }
        Ok(())
    }

    /// One answer a key, in the keys' order.
    pub async fn delete_many(&self, bucket: &str, keys: Vec<String>) -> Vec<(String, Result<()>)> {
        stream::iter(keys)
            .map(|key| async move {
                let deleted = self.delete(bucket, &key, None).await;
                (key, deleted)
            })
            .buffered(AT_ONCE)
            .collect()
            .await
    }
}
