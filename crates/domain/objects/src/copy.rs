//! Copying: a read and a put. The bytes are read and hashed again, so that the copy's ETag and checksum are its own.

use std::collections::BTreeMap;

use kernel::{Cx, Result};

use crate::{
    Conditions, Headers, Integrity, NewObject, Objects, Put, Select, conditions::Refused, errors, receive::MAX_BODY,
};

/// What is copied and under which conditions.
#[derive(Clone, Debug, Default)]
pub struct CopySource {
    pub bucket: String,
    pub key: String,
    /// `x-amz-copy-source-if-…`
    pub conditions: Conditions,
}

/// Whether the copy keeps what the source says or gets its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Directive<T> {
    #[default]
    Copy,
    Replace(T),
}

impl Objects {
    /// `new` gives integrity (its algorithm: the copy's checksum), conditions of the target, storage class and website
    /// redirect, which are never copied. Errors: NoSuchKey, PreconditionFailed, InvalidRequest, and those of a put.
    pub async fn copy(
        &self,
        cx: &Cx,
        source: &CopySource,
        (bucket, key): (&str, &str),
        headers: Directive<Headers>,
        tags: Directive<BTreeMap<String, String>>,
        mut new: NewObject,
    ) -> Result<Put> {
        let own = &new.headers;
        let changes = headers != Directive::Copy || own.storage_class.is_some() || own.website_redirect.is_some();
        if source.bucket == bucket && source.key == key && !changes {
            return Err(errors::self_copy());
        }
        let download = self
            .open(
                &source.bucket,
                &source.key,
                &source.conditions,
                Refused::Failed,
                Select::Whole,
            )
            .await?;
        let from = &download.object;
        if from.size > MAX_BODY {
            return Err(errors::copy_source_too_large());
        }
        let kept = match headers {
            Directive::Copy => from.headers.clone(),
            Directive::Replace(headers) => headers,
        };
        new.headers = Headers {
            storage_class: new.headers.storage_class,
            website_redirect: new.headers.website_redirect,
            ..kept
        };
        new.tags = match tags {
            Directive::Copy => from.tags.clone(),
            Directive::Replace(tags) => tags,
        };
        new.integrity = Integrity {
            size: Some(from.size),
            algorithm: new
                .integrity
                .algorithm
                .or_else(|| from.checksum.as_ref().map(|c| c.algorithm)),
            ..Integrity::default()
        };
        self.put(cx, bucket, key, new, download.into_stream()).await
    }
}
