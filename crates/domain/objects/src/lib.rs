//! Buckets and objects: bytes as files under one folder, rows in the store. It owns what S3 promises about keys, listings,
//! conditions, checksums, multipart uploads and bucket settings. It never sees HTTP, XML, signatures or policies: the
//! server's `s3` module adapts those to it. Start at [`Objects`]; `folder` says why a crash leaves no torn object.

mod bucket;
mod checksum;
mod conditions;
mod copy;
mod cors;
mod delete;
pub mod errors;
mod folder;
mod list;
mod location;
mod multipart;
mod names;
mod object;
mod put;
mod read;
mod receive;
mod settings;
mod tags;
mod website;

use std::sync::Arc;

pub use bucket::{Bucket, BucketListRequest, Buckets};
pub use checksum::{Algorithm, Checksum, ChecksumType, Sha256};
pub use conditions::{Conditions, DeleteConditions, EtagTest};
pub use copy::{CopySource, Directive, NewCopy};
pub use cors::{Cors, CorsGrant, CorsRule};
pub use folder::Folder;
pub use list::{ListRequest, Listing};
pub use location::{GLOBAL_REGION, Location, is_known_region};
pub use multipart::{
    ChosenPart, Completed, CopyRange, NewUpload, Part, PartListing, Upload, UploadListRequest, UploadListing,
    UploadedPart, Whole,
};
pub use names::{check_bucket_name, check_key};
pub use object::{Headers, Object};
pub use put::{NewObject, Put};
pub use read::{Download, RangeRequest, Select, Span};
pub use receive::{Expected, Integrity, MAX_BODY, Trailers, check_document};
pub use settings::{OpaqueSetting, Ownership, PublicAccessBlock, Settings, Versioning};
pub use tags::TagSet;
pub use website::{Answer, Condition, ErrorAnswer, Redirect, RedirectAll, RoutingRule, Target, Website};

use kernel::{ApiError, Result, Timestamp};
use store::Store;

/// All buckets of one Poolhouse. Cheap to clone.
#[derive(Clone)]
pub struct Objects {
    store: Store,
    folder: Arc<Folder>,
}

impl Objects {
    /// `folder` is opened by [`Folder::open`]. Call [`Objects::sweep`] in the background afterwards, and from time to time.
    pub fn new(store: Store, folder: Folder) -> Self {
        Self {
            store,
            folder: Arc::new(folder),
        }
    }

    /// Removes what a crash left: files that no row says are in use. Answers how many. Contents of puts in flight stay.
    pub async fn sweep(&self) -> Result<u64> {
        let mut removed = 0;
        for shard in folder::shards() {
            let found = self.folder.in_shard(&shard).await?;
            if found.is_empty() {
                continue;
            }
            let (from, to) = folder::shard_range(&shard);
            let used = self
                .store
                .read(move |r| store::records::objects::contents_between(r, &from, &to))
                .await?;
            for id in found.iter().filter(|id| used.binary_search(id).is_err()) {
                tracing::info!(%id, "removing a file that no object uses");
                self.folder.remove(id).await;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

/// A document that we wrote and can't read: 500.
#[track_caller]
fn corrupt(error: &serde_json::Error) -> ApiError {
    ApiError::internal(format_args!("stored document: {error}"))
}

fn to_doc<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| corrupt(&error))
}

fn from_doc<T: serde::de::DeserializeOwned>(doc: &str) -> Result<T> {
    serde_json::from_str(doc).map_err(|error| corrupt(&error))
}

fn size_of_row(size: i64) -> u64 {
    u64::try_from(size).unwrap_or(0)
}

fn row_size(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

/// S3 shows whole seconds in headers and milliseconds in lists; conditions compare whole seconds.
fn whole_seconds(t: Timestamp) -> i64 {
    t.secs()
}

#[cfg(test)]
mod tests;
