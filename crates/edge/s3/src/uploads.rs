//! Multipart uploads.

use http::{Response, StatusCode, header};
use kernel::Result;
use objects::{Algorithm, ChecksumType, ChosenPart, CopyRange, NewUpload, Upload, UploadListRequest, Whole, errors};

use super::{
    Body,
    body::Inbound,
    call::Call,
    canonical_id, document, empty,
    headers::{self, object_headers, set, to_xml_date, write_conditions},
    lists::prefixes,
    writes::refuse_object_lock,
    xml::{Node, Xml},
};

const MAX_LISTED: u32 = 1000;

impl Call<'_> {
    pub(super) async fn create_multipart_upload(&self) -> Result<Response<Body>> {
        self.check_object_acl()?;
        refuse_object_lock(&self.headers)?;
        let algorithm = match self.header("x-amz-checksum-algorithm") {
            None => None,
            Some(name) => Some(Algorithm::by_name(name).ok_or_else(|| {
                errors::invalid_request("Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]")
            })?),
        };
        let checksum_type = self.header("x-amz-checksum-type").and_then(ChecksumType::by_name);
        let new = NewUpload {
            headers: object_headers(&self.headers)?,
            tags: headers::tags(&self.headers)?,
            algorithm,
            checksum_type,
        };
        let upload = self
            .s3
            .objects
            .begin_upload(self.cx, &self.bucket_name, &self.key, new)
            .await?;
        let mut xml = Xml::new("InitiateMultipartUploadResult");
        xml.element("Bucket", &self.bucket_name)
            .element("Key", &self.key)
            .element("UploadId", &upload.id);
        let mut response = document(xml);
        if upload.algorithm_chosen {
            set(
                response.headers_mut(),
                "x-amz-checksum-algorithm",
                upload.algorithm.name(),
            );
            set(
                response.headers_mut(),
                "x-amz-checksum-type",
                upload.checksum_type.name(),
            );
        }
        Ok(response)
    }

    fn target(&self) -> (&str, &str, &str) {
        (&self.bucket_name, &self.key, self.query.get("uploadId").unwrap_or(""))
    }

    /// Errors: InvalidArgument.
    fn part_number(&self) -> Result<u32> {
        let value = self.query.get("partNumber").unwrap_or("");
        value.parse().map_err(|_| errors::part_number_out_of_range(value))
    }

    pub(super) async fn upload_part(&self, body: Inbound) -> Result<Response<Body>> {
        let number = self.part_number()?;
        let integrity = body.integrity(&self.headers)?;
        let part = self
            .s3
            .objects
            .upload_part(self.cx, self.target(), number, integrity, body.into_stream())
            .await?;
        let mut response = empty(StatusCode::OK);
        set(
            response.headers_mut(),
            header::ETAG.as_str(),
            &format!("\"{}\"", part.etag),
        );
        if let Some(checksum) = &part.checksum {
            set(response.headers_mut(), checksum.algorithm.header(), &checksum.value);
        }
        Ok(response)
    }

    pub(super) async fn upload_part_copy(&self) -> Result<Response<Body>> {
        let number = self.part_number()?;
        let range = self
            .header("x-amz-copy-source-range")
            .map(CopyRange::parse)
            .transpose()?;
        let source = self.source().await?;
        let part = self
            .s3
            .objects
            .upload_part_copy(self.cx, self.target(), number, &source, range)
            .await?;
        let mut xml = Xml::new("CopyPartResult");
        xml.element("LastModified", to_xml_date(part.modified_at))
            .element("ETag", format!("\"{}\"", part.etag));
        if let Some(checksum) = &part.checksum {
            xml.element(checksum.algorithm.element(), &checksum.value);
        }
        Ok(document(xml))
    }

    pub(super) async fn complete_multipart_upload(&self, body: Inbound) -> Result<Response<Body>> {
        let whole = self.whole()?;
        // The checksum headers speak of the object here, not of this document.
        let mut of_document = self.headers.clone();
        for algorithm in Algorithm::ALL {
            of_document.remove(algorithm.header());
        }
        let document_text = body.document(&of_document).await?;
        if document_text.is_empty() {
            return Err(errors::no_parts());
        }
        let node = Node::parse(&document_text, "CompleteMultipartUpload")?;
        let chosen = node.all("Part").map(read_part).collect::<Result<Vec<_>>>()?;
        let conditions = write_conditions(&self.headers)?;
        let done = self
            .s3
            .objects
            .complete_upload(self.cx, self.target(), &chosen, whole, conditions)
            .await?;
        let mut xml = Xml::new("CompleteMultipartUploadResult");
        let host = self.header("host").unwrap_or("");
        xml.element("Location", format!("http://{host}/{}/{}", self.bucket_name, self.key));
        xml.element("Bucket", &self.bucket_name).element("Key", &self.key);
        xml.element("ETag", format!("\"{}\"", done.etag));
        xml.element(done.checksum.algorithm.element(), &done.checksum.value);
        xml.element("ChecksumType", done.checksum.kind.name());
        Ok(document(xml))
    }

    /// What the client says of the whole object. Errors: InvalidArgument.
    fn whole(&self) -> Result<Whole> {
        let checksum = Algorithm::ALL
            .into_iter()
            .find_map(|a| Some((a, self.header(a.header())?.trim().to_owned())));
        let name = "x-amz-mp-object-size";
        let size = match self.header(name) {
            None => None,
            Some(value) => {
                let invalid = |_| errors::invalid_argument(format!("The {name} header is not a number"), name, value);
                Some(value.trim().parse().map_err(invalid)?)
            }
        };
        Ok(Whole { checksum, size })
    }

    pub(super) async fn abort_multipart_upload(&self) -> Result<Response<Body>> {
        let (bucket, key, id) = self.target();
        self.s3.objects.abort_upload(bucket, key, id).await?;
        Ok(empty(StatusCode::NO_CONTENT))
    }

    pub(super) async fn list_parts(&self) -> Result<Response<Body>> {
        let (bucket, key, id) = self.target();
        let max = self.number("max-parts", MAX_LISTED)?.min(MAX_LISTED);
        let after = self.number("part-number-marker", 0)?;
        let encoding = self.encoding()?;
        let listing = self.s3.objects.list_parts(bucket, key, id, after, max as usize).await?;
        let upload = &listing.upload;
        let mut xml = Xml::new("ListPartsResult");
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

    pub(super) async fn list_multipart_uploads(&self) -> Result<Response<Body>> {
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
        let listing = self.s3.objects.list_uploads(&self.bucket_name, request.clone()).await?;
        let mut xml = Xml::new("ListMultipartUploadsResult");
        xml.element("Bucket", &self.bucket_name)
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

/// Errors: MalformedXML.
fn read_part(node: &Node) -> Result<ChosenPart> {
    let number = node
        .required("PartNumber")?
        .parse()
        .map_err(|_| errors::malformed_xml())?;
    let checksum = Algorithm::ALL
        .into_iter()
        .find_map(|a| node.value(a.element()).map(|value| (a, value)));
    Ok(ChosenPart {
        number,
        etag: node.required("ETag")?,
        checksum,
    })
}
