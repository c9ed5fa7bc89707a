//! Names of domains: a prefix is one label, a custom domain a whole name. Reference: user-pools 14.3, oauth-and-federation 9.4.

use kernel::{ApiError, Region};

use crate::errors::hosted as errors;

/// A pool has one of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DomainKind {
    Prefix,
    Custom,
}

/// What no part of a prefix between hyphens may be.
const RESERVED: [&str; 3] = ["aws", "amazon", "cognito"];

/// Names beneath these are AWS's, and ours where we stand in for it: whose they are is told by prefix and Region.
const NOBODYS: [&str; 2] = [".amazoncognito.com", ".amazonaws.com"];

/// Browsers show such a label as other letters than it was asked for by, which beneath a domain that many share is somebody else's
/// name. Of our own rules; whoever owns a whole name may have it.
const PUNYCODE: &str = "xn--";

impl DomainKind {
    /// The kind of a name that could be a domain's, by its dots. None: no domain is called so.
    pub fn of(name: &str) -> Option<Self> {
        if !name.chars().all(is_plain) {
            return None;
        }
        Some(if name.contains('.') { Self::Custom } else { Self::Prefix })
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Prefix => "prefix",
            Self::Custom => "custom",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Prefix, Self::Custom]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }

    /// Whether a new domain may have the name. Errors: InvalidParameter.
    pub fn check(self, name: &str) -> Result<(), ApiError> {
        match self {
            Self::Prefix => check_prefix(name),
            Self::Custom => check_custom(name),
        }
    }

    /// What a domain is found by everywhere: its host in lower case, of a prefix without `amazoncognito.com`.
    pub fn key(self, name: &str, region: &Region) -> String {
        match self {
            // Of a self-hosted server it may be any text.
            Self::Prefix => format!("{name}.auth.{}", region.as_str().to_ascii_lowercase()),
            Self::Custom => name.to_owned(),
        }
    }

    /// Whether it is found by `key`: what every request to a domain asks.
    pub fn has_key(self, name: &str, region: &Region, key: &str) -> bool {
        match self {
            Self::Prefix => {
                let rest = key.strip_prefix(name).and_then(|rest| rest.strip_prefix(".auth."));
                rest.is_some_and(|rest| {
                    let lowered = region.as_str().bytes().map(|b| b.to_ascii_lowercase());
                    rest.bytes().eq(lowered)
                })
            }
            Self::Custom => key == name,
        }
    }
}

/// Of a name without dots. Look-alikes of other alphabets and upper case are none of them.
fn is_plain(c: char) -> bool {
    matches!(c, 'a'..='z' | '0'..='9' | '-' | '.')
}

fn check_prefix(name: &str) -> Result<(), ApiError> {
    if !is_label(name) || name.starts_with(PUNYCODE) {
        return Err(errors::domain_character());
    }
    match name.split('-').find(|part| RESERVED.contains(part)) {
        Some(word) => Err(errors::domain_reserved_word(word)),
        None => Ok(()),
    }
}

/// What AWS finds out by DNS is told by the name alone here: whether its parent is beneath a top-level domain.
fn check_custom(name: &str) -> Result<(), ApiError> {
    // A wildcard is no name, whatever its characters.
    let bare = name.strip_prefix("*.").unwrap_or(name);
    if !bare.chars().all(is_plain) {
        return Err(errors::domain_character());
    }
    let labels: Vec<&str> = name.split('.').collect();
    let fine = labels.len() > 2
        && labels.iter().all(|label| is_label(label))
        && labels.last().is_some_and(|last| is_top_level(last))
        && !NOBODYS.iter().any(|domain| name.ends_with(domain));
    if fine {
        Ok(())
    } else {
        Err(errors::domain_not_a_subdomain())
    }
}

fn is_label(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=63).contains(&text.len()) && text.bytes().all(inner) && !text.starts_with('-') && !text.ends_with('-')
}

/// Addresses end in numbers.
fn is_top_level(label: &str) -> bool {
    label.starts_with(PUNYCODE) || label.bytes().all(|b| b.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(kind: DomainKind, name: &str) -> String {
        kind.check(name)
            .err()
            .map_or_else(String::new, |error| error.message().to_owned())
    }

    const CHARACTER: &str = "The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens.";

    #[test]
    fn prefixes() {
        for name in ["a", "7", "my-app", "my-awsome-app", "cognitos", "a--b", &"a".repeat(63)] {
            assert_eq!(refusal(DomainKind::Prefix, name), "", "{name}");
        }
        for name in [
            "",
            "-a",
            "a-",
            "-",
            "My-app",
            "my_app",
            "my app",
            "my.app",
            "müller",
            "ａｐｐ",
            "а",
            "app\u{200d}",
            "xn--mller-kva",
            "app\0",
            "İ",
            "K",
            &"a".repeat(64),
        ] {
            assert_eq!(refusal(DomainKind::Prefix, name), CHARACTER, "{name:?}");
        }
        for (name, word) in [
            ("aws", "aws"),
            ("my-aws-app", "aws"),
            ("amazon-", ""),
            ("x-cognito", "cognito"),
            ("amazon", "amazon"),
        ] {
            let expected = if word.is_empty() {
                CHARACTER.to_owned()
            } else {
                format!("Domain cannot contain reserved word: {word}")
            };
            assert_eq!(refusal(DomainKind::Prefix, name), expected, "{name}");
        }
    }

    #[test]
    fn custom_domains() {
        for name in [
            "auth.example.com",
            "a.b.c.example.org",
            "1.example.com",
            "xn--mller-kva.example.xn--p1ai",
        ] {
            assert_eq!(refusal(DomainKind::Custom, name), "", "{name}");
        }
        let parent = "Custom domain is not a valid subdomain: Was not able to resolve a DNS A record for the parent domain or domain parent is a top-level domain.";
        for name in [
            "",
            "auth",
            "com",
            "example.com",
            "*.example.com",
            "127.0.0.1",
            "auth.example.c0m",
            "auth..example.com",
            ".auth.example.com",
            "auth.example.com.",
            "-auth.example.com",
            "auth-.example.com",
            "...",
            "staff.auth.us-east-1",
            "staff.auth.us-east-1.amazoncognito.com",
            "cognito-idp.us-east-1.amazonaws.com",
        ] {
            assert_eq!(refusal(DomainKind::Custom, name), parent, "{name:?}");
        }
        for name in [
            "Auth.example.com",
            "auth.exämple.com",
            "auth_1.example.com",
            "auth.example.com:443",
            "[::1]",
            "auth。example.com",
            "a b.example.com",
        ] {
            assert_eq!(refusal(DomainKind::Custom, name), CHARACTER, "{name:?}");
        }
    }

    #[test]
    fn a_domain_has_its_key_and_no_other() {
        let region = Region::new("eu-west-1");
        for (kind, name, other) in [
            (DomainKind::Prefix, "staff", "staff"),
            (DomainKind::Prefix, "staff", "staff.auth.eu-west-10"),
            (DomainKind::Prefix, "staff", "staffs.auth.eu-west-1"),
            (
                DomainKind::Custom,
                "auth.example.com",
                "auth.example.com.auth.eu-west-1",
            ),
        ] {
            assert!(kind.has_key(name, &region, &kind.key(name, &region)), "{name}");
            assert!(!kind.has_key(name, &region, other), "{name} {other}");
        }
    }

    #[test]
    fn a_kind_is_told_by_its_dots() {
        for (name, kind) in [
            ("staff", Some(DomainKind::Prefix)),
            ("auth.example.com", Some(DomainKind::Custom)),
            ("Staff", None),
            ("staff\0", None),
        ] {
            assert_eq!(DomainKind::of(name), kind, "{name:?}");
        }
        for kind in [DomainKind::Prefix, DomainKind::Custom] {
            assert_eq!(DomainKind::parse(kind.as_str()), Some(kind));
        }
    }
}
