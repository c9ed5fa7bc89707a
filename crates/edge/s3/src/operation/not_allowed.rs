//! `MethodNotAllowed`, with what the request is about as S3 names it, here and in its access logs.
//! Reference: identity-pools-iam 11.2.

use http::Method;
use kernel::ApiError;
use objects::errors;

use super::{Level, Query, Setting, setting::by_name};

/// The refusal of a method by what it was for.
pub(super) fn not_allowed(method: &Method, level: Level, query: &Query) -> ApiError {
    let kind = match level {
        Level::Service => "SERVICE",
        Level::Bucket if query.has("uploads") => "UPLOADS",
        Level::Bucket if query.has("versions") => "BUCKETVERSIONS",
        Level::Bucket if query.has("delete") => "MULTI_OBJECT_DELETE",
        Level::Bucket => query.names().find_map(by_name).map_or("BUCKET", Setting::resource_type),
        Level::Object if query.has("acl") => "ACL",
        Level::Object if query.has("tagging") => "OBJECT_TAGGING",
        Level::Object if query.has("uploads") => "UPLOADS",
        Level::Object if query.has("uploadId") && query.has("partNumber") => "PART",
        Level::Object if query.has("uploadId") => "UPLOAD",
        Level::Object => "OBJECT",
    };
    errors::method_not_allowed(method.as_str(), kind)
}

impl Setting {
    pub(crate) fn resource_type(self) -> &'static str {
        match self {
            Self::Accelerate => "ACCELERATE",
            Self::Acl => "ACL",
            Self::Cors => "CORS",
            Self::Encryption => "ENCRYPTION",
            Self::Lifecycle => "LIFECYCLE",
            Self::Location => "LOCATION",
            Self::Logging => "LOGGING_STATUS",
            Self::Notification => "NOTIFICATION",
            Self::ObjectLock => "OBJECT_LOCK_CONFIGURATION",
            Self::OwnershipControls => "OWNERSHIP_CONTROLS",
            Self::Policy => "BUCKETPOLICY",
            Self::PolicyStatus => "POLICY_STATUS",
            Self::PublicAccessBlock => "PUBLIC_ACCESS_BLOCK",
            Self::Replication => "REPLICATION",
            Self::RequestPayment => "REQUEST_PAYMENT",
            Self::Tagging => "TAGGING",
            Self::Versioning => "VERSIONING",
            Self::Website => "WEBSITE",
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::operation::tests::op;

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
            let refused = op(request).unwrap_err();
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
