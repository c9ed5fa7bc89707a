//! ListObjects, ListObjectsV2, ListObjectVersions.

use axum::body::Body;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::Response;
use kernel::Result;
use objects::{ListRequest, Listing, Object};

use crate::{
    answer::document,
    call::S3Call,
    errors,
    headers::to_xml_date,
    listing::{Encoding, prefixes},
    xml::{Xml, rooted},
};

const MAX_KEYS: u32 = 1000;

impl S3Call<'_> {
    pub(crate) async fn list_objects(&self) -> Result<Response<Body>> {
        let marker = self.query.get("marker").unwrap_or("");
        let after = (!marker.is_empty()).then(|| marker.to_owned());
        let (encoding, listing, max) = self.list_page(after).await?;
        let mut xml = self.list_head("ListBucketResult", encoding, max, &listing);
        xml.element("Marker", encoding.of(marker));
        // Without a delimiter the last key tells where to go on.
        if listing.truncated && self.query.get("delimiter").is_some_and(|d| !d.is_empty()) {
            xml.optional("NextMarker", listing.last.as_deref().map(|last| encoding.of(last)));
        }
        self.list_entries(&mut xml, encoding, &listing, true);
        Ok(document(xml))
    }

    pub(crate) async fn list_objects_v2(&self) -> Result<Response<Body>> {
        let token = self.query.get("continuation-token");
        let start_after = self.query.get("start-after").filter(|v| !v.is_empty());
        let after = match token {
            Some(token) => Some(read_token(token)?),
            None => start_after.map(str::to_owned),
        };
        let (encoding, listing, max) = self.list_page(after).await?;
        let mut xml = self.list_head("ListBucketResult", encoding, max, &listing);
        let count = listing.objects.len() + listing.prefixes.len();
        xml.number("KeyCount", count as u64)
            .optional("ContinuationToken", token);
        if listing.truncated {
            xml.optional(
                "NextContinuationToken",
                listing.last.as_deref().map(|last| URL_SAFE_NO_PAD.encode(last)),
            );
        }
        // A continuation token says where to begin: nothing else does.
        let start_after = start_after.filter(|_| token.is_none());
        xml.optional("StartAfter", start_after.map(|key| encoding.of(key)));
        let owners = self.query.get("fetch-owner") == Some("true");
        self.list_entries(&mut xml, encoding, &listing, owners);
        Ok(document(xml))
    }

    /// Every object is its one version, `null`: what clients that empty a bucket ask for.
    pub(crate) async fn list_object_versions(&self) -> Result<Response<Body>> {
        let marker = self.query.get("key-marker").unwrap_or("");
        let after = (!marker.is_empty()).then(|| marker.to_owned());
        let (encoding, listing, max) = self.list_page(after).await?;
        let mut xml = self.list_head("ListVersionsResult", encoding, max, &listing);
        xml.element("KeyMarker", encoding.of(marker))
            .element("VersionIdMarker", "");
        if listing.truncated {
            xml.optional("NextKeyMarker", listing.last.as_deref().map(|last| encoding.of(last)));
            xml.element("NextVersionIdMarker", "null");
        }
        for object in &listing.objects {
            xml.open("Version")
                .element("Key", encoding.of(&object.key))
                .element("VersionId", "null");
            xml.flag("IsLatest", true);
            entry(&mut xml, object);
            self.owner(&mut xml);
            xml.close();
        }
        prefixes(&mut xml, encoding, &listing.prefixes);
        Ok(document(xml))
    }

    async fn list_page(&self, after: Option<String>) -> Result<(Encoding, Listing, u32)> {
        let encoding = self.encoding()?;
        let max = self.number("max-keys", MAX_KEYS)?.min(MAX_KEYS);
        let request = ListRequest {
            prefix: self.query.get("prefix").unwrap_or("").to_owned(),
            delimiter: self.query.get("delimiter").unwrap_or("").to_owned(),
            after,
            max: max as usize,
        };
        let listing = self.s3.objects.list(&self.intent.bucket, request).await?;
        Ok((encoding, listing, max))
    }

    fn list_head(&self, root: &'static str, encoding: Encoding, max: u32, listing: &Listing) -> Xml {
        let mut xml = rooted(root);
        xml.element("Name", &self.intent.bucket);
        xml.element("Prefix", encoding.of(self.query.get("prefix").unwrap_or("")));
        let delimiter = self.query.get("delimiter").filter(|d| !d.is_empty());
        xml.optional("Delimiter", delimiter.map(|d| encoding.of(d)))
            .number("MaxKeys", max);
        if matches!(encoding, Encoding::Url) {
            xml.element("EncodingType", "url");
        }
        xml.flag("IsTruncated", listing.truncated);
        xml
    }

    fn list_entries(&self, xml: &mut Xml, encoding: Encoding, listing: &Listing, owners: bool) {
        for object in &listing.objects {
            xml.open("Contents").element("Key", encoding.of(&object.key));
            entry(xml, object);
            if owners {
                self.owner(xml);
            }
            xml.close();
        }
        prefixes(xml, encoding, &listing.prefixes);
    }
}

fn entry(xml: &mut Xml, object: &Object) {
    xml.element("LastModified", to_xml_date(object.modified_at))
        .element("ETag", format!("\"{}\"", object.etag));
    if let Some(checksum) = &object.checksum {
        xml.element("ChecksumAlgorithm", checksum.algorithm.name())
            .element("ChecksumType", checksum.kind.name());
    }
    xml.number("Size", object.size);
    xml.element(
        "StorageClass",
        object.headers.storage_class.as_deref().unwrap_or("STANDARD"),
    );
}

/// Errors: InvalidArgument.
fn read_token(token: &str) -> Result<String> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok();
    bytes
        .and_then(|b| String::from_utf8(b).ok())
        .filter(|key| !key.is_empty() && !key.contains('\0'))
        .ok_or_else(|| {
            errors::invalid_argument(
                "The continuation token provided is incorrect",
                "continuation-token",
                token,
            )
        })
}
