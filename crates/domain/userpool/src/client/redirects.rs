//! Where an app client may send its users: absolute addresses, https but for this machine. Reference: user-pools 3.7.

use api::cognito_idp::UserPoolClientType;
use kernel::ApiError;

use crate::errors::settings as errors;

/// Errors: InvalidParameter.
pub(super) fn check(settings: &UserPoolClientType) -> Result<(), ApiError> {
    let callbacks = settings.callback_urls.as_deref().unwrap_or_default();
    let logouts = settings.logout_urls.as_deref().unwrap_or_default();
    for url in callbacks.iter().chain(logouts) {
        if let Some(rule) = broken_rule(url) {
            return Err(errors::invalid_redirect(url, rule));
        }
    }
    match &settings.default_redirect_uri {
        Some(default) if !callbacks.contains(default) => Err(errors::default_redirect_not_listed(default)),
        _ => Ok(()),
    }
}

/// Which rule an address breaks: absolute, no fragment, http only to this machine. App schemes are fine.
fn broken_rule(url: &str) -> Option<&'static str> {
    if url.contains('#') {
        return Some("cannot contain a fragment.");
    }
    let Some((scheme, rest)) = url.split_once(':') else {
        return Some("is not an absolute URI.");
    };
    // Browsers read a backslash as a slash, other programs don't.
    let slashes = !url.contains('\\');
    let mut letters = scheme.bytes();
    let named = letters.next().is_some_and(|b| b.is_ascii_alphabetic())
        && letters.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    if !named || rest.is_empty() || !slashes {
        return Some("is not an absolute URI.");
    }
    // A script or document in place of an address would run in the page that redirects.
    if [
        "javascript",
        "data",
        "vbscript",
        "blob",
        "file",
        "filesystem",
        "about",
        "view-source",
    ]
    .iter()
    .any(|forbidden| scheme.eq_ignore_ascii_case(forbidden))
    {
        return Some("cannot use this scheme.");
    }
    let host = rest.strip_prefix("//").map(host_of);
    if scheme.eq_ignore_ascii_case("https") {
        return host.is_none_or(str::is_empty).then_some("is not an absolute URI.");
    }
    let this_machine = matches!(host, Some("localhost" | "127.0.0.1" | "[::1]"));
    (scheme.eq_ignore_ascii_case("http") && !this_machine).then_some("cannot use the HTTP protocol.")
}

/// Without port; an address with user information has no host that could be trusted.
fn host_of(rest: &str) -> &str {
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    if authority.contains('@') {
        return "";
    }
    match authority.find(']') {
        Some(end) => authority.get(..=end).unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirect_addresses() {
        for url in [
            "https://app.example.com/callback?x=1",
            "http://localhost:3000/",
            "http://127.0.0.1",
            "http://[::1]:8080/cb",
            "myapp://signed-in",
            "com.example.app:/signed-in",
        ] {
            assert_eq!(broken_rule(url), None, "{url}");
        }
        for (url, rule) in [
            ("http://app.example.com/", "cannot use the HTTP protocol."),
            ("HTTP://app.example.com/", "cannot use the HTTP protocol."),
            ("http://localhost.example.com/", "cannot use the HTTP protocol."),
            ("http://localhost@example.com/", "cannot use the HTTP protocol."),
            ("http://localhost\\.example.com/", "is not an absolute URI."),
            ("https://app.example.com/#top", "cannot contain a fragment."),
            ("https:///path", "is not an absolute URI."),
            ("app.example.com", "is not an absolute URI."),
            ("://x", "is not an absolute URI."),
            ("JavaScript:alert(1)", "cannot use this scheme."),
            ("data:text/html,hello", "cannot use this scheme."),
            ("blob:https://app.example.com/1", "cannot use this scheme."),
            ("file:///etc/hosts", "cannot use this scheme."),
            (" javascript:alert(1)", "is not an absolute URI."),
            ("myapp://signed-in#x", "cannot contain a fragment."),
            ("http://192.168.0.7/", "cannot use the HTTP protocol."),
        ] {
            assert_eq!(broken_rule(url), Some(rule), "{url}");
        }
    }
}
