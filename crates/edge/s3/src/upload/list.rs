//! ListParts and ListMultipartUploads.

use axum::body::Body;
use http::Response;
use iam::canonical_id;
use kernel::Result;
use objects::{Upload, UploadListRequest};

use crate::{
    answer::document,
    call::S3Call,
    headers::to_xml_date,
    listing::prefixes,
    xml::{Xml, rooted},
};

const MAX_LISTED: u32 = 1000;

impl S3Call<'_> {
    pub(crate) async fn list_parts(&self) -> Result<Response<Body>> {
        let (bucket, key, id) = self.target();
        let max = self.number("max-parts", MAX_LISTED)?.min(MAX_LISTED);
        let after = self.number("part-number-marker", 0)?;
        let encoding = self.encoding()?;
        let listing = self
            .s3
            .objects
            .list_parts((bucket, key, id), after, max as usize)
            .await?;
        let upload = &listing.upload;
        let mut xml = rooted("ListPartsResult");
        xml.element("Bucket", bucket)
            .element("Key", encoding.of(key))
            .element("UploadId", id);
        xml.number("PartNumberMarker", after);
        // Not only where there is more.
        xml.number("NextPartNumberMarker", listing.parts.last().map_or(0, |p| p.number));
        xml.number("MaxParts", max).flag("IsTruncated", listing.truncated);
        self.initiator(&mut xml, upload);
        for part in &listing.parts {
            xml.open("Part")
                .number("PartNumber", part.number)
                .element("LastModified", to_xml_date(part.modified_at));
            xml.element("ETag", format!("\"{}\"", part.etag))
                .number("Size", part.size);
            if upload.algorithm_chosen {
                xml.element(upload.algorithm.element(), &part.checksum);
            }
            xml.close();
        }
        Ok(document(xml))
    }

    fn initiator(&self, xml: &mut Xml, upload: &Upload) {
        xml.open("Initiator")
            .element("ID", canonical_id(self.cx.account()))
            .close();
        self.owner(xml);
        xml.element("StorageClass", upload.storage_class.as_deref().unwrap_or("STANDARD"));
        if upload.algorithm_chosen {
            xml.element("ChecksumAlgorithm", upload.algorithm.name());
            xml.element("ChecksumType", upload.checksum_type.name());
        }
    }

    pub(crate) async fn list_multipart_uploads(&self) -> Result<Response<Body>> {
        let max = self.number("max-uploads", MAX_LISTED)?.min(MAX_LISTED);
        let encoding = self.encoding()?;
        let value = |name: &str| self.query.get(name).unwrap_or("").to_owned();
        let request = UploadListRequest {
            prefix: value("prefix"),
            delimiter: value("delimiter"),
            key_marker: value("key-marker"),
            id_marker: value("upload-id-marker"),
            max: max as usize,
        };
        let listing = self
            .s3
            .objects
            .list_uploads(&self.intent.bucket, request.clone())
            .await?;
        let mut xml = rooted("ListMultipartUploadsResult");
        xml.element("Bucket", &self.intent.bucket)
            .element("KeyMarker", encoding.of(&request.key_marker));
        xml.element("UploadIdMarker", &request.id_marker);
        // Not only where there is more.
        let (key, id) = listing.last.clone().unwrap_or_default();
        xml.element("NextKeyMarker", encoding.of(&key))
            .element("NextUploadIdMarker", id);
        xml.element("Prefix", encoding.of(&request.prefix));
        if !request.delimiter.is_empty() {
            xml.element("Delimiter", encoding.of(&request.delimiter));
        }
        xml.number("MaxUploads", max).flag("IsTruncated", listing.truncated);
        for upload in &listing.uploads {
            xml.open("Upload")
                .element("Key", encoding.of(&upload.key))
                .element("UploadId", &upload.id);
            self.initiator(&mut xml, upload);
            xml.element("Initiated", to_xml_date(upload.begun_at)).close();
        }
        prefixes(&mut xml, encoding, &listing.prefixes);
        Ok(document(xml))
    }
}
