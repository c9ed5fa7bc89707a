//! S3's error codes and sentences, each once. Further members (BucketName, Key, …) become elements of the error body.
//! Reference: identity-pools-iam 10.5 and 11.2; the rest from the S3 API reference's list of error codes.

use kernel::{ApiError, Code};

macro_rules! plain_errors {
    ($($(#[$doc:meta])* $name:ident => $code:literal, $message:literal;)*) => {$(
        $(#[$doc])*
        #[track_caller]
        pub fn $name() -> ApiError {
            ApiError::new(Code($code), $message)
        }
    )*};
}

plain_errors! {
    /// The plain refusal: no more is said to strangers.
    access_denied => "AccessDenied", "Access Denied";
    acl_not_supported => "AccessControlListNotSupported", "The bucket does not allow ACLs";
    bad_content_md5 => "BadDigest", "The Content-MD5 you specified did not match what we received.";
    bucket_not_empty => "BucketNotEmpty", "The bucket you tried to delete is not empty";
    incomplete_body => "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header";
    invalid_content_md5 => "InvalidDigest", "The Content-MD5 you specified was invalid.";
    invalid_part => "InvalidPart", "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.";
    invalid_part_order => "InvalidPartOrder", "The list of parts was not in ascending order. Parts must be ordered by part number.";
    invalid_range => "InvalidRange", "The requested range is not satisfiable";
    invalid_location => "InvalidLocationConstraint", "The specified location-constraint is not valid";
    illegal_location => "IllegalLocationConstraintException", "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.";
    malformed_xml => "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema";
    missing_content_length => "MissingContentLength", "You must provide the Content-Length HTTP header.";
    method_not_allowed => "MethodNotAllowed", "The specified method is not allowed against this resource.";
    not_implemented => "NotImplemented", "A header you provided implies functionality that is not implemented";
    not_modified => "NotModified", "Not Modified";
    operation_aborted => "OperationAborted", "A conflicting conditional operation is currently in progress against this resource. Please try again.";
    self_copy => "InvalidRequest", "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.";
    copy_source_too_large => "InvalidRequest", "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120";
    user_metadata_too_large => "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size";
}

#[track_caller]
pub fn bucket_already_exists(bucket: &str) -> ApiError {
    ApiError::new(
        Code("BucketAlreadyExists"),
        "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
    )
    .with_member("BucketName", bucket)
}

#[track_caller]
pub fn bucket_already_owned_by_you(bucket: &str) -> ApiError {
    ApiError::new(
        Code("BucketAlreadyOwnedByYou"),
        "Your previous request to create the named bucket succeeded and you already own it.",
    )
    .with_member("BucketName", bucket)
}

#[track_caller]
pub fn invalid_bucket_name(bucket: &str) -> ApiError {
    ApiError::new(Code("InvalidBucketName"), "The specified bucket is not valid.").with_member("BucketName", bucket)
}

#[track_caller]
pub fn no_such_bucket(bucket: &str) -> ApiError {
    ApiError::new(Code("NoSuchBucket"), "The specified bucket does not exist").with_member("BucketName", bucket)
}

#[track_caller]
pub fn no_such_key(key: &str) -> ApiError {
    ApiError::new(Code("NoSuchKey"), "The specified key does not exist.").with_member("Key", key)
}

#[track_caller]
pub fn key_too_long(size: usize) -> ApiError {
    ApiError::new(Code("KeyTooLongError"), "Your key is too long")
        .with_member("Size", size.to_string())
        .with_member("MaxSizeAllowed", "1024")
}

#[track_caller]
pub fn no_such_upload(id: &str) -> ApiError {
    ApiError::new(
        Code("NoSuchUpload"),
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    )
    .with_member("UploadId", id)
}

#[track_caller]
pub fn entity_too_small(number: u32, size: u64, etag: &str) -> ApiError {
    ApiError::new(
        Code("EntityTooSmall"),
        "Your proposed upload is smaller than the minimum allowed size",
    )
    .with_member("ProposedSize", size.to_string())
    .with_member("MinSizeAllowed", crate::multipart::MIN_PART_SIZE.to_string())
    .with_member("PartNumber", number.to_string())
    .with_member("ETag", etag)
}

#[track_caller]
pub fn entity_too_large(limit: u64) -> ApiError {
    ApiError::new(
        Code("EntityTooLarge"),
        "Your proposed upload exceeds the maximum allowed size",
    )
    .with_member("MaxSizeAllowed", limit.to_string())
}

/// `condition` is the header that failed: `If-Match`, `If-None-Match`, …
#[track_caller]
pub fn precondition_failed(condition: &str) -> ApiError {
    ApiError::new(
        Code("PreconditionFailed"),
        "At least one of the pre-conditions you specified did not hold",
    )
    .with_member("Condition", condition)
}

/// `algorithm` as S3 spells it: `CRC32`, `SHA256`, …
#[track_caller]
pub fn checksum_mismatch(algorithm: &str) -> ApiError {
    ApiError::new(
        Code("BadDigest"),
        format!("The {algorithm} you specified did not match the calculated checksum."),
    )
}

/// `header` is the checksum's header, such as `x-amz-checksum-crc32`.
#[track_caller]
pub fn invalid_checksum(header: &str) -> ApiError {
    invalid_request(format!("Value for {header} header is invalid."))
}

#[track_caller]
pub fn content_sha256_mismatch(client: &str, server: &str) -> ApiError {
    ApiError::new(
        Code("XAmzContentSHA256Mismatch"),
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
    )
    .with_member("ClientComputedContentSHA256", client)
    .with_member("S3ComputedContentSHA256", server)
}

#[track_caller]
pub fn invalid_argument(message: impl Into<String>, name: &str, value: &str) -> ApiError {
    ApiError::new(Code("InvalidArgument"), message)
        .with_member("ArgumentName", name)
        .with_member("ArgumentValue", value)
}

#[track_caller]
pub fn invalid_request(message: impl Into<String>) -> ApiError {
    ApiError::new(Code("InvalidRequest"), message)
}

/// What is absent about a bucket: `NoSuchBucketPolicy` and its likes.
#[track_caller]
pub fn no_such_configuration(code: &'static str, message: &'static str, bucket: &str) -> ApiError {
    ApiError::new(Code(code), message).with_member("BucketName", bucket)
}

#[track_caller]
pub fn invalid_bucket_state(message: &'static str) -> ApiError {
    ApiError::new(Code("InvalidBucketState"), message)
}

/// The trailer that `x-amz-trailer` announced is not there.
#[track_caller]
pub fn malformed_trailer() -> ApiError {
    ApiError::new(
        Code("MalformedTrailerError"),
        "The request contained trailing data that was not well-formed or did not conform to our published schema.",
    )
}

/// `partNumber` of a read names no part of the object.
#[track_caller]
pub fn invalid_part_number() -> ApiError {
    ApiError::new(Code("InvalidPartNumber"), "The requested partnumber is not satisfiable")
}

/// A part came with another algorithm than its upload was begun with.
#[track_caller]
pub fn checksum_type_mismatch(expected: &str, actual: &str) -> ApiError {
    invalid_request(format!(
        "Checksum Type mismatch occurred, expected checksum Type: {}, actual checksum Type: {}",
        expected.to_ascii_lowercase(),
        actual.to_ascii_lowercase()
    ))
}

#[track_caller]
pub fn invalid_storage_class() -> ApiError {
    ApiError::new(
        Code("InvalidStorageClass"),
        "The storage class you specified is not valid",
    )
}

#[track_caller]
pub fn invalid_tag(message: &'static str) -> ApiError {
    ApiError::new(Code("InvalidTag"), message)
}

#[track_caller]
pub fn too_many_tags(max: usize) -> ApiError {
    let of = if max == 10 { "Object" } else { "Bucket" };
    ApiError::new(Code("BadRequest"), format!("{of} tags cannot be greater than {max}"))
}

/// Only the version `null` exists.
#[track_caller]
pub fn invalid_version() -> ApiError {
    ApiError::new(Code("InvalidArgument"), "Invalid version id specified").with_member("ArgumentName", "versionId")
}

/// `x-amz-mp-object-size` against what the parts add up to, in bytes.
#[track_caller]
pub fn object_size_mismatch(expected: u64, computed: u64) -> ApiError {
    invalid_request(format!(
        "The provided 'x-amz-mp-object-size' header value {expected} does not match what was computed: {computed}"
    ))
}
