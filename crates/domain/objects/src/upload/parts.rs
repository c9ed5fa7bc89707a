//! UploadPart and UploadPartCopy.

use std::io;

use bytes::Bytes;
use futures_util::Stream;
use kernel::{Cx, Timestamp};
use store::{
    Stop, StoreError,
    records::objects::{self as records, PartRow},
};

use super::stored::{PartDoc, UploadDoc};
use crate::{
    content::{
        Checksum, ChecksumType, Integrity,
        folder::{Staged, to_the_end},
        receive::receive,
    },
    document::{from_doc, row_size, to_doc},
    error::{Error, Result},
    object::{CopySource, RangeRequest, Select, Span},
    objects::Objects,
};

/// A part that is brought.
#[derive(Clone, Debug, Default)]
pub struct NewPart {
    /// From 1.
    pub number: u32,
    pub integrity: Integrity,
}

/// A part that is made of an object or a range of one.
#[derive(Clone, Copy, Debug)]
pub struct NewPartCopy {
    /// From 1.
    pub number: u32,
    pub range: Option<RangeRequest>,
}

#[derive(Clone, Debug)]
pub struct UploadedPart {
    /// Without quotes.
    pub etag: String,
    /// Of the algorithm that the client named or chose for the upload.
    pub checksum: Option<Checksum>,
    pub modified_at: Timestamp,
}

impl Objects {
    /// Writes a part; the same number again replaces it. Errors: NoSuchUpload, InvalidArgument, and those of a put.
    pub async fn upload_part(
        &self,
        cx: &Cx,
        (bucket, key, id): (&str, &str, &str),
        part: NewPart,
        body: impl Stream<Item = io::Result<Bytes>> + Send,
    ) -> Result<UploadedPart> {
        let NewPart { number, integrity } = part;
        check_part_number(number)?;
        let (_, upload) = self.upload(bucket, key, id).await?;
        if let Some(named) = integrity.algorithm
            && upload.chosen
            && named != upload.algorithm
        {
            return Err(Error::OtherChecksumType {
                expected: upload.algorithm.name().to_ascii_lowercase(),
                actual: named.name().to_ascii_lowercase(),
            });
        }
        let file = format!("{number}-{}", kernel::hex(cx.rng(), 8));
        let staged = self.folder.stage_part(cx.rng(), id, &file);
        let received = receive(staged, body, &integrity, upload.algorithm).await?;
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
        let (objects, target) = (self.clone(), (bucket.to_owned(), key.to_owned(), id.to_owned()));
        to_the_end(async move { objects.commit_part(target, row, received.content).await }).await?;
        Ok(uploaded)
    }

    /// Names the published part in a row and drops what had its number before.
    async fn commit_part(
        &self,
        (bucket, key, upload_id): (String, String, String),
        row: PartRow,
        staged: Staged,
    ) -> Result<()> {
        let id = upload_id.clone();
        let committed = self
            .store
            .transact(move |tx| {
                if records::upload(tx, &bucket, &key, &upload_id)?.is_none() {
                    return Err(Error::NoSuchUpload { id: upload_id.clone() }.into());
                }
                let old = records::part(tx, &upload_id, row.number)?;
                records::put_part(tx, &upload_id, &row)?;
                Ok(old)
            })
            .await;
        let replaced = match committed {
            Ok(replaced) => replaced,
            Err(stop) => {
                if matches!(stop, Stop::Store(StoreError::OutcomeUnknown(_))) {
                    staged.keep();
                }
                return Err(stop.into());
            }
        };
        staged.keep();
        if let Some(old) = replaced {
            self.folder.remove_part(&id, &from_doc::<PartDoc>(&old.doc)?.file).await;
        }
        Ok(())
    }

    /// A part made of an object or a range of one. A range must lie within the source: a part is never shorter than asked.
    /// Errors: InvalidArgument, InvalidRequest, and those of reads and parts.
    pub async fn upload_part_copy(
        &self,
        cx: &Cx,
        target: (&str, &str, &str),
        part: NewPartCopy,
        source: CopySource<'_>,
    ) -> Result<UploadedPart> {
        let NewPartCopy { number, range } = part;
        check_part_number(number)?;
        let select = range.map_or(Select::Whole, Select::Range);
        let download = match self.source(cx, source, select).await {
            Err(Error::InvalidRange { .. }) => return Err(Error::CopyRangeOutside),
            opened => opened?,
        };
        let size = download.object.size;
        if let Some(range) = range.filter(|range| range.ends_beyond(size)) {
            return Err(Error::CopyRangeTooLong {
                range: range.to_string(),
                size,
            });
        }
        let whole = Span {
            start: 0,
            end: download.object.size,
        };
        let span = download.span.unwrap_or(whole);
        let part = NewPart {
            number,
            integrity: Integrity {
                size: Some(span.end - span.start),
                ..Integrity::default()
            },
        };
        self.upload_part(cx, target, part, download.into_stream()).await
    }
}

/// Errors: InvalidArgument unless 1 to 10000.
fn check_part_number(number: u32) -> Result<()> {
    if (1..=10_000).contains(&number) {
        return Ok(());
    }
    Err(Error::PartNumberOutOfRange {
        value: number.to_string(),
    })
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
