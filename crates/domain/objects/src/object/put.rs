//! Putting one object.

use std::{collections::BTreeMap, io};

use bytes::Bytes;
use futures_util::Stream;
use kernel::{Cx, Timestamp};
use store::{
    Stop, StoreError,
    records::objects::{self as records, ObjectRow},
};

use super::{
    conditions::Conditions,
    key::check_key,
    stored::{Headers, ObjectDoc, dropped},
};
use crate::{
    content::{
        checksum::{Algorithm, Checksum, ChecksumType},
        folder::to_the_end,
        receive::{Content, Integrity, Received, receive_or_hold},
    },
    document::{row_size, to_doc},
    error::{Error, Result},
    objects::Objects,
};

/// User metadata: names and values together. Reference: S3 user guide, "User-defined object metadata".
const MAX_METADATA: usize = 2048;

#[derive(Clone, Debug, Default)]
pub struct NewObject {
    pub headers: Headers,
    pub tags: BTreeMap<String, String>,
    /// Of the object that is there already.
    pub conditions: Conditions,
    pub integrity: Integrity,
}

#[derive(Clone, Debug)]
pub struct Put {
    /// Without quotes.
    pub etag: String,
    pub size: u64,
    pub checksum: Checksum,
    pub modified_at: Timestamp,
}

impl Objects {
    /// Writes the bytes, then the row; the object is whole, durable and visible when this returns.
    /// Errors: NoSuchBucket, PreconditionFailed, BadDigest, IncompleteBody, EntityTooLarge, KeyTooLongError,
    /// MetadataTooLarge, and those inside the stream.
    pub async fn put(
        &self,
        cx: &Cx,
        (bucket, key): (&str, &str),
        new: NewObject,
        body: impl Stream<Item = io::Result<Bytes>> + Send,
    ) -> Result<Put> {
        check_key(key)?;
        check_metadata(&new.headers)?;
        if !new.conditions.is_empty() {
            // Also before the bytes come: a client waiting for 100-continue then need not send them.
            let (bucket, wanted) = (bucket.to_owned(), key.to_owned());
            let current = self
                .store
                .look_up(move |r| records::object(r, &bucket, &wanted))
                .await?;
            new.conditions
                .check_write(key, current.as_ref().map(|o| o.etag.as_str()))?;
        }
        let algorithm = new.integrity.algorithm.unwrap_or(Algorithm::Crc64Nvme);
        let Received {
            content,
            size,
            md5,
            checksum,
        } = receive_or_hold(self.folder.stage(cx.rng()), body, &new.integrity, algorithm).await?;

        let checksum = Checksum {
            algorithm,
            value: checksum,
            kind: ChecksumType::FullObject,
        };
        let put = Put {
            etag: hex::encode(md5),
            size,
            checksum,
            modified_at: cx.wall(),
        };
        let row = ObjectRow {
            key: key.to_owned(),
            size: row_size(size),
            etag: put.etag.clone(),
            modified_at: put.modified_at.millis(),
            content: content.id().to_owned(),
            doc: to_doc(&ObjectDoc {
                headers: new.headers,
                tags: new.tags,
                checksum: Some(put.checksum.clone()),
                segments: Vec::new(),
            })?,
        };
        let (objects, bucket) = (self.clone(), bucket.to_owned());
        to_the_end(async move { objects.commit_object(bucket, row, new.conditions, content).await }).await?;
        Ok(put)
    }

    /// Names the content in a row and drops what the key named before.
    async fn commit_object(
        &self,
        bucket: String,
        row: ObjectRow,
        conditions: Conditions,
        content: Content,
    ) -> Result<()> {
        let (staged, held) = match content {
            Content::File(staged) => (Some(staged), None),
            Content::Held { bytes, .. } => (None, Some(bytes)),
        };
        let committed = self
            .store
            .transact(move |tx| {
                if records::bucket(tx, &bucket)?.is_none() {
                    return Err(Error::NoSuchBucket { bucket: bucket.clone() }.into());
                }
                let old = records::object(tx, &bucket, &row.key)?;
                conditions.check_write(&row.key, old.as_ref().map(|o| o.etag.as_str()))?;
                records::put_object(tx, &bucket, &row)?;
                records::add_content(tx, &row.content, held.as_deref())?;
                Ok(dropped(tx, old)?)
            })
            .await;
        let replaced = match committed {
            Ok(replaced) => replaced,
            Err(stop) => {
                // Perhaps committed: the file must stay; the next start's sweep knows the truth.
                if let (Stop::Store(StoreError::OutcomeUnknown(_)), Some(staged)) = (&stop, staged) {
                    staged.keep();
                }
                return Err(stop.into());
            }
        };
        if let Some(staged) = staged {
            staged.keep();
        }
        if let Some(id) = replaced {
            self.folder.remove(&id).await;
        }
        Ok(())
    }
}

/// Errors: MetadataTooLarge.
pub(crate) fn check_metadata(headers: &Headers) -> Result<()> {
    let size: usize = headers
        .metadata
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum();
    if size > MAX_METADATA {
        Err(Error::MetadataTooLarge {
            size,
            limit: MAX_METADATA,
        })
    } else {
        Ok(())
    }
}
