//! Refusals as S3 writes them. Reference: identity-pools-iam 11.1.

use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header};
use kernel::{ApiError, Code, Cx};

use crate::{answer::document, xml::bare};

/// The status that goes with a code.
pub(crate) fn status(code: Code) -> StatusCode {
    match code.0 {
        "NotModified" => StatusCode::NOT_MODIFIED,
        "AccessDenied"
        | "AccessForbidden"
        | "InvalidAccessKeyId"
        | "InvalidObjectState"
        | "RequestTimeTooSkewed"
        | "SignatureDoesNotMatch" => StatusCode::FORBIDDEN,
        "OwnershipControlsNotFoundError"
        | "ReplicationConfigurationNotFoundError"
        | "ObjectLockConfigurationNotFoundError"
        | "ServerSideEncryptionConfigurationNotFoundError" => StatusCode::NOT_FOUND,
        code if code.starts_with("NoSuch") => StatusCode::NOT_FOUND,
        "MethodNotAllowed" => StatusCode::METHOD_NOT_ALLOWED,
        "BucketAlreadyExists"
        | "BucketAlreadyOwnedByYou"
        | "BucketNotEmpty"
        | "InvalidBucketState"
        | "OperationAborted" => StatusCode::CONFLICT,
        "MissingContentLength" => StatusCode::LENGTH_REQUIRED,
        "PreconditionFailed" => StatusCode::PRECONDITION_FAILED,
        "InvalidRange" | "InvalidPartNumber" => StatusCode::RANGE_NOT_SATISFIABLE,
        "NotImplemented" => StatusCode::NOT_IMPLEMENTED,
        "InternalError" => StatusCode::INTERNAL_SERVER_ERROR,
        "SlowDown" => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// Code and sentence as S3 spells what other services call otherwise.
pub(crate) fn spelled(error: &ApiError) -> (Code, &str) {
    match error.code() {
        Code::InternalError => (
            Code("InternalError"),
            "We encountered an internal error. Please try again.",
        ),
        Code::TooManyRequests => (Code("SlowDown"), "Please reduce your request rate."),
        code => (code, error.message()),
    }
}

/// What clients bring about is no error of ours, though S3 answers NotImplemented and SlowDown by 5XX: nobody fills the log.
pub(crate) fn log(cx: &Cx, error: &ApiError) {
    if is_ours(error) {
        tracing::error!(request_id = %cx.request_id, ?error, "S3 request failed");
    } else {
        tracing::debug!(request_id = %cx.request_id, ?error, "S3 request refused");
    }
}

fn is_ours(error: &ApiError) -> bool {
    error.code() == Code::InternalError
}

/// The answer; to HEAD it has no body. `resource`: the path of the request.
pub(crate) fn response(cx: &Cx, error: &ApiError, resource: &str, head: bool) -> Response<Body> {
    let (code, message) = spelled(error);
    let status = status(code);
    log(cx, error);
    let mut response = if head || status == StatusCode::NOT_MODIFIED {
        Response::new(Body::empty())
    } else {
        let mut xml = bare();
        xml.open("Error").element("Code", code.0).element("Message", message);
        for (name, value) in error.members() {
            xml.element(name, value);
        }
        if error.members().is_empty() {
            xml.element("Resource", resource);
        }
        xml.element("RequestId", cx.request_id.as_str())
            .element("HostId", host_id(cx));
        document(xml)
    };
    *response.status_mut() = status;
    let etag = error
        .members()
        .iter()
        .find(|(name, _)| *name == "ETag")
        .map(|(_, etag)| format!("\"{etag}\""));
    if status == StatusCode::NOT_MODIFIED
        && let Some(Ok(etag)) = etag.map(HeaderValue::try_from)
    {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response
}

/// `x-amz-id-2`: an opaque second name of the request.
pub(crate) fn host_id(cx: &Cx) -> String {
    hex::encode(sigv4::sha256(cx.request_id.as_str().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::errors;

    #[test]
    fn statuses() {
        for (code, expected) in [
            ("NoSuchBucket", 404),
            ("NoSuchBucketPolicy", 404),
            ("ReplicationConfigurationNotFoundError", 404),
            ("AccessDenied", 403),
            ("ExpiredToken", 400),
            ("InvalidToken", 400),
            ("BucketNotEmpty", 409),
            ("PreconditionFailed", 412),
            ("InvalidRange", 416),
            ("MissingContentLength", 411),
            ("NotImplemented", 501),
            ("MalformedXML", 400),
            ("BadDigest", 400),
        ] {
            assert_eq!(status(Code(code)).as_u16(), expected, "{code}");
        }
    }

    #[test]
    fn only_what_goes_wrong_here_is_an_error_of_ours() {
        for (error, expected) in [
            (ApiError::internal("the disk is full"), true),
            (errors::not_implemented(), false),
            (errors::header_not_implemented("x-amz-if-match-size"), false),
            (ApiError::new(Code::TooManyRequests, "Rate exceeded"), false),
            (errors::access_denied(), false),
        ] {
            assert_eq!(is_ours(&error), expected, "{error}");
        }
    }
}
