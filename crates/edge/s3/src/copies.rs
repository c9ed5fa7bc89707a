//! CopyObject, and leave to read the source of a copy.

use http::Response;
use kernel::{Code, Result};
use objects::{Algorithm, CopySource, Directive, Headers, Integrity, NewCopy, NewObject, errors};
use std::{collections::BTreeMap, sync::Arc};

use super::{
    Body,
    call::{Call, bucket_arn, object_arn},
    document,
    headers::{
        self, ENCRYPTION, conditions, copied_version, copy_source, object_headers, to_xml_date, write_conditions,
    },
    operation::Op,
    writes::refuse_object_lock,
    xml::Xml,
};

impl Call<'_> {
    pub(super) async fn copy_object(&self) -> Result<Response<Body>> {
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
        let target = (self.bucket_name.as_str(), self.key.as_str());
        let put = self.s3.objects.copy(self.cx, &source, target, new).await?;
        let mut xml = Xml::new("CopyObjectResult");
        xml.element("LastModified", to_xml_date(put.modified_at))
            .element("ETag", format!("\"{}\"", put.etag));
        xml.element("ChecksumType", put.checksum.kind.name());
        xml.element(put.checksum.algorithm.element(), &put.checksum.value);
        Ok(document(xml))
    }

    /// The source, once the caller is known to be allowed to read it. Errors: AccessDenied, NoSuchBucket, NoSuchKey.
    pub(super) async fn source(&self) -> Result<CopySource> {
        let (bucket_name, key) = copy_source(&self.headers)?;
        let bucket = self.s3.objects.bucket(&bucket_name).await?;
        self.check_expected_owner("x-amz-source-expected-bucket-owner", Some(&bucket))?;
        let conditions = conditions(&self.headers, "x-amz-copy-source-", self.cx.wall());
        let found = self
            .s3
            .objects
            .head(&bucket_name, &key, &objects::Conditions::default())
            .await;
        let mut keys = self.common_keys(Some(&bucket));
        if let Ok(object) = &found {
            let tags = object
                .tags
                .iter()
                .map(|(k, v)| (format!("s3:ExistingObjectTag/{k}"), v.clone()));
            keys.single.extend(tags);
        }
        let mut actions = vec!["s3:GetObject"];
        if let Some(version) = copied_version(&self.headers) {
            actions.extend(Op::GetObject.version_action());
            keys.single.push(("s3:VersionId".to_owned(), version.to_owned()));
        }
        let keys = Arc::new(keys);
        for action in actions {
            self.ask(action, object_arn(&bucket_name, &key), Some(&bucket), &keys)
                .await?;
        }
        match found {
            Err(error) if error.code() == Code("NoSuchKey") => {
                self.ask("s3:ListBucket", bucket_arn(&bucket_name), Some(&bucket), &keys)
                    .await?;
                Err(error)
            }
            Err(error) => Err(error),
            Ok(_) => Ok(CopySource {
                bucket: bucket_name,
                key,
                conditions,
            }),
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
