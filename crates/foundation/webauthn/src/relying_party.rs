//! Whose passkeys they are: a domain, and the pages that may ask for them.

use public_suffix::{DEFAULT_PROVIDER, EffectiveTLDProvider};

/// A relying party: passkeys are made for its domain and used on its pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelyingParty {
    id: String,
    /// Origins beside those of the domain.
    related: Vec<String>,
    /// The host whose pages alone may ask. None: of all that may, any.
    host: Option<String>,
}

/// For development: browsers take its pages without TLS.
const LOCALHOST: &str = "localhost";

impl RelyingParty {
    pub fn new(id: impl Into<String>, related: Vec<String>) -> Self {
        Self {
            id: id.into(),
            related,
            host: None,
        }
    }

    /// The same on a page of this origin: no other host of the domain asks in its place. None: nor may this one.
    pub fn on(&self, origin: &str) -> Option<Self> {
        let (_, host) = host_of(origin)?;
        self.allows(origin).then(|| Self {
            host: Some(host.to_owned()),
            ..self.clone()
        })
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether a page of this origin may ask: of the domain or one beneath it, at any port, by https; by http too where the domain
    /// is localhost; and the related origins as they are written.
    pub fn allows(&self, origin: &str) -> bool {
        let is_host = |own: &String| host_of(origin).is_some_and(|(_, host)| host == own);
        if !self.host.as_ref().is_none_or(is_host) {
            return false;
        }
        if self.related.iter().any(|related| related == origin) {
            return true;
        }
        let Some((scheme, host)) = host_of(origin) else {
            return false;
        };
        let secure = scheme == "https" || (scheme == "http" && beneath(&self.id, LOCALHOST));
        secure && beneath(host, &self.id)
    }
}

/// Whether `host` is `domain` or lies beneath it.
fn beneath(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain)
        .is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// Scheme and host of a web origin: `https://login.example.com:8443`.
fn host_of(origin: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = origin.split_once("://")?;
    let (host, port) = rest
        .split_once(':')
        .map_or((rest, None), |(host, port)| (host, Some(port)));
    let port_is_one = port.is_none_or(|port| {
        let digits = port.bytes().all(|byte| byte.is_ascii_digit());
        digits && port.parse::<u16>().is_ok_and(|port| port != 0)
    });
    (port_is_one && is_domain(host)).then_some((scheme, host))
}

/// Whether a text can be an origin that pages or apps ask from: `https://example.org`, `android:apk-key-hash:…`.
pub fn is_origin(text: &str) -> bool {
    match text.strip_prefix("android:apk-key-hash:") {
        Some(hash) => {
            hash.len() == 43
                && hash
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        }
        None => host_of(text)
            .is_some_and(|(scheme, host)| scheme == "https" || (scheme == "http" && beneath(host, LOCALHOST))),
    }
}

/// Whether passkeys can be made for this domain: one in lower case that is no public suffix, or localhost. An address is none.
pub fn is_relying_party_id(text: &str) -> bool {
    let last_is_a_name = text
        .rsplit('.')
        .next()
        .is_some_and(|last| last.bytes().any(|byte| byte.is_ascii_lowercase()));
    if !is_domain(text) || !last_is_a_name {
        return false;
    }
    beneath(text, LOCALHOST) || DEFAULT_PROVIDER.effective_tld_plus_one(text).is_ok()
}

/// Labels of lower-case letters, digits and hyphens.
fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        let edges = !label.starts_with('-') && !label.ends_with('-');
        let inner = label
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        (1..=63).contains(&label.len()) && edges && inner
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_the_domain_and_beneath_it_may_ask() {
        let own = RelyingParty::new(
            "example.com",
            vec!["https://example.org".to_owned(), "android:apk-key-hash:x".to_owned()],
        );
        let local = RelyingParty::new("localhost", Vec::new());
        for (party, origin, allowed) in [
            (&own, "https://example.com", true),
            (&own, "https://example.com:8443", true),
            (&own, "https://login.example.com", true),
            (&own, "https://a.b.example.com:443", true),
            (&own, "https://example.org", true),
            (&own, "android:apk-key-hash:x", true),
            (&own, "android:apk-key-hash:y", false),
            (&own, "https://login.example.org", false),
            (&own, "http://example.com", false),
            (&own, "https://badexample.com", false),
            (&own, "https://example.com.evil.net", false),
            (&own, "https://com", false),
            (&own, "https://evil.net/example.com", false),
            (&own, "https://evil.net#.example.com", false),
            (&own, "https://user@example.com", false),
            (&own, "https://example.com:", false),
            (&own, "https://example.com:0", false),
            (&own, "https://example.com:+1", false),
            (&own, "https://example.com/", false),
            (&own, "https://EXAMPLE.com", false),
            (&own, "https://.example.com", false),
            (&own, "example.com", false),
            (&own, "null", false),
            (&own, "http://localhost:3000", false),
            (&local, "http://localhost:3000", true),
            (&local, "http://localhost", true),
            (&local, "https://localhost:5173", true),
            (&local, "http://app.localhost:3000", true),
            (&local, "http://127.0.0.1:3000", false),
            (&local, "http://notlocalhost", false),
        ] {
            assert_eq!(party.allows(origin), allowed, "{} {origin}", party.id());
        }
    }

    #[test]
    fn on_a_page_its_own_host_asks() {
        let party = RelyingParty::new(
            "example.com",
            vec!["https://example.org".to_owned(), "android:apk-key-hash:x".to_owned()],
        );
        let (own, related) = ("https://id.example.com", "https://example.org");
        for (page, origin, allowed) in [
            (own, "https://id.example.com", true),
            (own, "https://id.example.com:8443", true),
            (own, "http://id.example.com", false),
            (own, "https://example.com", false),
            (own, "https://site.id.example.com", false),
            (own, "https://example.org", false),
            (own, "android:apk-key-hash:x", false),
            (related, "https://example.org", true),
            (related, "https://id.example.com", false),
        ] {
            assert_eq!(party.on(page).unwrap().allows(origin), allowed, "{page} {origin}");
        }
        for page in [
            "http://id.example.com",
            "https://evil.example",
            "android:apk-key-hash:x",
        ] {
            assert_eq!(party.on(page), None, "{page}");
        }
    }

    #[test]
    fn no_passkey_is_made_for_a_public_suffix() {
        for id in [
            "example.com",
            "login.example.co.uk",
            "localhost",
            "app.localhost",
            "a.github.io",
            "x1.test",
        ] {
            assert!(is_relying_party_id(id), "{id}");
        }
        for id in [
            "",
            "com",
            "co.uk",
            "github.io",
            "Example.com",
            "example.com.",
            ".example.com",
            "exa_mple.com",
            "-a.com",
            "https://example.com",
            "example.com:443",
            "127.0.0.1",
            "[::1]",
            "example .com",
        ] {
            assert!(!is_relying_party_id(id), "{id}");
        }
        let long = format!("{}.com", "a".repeat(64));
        assert!(!is_relying_party_id(&long));
    }

    #[test]
    fn an_origin_is_a_scheme_and_a_host() {
        let hash = format!("android:apk-key-hash:{}", "a-_Z".repeat(10) + "abc");
        for origin in [
            "https://example.org",
            "https://example.org:444",
            "http://localhost:3000",
            &hash,
        ] {
            assert!(is_origin(origin), "{origin}");
        }
        for origin in [
            "http://example.org",
            "https://example.org/",
            "example.org",
            "android:apk-key-hash:x",
            "*",
        ] {
            assert!(!is_origin(origin), "{origin}");
        }
    }
}
