//! ListParts and ListMultipartUploads.

use store::records::objects::{self as records, UploadRow};

use super::stored::{Part, Upload, part_of, upload_of};
use crate::{document::from_doc, error::Result, objects::Objects};

/// Rows read at a time.
const BATCH: i64 = 1000;

#[derive(Clone, Debug)]
pub struct PartListing {
    pub upload: Upload,
    pub parts: Vec<Part>,
    pub truncated: bool,
}

#[derive(Clone, Debug, Default)]
pub struct UploadListRequest {
    pub prefix: String,
    /// Empty: no rolling up.
    pub delimiter: String,
    /// Only keys after this one, or with an id marker also later uploads of this key. Empty: from the start.
    pub key_marker: String,
    /// Counts only with a key marker.
    pub id_marker: String,
    /// Uploads and prefixes together.
    pub max: usize,
}

#[derive(Clone, Debug, Default)]
pub struct UploadListing {
    pub uploads: Vec<Upload>,
    pub prefixes: Vec<String>,
    pub truncated: bool,
    /// Key and upload id of the last entry: the next page's markers.
    pub last: Option<(String, String)>,
}

impl Objects {
    /// The parts after number `after`. Errors: NoSuchUpload.
    pub async fn list_parts(
        &self,
        (bucket, key, id): (&str, &str, &str),
        after: u32,
        max: usize,
    ) -> Result<PartListing> {
        let (row, doc) = self.upload(bucket, key, id).await?;
        let upload_id = id.to_owned();
        let limit = i64::try_from(max).unwrap_or(i64::MAX).saturating_add(1);
        let mut rows = self
            .store
            .read(move |r| records::parts_after(r, &upload_id, i64::from(after), limit))
            .await?;
        let truncated = rows.len() > max;
        rows.truncate(max);
        let parts = rows
            .iter()
            .map(|row| part_of(row).map(|p| p.shown))
            .collect::<Result<_>>()?;
        Ok(PartListing {
            upload: upload_of(&row, &doc),
            parts,
            truncated,
        })
    }

    /// A page of a bucket's uploads in order of key and id, from one snapshot. Abandoned uploads are few: they are scanned.
    pub async fn list_uploads(&self, bucket: &str, request: UploadListRequest) -> Result<UploadListing> {
        let bucket = bucket.to_owned();
        let (rows, mut listing) = self
            .store
            .read(move |r| {
                let mut page = Page::default();
                let mut from = (
                    request.prefix.as_str().max(&request.key_marker).to_owned(),
                    String::new(),
                );
                loop {
                    let rows = records::uploads_from(r, &bucket, &from.0, &from.1, BATCH)?;
                    let exhausted = rows.len() < usize::try_from(BATCH).unwrap_or(usize::MAX);
                    let last = rows.last().map(|row| (row.key.clone(), row.id.clone()));
                    let full = rows.into_iter().any(|row| !page.take(&request, row));
                    match last {
                        // `take` knows the last row when it comes again.
                        Some(last) if !full && !exhausted => from = last,
                        _ => return Ok((page.rows, page.listing)),
                    }
                }
            })
            .await?;
        for row in &rows {
            listing.uploads.push(upload_of(row, &from_doc(&row.doc)?));
        }
        Ok(listing)
    }
}

#[derive(Default)]
struct Page {
    rows: Vec<UploadRow>,
    listing: UploadListing,
}

impl Page {
    /// False: nothing more is wanted.
    fn take(&mut self, request: &UploadListRequest, row: UploadRow) -> bool {
        let Some(rest) = row.key.strip_prefix(&request.prefix) else {
            return false;
        };
        let rolled_up = (!request.delimiter.is_empty())
            .then(|| rest.find(&request.delimiter))
            .flatten()
            .and_then(|at| row.key.get(..request.prefix.len() + at + request.delimiter.len()))
            .map(str::to_owned);
        let entry = match &rolled_up {
            Some(prefix) => (prefix.clone(), String::new()),
            None => (row.key.clone(), row.id.clone()),
        };
        let here = (entry.0.as_str(), entry.1.as_str());
        let marker = (request.key_marker.as_str(), request.id_marker.as_str());
        let passed = match marker {
            ("", _) => false,
            (key, "") => here.0 <= key,
            marker => here <= marker,
        };
        let repeated = self
            .listing
            .last
            .as_ref()
            .is_some_and(|(key, id)| here <= (key.as_str(), id.as_str()));
        if passed || repeated {
            return true;
        }
        if self.rows.len() + self.listing.prefixes.len() >= request.max {
            self.listing.truncated = request.max > 0;
            return false;
        }
        match rolled_up {
            Some(prefix) => self.listing.prefixes.push(prefix),
            None => self.rows.push(row),
        }
        self.listing.last = Some(entry);
        true
    }
}
