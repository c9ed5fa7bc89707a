//! Buckets and objects: who may do what with them, what a bucket's settings mean, bytes as files under one folder, rows in the
//! store. It owns what S3 promises about keys, listings, conditions, checksums, multipart uploads, policies and settings. It
//! never sees HTTP, XML or signatures: the crate `s3` adapts those to it. Start at [`Objects`]; `access` says what an
//! operation needs leave for, `content/folder.rs` why a crash leaves no torn object.

mod access;
mod bucket;
mod content;
mod document;
mod error;
mod object;
mod objects;
mod upload;

pub use access::{Asked, Found, Intent, Manner, Operation, Setting, Signature, bucket_arn};
pub use bucket::{
    Answer, Bucket, BucketEntry, BucketListRequest, BucketPolicy, Buckets, Condition, Cors, CorsGrant, CorsRule,
    ErrorAnswer, GLOBAL_REGION, Location, OpaqueSetting, Ownership, PublicAccessBlock, Redirect, RedirectAll,
    RoutingRule, Settings, Target, Versioning, Website, check_bucket_name, is_known_region,
};
pub use content::{
    Algorithm, Checksum, ChecksumType, Expected, Folder, Integrity, MAX_BODY, Sha256, Trailers, check_document,
};
pub use error::{Error, Result};
pub use object::{
    Conditions, CopySource, DeleteConditions, Directive, Download, EtagTest, Headers, ListRequest, Listing, NewCopy,
    NewObject, Object, Put, RangeRequest, Select, Span, TagSet, check_key,
};
pub use objects::Objects;
pub use upload::{
    ChosenPart, Completed, Completion, NewPart, NewPartCopy, NewUpload, Part, PartListing, Upload, UploadListRequest,
    UploadListing, UploadedPart, Whole,
};

#[cfg(test)]
mod tests;
