//! Where an app client may send its users: absolute addresses, https but for this machine. Reference: user-pools 3.7,
//! oauth-and-federation 8.

use kernel::ApiError;

use super::oauth::OAuth;
use crate::errors::settings as errors;

/// A script or document in place of an address would run in the page that redirects.
const DANGEROUS_SCHEMES: [&str; 8] = [
    "javascript",
    "data",
    "vbscript",
    "blob",
    "file",
    "filesystem",
    "about",
    "view-source",
];

/// Errors: InvalidParameter.
pub(super) fn check(oauth: &OAuth) -> Result<(), ApiError> {
    for url in oauth.callbacks.iter().chain(&oauth.logouts) {
        if let Some(rule) = broken_rule(url) {
            return Err(errors::invalid_redirect(url, rule));
        }
    }
    match &oauth.default_redirect {
        Some(default) if !oauth.callbacks.contains(default) => Err(errors::default_redirect_not_listed(default)),
        _ => Ok(()),
    }
}

/// Which rule an address breaks: absolute, no fragment, nobody's name in it, http only to this machine. App schemes are fine.
pub(crate) fn broken_rule(url: &str) -> Option<&'static str> {
    const NOT_ABSOLUTE: Option<&str> = Some("is not an absolute URI.");
    if url.contains('#') {
        return Some("cannot contain a fragment.");
    }
    // The model's pattern has refused these already; browsers would drop some of them and read another address.
    if url.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return NOT_ABSOLUTE;
    }
    let Some((scheme, rest)) = url.split_once(':') else {
        return NOT_ABSOLUTE;
    };
    // Browsers read a backslash as a slash, other programs don't.
    let slashes = !url.contains('\\');
    let mut letters = scheme.bytes();
    let named = letters.next().is_some_and(|b| b.is_ascii_alphabetic())
        && letters.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    if !named || rest.is_empty() || !slashes {
        return NOT_ABSOLUTE;
    }
    if DANGEROUS_SCHEMES
        .iter()
        .any(|forbidden| scheme.eq_ignore_ascii_case(forbidden))
    {
        return Some("cannot use this scheme.");
    }
    let authority = rest.strip_prefix("//").map(authority_of);
    let is_http = scheme.eq_ignore_ascii_case("http");
    if is_http && !matches!(authority.and_then(host_of), Some("localhost" | "127.0.0.1" | "[::1]")) {
        return Some("cannot use the HTTP protocol.");
    }
    if authority.is_some_and(|authority| authority.contains('@')) {
        return Some("cannot contain user information.");
    }
    if scheme.eq_ignore_ascii_case("https") && authority.and_then(host_of).is_none() {
        return NOT_ABSOLUTE;
    }
    None
}

/// Whether people read an address as browsers do, where a page shows them the host of the web's and the whole of an app's: ASCII, and
/// nothing in a host that looks like a slash.
pub(crate) fn is_legible(url: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'[' | b']' | b':');
    match url.split_once("://") {
        Some((scheme, rest)) if is_web(scheme) => authority_of(rest).bytes().all(is_plain),
        _ => url.is_ascii(),
    }
}

fn is_web(scheme: &str) -> bool {
    ["https", "http"].iter().any(|web| scheme.eq_ignore_ascii_case(web))
}

fn authority_of(rest: &str) -> &str {
    rest.split(['/', '?']).next().unwrap_or_default()
}

/// Without port. None: there is none, or what follows it is no port, so that two programs could read two hosts.
fn host_of(authority: &str) -> Option<&str> {
    let end = match authority.strip_prefix('[') {
        Some(_) => authority.find(']')? + 1,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at_checked(end)?;
    let is_port = port.is_empty()
        || port
            .strip_prefix(':')
            .is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
    (is_port && !host.is_empty()).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_read_an_address_as_browsers_do() {
        for (url, legible) in [
            ("https://app.example.com/\u{430}", true),
            ("https://xn--bnk-5cd.example/cb", true),
            ("http://[::1]:8080/cb", true),
            ("com.example.app:/cb", true),
            ("myapp://b\u{430}nk/cb", false),
            ("https://bank.example\u{2044}x.evil.example/cb", false),
            ("HTTPS://b\u{430}nk.example/cb", false),
            ("https://evil.example\u{202e}moc.knab/cb", false),
            ("https://bank.example%2Fx.evil.example/cb", false),
            ("https://bank.example;x.evil.example/cb", false),
        ] {
            assert_eq!(is_legible(url), legible, "{url}");
        }
    }

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
            ("http://localhost:80@example.com/", "cannot use the HTTP protocol."),
            ("http://localhost:80.example.com/", "cannot use the HTTP protocol."),
            ("http://[::1].example.com/", "cannot use the HTTP protocol."),
            ("http://[::1", "cannot use the HTTP protocol."),
            ("http://127.0.0.1.example.com/", "cannot use the HTTP protocol."),
            ("http:/localhost/", "cannot use the HTTP protocol."),
            ("https://ana@app.example.com/", "cannot contain user information."),
            (
                "https://app.example.com:443@example.com/",
                "cannot contain user information.",
            ),
            ("myapp://ana@signed-in", "cannot contain user information."),
            ("https://:443/", "is not an absolute URI."),
            ("https://app.example.com:x/", "is not an absolute URI."),
            ("https:app.example.com", "is not an absolute URI."),
            ("https://app.example.com/\n", "is not an absolute URI."),
            ("java\tscript:alert(1)", "is not an absolute URI."),
            ("https://app.example.com/a\u{a0}b", "is not an absolute URI."),
            ("https://app.example.com\\@example.com/", "is not an absolute URI."),
            ("//app.example.com/", "is not an absolute URI."),
            ("VBScript:x", "cannot use this scheme."),
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
