//! Multipart uploads: begun, their parts, ended.

use axum::body::Body;
use http::{Response, StatusCode, header};
use kernel::Result;
use objects::{Algorithm, ChecksumType, ChosenPart, Completion, NewPart, NewPartCopy, NewUpload, RangeRequest, Whole};

use crate::{
    answer::{document, empty},
    body::Inbound,
    call::S3Call,
    errors,
    headers::{self, object_headers, set, to_xml_date, write_conditions},
    object::write::refuse_object_lock,
    xml::{Node, rooted},
};

impl S3Call<'_> {
    pub(crate) async fn create_multipart_upload(&self) -> Result<Response<Body>> {
        self.check_object_acl()?;
        refuse_object_lock(self.headers)?;
        let algorithm = match self.header("x-amz-checksum-algorithm") {
            None => None,
            Some(name) => Some(Algorithm::by_name(name).ok_or_else(|| {
                errors::invalid_request("Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]")
            })?),
        };
        let checksum_type = self.header("x-amz-checksum-type").and_then(ChecksumType::by_name);
        let new = NewUpload {
            headers: object_headers(self.headers)?,
            tags: headers::tags(self.headers)?,
            algorithm,
            checksum_type,
        };
        let upload = self
            .s3
            .objects
            .begin_upload(self.cx, &self.intent.bucket, &self.intent.key, new)
            .await?;
        let mut xml = rooted("InitiateMultipartUploadResult");
        xml.element("Bucket", &self.intent.bucket)
            .element("Key", &self.intent.key)
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

    pub(super) fn target(&self) -> (&str, &str, &str) {
        (
            &self.intent.bucket,
            &self.intent.key,
            self.query.get("uploadId").unwrap_or(""),
        )
    }

    /// Errors: InvalidArgument.
    fn part_number(&self) -> Result<u32> {
        let value = self.query.get("partNumber").unwrap_or("");
        value.parse().map_err(|_| errors::part_number_out_of_range(value))
    }

    pub(crate) async fn upload_part(&self, body: Inbound) -> Result<Response<Body>> {
        let new = NewPart {
            number: self.part_number()?,
            integrity: body.integrity(self.headers)?,
        };
        let part = self
            .s3
            .objects
            .upload_part(self.cx, self.target(), new, body.into_stream())
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

    pub(crate) async fn upload_part_copy(&self) -> Result<Response<Body>> {
        let number = self.part_number()?;
        let range = self
            .header("x-amz-copy-source-range")
            .map(RangeRequest::parse_of_copy)
            .transpose()?;
        let reading = self.reading_source().await?;
        let source = self.source(&reading).await?;
        let part = self
            .s3
            .objects
            .upload_part_copy(self.cx, self.target(), NewPartCopy { number, range }, source)
            .await?;
        let mut xml = rooted("CopyPartResult");
        xml.element("LastModified", to_xml_date(part.modified_at))
            .element("ETag", format!("\"{}\"", part.etag));
        if let Some(checksum) = &part.checksum {
            xml.element(checksum.algorithm.element(), &checksum.value);
        }
        Ok(document(xml))
    }

    pub(crate) async fn complete_multipart_upload(&self, body: Inbound) -> Result<Response<Body>> {
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
        let asked = Completion {
            chosen,
            whole,
            conditions: write_conditions(self.headers)?,
        };
        let done = self.s3.objects.complete_upload(self.cx, self.target(), asked).await?;
        let mut xml = rooted("CompleteMultipartUploadResult");
        let host = self.header("host").unwrap_or("");
        xml.element(
            "Location",
            format!("http://{host}/{}/{}", self.intent.bucket, self.intent.key),
        );
        xml.element("Bucket", &self.intent.bucket)
            .element("Key", &self.intent.key);
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

    pub(crate) async fn abort_multipart_upload(&self) -> Result<Response<Body>> {
        let (bucket, key, id) = self.target();
        self.s3.objects.abort_upload(bucket, key, id).await?;
        Ok(empty(StatusCode::NO_CONTENT))
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
