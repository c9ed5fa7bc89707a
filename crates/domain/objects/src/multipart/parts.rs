//! UploadPart and UploadPartCopy.

use std::{fmt, io};

use bytes::Bytes;
use futures_util::Stream;
use kernel::{Code, Cx, Result};
use store::{
    Stop, StoreError,
    records::objects::{self as records, PartRow},
};

use crate::{
    Checksum, ChecksumType, CopySource, Integrity, Objects, RangeRequest, Select,
    conditions::Reader,
    errors,
    folder::{Staged, to_the_end},
    from_doc,
    read::Span,
    receive::receive,
    row_size, to_doc,
};

use super::{PartDoc, UploadDoc, UploadedPart};

/// Which bytes of the source become a part, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyRange {
    first: u64,
    last: u64,
}

impl CopyRange {
    /// Reads `bytes=first-last`. Errors: InvalidArgument for every other form.
    pub fn parse(header: &str) -> Result<Self> {
        let number = |text: &str| -> Option<u64> {
            let digits = text.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| text.parse().ok()).flatten()
        };
        header
            .strip_prefix("bytes=")
            .and_then(|range| range.split_once('-'))
            .and_then(|(first, last)| Some((number(first)?, number(last)?)))
            .filter(|(first, last)| first <= last)
            .map(|(first, last)| Self { first, last })
            .ok_or_else(|| errors::malformed_copy_range(header))
    }

    fn select(self) -> Select {
        Select::Range(RangeRequest::From {
            first: self.first,
            last: Some(self.last),
        })
    }
}

impl fmt::Display for CopyRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bytes={}-{}", self.first, self.last)
    }
}

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
            .write(move |tx| {
                if records::upload(tx, &bucket, &key, &upload_id)?.is_none() {
                    return Err(errors::no_such_upload(&upload_id).into());
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
        number: u32,
        source: &CopySource,
        range: Option<CopyRange>,
    ) -> Result<UploadedPart> {
        check_part_number(number)?;
        let select = range.map_or(Select::Whole, CopyRange::select);
        let opened = self
            .open(&source.bucket, &source.key, &source.conditions, Reader::Copy, select)
            .await;
        let download = match (opened, range) {
            (Err(error), Some(_)) if error.code() == Code("InvalidRange") => return Err(errors::copy_range_outside()),
            (Err(error), _) => return Err(error),
            (Ok(download), Some(range)) if range.last >= download.object.size => {
                return Err(errors::copy_range_too_long(&range.to_string(), download.object.size));
            }
            (Ok(download), _) => download,
        };
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
    Err(errors::part_number_out_of_range(&number.to_string()))
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
