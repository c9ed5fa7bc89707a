//! Addresses of terms: whole ones of the web, in the languages that Cognito names. Reference: user-pools 14.6.

use std::collections::BTreeMap;

use kernel::ApiError;

use crate::errors::branding as errors;

/// Errors: InvalidParameter.
pub(crate) fn check(links: &BTreeMap<String, String>) -> Result<(), ApiError> {
    match links.values().find(|url| !is_of_the_web(url)) {
        Some(url) => Err(errors::link_not_valid(url)),
        None => Ok(()),
    }
}

/// With a scheme that runs nothing and a host. Blanks and control characters the model refuses.
fn is_of_the_web(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    // Browsers read a backslash as a slash, other programs don't; a name before an @ makes one host look like another.
    (scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http"))
        && host.starts_with(|c: char| c.is_alphanumeric() || c == '[')
        && !host.contains('@')
        && !url.contains(['\\', '"', '\'', '<', '>', '`'])
}

/// How links name the language of a page. Reference: oauth-and-federation 9.1.
pub(super) fn language(page: &str) -> Option<&'static str> {
    Some(match page {
        "de" => "cognito:german",
        "en" => "cognito:english",
        "es" => "cognito:spanish",
        "fr" => "cognito:french",
        "id" => "cognito:bahasa-indonesia",
        "it" => "cognito:italian",
        "ja" => "cognito:japanese",
        "ko" => "cognito:korean",
        "nl" => "cognito:dutch",
        "pt-BR" => "cognito:portuguese-brazil",
        "zh-CN" => "cognito:chinese-simplified",
        "zh-TW" => "cognito:chinese-traditional",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_web() {
        for url in [
            "https://example.com/terms",
            "http://example.com",
            "HTTPS://example.com?x=1#top",
            "https://[::1]:8080/x",
            "https://bücher.example/agb",
        ] {
            assert!(is_of_the_web(url), "{url}");
        }
        for url in [
            "javascript:alert(1)",
            "javascript://example.com/%0aalert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "vbscript:x",
            "file:///etc/passwd",
            "ftp://example.com/",
            "//example.com/",
            "/terms",
            "terms",
            "https:example.com",
            "https://",
            "https:///terms",
            "https://?x",
            "https://example.com@evil.example/",
            "https://example.com\\@evil.example/",
            "https://example.com/\"onclick=alert(1)",
            "https://example.com/'x",
            "https://example.com/<b>",
        ] {
            assert!(!is_of_the_web(url), "{url}");
        }
    }
}
