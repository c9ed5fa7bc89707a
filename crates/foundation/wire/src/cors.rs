//! CORS of the AWS endpoint: browser SDKs call it directly, and no cookie is ever read there, so any origin may.
//! Reference: user-pools 1.6; decision 13.

use http::{HeaderMap, Method, header};

/// On every response of the AWS endpoint, refusals included. `Date` is what clients correct their clock by.
pub const RESPONSE: &[(&str, &str)] = &[
    ("access-control-allow-origin", "*"),
    (
        "access-control-expose-headers",
        "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date",
    ),
];

/// On the answer (200, no body, no authentication) to a preflight. Two days are the most that AWS lets browsers keep it.
pub const PREFLIGHT: &[(&str, &str)] = &[
    ("access-control-allow-origin", "*"),
    ("access-control-allow-methods", "POST, GET, OPTIONS"),
    (
        "access-control-allow-headers",
        "content-type, x-amz-target, x-amz-user-agent, cache-control, authorization, x-amz-date, \
         x-amz-security-token, x-amz-content-sha256, amz-sdk-invocation-id, amz-sdk-request, x-amzn-trace-id",
    ),
    ("access-control-max-age", "172800"),
];

/// Is this preflight for a call that [`crate::route()`] would take? The JSON services are told by `x-amz-target` among the
/// requested headers, the query services by a POST to the root; the rest belong to buckets, OAuth endpoints and pages.
pub fn is_preflight(method: &Method, path: &str, headers: &HeaderMap) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    if method != Method::OPTIONS {
        return false;
    }
    let wants_target = text(header::ACCESS_CONTROL_REQUEST_HEADERS)
        .split(',')
        .any(|name| name.trim().eq_ignore_ascii_case("x-amz-target"));
    wants_target || (path == "/" && text(header::ACCESS_CONTROL_REQUEST_METHOD) == "POST")
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn preflights_are_told_apart() {
        let cases = [
            ("OPTIONS", "/", "POST", "content-type,x-amz-target", true),
            ("OPTIONS", "/idp", "POST", "cache-control, X-Amz-Target", true),
            ("OPTIONS", "/", "POST", "amz-sdk-invocation-id,amz-sdk-request", true),
            ("OPTIONS", "/photos/cat.jpg", "PUT", "authorization,x-amz-date", false),
            ("OPTIONS", "/photos/cat.jpg", "POST", "authorization", false),
            ("OPTIONS", "/", "GET", "authorization", false),
            ("POST", "/", "POST", "x-amz-target", false),
        ];
        for (method, path, asked_method, asked_headers, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert("access-control-request-method", HeaderValue::from_static(asked_method));
            headers.insert(
                "access-control-request-headers",
                HeaderValue::from_static(asked_headers),
            );
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            assert_eq!(
                is_preflight(&method, path, &headers),
                expected,
                "{method} {path} {asked_headers}"
            );
        }
    }

    #[test]
    fn the_data_are_headers() {
        for (name, value) in RESPONSE.iter().chain(PREFLIGHT) {
            HeaderName::from_static(name);
            HeaderValue::from_static(value);
        }
    }
}
