//! An upload and its parts as their rows tell them.

use std::collections::BTreeMap;

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use store::{
    Read, StoreError,
    records::objects::{self as records, PartRow, UploadRow},
};

use crate::{
    content::{Algorithm, ChecksumType},
    document::{from_doc, size_of_row},
    error::{Error, Result},
    object::Headers,
    objects::Objects,
};

/// But for the last part.
pub(super) const MIN_PART_SIZE: u64 = 5 << 20;
pub(super) const MAX_PARTS: usize = 10_000;

/// An upload in progress.
#[derive(Clone, Debug)]
pub struct Upload {
    pub key: String,
    pub id: String,
    pub begun_at: Timestamp,
    pub algorithm: Algorithm,
    pub checksum_type: ChecksumType,
    pub storage_class: Option<String>,
    /// Whether the client chose the algorithm; only then is it shown.
    pub algorithm_chosen: bool,
}

#[derive(Serialize, Deserialize)]
pub(super) struct UploadDoc {
    pub headers: Headers,
    pub tags: BTreeMap<String, String>,
    pub algorithm: Algorithm,
    pub kind: ChecksumType,
    pub chosen: bool,
}

#[derive(Serialize, Deserialize)]
pub(super) struct PartDoc {
    pub file: String,
    /// Of the upload's algorithm.
    pub checksum: String,
}

#[derive(Clone, Debug)]
pub struct Part {
    pub number: u32,
    pub size: u64,
    pub etag: String,
    pub modified_at: Timestamp,
    /// Base64, of the upload's algorithm.
    pub checksum: String,
}

pub(super) fn upload_of(row: &UploadRow, doc: &UploadDoc) -> Upload {
    Upload {
        key: row.key.clone(),
        id: row.id.clone(),
        begun_at: Timestamp::from_millis(row.created_at),
        algorithm: doc.algorithm,
        checksum_type: doc.kind,
        storage_class: doc.headers.storage_class.clone(),
        algorithm_chosen: doc.chosen,
    }
}

impl Objects {
    /// Errors: NoSuchUpload.
    pub(super) async fn upload(&self, bucket: &str, key: &str, id: &str) -> Result<(UploadRow, UploadDoc)> {
        let (bucket, key, wanted) = (bucket.to_owned(), key.to_owned(), id.to_owned());
        let row = self
            .store
            .look_up(move |r| records::upload(r, &bucket, &key, &wanted))
            .await?;
        let row = row.ok_or_else(|| Error::NoSuchUpload { id: id.to_owned() })?;
        let doc = from_doc(&row.doc)?;
        Ok((row, doc))
    }
}

pub(super) fn all_parts(r: &mut impl Read, upload: &str) -> Result<Vec<PartRow>, StoreError> {
    records::parts_after(r, upload, 0, i64::try_from(MAX_PARTS).unwrap_or(i64::MAX))
}

pub(super) struct StoredPart {
    pub shown: Part,
    pub file: String,
}

pub(super) fn part_of(row: &PartRow) -> Result<StoredPart> {
    let doc: PartDoc = from_doc(&row.doc)?;
    let shown = Part {
        number: u32::try_from(row.number).unwrap_or(0),
        size: size_of_row(row.size),
        etag: row.etag.clone(),
        modified_at: Timestamp::from_millis(row.modified_at),
        checksum: doc.checksum,
    };
    Ok(StoredPart { shown, file: doc.file })
}
