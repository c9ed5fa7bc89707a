//! Tags of an object.

use std::collections::BTreeMap;

use kernel::Result;
use store::{done, records::objects as records, refuse};

use crate::{Objects, errors, object::ObjectDoc};

impl Objects {
    /// Replaces all tags; the caller has checked them. Errors: NoSuchKey.
    pub async fn set_tags(&self, bucket: &str, key: &str, tags: BTreeMap<String, String>) -> Result<()> {
        let (bucket, key) = (bucket.to_owned(), key.to_owned());
        self.store
            .write(move |tx| {
                let Some(row) = records::object(tx, &bucket, &key)? else {
                    return refuse(errors::no_such_key(&key));
                };
                let mut doc: ObjectDoc = serde_json::from_str(&row.doc)?;
                doc.tags.clone_from(&tags);
                let doc = serde_json::to_string(&doc)?;
                if records::set_object_doc(tx, &bucket, &key, &row.content, &doc)? {
                    done(())
                } else {
                    refuse(errors::operation_aborted())
                }
            })
            .await?
    }
}
