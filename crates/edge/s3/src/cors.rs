//! CORS by the bucket's rules. Reference: identity-pools-iam 11.4.

use axum::body::Body;
use http::{HeaderMap, Response, StatusCode, header, request};
use kernel::{ApiError, Result};
use objects::{Bucket, CorsGrant};

use crate::{
    answer::empty,
    errors::refusal,
    headers::{set, text},
};

const VARY: &str = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";

/// What a preflight may ask about.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];

/// Answers OPTIONS; nobody signs it. `bucket`: none of that name. Errors: AccessForbidden, BadRequest for what is no preflight.
pub(crate) fn preflight(head: &request::Parts, bucket: Option<&Bucket>) -> Result<Response<Body>> {
    let Some(origin) = text(&head.headers, "origin") else {
        return Err(refusal(
            "BadRequest",
            "Insufficient information. Origin request header needed.",
        ));
    };
    let asked = text(&head.headers, "access-control-request-method");
    if let Some(method) = asked.filter(|method| !METHODS.contains(method)) {
        return Err(unknown_method(method));
    }
    let forbidden = |reason: &str, resource_type: &'static str| {
        refusal("AccessForbidden", format!("CORSResponse: {reason}"))
            .with_member("Method", asked.unwrap_or("OPTIONS"))
            .with_member("ResourceType", resource_type)
    };
    let bucket = bucket.ok_or_else(|| forbidden("Bucket not found", "BUCKET"))?;
    let Some(cors) = &bucket.settings.cors else {
        return Err(forbidden("CORS is not enabled for this bucket.", "BUCKET"));
    };
    let method = asked.ok_or_else(|| unknown_method("null"))?;
    let requested = text(&head.headers, "access-control-request-headers").unwrap_or("");
    let names: Vec<&str> = requested
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect();
    let grant = cors.grant(origin, method, &names).ok_or_else(|| {
        forbidden(
            "This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
            "OBJECT",
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

fn unknown_method(name: &str) -> ApiError {
    refusal("BadRequest", format!("Invalid Access-Control-Request-Method: {name}"))
}

/// Adds what the rule for this request grants; without Origin or rule nothing.
pub(crate) fn add(bucket: &Bucket, head: &request::Parts, out: &mut HeaderMap) {
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
