//! What is refused here. Whoever calls decides by the variant, never by S3's codes. Code and sentence of each stand beside it,
//! not at the edge: so `?` carries a refusal to whatever edge asked, and nobody words it a second time. What only the protocol
//! can find wrong (headers, XML, addresses) has its sentences in the protocol's crate.
//! Reference: identity-pools-iam 10.5 and 11.2; the rest from the S3 API reference's list of error codes.

use std::fmt;

use kernel::{ApiError, Code};
use store::{Stop, StoreError};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A refusal a row: what it carries, S3's code and sentence, and further elements of the answer's body.
macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident $({ $($field:ident: $type:ty),* })?
        => $code:literal, $sentence:literal $(, $member:literal = $value:expr)*;)*) => {
        /// Sizes are in bytes; what a client named is told as it was named.
        #[derive(Debug)]
        pub enum Error {
            $($(#[$doc])* $name $({ $($field: $type),* })?,)*
            /// Has its words already: a failure of ours, what is wrong with a policy, what whoever decodes a body found.
            Worded(ApiError),
        }

        /// `?` words a refusal where it leaves for an edge.
        impl From<Error> for ApiError {
            #[track_caller]
            fn from(error: Error) -> Self {
                match error {
                    $(Error::$name $({ $($field),* })? => {
                        let members = [$(($member, $value.told())),*];
                        words($code, format!($sentence), members)
                    })*
                    Error::Worded(worded) => worded,
                }
            }
        }
    };
}

/// Elements that have nothing to tell are left out.
#[track_caller]
fn words<const N: usize>(
    code: &'static str,
    sentence: String,
    members: [(&'static str, Option<String>); N],
) -> ApiError {
    let told = members.into_iter().filter_map(|(name, value)| Some((name, value?)));
    told.fold(ApiError::new(Code(code), sentence), |error, (name, value)| {
        error.with_member(name, value)
    })
}

trait Told {
    fn told(self) -> Option<String>;
}

macro_rules! told {
    ($($type:ty),*) => {$(
        impl Told for $type {
            fn told(self) -> Option<String> {
                Some(self.to_string())
            }
        }
    )*};
}

told!(String, &str, u32, u64, usize);

impl<T: Told> Told for Option<T> {
    fn told(self) -> Option<String> {
        self.and_then(Told::told)
    }
}

refusals! {
    /// The plain refusal: no more is said to strangers.
    AccessDenied => "AccessDenied", "Access Denied";
    /// Says who may not do what, and why.
    NotAuthorized { sentence: String } => "AccessDenied", "{sentence}";
    /// A public policy where BlockPublicPolicy is on; both are ARNs.
    PublicPolicyBlocked { caller: String, bucket: String } => "AccessDenied",
        "User: {caller} is not authorized to perform: s3:PutBucketPolicy on resource: \"{bucket}\" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.";
    PolicyTooLarge => "PolicyTooLarge", "Normalized policy document exceeds the maximum allowed size";

    NoSuchBucket { bucket: String } => "NoSuchBucket", "The specified bucket does not exist", "BucketName" = bucket;
    InvalidBucketName { bucket: String } => "InvalidBucketName", "The specified bucket is not valid.", "BucketName" = bucket;
    BucketAlreadyExists { bucket: String } => "BucketAlreadyExists",
        "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
        "BucketName" = bucket;
    BucketAlreadyOwnedByYou { bucket: String } => "BucketAlreadyOwnedByYou",
        "Your previous request to create the named bucket succeeded and you already own it.", "BucketName" = bucket;
    BucketNotEmpty { bucket: String } => "BucketNotEmpty", "The bucket you tried to delete is not empty", "BucketName" = bucket;
    InvalidLocation { constraint: String } => "InvalidLocationConstraint", "The specified location-constraint is not valid",
        "LocationConstraint" = constraint;
    /// A constraint, or `unspecified`, that the endpoint of another region was given.
    IllegalLocation { constraint: String } => "IllegalLocationConstraintException",
        "The {constraint} location constraint is incompatible for the region specific endpoint this request was sent to.";

    NoSuchKey { key: String } => "NoSuchKey", "The specified key does not exist.", "Key" = key;
    InvalidKey => "InvalidArgument", "The specified key is not valid.", "ArgumentName" = "key", "ArgumentValue" = "";
    KeyTooLong { size: usize, limit: usize } => "KeyTooLongError", "Your key is too long",
        "Size" = size, "MaxSizeAllowed" = limit;
    /// Names and values together.
    MetadataTooLarge { size: usize, limit: usize } => "MetadataTooLarge",
        "Your metadata headers exceed the maximum allowed metadata size", "Size" = size, "MaxSizeAllowed" = limit;

    NotModified { etag: String } => "NotModified", "Not Modified", "ETag" = etag;
    /// The condition's header: `If-Match`, `x-amz-copy-source-If-None-Match`, …
    PreconditionFailed { header: String } => "PreconditionFailed",
        "At least one of the pre-conditions you specified did not hold", "Condition" = header;
    /// What a header asks for is not there; `header`: its name, or several with a comma between.
    NotImplemented { header: Option<&'static str>, more: Option<String> } => "NotImplemented",
        "A header you provided implies functionality that is not implemented", "Header" = header, "additionalMessage" = more;
    /// `requested` as the `Range` header has it.
    InvalidRange { requested: String, size: u64 } => "InvalidRange", "The requested range is not satisfiable",
        "RangeRequested" = requested, "ActualObjectSize" = size;
    /// A read names no part of the object, which has `actual` parts.
    InvalidPartNumber { requested: u64, actual: usize } => "InvalidPartNumber", "The requested partnumber is not satisfiable",
        "PartNumberRequested" = requested, "ActualPartCount" = actual;

    EntityTooLarge { proposed: u64, limit: u64 } => "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size",
        "ProposedSize" = proposed, "MaxSizeAllowed" = limit;
    /// A whole upload, or a part that is not the last, with its number and ETag.
    EntityTooSmall { proposed: u64, limit: u64, number: Option<u32>, etag: Option<String> } => "EntityTooSmall",
        "Your proposed upload is smaller than the minimum allowed size",
        "ProposedSize" = proposed, "MinSizeAllowed" = limit, "PartNumber" = number, "ETag" = etag;
    IncompleteBody => "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header";
    BadContentMd5 => "BadDigest", "The Content-MD5 you specified did not match what we received.";
    /// The algorithm as S3 spells it.
    ChecksumMismatch { algorithm: &'static str } => "BadDigest",
        "The {algorithm} you specified did not match the calculated checksum.";
    /// The header whose value is no checksum of its kind.
    InvalidChecksum { header: &'static str } => "InvalidRequest", "Value for {header} header is invalid.";
    /// The trailer that was announced is not there.
    MalformedTrailer => "MalformedTrailerError",
        "The request contained trailing data that was not well-formed or did not conform to our published schema.";

    SelfCopy => "InvalidRequest",
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.";
    CopySourceTooLarge => "InvalidRequest",
        "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120";
    MalformedCopyRange { range: String } => "InvalidArgument",
        "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
        "ArgumentName" = "x-amz-copy-source-range", "ArgumentValue" = range;
    CopyRangeOutside => "InvalidRequest", "The specified copy range is invalid for the source object size";
    /// A range that begins within the source, which has `size`, and ends beyond it.
    CopyRangeTooLong { range: String, size: u64 } => "InvalidArgument",
        "Range specified is not valid for source object of size: {size}",
        "ArgumentName" = "x-amz-copy-source-range", "ArgumentValue" = range;

    NoSuchUpload { id: String } => "NoSuchUpload",
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
        "UploadId" = id;
    /// Wished for and impossible; `kind` as S3 spells it, `algorithm` in lower case.
    ImpossibleChecksumType { kind: &'static str, algorithm: String } => "InvalidRequest",
        "The {kind} checksum type cannot be used with the {algorithm} checksum algorithm.";
    /// A part came with another algorithm than its upload was begun with; both in lower case.
    OtherChecksumType { expected: String, actual: String } => "InvalidRequest",
        "Checksum Type mismatch occurred, expected checksum Type: {expected}, actual checksum Type: {actual}";
    PartNumberOutOfRange { value: String } => "InvalidArgument",
        "Part number must be an integer between 1 and 10000, inclusive",
        "ArgumentName" = "partNumber", "ArgumentValue" = value;
    /// A document that is none of its kind, one that names no parts or more than an upload may have among them.
    MalformedDocument => "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema";
    /// A part of a completion that is not there, or is another one. `etag` as the client named it.
    InvalidPart { upload: String, number: u32, etag: String } => "InvalidPart",
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        "UploadId" = upload, "PartNumber" = number, "ETag" = etag;
    InvalidPartOrder { upload: String } => "InvalidPartOrder",
        "The list of parts was not in ascending order. Parts must be ordered by part number.", "UploadId" = upload;
    /// `x-amz-mp-object-size` against what the parts add up to.
    ObjectSizeMismatch { expected: u64, computed: u64 } => "InvalidRequest",
        "The provided 'x-amz-mp-object-size' header value {expected} does not match what was computed: {computed}";

    InvalidTagKey { key: String } => "InvalidTag", "The TagKey you have provided is invalid", "TagKey" = key;
    InvalidTagValue { key: String, value: String } => "InvalidTag", "The TagValue you have provided is invalid",
        "TagKey" = key, "TagValue" = value;
    RepeatedTagKey { key: String } => "InvalidTag", "Cannot provide multiple Tags with the same key", "TagKey" = key;
    /// A key that begins with `aws:`: each kind of tag set has its own sentence, and none names the key.
    ReservedTagKeyOfObject => "InvalidTag", "Your TagKey cannot be prefixed with aws:";
    ReservedTagKeyOfBucket => "InvalidTag", "System tags cannot be added/updated by requester";
    ReservedTagKeyOfNewBucket => "InvalidTag",
        "User-defined tag keys can't start with \"aws:\". This prefix is reserved for system tags. Remove \"aws:\" from your tag keys and try again.";
    /// `of`: `Object` or `Bucket`.
    TooManyTags { of: &'static str, limit: usize } => "BadRequest", "{of} tags cannot be greater than {limit}";

    /// Somebody was quicker.
    Raced => "OperationAborted",
        "A conflicting conditional operation is currently in progress against this resource. Please try again.";
}

impl Error {
    /// Something of ours failed: 500, the cause in the log.
    #[track_caller]
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self::Worded(ApiError::internal(cause))
    }

    /// What the log should know and the client must not.
    #[must_use]
    pub fn because(self, detail: impl fmt::Display) -> Self {
        Self::Worded(ApiError::from(self).because(detail))
    }
}

impl From<ApiError> for Error {
    fn from(worded: ApiError) -> Self {
        Self::Worded(worded)
    }
}

impl From<StoreError> for Error {
    #[track_caller]
    fn from(error: StoreError) -> Self {
        Self::Worded(error.into())
    }
}

impl From<Error> for Stop<Error> {
    fn from(refusal: Error) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Stop<Error>> for Error {
    #[track_caller]
    fn from(stop: Stop<Error>) -> Self {
        match stop {
            Stop::Store(error) => error.into(),
            Stop::Refused(refusal) => refusal,
            Stop::Raced => Self::Raced,
        }
    }
}
