//! UploadPart and UploadPartCopy.

use std::io;

use bytes::Bytes;
use futures_util::Stream;
use kernel::{Cx, Result};
use store::{
    StoreError, done,
    records::objects::{self as records, PartRow},
    refuse,
};

use crate::{
    Checksum, ChecksumType, CopySource, Integrity, Objects, RangeRequest, Select, conditions::Refused, errors,
    from_doc, read::Span, receive::receive, row_size, to_doc,
};

use super::{PartDoc, UploadDoc, UploadedPart};

impl Objects {
    /// Writes a part; the same number again replaces it. Errors: NoSuchUpload, InvalidArgument, and those of a put.
    pub async fn upload_part(
        &self,
        cx: &Cx,
        (bucket, key, id): (&str, &str, &str),
        number: u32,
        integrity: Integrity,
        body: impl Stream<Item = io::Result<Bytes>> + Send,
    ) -> Result<UploadedPart> {
        check_part_number(number)?;
        let (_, upload) = self.upload(bucket, key, id).await?;
        if let Some(named) = integrity.algorithm
            && upload.chosen
            && named != upload.algorithm
        {
            return Err(errors::checksum_type_mismatch(upload.algorithm.name(), named.name()));
        }
        let mut received = receive(&self.folder, cx.rng(), body, &integrity, upload.algorithm).await?;
        let file = format!("{number}-{}", kernel::hex(cx.rng(), 8));
        received.staged.publish_part(id, &file).await?;
        let row = PartRow {
            number: i64::from(number),
            size: row_size(received.size),
            etag: hex::encode(received.md5),
            modified_at: cx.wall().millis(),
            doc: to_doc(&PartDoc {
                file,
                checksum: received.checksum.clone(),
            })?,
        };
        let uploaded = UploadedPart {
            etag: row.etag.clone(),
            checksum: shown_checksum(&upload, &integrity, received.checksum),
            modified_at: cx.wall(),
        };
        let (bucket, key, upload_id) = (bucket.to_owned(), key.to_owned(), id.to_owned());
        let committed = self
            .store
            .write(move |tx| {
                if records::upload(tx, &bucket, &key, &upload_id)?.is_none() {
                    return refuse(errors::no_such_upload(&upload_id));
                }
                let old = records::part(tx, &upload_id, row.number)?;
                records::put_part(tx, &upload_id, &row)?;
                done(old)
            })
            .await;
        let replaced = match committed {
            Ok(verdict) => verdict?,
            Err(error) => {
                if matches!(error, StoreError::OutcomeUnknown(_)) {
                    received.staged.keep();
                }
                return Err(error.into());
            }
        };
        received.staged.keep();
        if let Some(old) = replaced {
            self.folder.remove_part(id, &from_doc::<PartDoc>(&old.doc)?.file).await;
        }
        Ok(uploaded)
    }

    /// A part made of an object or a range of one. Errors: InvalidArgument for a range beyond the source, and those of
    /// reads and parts.
    pub async fn upload_part_copy(
        &self,
        cx: &Cx,
        target: (&str, &str, &str),
        number: u32,
        source: &CopySource,
        range: Option<RangeRequest>,
    ) -> Result<UploadedPart> {
        let select = range.map_or(Select::Whole, Select::Range);
        let download = self
            .open(&source.bucket, &source.key, &source.conditions, Refused::Failed, select)
            .await?;
        let whole = Span {
            start: 0,
            end: download.object.size,
        };
        let span = download.span.unwrap_or(whole);
        let integrity = Integrity {
            size: Some(span.end - span.start),
            ..Integrity::default()
        };
        self.upload_part(cx, target, number, integrity, download.into_stream())
            .await
    }
}

/// Errors: InvalidArgument unless 1 to 10000.
fn check_part_number(number: u32) -> Result<()> {
    if (1..=10_000).contains(&number) {
        return Ok(());
    }
    Err(errors::invalid_argument(
        "Part number must be an integer between 1 and 10000, inclusive",
        "partNumber",
        &number.to_string(),
    ))
}

fn shown_checksum(upload: &UploadDoc, integrity: &Integrity, computed: String) -> Option<Checksum> {
    let kind = ChecksumType::FullObject;
    match integrity.algorithm {
        Some(algorithm) if algorithm == upload.algorithm => Some(Checksum {
            algorithm,
            value: computed,
            kind,
        }),
        Some(_) => None,
        None => Some(Checksum {
            algorithm: upload.algorithm,
            value: computed,
            kind,
        }),
    }
}
