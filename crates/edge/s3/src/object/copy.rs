//! CopyObject, and leave to read the source of a copy.

use std::{collections::BTreeMap, sync::Arc};

use axum::body::Body;
use http::Response;
use kernel::Result;
use objects::{Algorithm, Asked, Bucket, CopySource, Directive, Headers, Integrity, Intent, NewCopy, NewObject};

use crate::{
    answer::document,
    call::S3Call,
    errors,
    headers::{
        self, ENCRYPTION, conditions, copied_version, copy_source, object_headers, to_xml_date, write_conditions,
    },
    object::write::refuse_object_lock,
    xml::rooted,
};

/// What the source of a copy is read with.
pub(crate) struct ReadingSource {
    bucket: Arc<Bucket>,
    intent: Intent,
}

impl S3Call<'_> {
    pub(crate) async fn copy_object(&self) -> Result<Response<Body>> {
        self.check_object_acl()?;
        refuse_object_lock(self.headers)?;
        let reading = self.reading_source().await?;
        let source = self.source(&reading).await?;
        let own = object_headers(self.headers)?;
        let replaces = self.directive("x-amz-metadata-directive")?;
        let names_attributes = ["x-amz-storage-class", "x-amz-website-redirect-location", ENCRYPTION.0]
            .iter()
            .any(|name| self.headers.contains_key(*name));
        let target_own = NewObject {
            headers: Headers {
                storage_class: own.storage_class.clone(),
                website_redirect: own.website_redirect.clone(),
                ..Headers::default()
            },
            conditions: write_conditions(self.headers)?,
            integrity: Integrity {
                algorithm: self.header("x-amz-checksum-algorithm").and_then(Algorithm::by_name),
                ..Integrity::default()
            },
            ..NewObject::default()
        };
        let kept_headers = if replaces {
            Directive::Replace(own)
        } else {
            Directive::Copy
        };
        let kept_tags: Directive<BTreeMap<String, String>> = if self.directive("x-amz-tagging-directive")? {
            Directive::Replace(headers::tags(self.headers)?)
        } else {
            Directive::Copy
        };
        let new = NewCopy {
            headers: kept_headers,
            tags: kept_tags,
            own: target_own,
            names_attributes,
        };
        let target = (self.intent.bucket.as_str(), self.intent.key.as_str());
        let put = self.s3.objects.copy(self.cx, source, target, new).await?;
        let mut xml = rooted("CopyObjectResult");
        xml.element("LastModified", to_xml_date(put.modified_at))
            .element("ETag", format!("\"{}\"", put.etag));
        xml.element("ChecksumType", put.checksum.kind.name());
        xml.element(put.checksum.algorithm.element(), &put.checksum.value);
        Ok(document(xml))
    }

    /// To read what `x-amz-copy-source` names. Errors: InvalidArgument, NoSuchBucket.
    pub(crate) async fn reading_source(&self) -> Result<ReadingSource> {
        let (name, key) = copy_source(self.headers)?;
        Ok(ReadingSource {
            bucket: self.s3.objects.bucket(&name).await?,
            intent: Intent {
                expected_owner: self.header("x-amz-source-expected-bucket-owner").map(str::to_owned),
                ..self.intent.to_read(&name, &key, copied_version(self.headers))
            },
        })
    }

    /// The source, once the caller is known to be allowed to read it. Errors: AccessDenied, NoSuchKey.
    pub(crate) async fn source<'s>(&'s self, reading: &'s ReadingSource) -> Result<CopySource<'s>> {
        let objects = &self.s3.objects;
        let asked = Asked {
            caller: &self.caller,
            intent: &reading.intent,
            bucket: Some(&reading.bucket),
        };
        match objects.judged(self.cx, asked).await? {
            Some(found) => Ok(CopySource {
                found,
                conditions: conditions(self.headers, "x-amz-copy-source-", self.cx.wall()),
            }),
            None => Err(objects.absence(self.cx, asked).await.into()),
        }
    }

    /// True: REPLACE. Errors: InvalidArgument.
    fn directive(&self, header: &str) -> Result<bool> {
        match self.header(header) {
            None | Some("COPY") => Ok(false),
            Some("REPLACE") => Ok(true),
            Some(other) => Err(errors::invalid_argument("Unknown metadata directive.", header, other)),
        }
    }
}
