//! CORS by the bucket's rules. Reference: identity-pools-iam 11.4.

use http::{HeaderMap, Response, StatusCode, header, request};
use kernel::Result;
use objects::{Bucket, CorsGrant};

use super::{
    Body, S3, empty,
    headers::{set, text},
    refusal,
};

const VARY: &str = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";

/// Answers OPTIONS; nobody signs it. Errors: AccessForbidden, NoSuchBucket, BadRequest for what is no preflight.
pub(super) async fn preflight(s3: &S3, head: &request::Parts, bucket_name: &str) -> Result<Response<Body>> {
    let Some(origin) = text(&head.headers, "origin") else {
        return Err(refusal(
            "BadRequest",
            "Insufficient information. Origin request header needed.",
        ));
    };
    let Some(method) = text(&head.headers, "access-control-request-method") else {
        return Err(refusal("BadRequest", "Invalid Access-Control-Request-Method: null"));
    };
    if bucket_name.is_empty() {
        return Err(not_enabled());
    }
    let bucket = s3.objects.bucket(bucket_name).await?;
    let Some(cors) = &bucket.settings.cors else {
        return Err(not_enabled());
    };
    let requested = text(&head.headers, "access-control-request-headers").unwrap_or("");
    let names: Vec<&str> = requested
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect();
    let grant = cors.grant(origin, method, &names).ok_or_else(|| {
        refusal(
            "AccessForbidden",
            "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
        )
    })?;
    let mut response = empty(StatusCode::OK);
    write(&grant, origin, response.headers_mut());
    if !names.is_empty() {
        set(
            response.headers_mut(),
            "access-control-allow-headers",
            &names.join(", ").to_ascii_lowercase(),
        );
    }
    Ok(response)
}

fn not_enabled() -> kernel::ApiError {
    refusal("AccessForbidden", "CORSResponse: CORS is not enabled for this bucket.")
}

/// Adds what the rule for this request grants; without Origin or rule nothing.
pub(super) fn add(bucket: &Bucket, head: &request::Parts, out: &mut HeaderMap) {
    let (Some(origin), Some(cors)) = (text(&head.headers, "origin"), &bucket.settings.cors) else {
        return;
    };
    if let Some(grant) = cors.grant(origin, head.method.as_str(), &[]) {
        write(&grant, origin, out);
    }
}

fn write(grant: &CorsGrant<'_>, origin: &str, out: &mut HeaderMap) {
    if grant.any_origin {
        set(out, "access-control-allow-origin", "*");
    } else {
        set(out, "access-control-allow-origin", origin);
        set(out, "access-control-allow-credentials", "true");
    }
    set(
        out,
        "access-control-allow-methods",
        &grant.rule.allowed_methods.join(", "),
    );
    if !grant.rule.expose_headers.is_empty() {
        set(
            out,
            "access-control-expose-headers",
            &grant.rule.expose_headers.join(", "),
        );
    }
    if let Some(age) = grant.rule.max_age_seconds {
        set(out, "access-control-max-age", &age.to_string());
    }
    set(out, header::VARY.as_str(), VARY);
}
