//! `MethodNotAllowed`, with what the request is about as S3 names it, here and in its access logs.
//! Reference: identity-pools-iam 11.2.

use http::Method;
use kernel::ApiError;
use objects::Setting;

use super::{address::Query, level::Level};
use crate::errors;

/// The refusal of a method by what it was for.
pub(crate) fn not_allowed(method: &Method, level: Level, query: &Query) -> ApiError {
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
