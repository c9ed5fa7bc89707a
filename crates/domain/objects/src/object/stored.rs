//! An object as its row tells it, and the document in that row.

use std::collections::BTreeMap;

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use store::{
    StoreError, Tx,
    records::objects::{self as records, ObjectRow},
};

use crate::{
    content::checksum::Checksum,
    document::{from_doc, size_of_row},
    error::Result,
};

/// What a put said about the bytes, given back with them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Headers {
    pub content_type: Option<String>,
    pub cache_control: Option<String>,
    pub content_disposition: Option<String>,
    /// Without `aws-chunked`.
    pub content_encoding: Option<String>,
    pub content_language: Option<String>,
    pub expires: Option<String>,
    /// A path of the same bucket or a URL: the website endpoint answers 301 to it.
    pub website_redirect: Option<String>,
    /// `STANDARD` unless set.
    pub storage_class: Option<String>,
    /// `x-amz-meta-…` without the prefix, lower-case.
    pub metadata: BTreeMap<String, String>,
}

#[derive(Clone, Debug)]
pub struct Object {
    pub key: String,
    /// Bytes.
    pub size: u64,
    /// Without quotes: 32 hexadecimal digits, with `-<parts>` behind them if it was uploaded in parts.
    pub etag: String,
    pub modified_at: Timestamp,
    pub headers: Headers,
    pub tags: BTreeMap<String, String>,
    pub checksum: Option<Checksum>,
    /// The sizes of its parts in bytes; empty if it came whole.
    pub parts: Vec<u64>,
    pub(crate) content: String,
    pub(crate) segments: Vec<Segment>,
}

/// A file and how many of its bytes there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Segment {
    /// The file's name within the upload's folder; empty: the content is one file.
    pub file: String,
    pub size: u64,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ObjectDoc {
    pub headers: Headers,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    pub checksum: Option<Checksum>,
    /// Empty unless uploaded in parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Segment>,
}

impl Object {
    pub(crate) fn of_row(row: ObjectRow) -> Result<Self> {
        let doc: ObjectDoc = from_doc(&row.doc)?;
        let size = size_of_row(row.size);
        let parts = doc.segments.iter().map(|s| s.size).collect();
        let segments = if doc.segments.is_empty() {
            vec![Segment {
                file: String::new(),
                size,
            }]
        } else {
            doc.segments
        };
        Ok(Self {
            key: row.key,
            size,
            etag: row.etag,
            modified_at: Timestamp::from_millis(row.modified_at),
            headers: doc.headers,
            tags: doc.tags,
            checksum: doc.checksum,
            parts,
            content: row.content,
            segments,
        })
    }
}

/// Drops the content of a row that is gone; answers it if it is a file or folder, to be removed once this is committed.
pub(crate) fn dropped(tx: &mut Tx<'_>, old: Option<ObjectRow>) -> Result<Option<String>, StoreError> {
    let Some(old) = old else { return Ok(None) };
    Ok(records::drop_content(tx, &old.content)?.then_some(old.content))
}
