//! Which operation a request is. Reference: identity-pools-iam 11.2.

#[cfg(test)]
mod tests;

use http::Method;
use kernel::{ApiError, Result};
use objects::{Operation, Setting};

use super::address::Query;
use crate::errors;

/// How deep a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Service,
    Bucket,
    Object,
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

/// The refusal of a method by what it was for.
fn not_allowed(method: &Method, level: Level, query: &Query) -> ApiError {
    let kind = match level {
        Level::Service => "SERVICE",
        Level::Bucket if query.has("uploads") => "UPLOADS",
        Level::Bucket if query.has("versions") => "BUCKETVERSIONS",
        Level::Bucket if query.has("delete") => "MULTI_OBJECT_DELETE",
        Level::Bucket => query.names().find_map(Setting::named).map_or("BUCKET", resource_type),
        Level::Object if query.has("acl") => "ACL",
        Level::Object if query.has("tagging") => "OBJECT_TAGGING",
        Level::Object if query.has("uploads") => "UPLOADS",
        Level::Object if query.has("uploadId") && query.has("partNumber") => "PART",
        Level::Object if query.has("uploadId") => "UPLOAD",
        Level::Object => "OBJECT",
    };
    errors::method_not_allowed(method.as_str(), kind)
}

/// As S3's access logs name it.
pub(crate) fn resource_type(setting: Setting) -> &'static str {
    match setting {
        Setting::Accelerate => "ACCELERATE",
        Setting::Acl => "ACL",
        Setting::Cors => "CORS",
        Setting::Encryption => "ENCRYPTION",
        Setting::Lifecycle => "LIFECYCLE",
        Setting::Location => "LOCATION",
        Setting::Logging => "LOGGING_STATUS",
        Setting::Notification => "NOTIFICATION",
        Setting::ObjectLock => "OBJECT_LOCK_CONFIGURATION",
        Setting::OwnershipControls => "OWNERSHIP_CONTROLS",
        Setting::Policy => "BUCKETPOLICY",
        Setting::PolicyStatus => "POLICY_STATUS",
        Setting::PublicAccessBlock => "PUBLIC_ACCESS_BLOCK",
        Setting::Replication => "REPLICATION",
        Setting::RequestPayment => "REQUEST_PAYMENT",
        Setting::Tagging => "TAGGING",
        Setting::Versioning => "VERSIONING",
        Setting::Website => "WEBSITE",
    }
}
