//! What only the protocol finds wrong, in S3's words, each sentence once; those that buckets and objects share with it are
//! worded there ([`objects::Error`]). Reference: identity-pools-iam 10.5 and 11.2; the rest from the S3 API reference's list of
//! error codes.

use kernel::{ApiError, Code};
use objects::Error;

/// One of those that are told apart by nothing but their sentence, or are said in one place only.
#[track_caller]
pub(crate) fn refusal(code: &'static str, message: impl Into<String>) -> ApiError {
    ApiError::new(Code(code), message)
}

#[track_caller]
pub(crate) fn access_denied() -> ApiError {
    Error::AccessDenied.into()
}

#[track_caller]
pub(crate) fn incomplete_body() -> ApiError {
    Error::IncompleteBody.into()
}

#[track_caller]
pub(crate) fn malformed_xml() -> ApiError {
    Error::MalformedDocument.into()
}

#[track_caller]
pub(crate) fn malformed_trailer() -> ApiError {
    Error::MalformedTrailer.into()
}

#[track_caller]
pub(crate) fn not_implemented() -> ApiError {
    Error::NotImplemented {
        header: None,
        more: None,
    }
    .into()
}

/// `header`: the one that asks for what is not there.
#[track_caller]
pub(crate) fn header_not_implemented(header: &'static str) -> ApiError {
    Error::NotImplemented {
        header: Some(header),
        more: None,
    }
    .into()
}

/// `value`: a part number that no upload may have.
#[track_caller]
pub(crate) fn part_number_out_of_range(value: &str) -> ApiError {
    Error::PartNumberOutOfRange {
        value: value.to_owned(),
    }
    .into()
}

#[track_caller]
pub(crate) fn repeated_tag_key(key: &str) -> ApiError {
    Error::RepeatedTagKey { key: key.to_owned() }.into()
}

#[track_caller]
pub(crate) fn acl_not_supported() -> ApiError {
    refusal("AccessControlListNotSupported", "The bucket does not allow ACLs")
}

#[track_caller]
pub(crate) fn missing_content_length() -> ApiError {
    refusal(
        "MissingContentLength",
        "You must provide the Content-Length HTTP header.",
    )
}

#[track_caller]
pub(crate) fn no_parts() -> ApiError {
    refusal("InvalidRequest", "You must specify at least one part")
}

/// ListBuckets by a region that is none. Unconfirmed: the sentence.
#[track_caller]
pub(crate) fn unknown_region(name: &str) -> ApiError {
    refusal(
        "InvalidArgument",
        format!("Argument value {name} is not a valid AWS Region"),
    )
    .with_member("ArgumentName", "bucket-region")
}

/// `resource_type` as S3 names what the request is about: `OBJECT`, `BUCKET`, `ACL`, … Reference: identity-pools-iam 11.2.
#[track_caller]
pub(crate) fn method_not_allowed(method: &str, resource_type: &'static str) -> ApiError {
    refusal(
        "MethodNotAllowed",
        "The specified method is not allowed against this resource.",
    )
    .with_member("Method", method)
    .with_member("ResourceType", resource_type)
}

/// `value` is the header as it came.
#[track_caller]
pub(crate) fn invalid_content_md5(value: &str) -> ApiError {
    refusal("InvalidDigest", "The Content-MD5 you specified was invalid.").with_member("Content-MD5", value)
}

#[track_caller]
pub(crate) fn content_sha256_mismatch(client: &str, server: &str) -> ApiError {
    refusal(
        "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
    )
    .with_member("ClientComputedContentSHA256", client)
    .with_member("S3ComputedContentSHA256", server)
}

#[track_caller]
pub(crate) fn invalid_argument(message: impl Into<String>, name: &str, value: &str) -> ApiError {
    refusal("InvalidArgument", message)
        .with_member("ArgumentName", name)
        .with_member("ArgumentValue", value)
}

#[track_caller]
pub(crate) fn invalid_request(message: impl Into<String>) -> ApiError {
    refusal("InvalidRequest", message)
}

/// What is absent about a bucket: `NoSuchBucketPolicy` and its likes.
#[track_caller]
pub(crate) fn no_such_configuration(code: &'static str, message: &'static str, bucket: &str) -> ApiError {
    refusal(code, message).with_member("BucketName", bucket)
}

#[track_caller]
pub(crate) fn invalid_bucket_state(message: &'static str) -> ApiError {
    refusal("InvalidBucketState", message)
}

/// `max-keys` and its likes: what is none of the integers that S3 counts by.
#[track_caller]
pub(crate) fn not_an_integer(name: &str, value: &str) -> ApiError {
    invalid_argument(
        format!("Provided {name} not an integer or within integer range"),
        name,
        value,
    )
}

/// An integer below zero. `max-keys` alone has another name then.
#[track_caller]
pub(crate) fn negative(name: &str, value: &str) -> ApiError {
    let name = if name == "max-keys" { "maxKeys" } else { name };
    let sentence = format!("Argument {name} must be an integer between 0 and {}", i32::MAX);
    invalid_argument(sentence, name, value)
}

/// A part of no upload. Unconfirmed: the value that AWS prints.
#[track_caller]
pub(crate) fn part_without_upload() -> ApiError {
    invalid_argument(
        "This operation does not accept partNumber without uploadId",
        "partNumber",
        "partNumber",
    )
}

/// More than one sub-resource in a query.
#[track_caller]
pub(crate) fn conflicting_sub_resources(first: &str, others: &[&str]) -> ApiError {
    invalid_argument(
        format!("Conflicting query string parameters: {first}, {}", others.join(", ")),
        "ResourceType",
        first,
    )
}

/// Of an object.
#[track_caller]
pub(crate) fn invalid_redirect_location() -> ApiError {
    refusal(
        "InvalidRedirectLocation",
        "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
    )
}

/// Neither S3's own encryption nor KMS's.
#[track_caller]
pub(crate) fn unknown_encryption(header: &str, value: &str) -> ApiError {
    invalid_argument("The encryption method specified is not supported", header, value)
}

#[track_caller]
pub(crate) fn invalid_storage_class(class: &str) -> ApiError {
    refusal("InvalidStorageClass", "The storage class you specified is not valid")
        .with_member("StorageClassRequested", class)
}

/// Only the version `null` exists.
#[track_caller]
pub(crate) fn invalid_version(value: &str) -> ApiError {
    invalid_argument("Invalid version id specified", "versionId", value)
}

/// What can't be decoded, as it stands.
#[track_caller]
pub(crate) fn invalid_uri(text: &str) -> ApiError {
    refusal("InvalidURI", "Couldn't parse the specified URI.").with_member("URI", text)
}
