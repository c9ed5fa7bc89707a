//! Copying: a read and a put. The bytes are read and hashed again, so that the copy's ETag and checksum are its own.

use std::collections::BTreeMap;

use kernel::Cx;

use super::{
    conditions::{Conditions, Reader},
    put::{NewObject, Put},
    range::Select,
    read::Download,
    stored::Headers,
};
use crate::{
    access::judge::Found,
    bucket::OpaqueSetting,
    content::receive::{Integrity, MAX_BODY},
    error::{Error, Result},
    objects::Objects,
};

/// What is copied and under which conditions.
pub struct CopySource<'a> {
    /// For who may read it.
    pub found: Found<'a>,
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

/// How the copy comes to differ from its source.
#[derive(Clone, Debug, Default)]
pub struct NewCopy {
    pub headers: Directive<Headers>,
    pub tags: Directive<BTreeMap<String, String>>,
    /// Integrity (its algorithm: the copy's checksum), conditions of the target, storage class and website redirect, which
    /// are never copied.
    pub own: NewObject,
    /// The client names a storage class, redirect or encryption, be it the one that is there: only then, or with new
    /// headers, may an object be copied onto itself.
    pub names_attributes: bool,
}

impl Objects {
    /// Errors: NoSuchKey, PreconditionFailed, InvalidRequest, and those of a put.
    pub async fn copy(
        &self,
        cx: &Cx,
        source: CopySource<'_>,
        (bucket, key): (&str, &str),
        new: NewCopy,
    ) -> Result<Put> {
        let NewCopy {
            headers,
            tags,
            own: mut new,
            names_attributes,
        } = new;
        let from = source.found.asked.intent;
        let onto_itself = from.bucket == bucket && from.key == key;
        let download = self.source(cx, source, Select::Whole).await?;
        if onto_itself && headers == Directive::Copy && !names_attributes {
            // What is asked of the target is answered first; a bucket's own rule of encryption counts as a change.
            let current = Some(download.object.etag.as_str());
            new.conditions.check_write(key, current)?;
            if !self
                .bucket(bucket)
                .await?
                .settings
                .opaque
                .contains_key(&OpaqueSetting::Encryption)
            {
                return Err(Error::SelfCopy);
            }
        }
        let from = &download.object;
        if from.size > MAX_BODY {
            return Err(Error::CopySourceTooLarge);
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
        self.put(cx, (bucket, key), new, download.into_stream()).await
    }

    /// Errors: NoSuchKey, PreconditionFailed, InvalidRange.
    pub(crate) async fn source(&self, cx: &Cx, source: CopySource<'_>, select: Select) -> Result<Download> {
        let CopySource { found, conditions } = source;
        let asked = found.asked.intent;
        let opened = self.open_for(cx, found, (&conditions, Reader::Copy), select).await?;
        opened.ok_or_else(|| Error::NoSuchKey { key: asked.key.clone() })
    }
}
