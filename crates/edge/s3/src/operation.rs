//! Which operation a request is, and what it needs leave for. Reference: identity-pools-iam 11.2.

mod not_allowed;
mod setting;

use http::Method;
use kernel::Result;
use objects::errors;

use super::address::Query;
use not_allowed::not_allowed;
pub(super) use setting::Setting;
use setting::by_name;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    ListBuckets,
    CreateBucket,
    HeadBucket,
    DeleteBucket,
    ListObjects,
    ListObjectsV2,
    ListObjectVersions,
    DeleteObjects,
    ListMultipartUploads,
    GetSetting(Setting),
    PutSetting(Setting),
    DeleteSetting(Setting),
    GetObject,
    HeadObject,
    PutObject,
    CopyObject,
    DeleteObject,
    GetObjectAcl,
    PutObjectAcl,
    GetObjectTagging,
    PutObjectTagging,
    DeleteObjectTagging,
    CreateMultipartUpload,
    UploadPart,
    UploadPartCopy,
    CompleteMultipartUpload,
    AbortMultipartUpload,
    ListParts,
}

/// Sub-resources that are not there yet. They must be known: `DELETE /b?inventory` is not `DELETE /b`.
const NOT_IMPLEMENTED: [&str; 19] = [
    "abac",
    "analytics",
    "annotation",
    "attributes",
    "intelligent-tiering",
    "inventory",
    "legal-hold",
    "metadataAnnotationTable",
    "metadataConfiguration",
    "metadataInventoryTable",
    "metadataJournalTable",
    "metadataTable",
    "metrics",
    "renameObject",
    "restore",
    "retention",
    "select",
    "session",
    "torrent",
];

/// How deep a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Service,
    Bucket,
    Object,
}

/// Whether `?name` means something here. What asks for a change by a name that nobody knows, or that means something
/// elsewhere (`PUT /b/k?encryption`), must not be taken for the change of the object or bucket itself.
fn is_sub_resource(level: Level, name: &str) -> bool {
    match level {
        Level::Service => false,
        Level::Bucket => matches!(name, "uploads" | "versions" | "delete") || by_name(name).is_some(),
        Level::Object => matches!(name, "acl" | "tagging" | "uploads" | "uploadId" | "partNumber"),
    }
}

/// Errors: InvalidArgument for two sub-resources at once, and for a part that belongs to no upload: what follows would take
/// it for the whole object.
fn check_sub_resources(level: Level, query: &Query, changes: bool) -> Result<()> {
    let mut named = query
        .names()
        .filter(|name| *name != "partNumber" && is_sub_resource(level, name));
    if let Some(first) = named.next() {
        let others: Vec<_> = named.filter(|name| *name != first).collect();
        if !others.is_empty() {
            return Err(errors::conflicting_sub_resources(first, &others));
        }
    }
    if changes && level == Level::Object && query.has("partNumber") && !query.has("uploadId") {
        return Err(errors::part_without_upload());
    }
    Ok(())
}

/// Whether a request is an upload from a browser: posted to a bucket, and for nothing that its query names.
pub(super) fn is_form(method: &Method, level: Level, query: &Query) -> bool {
    let says_more = |name: &str| is_sub_resource(level, name) || NOT_IMPLEMENTED.contains(&name) || query.is_bare(name);
    *method == Method::POST && level == Level::Bucket && !query.names().any(says_more)
}

impl Op {
    /// Of what is no form. Errors: MethodNotAllowed, NotImplemented.
    pub(super) fn of(method: &Method, level: Level, query: &Query, copies: bool) -> Result<Self> {
        let changes = !matches!(*method, Method::GET | Method::HEAD);
        let refused = |name: &str| {
            NOT_IMPLEMENTED.contains(&name) || (changes && query.is_bare(name) && !is_sub_resource(level, name))
        };
        if query.names().any(refused) {
            return Err(errors::not_implemented());
        }
        check_sub_resources(level, query, changes)?;
        match level {
            Level::Service if *method == Method::GET => Ok(Self::ListBuckets),
            Level::Service => Err(not_allowed(method, level, query)),
            Level::Bucket => Self::of_bucket(method, query),
            Level::Object => Self::of_object(method, query, copies),
        }
    }

    fn of_bucket(method: &Method, query: &Query) -> Result<Self> {
        if let Some(setting) = query.names().find_map(by_name) {
            let [get, put, delete] = setting.actions();
            return match method.as_str() {
                "GET" if !get.is_empty() => Ok(Self::GetSetting(setting)),
                "PUT" if !put.is_empty() => Ok(Self::PutSetting(setting)),
                "DELETE" if !delete.is_empty() => Ok(Self::DeleteSetting(setting)),
                _ => Err(not_allowed(method, Level::Bucket, query)),
            };
        }
        let (uploads, versions, delete) = (query.has("uploads"), query.has("versions"), query.has("delete"));
        match method.as_str() {
            "GET" if uploads => Ok(Self::ListMultipartUploads),
            "GET" if versions => Ok(Self::ListObjectVersions),
            "POST" if delete => Ok(Self::DeleteObjects),
            // `DELETE /b?versions` is not `DELETE /b`.
            _ if uploads || versions || delete => Err(not_allowed(method, Level::Bucket, query)),
            "GET" if query.get("list-type") == Some("2") => Ok(Self::ListObjectsV2),
            "GET" => Ok(Self::ListObjects),
            "HEAD" => Ok(Self::HeadBucket),
            "PUT" => Ok(Self::CreateBucket),
            "DELETE" => Ok(Self::DeleteBucket),
            _ => Err(not_allowed(method, Level::Bucket, query)),
        }
    }

    fn of_object(method: &Method, query: &Query, copies: bool) -> Result<Self> {
        let (acl, tagging, upload) = (query.has("acl"), query.has("tagging"), query.has("uploadId"));
        let refused = || not_allowed(method, Level::Object, query);
        match method.as_str() {
            "GET" if acl => Ok(Self::GetObjectAcl),
            "PUT" if acl => Ok(Self::PutObjectAcl),
            "GET" if tagging => Ok(Self::GetObjectTagging),
            "PUT" if tagging => Ok(Self::PutObjectTagging),
            "DELETE" if tagging => Ok(Self::DeleteObjectTagging),
            "POST" if query.has("uploads") => Ok(Self::CreateMultipartUpload),
            _ if acl || tagging || query.has("uploads") => Err(refused()),
            "PUT" if upload && copies => Ok(Self::UploadPartCopy),
            "PUT" if upload => Ok(Self::UploadPart),
            "POST" if upload => Ok(Self::CompleteMultipartUpload),
            "DELETE" if upload => Ok(Self::AbortMultipartUpload),
            "GET" if upload => Ok(Self::ListParts),
            "GET" => Ok(Self::GetObject),
            "HEAD" => Ok(Self::HeadObject),
            "PUT" if copies => Ok(Self::CopyObject),
            "PUT" => Ok(Self::PutObject),
            "DELETE" => Ok(Self::DeleteObject),
            _ => Err(refused()),
        }
    }

    /// The action on the bucket or object that the request names. DeleteObjects asks for each key by itself.
    pub(super) fn action(self) -> &'static str {
        match self {
            Self::ListBuckets => "s3:ListAllMyBuckets",
            Self::CreateBucket => "s3:CreateBucket",
            Self::DeleteBucket => "s3:DeleteBucket",
            Self::HeadBucket | Self::ListObjects | Self::ListObjectsV2 => "s3:ListBucket",
            Self::ListObjectVersions => "s3:ListBucketVersions",
            Self::ListMultipartUploads => "s3:ListBucketMultipartUploads",
            Self::GetSetting(setting) => setting.actions()[0],
            Self::PutSetting(setting) => setting.actions()[1],
            Self::DeleteSetting(setting) => setting.actions()[2],
            Self::GetObject | Self::HeadObject => "s3:GetObject",
            Self::PutObject
            | Self::CopyObject
            | Self::CreateMultipartUpload
            | Self::UploadPart
            | Self::UploadPartCopy
            | Self::CompleteMultipartUpload => "s3:PutObject",
            Self::DeleteObject | Self::DeleteObjects => "s3:DeleteObject",
            Self::GetObjectAcl => "s3:GetObjectAcl",
            Self::PutObjectAcl => "s3:PutObjectAcl",
            Self::GetObjectTagging => "s3:GetObjectTagging",
            Self::PutObjectTagging => "s3:PutObjectTagging",
            Self::DeleteObjectTagging => "s3:DeleteObjectTagging",
            Self::AbortMultipartUpload => "s3:AbortMultipartUpload",
            Self::ListParts => "s3:ListMultipartUploadParts",
        }
    }

    /// What must be allowed besides when a version is named.
    pub(super) fn version_action(self) -> Option<&'static str> {
        Some(match self {
            Self::GetObject | Self::HeadObject => "s3:GetObjectVersion",
            Self::DeleteObject | Self::DeleteObjects => "s3:DeleteObjectVersion",
            Self::GetObjectAcl => "s3:GetObjectVersionAcl",
            Self::PutObjectAcl => "s3:PutObjectVersionAcl",
            Self::GetObjectTagging => "s3:GetObjectVersionTagging",
            Self::PutObjectTagging => "s3:PutObjectVersionTagging",
            Self::DeleteObjectTagging => "s3:DeleteObjectVersionTagging",
            _ => return None,
        })
    }

    /// Whether an object is there when a write is done; none: it is no such write. Reference: the S3 user guide on conditional
    /// writes, `s3:ObjectCreationOperation`.
    pub(super) fn creates_object(self) -> Option<bool> {
        match self {
            Self::PutObject | Self::CopyObject | Self::CompleteMultipartUpload => Some(true),
            Self::CreateMultipartUpload | Self::UploadPart | Self::UploadPartCopy => Some(false),
            _ => None,
        }
    }

    /// Whether the answer says in which region the bucket is.
    pub(super) fn names_region(self) -> bool {
        matches!(self, Self::HeadBucket | Self::ListObjects | Self::ListObjectsV2)
    }

    /// Whether the answer says how the object is encrypted.
    pub(super) fn names_encryption(self) -> bool {
        matches!(
            self,
            Self::GetObject
                | Self::HeadObject
                | Self::PutObject
                | Self::CopyObject
                | Self::CreateMultipartUpload
                | Self::UploadPart
                | Self::UploadPartCopy
                | Self::CompleteMultipartUpload
        )
    }

    /// Whether `If-Match` is a condition on what a write replaces or removes.
    pub(super) fn has_if_match(self) -> bool {
        matches!(
            self,
            Self::PutObject | Self::CopyObject | Self::CompleteMultipartUpload | Self::DeleteObject
        )
    }

    /// Whether `x-amz-acl` and `x-amz-tagging` ask for more than the action itself.
    pub(super) fn writes_object(self) -> bool {
        matches!(self, Self::PutObject | Self::CopyObject | Self::CreateMultipartUpload)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn op(request: &str) -> Result<Op> {
        let (method, target) = request.split_once(' ').unwrap();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let level = match path {
            "/" => Level::Service,
            "/b" => Level::Bucket,
            _ => Level::Object,
        };
        Op::of(
            &method.parse().unwrap(),
            level,
            &Query::parse(query).unwrap(),
            path.ends_with("copy"),
        )
    }

    #[test]
    fn operations_and_their_actions() {
        for (request, expected) in [
            ("GET /", "s3:ListAllMyBuckets"),
            ("PUT /b", "s3:CreateBucket"),
            ("HEAD /b", "s3:ListBucket"),
            ("DELETE /b", "s3:DeleteBucket"),
            ("GET /b?location", "s3:GetBucketLocation"),
            ("GET /b", "s3:ListBucket"),
            ("GET /b?list-type=2&prefix=x", "s3:ListBucket"),
            ("GET /b?versions", "s3:ListBucketVersions"),
            ("GET /b?uploads=", "s3:ListBucketMultipartUploads"),
            ("GET /b/k?x-id=GetObject", "s3:GetObject"),
            ("HEAD /b/k", "s3:GetObject"),
            ("PUT /b/k?x-id=PutObject", "s3:PutObject"),
            ("PUT /b/copy", "s3:PutObject"),
            ("DELETE /b/k", "s3:DeleteObject"),
            ("POST /b?delete=", "s3:DeleteObject"),
            ("POST /b/k?uploads", "s3:PutObject"),
            ("PUT /b/k?partNumber=1&uploadId=u", "s3:PutObject"),
            ("PUT /b/k?partNumber=1&uploadId=", "s3:PutObject"),
            ("GET /b/k?partNumber=1", "s3:GetObject"),
            ("PUT /b/copy?partNumber=1&uploadId=u", "s3:PutObject"),
            ("POST /b/k?uploadId=u", "s3:PutObject"),
            ("DELETE /b/k?uploadId=u", "s3:AbortMultipartUpload"),
            ("GET /b/k?uploadId=u", "s3:ListMultipartUploadParts"),
            ("GET /b/k?tagging", "s3:GetObjectTagging"),
            ("PUT /b/k?tagging", "s3:PutObjectTagging"),
            ("DELETE /b/k?tagging", "s3:DeleteObjectTagging"),
            ("GET /b?policy=", "s3:GetBucketPolicy"),
            ("PUT /b?policy", "s3:PutBucketPolicy"),
            ("DELETE /b?policy", "s3:DeleteBucketPolicy"),
            ("GET /b?cors", "s3:GetBucketCORS"),
            ("PUT /b?cors", "s3:PutBucketCORS"),
            ("DELETE /b?cors", "s3:PutBucketCORS"),
            ("DELETE /b?website", "s3:DeleteBucketWebsite"),
            ("GET /b?publicAccessBlock", "s3:GetBucketPublicAccessBlock"),
            ("GET /b?lifecycle", "s3:GetLifecycleConfiguration"),
            ("DELETE /b?encryption", "s3:PutEncryptionConfiguration"),
            ("GET /b?acl", "s3:GetBucketAcl"),
            ("GET /b?acl&acl", "s3:GetBucketAcl"),
            ("PUT /b/k?tagging&tagging=", "s3:PutObjectTagging"),
            ("PUT /b/k?partNumber=1&partNumber=2&uploadId=u", "s3:PutObject"),
        ] {
            assert_eq!(op(request).unwrap().action(), expected, "{request}");
        }
        for (request, expected) in [
            ("POST /", "MethodNotAllowed"),
            ("PATCH /b", "MethodNotAllowed"),
            ("DELETE /b?acl", "MethodNotAllowed"),
            ("PUT /b/k?partNumber=1", "InvalidArgument"),
            ("PUT /b/k?partNumber=", "InvalidArgument"),
            ("DELETE /b/k?partNumber=1", "InvalidArgument"),
            ("GET /b?acl&versioning", "InvalidArgument"),
            ("PUT /b/k?acl&tagging", "InvalidArgument"),
            ("POST /b/k?uploads&uploadId=u", "InvalidArgument"),
            ("PUT /b?location", "MethodNotAllowed"),
            ("DELETE /b/k?acl", "MethodNotAllowed"),
            ("POST /b/k", "MethodNotAllowed"),
            ("DELETE /b?inventory&id=x", "NotImplemented"),
            ("DELETE /b/k?legal-hold", "NotImplemented"),
            ("PUT /b/k?renameObject", "NotImplemented"),
            ("PUT /b/k?encryption", "NotImplemented"),
            ("DELETE /b/k?annotation", "NotImplemented"),
            ("DELETE /b/k?what-comes-next", "NotImplemented"),
            ("PUT /b?metadataInventoryTable", "NotImplemented"),
            ("DELETE /b?what-comes-next=", "NotImplemented"),
            ("POST /b", "MethodNotAllowed"),
            ("POST /b?policy", "MethodNotAllowed"),
        ] {
            assert_eq!(op(request).unwrap_err().code().0, expected, "{request}");
        }
    }

    #[test]
    fn forms_are_posted_to_buckets() {
        for (method, level, query, expected) in [
            ("POST", Level::Bucket, "", true),
            ("POST", Level::Bucket, "x-id=PostObject", true),
            ("POST", Level::Bucket, "delete", false),
            ("POST", Level::Bucket, "delete=1", false),
            ("POST", Level::Bucket, "policy", false),
            ("POST", Level::Bucket, "metadataTable=", false),
            ("POST", Level::Bucket, "what-comes-next", false),
            ("PUT", Level::Bucket, "", false),
            ("POST", Level::Object, "", false),
            ("POST", Level::Service, "", false),
        ] {
            let found = is_form(&method.parse().unwrap(), level, &Query::parse(query).unwrap());
            assert_eq!(found, expected, "{method} {level:?} {query}");
        }
    }
}
