//! S3's error codes and sentences, each once. Further members (BucketName, Key, …) become elements of the error body.
//! Reference: identity-pools-iam 10.5 and 11.2; the rest from the S3 API reference's list of error codes.

use kernel::{ApiError, Code};

use crate::TagSet;

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
    malformed_xml => "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema";
    missing_content_length => "MissingContentLength", "You must provide the Content-Length HTTP header.";
    not_implemented => "NotImplemented", "A header you provided implies functionality that is not implemented";
    not_modified => "NotModified", "Not Modified";
    operation_aborted => "OperationAborted", "A conflicting conditional operation is currently in progress against this resource. Please try again.";
    self_copy => "InvalidRequest", "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.";
    copy_range_outside => "InvalidRequest", "The specified copy range is invalid for the source object size";
    no_parts => "InvalidRequest", "You must specify at least one part";
    copy_source_too_large => "InvalidRequest", "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120";
}

#[track_caller]
pub fn invalid_location(constraint: &str) -> ApiError {
    ApiError::new(
        Code("InvalidLocationConstraint"),
        "The specified location-constraint is not valid",
    )
    .with_member("LocationConstraint", constraint)
}

/// A constraint, or none, that the endpoint of another region was given.
#[track_caller]
pub fn illegal_location(constraint: Option<&str>) -> ApiError {
    let named = constraint.unwrap_or("unspecified");
    ApiError::new(
        Code("IllegalLocationConstraintException"),
        format!(
            "The {named} location constraint is incompatible for the region specific endpoint this request was sent to."
        ),
    )
}

/// ListBuckets by a region that is none. Unconfirmed: the sentence.
#[track_caller]
pub fn unknown_region(name: &str) -> ApiError {
    ApiError::new(
        Code("InvalidArgument"),
        format!("Argument value {name} is not a valid AWS Region"),
    )
    .with_member("ArgumentName", "bucket-region")
}

/// `resource_type` as S3 names what the request is about: `OBJECT`, `BUCKET`, `ACL`, … Reference: identity-pools-iam 11.2.
#[track_caller]
pub fn method_not_allowed(method: &str, resource_type: &'static str) -> ApiError {
    ApiError::new(
        Code("MethodNotAllowed"),
        "The specified method is not allowed against this resource.",
    )
    .with_member("Method", method)
    .with_member("ResourceType", resource_type)
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

/// `proposed` and `limit` in bytes.
#[track_caller]
pub fn upload_too_small(proposed: u64, limit: u64) -> ApiError {
    ApiError::new(
        Code("EntityTooSmall"),
        "Your proposed upload is smaller than the minimum allowed size",
    )
    .with_member("ProposedSize", proposed.to_string())
    .with_member("MinSizeAllowed", limit.to_string())
}

/// A part of an upload, `size` in bytes.
#[track_caller]
pub fn entity_too_small(number: u32, size: u64, etag: &str) -> ApiError {
    upload_too_small(size, crate::multipart::MIN_PART_SIZE)
        .with_member("PartNumber", number.to_string())
        .with_member("ETag", etag)
}

/// `proposed` and `limit` in bytes.
#[track_caller]
pub fn entity_too_large(proposed: u64, limit: u64) -> ApiError {
    ApiError::new(
        Code("EntityTooLarge"),
        "Your proposed upload exceeds the maximum allowed size",
    )
    .with_member("ProposedSize", proposed.to_string())
    .with_member("MaxSizeAllowed", limit.to_string())
}

/// `size` and `limit` in bytes, names and values together.
#[track_caller]
pub fn user_metadata_too_large(size: usize, limit: usize) -> ApiError {
    ApiError::new(
        Code("MetadataTooLarge"),
        "Your metadata headers exceed the maximum allowed metadata size",
    )
    .with_member("Size", size.to_string())
    .with_member("MaxSizeAllowed", limit.to_string())
}

/// `value` is the header as it came.
#[track_caller]
pub fn invalid_content_md5(value: &str) -> ApiError {
    ApiError::new(Code("InvalidDigest"), "The Content-MD5 you specified was invalid.").with_member("Content-MD5", value)
}

/// A part of a completion that is not there, or is another one. `etag` as the client named it.
#[track_caller]
pub fn invalid_part(upload: &str, number: u32, etag: &str) -> ApiError {
    ApiError::new(
        Code("InvalidPart"),
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    )
    .with_member("UploadId", upload)
    .with_member("PartNumber", number.to_string())
    .with_member("ETag", etag)
}

#[track_caller]
pub fn invalid_part_order(upload: &str) -> ApiError {
    ApiError::new(
        Code("InvalidPartOrder"),
        "The list of parts was not in ascending order. Parts must be ordered by part number.",
    )
    .with_member("UploadId", upload)
}

/// `requested` as the `Range` header has it, `size` the object's in bytes.
#[track_caller]
pub fn invalid_range(requested: &str, size: u64) -> ApiError {
    ApiError::new(Code("InvalidRange"), "The requested range is not satisfiable")
        .with_member("RangeRequested", requested)
        .with_member("ActualObjectSize", size.to_string())
}

/// `header`: the header, or the headers with a comma between, that ask for what is not there.
#[track_caller]
pub fn header_not_implemented(header: &str) -> ApiError {
    not_implemented().with_member("Header", header)
}

/// A write's `If-Match` or `If-None-Match` that S3 knows only of reads.
#[track_caller]
pub fn condition_value_not_implemented(header: &str) -> ApiError {
    header_not_implemented(header).with_member(
        "additionalMessage",
        format!("We don't accept the provided value of {header} header for this API"),
    )
}

/// A write may have one condition.
#[track_caller]
pub fn conditions_not_implemented() -> ApiError {
    header_not_implemented("If-Match,If-None-Match").with_member(
        "additionalMessage",
        "Multiple conditional request headers present in the request",
    )
}

/// `condition` is the header that failed: `If-Match`, `x-amz-copy-source-If-None-Match`, …
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

/// `partNumber` of a read names no part of the object, which has `actual` parts.
#[track_caller]
pub fn invalid_part_number(requested: u64, actual: usize) -> ApiError {
    ApiError::new(Code("InvalidPartNumber"), "The requested partnumber is not satisfiable")
        .with_member("PartNumberRequested", requested.to_string())
        .with_member("ActualPartCount", actual.to_string())
}

/// `max-keys` and its likes: what is none of the integers that S3 counts by.
#[track_caller]
pub fn not_an_integer(name: &str, value: &str) -> ApiError {
    invalid_argument(
        format!("Provided {name} not an integer or within integer range"),
        name,
        value,
    )
}

/// An integer below zero. `max-keys` alone has another name then.
#[track_caller]
pub fn negative(name: &str, value: &str) -> ApiError {
    let name = if name == "max-keys" { "maxKeys" } else { name };
    let sentence = format!("Argument {name} must be an integer between 0 and {}", i32::MAX);
    invalid_argument(sentence, name, value)
}

/// A part number that no upload may have.
#[track_caller]
pub fn part_number_out_of_range(value: &str) -> ApiError {
    invalid_argument(
        "Part number must be an integer between 1 and 10000, inclusive",
        "partNumber",
        value,
    )
}

/// A part of no upload. Unconfirmed: the value that AWS prints.
#[track_caller]
pub fn part_without_upload() -> ApiError {
    invalid_argument(
        "This operation does not accept partNumber without uploadId",
        "partNumber",
        "partNumber",
    )
}

/// More than one sub-resource in a query.
#[track_caller]
pub fn conflicting_sub_resources(first: &str, others: &[&str]) -> ApiError {
    invalid_argument(
        format!("Conflicting query string parameters: {first}, {}", others.join(", ")),
        "ResourceType",
        first,
    )
}

/// Of an object.
#[track_caller]
pub fn invalid_redirect_location() -> ApiError {
    ApiError::new(
        Code("InvalidRedirectLocation"),
        "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
    )
}

/// Neither S3's own encryption nor KMS's.
#[track_caller]
pub fn unknown_encryption(header: &str, value: &str) -> ApiError {
    invalid_argument("The encryption method specified is not supported", header, value)
}

/// The form of `x-amz-copy-source-range`.
#[track_caller]
pub fn malformed_copy_range(value: &str) -> ApiError {
    invalid_argument(
        "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
        COPY_RANGE,
        value,
    )
}

/// A range that begins within the source and ends beyond it. `size` in bytes.
#[track_caller]
pub fn copy_range_too_long(value: &str, size: u64) -> ApiError {
    invalid_argument(
        format!("Range specified is not valid for source object of size: {size}"),
        COPY_RANGE,
        value,
    )
}

const COPY_RANGE: &str = "x-amz-copy-source-range";

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
pub fn invalid_storage_class(class: &str) -> ApiError {
    ApiError::new(
        Code("InvalidStorageClass"),
        "The storage class you specified is not valid",
    )
    .with_member("StorageClassRequested", class)
}

#[track_caller]
pub fn invalid_tag_key(key: &str) -> ApiError {
    ApiError::new(Code("InvalidTag"), "The TagKey you have provided is invalid").with_member("TagKey", key)
}

#[track_caller]
pub fn invalid_tag_value(key: &str, value: &str) -> ApiError {
    ApiError::new(Code("InvalidTag"), "The TagValue you have provided is invalid")
        .with_member("TagKey", key)
        .with_member("TagValue", value)
}

#[track_caller]
pub fn repeated_tag_key(key: &str) -> ApiError {
    ApiError::new(Code("InvalidTag"), "Cannot provide multiple Tags with the same key").with_member("TagKey", key)
}

/// A key that begins with `aws:`: each kind of tag set has its own sentence, and none names the key.
#[track_caller]
pub fn reserved_tag_key(of: TagSet) -> ApiError {
    let message = match of {
        TagSet::Object => "Your TagKey cannot be prefixed with aws:",
        TagSet::Bucket => "System tags cannot be added/updated by requester",
        TagSet::NewBucket => {
            "User-defined tag keys can't start with \"aws:\". This prefix is reserved for system tags. Remove \"aws:\" from your tag keys and try again."
        }
    };
    ApiError::new(Code("InvalidTag"), message)
}

#[track_caller]
pub fn too_many_tags(of: TagSet) -> ApiError {
    let name = match of {
        TagSet::Object => "Object",
        TagSet::Bucket | TagSet::NewBucket => "Bucket",
    };
    ApiError::new(
        Code("BadRequest"),
        format!("{name} tags cannot be greater than {}", of.most()),
    )
}

/// Only the version `null` exists.
#[track_caller]
pub fn invalid_version(value: &str) -> ApiError {
    invalid_argument("Invalid version id specified", "versionId", value)
}

/// `x-amz-mp-object-size` against what the parts add up to, in bytes.
#[track_caller]
pub fn object_size_mismatch(expected: u64, computed: u64) -> ApiError {
    invalid_request(format!(
        "The provided 'x-amz-mp-object-size' header value {expected} does not match what was computed: {computed}"
    ))
}
