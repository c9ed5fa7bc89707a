//! An address that came from outside and may stand in a page.

use serde::Serialize;

/// `https:`, `http:` or a path of this server, in characters that an address may have: no script, nothing that ends an attribute
/// or a `url("…")`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Link(String);

impl Link {
    pub fn new(address: &str) -> Option<Self> {
        let lower = address.get(..8).unwrap_or(address).to_ascii_lowercase();
        let is_path = address.starts_with('/') && !address.starts_with("//");
        let is_web = lower.starts_with("https://") || lower.starts_with("http://");
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&*+,;=%()".contains(c);
        ((is_path || is_web) && address.chars().all(is_plain)).then(|| Self(address.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_addresses_are_links() {
        for good in [
            "https://example.com/terms?a=b#c",
            "http://localhost:3000/",
            "/assets/logo.png",
            "/",
        ] {
            assert!(Link::new(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "javascript:alert(1)",
            "JaVaScRiPt://x",
            "data:text/html,x",
            "//evil.example",
            "logo.png",
            "https://a/\"><script>",
            "https://a/ b",
            "https://a/\n",
            "/a\\b",
            "/'",
        ] {
            assert_eq!(Link::new(bad), None, "{bad}");
        }
    }
}
