//! CopyObject, and leave to read the source of a copy.

use std::collections::BTreeMap;

use axum::body::Body;
use http::Response;
use kernel::Result;
use objects::{Algorithm, CopySource, Directive, Headers, Integrity, Intent, NewCopy, NewObject, On};

use crate::{
    answer::document,
    call::Call,
    errors,
    headers::{
        self, ENCRYPTION, conditions, copied_version, copy_source, object_headers, to_xml_date, write_conditions,
    },
    object::write::refuse_object_lock,
    xml::rooted,
};

impl Call<'_> {
    pub(crate) async fn copy_object(&self) -> Result<Response<Body>> {
        self.check_object_acl()?;
        refuse_object_lock(&self.headers)?;
        let source = self.source().await?;
        let own = object_headers(&self.headers)?;
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
            conditions: write_conditions(&self.headers)?,
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
            Directive::Replace(headers::tags(&self.headers)?)
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
        let put = self.s3.objects.copy(self.cx, &source, target, new).await?;
        let mut xml = rooted("CopyObjectResult");
        xml.element("LastModified", to_xml_date(put.modified_at))
            .element("ETag", format!("\"{}\"", put.etag));
        xml.element("ChecksumType", put.checksum.kind.name());
        xml.element(put.checksum.algorithm.element(), &put.checksum.value);
        Ok(document(xml))
    }

    /// The source, once the caller is known to be allowed to read it. Errors: AccessDenied, NoSuchBucket, NoSuchKey.
    pub(crate) async fn source(&self) -> Result<CopySource> {
        let (name, key) = copy_source(&self.headers)?;
        let objects = &self.s3.objects;
        let bucket = objects.bucket(&name).await?;
        let intent = Intent {
            expected_owner: self.header("x-amz-source-expected-bucket-owner").map(str::to_owned),
            ..self.intent.to_read(&name, &key, copied_version(&self.headers))
        };
        let found = objects.find(&name, &key).await?;
        let on = On {
            bucket: Some(&bucket),
            object: found.as_ref().map(|found| &found.object),
        };
        objects.authorize(self.cx, &self.caller, &intent, on).await?;
        if found.is_none() {
            let absence = objects.absence(self.cx, &self.caller, &intent, &bucket);
            return Err(absence.await.into());
        }
        Ok(CopySource {
            bucket: name,
            key,
            conditions: conditions(&self.headers, "x-amz-copy-source-", self.cx.wall()),
        })
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
