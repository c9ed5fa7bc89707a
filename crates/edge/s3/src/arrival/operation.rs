//! Which operation a request is. Reference: identity-pools-iam 11.2.

use http::Method;
use kernel::Result;
use objects::{Operation, Setting};

use super::{address::Query, level::Level, not_allowed::not_allowed};
use crate::errors;

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

/// Whether `?name` means something here. What asks for a change by a name that nobody knows, or that means something
/// elsewhere (`PUT /b/k?encryption`), must not be taken for the change of the object or bucket itself.
fn is_sub_resource(level: Level, name: &str) -> bool {
    match level {
        Level::Service => false,
        Level::Bucket => matches!(name, "uploads" | "versions" | "delete") || Setting::named(name).is_some(),
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
pub(crate) fn is_form(method: &Method, level: Level, query: &Query) -> bool {
    let says_more = |name: &str| is_sub_resource(level, name) || NOT_IMPLEMENTED.contains(&name) || query.is_bare(name);
    *method == Method::POST && level == Level::Bucket && !query.names().any(says_more)
}

/// Of what is no form. Errors: MethodNotAllowed, NotImplemented.
pub(crate) fn operation(method: &Method, level: Level, query: &Query, copies: bool) -> Result<Operation> {
    let changes = !matches!(*method, Method::GET | Method::HEAD);
    let refused = |name: &str| {
        NOT_IMPLEMENTED.contains(&name) || (changes && query.is_bare(name) && !is_sub_resource(level, name))
    };
    if query.names().any(refused) {
        return Err(errors::not_implemented());
    }
    check_sub_resources(level, query, changes)?;
    match level {
        Level::Service if *method == Method::GET => Ok(Operation::ListBuckets),
        Level::Service => Err(not_allowed(method, level, query)),
        Level::Bucket => of_bucket(method, query),
        Level::Object => of_object(method, query, copies),
    }
}

fn of_bucket(method: &Method, query: &Query) -> Result<Operation> {
    if let Some(setting) = query.names().find_map(Setting::named) {
        return match method.as_str() {
            "GET" => Ok(Operation::GetSetting(setting)),
            "PUT" if setting.put().is_some() => Ok(Operation::PutSetting(setting)),
            "DELETE" if setting.delete().is_some() => Ok(Operation::DeleteSetting(setting)),
            _ => Err(not_allowed(method, Level::Bucket, query)),
        };
    }
    let (uploads, versions, delete) = (query.has("uploads"), query.has("versions"), query.has("delete"));
    match method.as_str() {
        "GET" if uploads => Ok(Operation::ListMultipartUploads),
        "GET" if versions => Ok(Operation::ListObjectVersions),
        "POST" if delete => Ok(Operation::DeleteObjects),
        // `DELETE /b?versions` is not `DELETE /b`.
        _ if uploads || versions || delete => Err(not_allowed(method, Level::Bucket, query)),
        "GET" if query.get("list-type") == Some("2") => Ok(Operation::ListObjectsV2),
        "GET" => Ok(Operation::ListObjects),
        "HEAD" => Ok(Operation::HeadBucket),
        "PUT" => Ok(Operation::CreateBucket),
        "DELETE" => Ok(Operation::DeleteBucket),
        _ => Err(not_allowed(method, Level::Bucket, query)),
    }
}

fn of_object(method: &Method, query: &Query, copies: bool) -> Result<Operation> {
    let (acl, tagging, upload) = (query.has("acl"), query.has("tagging"), query.has("uploadId"));
    let refused = || not_allowed(method, Level::Object, query);
    match method.as_str() {
        "GET" if acl => Ok(Operation::GetObjectAcl),
        "PUT" if acl => Ok(Operation::PutObjectAcl),
        "GET" if tagging => Ok(Operation::GetObjectTagging),
        "PUT" if tagging => Ok(Operation::PutObjectTagging),
        "DELETE" if tagging => Ok(Operation::DeleteObjectTagging),
        "POST" if query.has("uploads") => Ok(Operation::CreateMultipartUpload),
        _ if acl || tagging || query.has("uploads") => Err(refused()),
        "PUT" if upload && copies => Ok(Operation::UploadPartCopy),
        "PUT" if upload => Ok(Operation::UploadPart),
        "POST" if upload => Ok(Operation::CompleteMultipartUpload),
        "DELETE" if upload => Ok(Operation::AbortMultipartUpload),
        "GET" if upload => Ok(Operation::ListParts),
        "GET" => Ok(Operation::GetObject),
        "HEAD" => Ok(Operation::HeadObject),
        "PUT" if copies => Ok(Operation::CopyObject),
        "PUT" => Ok(Operation::PutObject),
        "DELETE" => Ok(Operation::DeleteObject),
        _ => Err(refused()),
    }
}

/// Whether the answer says in which region the bucket is.
pub(crate) fn names_region(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::HeadBucket | Operation::ListObjects | Operation::ListObjectsV2
    )
}

/// Whether the answer says how the object is encrypted.
pub(crate) fn names_encryption(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::GetObject
            | Operation::HeadObject
            | Operation::PutObject
            | Operation::CopyObject
            | Operation::CreateMultipartUpload
            | Operation::UploadPart
            | Operation::UploadPartCopy
            | Operation::CompleteMultipartUpload
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(request: &str) -> Result<Operation> {
        let (method, target) = request.split_once(' ').unwrap();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let level = match path {
            "/" => Level::Service,
            "/b" => Level::Bucket,
            _ => Level::Object,
        };
        operation(
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
            assert_eq!(found(request).unwrap().action(), Some(expected), "{request}");
        }
        assert_eq!(found("POST /b?delete=").unwrap(), Operation::DeleteObjects);
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
            assert_eq!(found(request).unwrap_err().code().0, expected, "{request}");
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

    #[test]
    fn a_refused_method_is_told_with_what_it_was_for() {
        for (request, kind) in [
            ("PUT /", "SERVICE"),
            ("PATCH /b", "BUCKET"),
            ("POST /b?acl", "ACL"),
            ("PUT /b?location", "LOCATION"),
            ("DELETE /b?logging", "LOGGING_STATUS"),
            ("DELETE /b?versioning", "VERSIONING"),
            ("POST /b?policy", "BUCKETPOLICY"),
            ("DELETE /b?versions", "BUCKETVERSIONS"),
            ("DELETE /b?uploads", "UPLOADS"),
            ("PUT /b?delete", "MULTI_OBJECT_DELETE"),
            ("GET /b?delete", "MULTI_OBJECT_DELETE"),
            ("POST /b/k", "OBJECT"),
            ("PATCH /b/k", "OBJECT"),
            ("DELETE /b/k?acl", "ACL"),
            ("POST /b/k?tagging", "OBJECT_TAGGING"),
            ("DELETE /b/k?uploads", "UPLOADS"),
            ("PUT /b/k?uploads", "UPLOADS"),
            ("PATCH /b/k?uploadId=u", "UPLOAD"),
            ("PATCH /b/k?uploadId=u&partNumber=1", "PART"),
        ] {
            let refused = found(request).unwrap_err();
            let method = request.split(' ').next().unwrap();
            let members = refused.members().iter().map(|(name, value)| (*name, value.as_str()));
            assert_eq!(refused.code().0, "MethodNotAllowed", "{request}");
            assert_eq!(
                members.collect::<Vec<_>>(),
                [("Method", method), ("ResourceType", kind)],
                "{request}"
            );
        }
    }
}
