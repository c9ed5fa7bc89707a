//! How an access token is to be shown.

/// RFC 6749 section 7.1; RFC 9449 section 5.
pub fn token_type(is_bound: bool) -> &'static str {
    if is_bound { "DPoP" } else { "Bearer" }
}
