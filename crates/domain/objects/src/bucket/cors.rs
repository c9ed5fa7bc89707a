//! Which CORS rule applies. Reference: identity-pools-iam 11.4.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cors {
    pub rules: Vec<CorsRule>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CorsRule {
    pub id: Option<String>,
    /// `*` stands for any run of characters, at most once.
    pub allowed_origins: Vec<String>,
    pub allowed_methods: Vec<String>,
    pub allowed_headers: Vec<String>,
    pub expose_headers: Vec<String>,
    pub max_age_seconds: Option<i64>,
}

/// What the browser is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorsGrant<'a> {
    pub rule: &'a CorsRule,
    /// The rule's origin is exactly `*`: the answer names no origin and allows no credentials.
    pub any_origin: bool,
}

impl Cors {
    /// The first rule that matches origin, method and every requested header. An actual request asks for no headers.
    pub fn grant(&self, origin: &str, method: &str, headers: &[&str]) -> Option<CorsGrant<'_>> {
        self.rules.iter().find_map(|rule| {
            let allowed = rule.allowed_origins.iter().find(|pattern| matches(pattern, origin))?;
            let method_allowed = rule.allowed_methods.iter().any(|m| m == method);
            let headers_allowed = headers.iter().all(|h| {
                let h = h.to_ascii_lowercase();
                rule.allowed_headers
                    .iter()
                    .any(|pattern| matches(&pattern.to_ascii_lowercase(), &h))
            });
            (method_allowed && headers_allowed).then(|| CorsGrant {
                rule,
                any_origin: allowed == "*",
            })
        })
    }
}

fn matches(pattern: &str, value: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == value,
        Some((head, tail)) => {
            value.len() >= head.len() + tail.len() && value.starts_with(head) && value.ends_with(tail)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(items: &[&str]) -> Vec<String> {
        items.iter().map(|&s| s.to_owned()).collect()
    }

    fn rule(id: &str, origins: &[&str], methods: &[&str], headers: &[&str]) -> CorsRule {
        CorsRule {
            id: Some(id.to_owned()),
            allowed_origins: list(origins),
            allowed_methods: list(methods),
            allowed_headers: list(headers),
            ..CorsRule::default()
        }
    }

    /// Origin, method, requested headers; id of the rule and whether any origin is granted.
    type Case = (
        &'static str,
        &'static str,
        &'static [&'static str],
        Option<(&'static str, bool)>,
    );

    #[test]
    fn the_first_matching_rule_wins() {
        let cors = Cors {
            rules: vec![
                rule(
                    "exact",
                    &["https://app.example.com"],
                    &["GET", "PUT"],
                    &["x-amz-*", "Content-Type"],
                ),
                rule("wild", &["https://*.example.com"], &["GET"], &[]),
                rule("any", &["*"], &["HEAD"], &["*"]),
            ],
        };
        let table: &[Case] = &[
            (
                "https://app.example.com",
                "PUT",
                &["content-type", "X-Amz-Date"],
                Some(("exact", false)),
            ),
            ("https://app.example.com", "PUT", &["authorization"], None),
            ("https://app.example.com", "GET", &[], Some(("exact", false))),
            ("https://b.example.com", "GET", &[], Some(("wild", false))),
            ("https://b.example.com", "GET", &["content-type"], None),
            ("https://.example.com", "GET", &[], Some(("wild", false))),
            ("https://example.com", "GET", &[], None),
            ("https://evil.test", "HEAD", &["anything"], Some(("any", true))),
            ("https://evil.test", "GET", &[], None),
            ("null", "HEAD", &[], Some(("any", true))),
            ("HTTPS://APP.EXAMPLE.COM", "GET", &[], None),
        ];
        for (origin, method, headers, expected) in table {
            let got = cors.grant(origin, method, headers);
            let got = got.as_ref().map(|g| (g.rule.id.as_deref().unwrap(), g.any_origin));
            assert_eq!(got, *expected, "{origin} {method} {headers:?}");
        }
    }

    #[test]
    fn head_and_tail_of_a_wildcard_do_not_overlap() {
        assert!(!matches("aba*aba", "aba"));
        assert!(!matches("ab*ba", "aba"));
        assert!(matches("ab*ba", "abba"));
    }
}
