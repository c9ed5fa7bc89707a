//! Multipart uploads: begin, parts, complete, abort, list. Parts are files of the upload's folder, and stay there when the
//! upload becomes an object: completing moves no bytes.
//!
//! begun ──part (again and again)──▶ begun ──complete──▶ object, remembered for a day
//!   └──────────abort──────────▶ gone

mod complete;
mod list;
mod parts;

use std::collections::BTreeMap;

use kernel::{Cx, Result, Timestamp};
use serde::{Deserialize, Serialize};
use store::{
    Read, StoreError,
    records::objects::{self as records, PartRow, UploadRow},
};

use crate::{
    Algorithm, Checksum, ChecksumType, Headers, Objects, check_key, errors, from_doc, put::check_metadata, size_of_row,
    to_doc,
};

pub use list::{UploadListRequest, UploadListing};
pub use parts::CopyRange;

/// But for the last part.
pub(crate) const MIN_PART_SIZE: u64 = 5 << 20;
pub(crate) const MAX_PARTS: usize = 10_000;

#[derive(Clone, Debug, Default)]
pub struct NewUpload {
    pub headers: Headers,
    pub tags: BTreeMap<String, String>,
    pub algorithm: Option<Algorithm>,
    pub checksum_type: Option<ChecksumType>,
}

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
struct UploadDoc {
    headers: Headers,
    tags: BTreeMap<String, String>,
    algorithm: Algorithm,
    kind: ChecksumType,
    chosen: bool,
}

#[derive(Serialize, Deserialize)]
struct PartDoc {
    file: String,
    /// Of the upload's algorithm.
    checksum: String,
}

#[derive(Clone, Debug)]
pub struct UploadedPart {
    /// Without quotes.
    pub etag: String,
    /// Of the algorithm that the client named or chose for the upload.
    pub checksum: Option<Checksum>,
    pub modified_at: Timestamp,
}

/// A part as CompleteMultipartUpload names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChosenPart {
    pub number: u32,
    /// Quotes are optional.
    pub etag: String,
    pub checksum: Option<(Algorithm, String)>,
}

/// What the client computed of the whole object.
#[derive(Clone, Debug, Default)]
pub struct Whole {
    pub checksum: Option<(Algorithm, String)>,
    /// Bytes.
    pub size: Option<u64>,
}

#[derive(Clone, Debug)]
pub struct Completed {
    /// Without quotes: `<md5 of the parts' md5s>-<parts>`.
    pub etag: String,
    pub checksum: Checksum,
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

#[derive(Clone, Debug)]
pub struct PartListing {
    pub upload: Upload,
    pub parts: Vec<Part>,
    pub truncated: bool,
}

fn upload_of(row: &UploadRow, doc: &UploadDoc) -> Upload {
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
    /// Errors: NoSuchBucket, KeyTooLongError, MetadataTooLarge, InvalidRequest for an impossible checksum type.
    pub async fn begin_upload(&self, cx: &Cx, bucket: &str, key: &str, new: NewUpload) -> Result<Upload> {
        check_key(key)?;
        check_metadata(&new.headers)?;
        let algorithm = new.algorithm.unwrap_or(Algorithm::Crc64Nvme);
        let kind = algorithm.upload_type(new.checksum_type).ok_or_else(|| {
            let wish = new.checksum_type.map_or("", ChecksumType::name);
            errors::invalid_request(format!(
                "The {wish} checksum type cannot be used with the {} checksum algorithm.",
                algorithm.name().to_ascii_lowercase()
            ))
        })?;
        let doc = UploadDoc {
            headers: new.headers,
            tags: new.tags,
            algorithm,
            kind,
            chosen: new.algorithm.is_some(),
        };
        let row = UploadRow {
            key: key.to_owned(),
            id: kernel::hex(cx.rng(), 64),
            created_at: cx.wall().millis(),
            doc: to_doc(&doc)?,
        };
        let upload = upload_of(&row, &doc);
        let bucket = bucket.to_owned();
        self.store
            .write(move |tx| {
                if records::bucket(tx, &bucket)?.is_none() {
                    return Err(errors::no_such_bucket(&bucket).into());
                }
                records::insert_upload(tx, &bucket, &row)?;
                records::add_content(tx, &row.id, None)?;
                Ok(())
            })
            .await?;
        Ok(upload)
    }

    async fn upload(&self, bucket: &str, key: &str, id: &str) -> Result<(UploadRow, UploadDoc)> {
        let (bucket, key, wanted) = (bucket.to_owned(), key.to_owned(), id.to_owned());
        let row = self
            .store
            .look_up(move |r| records::upload(r, &bucket, &key, &wanted))
            .await?;
        let row = row.ok_or_else(|| errors::no_such_upload(id))?;
        let doc = from_doc(&row.doc)?;
        Ok((row, doc))
    }

    /// Errors: NoSuchUpload.
    pub async fn abort_upload(&self, bucket: &str, key: &str, id: &str) -> Result<()> {
        let (bucket, key, upload_id) = (bucket.to_owned(), key.to_owned(), id.to_owned());
        self.store
            .write(move |tx| {
                if !records::delete_upload(tx, &bucket, &key, &upload_id)? {
                    return Err(errors::no_such_upload(&upload_id).into());
                }
                records::drop_content(tx, &upload_id)?;
                Ok(())
            })
            .await?;
        self.folder.remove(id).await;
        Ok(())
    }

    /// True while there may be more.
    pub(crate) async fn abort_some_uploads(&self, bucket: &str) -> Result<bool> {
        let name = bucket.to_owned();
        let uploads = self
            .store
            .read(move |r| records::uploads_from(r, &name, "", "", 100))
            .await?;
        for upload in &uploads {
            match self.abort_upload(bucket, &upload.key, &upload.id).await {
                Err(error) if error.code().0 != "NoSuchUpload" => return Err(error),
                _ => {}
            }
        }
        Ok(!uploads.is_empty())
    }
}

fn all_parts(r: &mut impl Read, upload: &str) -> Result<Vec<PartRow>, StoreError> {
    records::parts_after(r, upload, 0, i64::try_from(MAX_PARTS).unwrap_or(i64::MAX))
}

struct StoredPart {
    shown: Part,
    file: String,
}

fn part_of(row: &PartRow) -> Result<StoredPart> {
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
