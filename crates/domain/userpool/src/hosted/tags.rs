//! Tags of a pool that say how its hosted login is to be.

/// The name that pages show for the pool, as it is.
pub const TITLE: &str = "poolhouse:title";
/// `true`: clients without a style have the built-in one. docs/hosted-login.md
pub const DEFAULT_STYLE: &str = "poolhouse:default-style";
/// `ignore`: scopes that a client does not have are overlooked, as RFC 6749 section 3.3 would have it.
pub const UNKNOWN_SCOPES: &str = "poolhouse:unknown-scopes";
/// `true`: browsers' sessions end with their users' others: by global sign-out.
pub(crate) const STRICT: &str = "poolhouse:sso-ends-with-sign-out";

/// The one value that the tag may have; None: it is none of these, or may have any.
pub(crate) fn only_value(tag: &str) -> Option<(&'static str, &'static str)> {
    [(DEFAULT_STYLE, "true"), (UNKNOWN_SCOPES, "ignore"), (STRICT, "true")]
        .into_iter()
        .find(|(known, _)| *known == tag)
}
