//! The documents that are agreed to, as links. Pure. Reference: oauth-and-federation 9.1.

use pages::hosted::{Link, Terms};

/// Terms of use and privacy policy. None: one of them is no address of the web.
pub fn terms((terms_of_use, privacy_policy): (&str, &str)) -> Option<Terms> {
    Some(Terms {
        terms_of_use: link(terms_of_use)?,
        privacy_policy: link(privacy_policy)?,
    })
}

/// What a link may not have as it is goes into it by its bytes, in host names too: browsers read both the same way.
fn link(address: &str) -> Option<Link> {
    let mut plain = String::with_capacity(address.len());
    for c in address.chars() {
        let is_plain = c.is_ascii_graphic() && !"\"'<>\\^`{|}".contains(c);
        if is_plain {
            plain.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                plain.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    Link::new(&plain).filter(|_| !address.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_web_are_links() {
        for (address, expected) in [
            (
                "https://example.com/terms?a=1#b",
                Some("https://example.com/terms?a=1#b"),
            ),
            ("https://bücher.example/agb", Some("https://b%C3%BCcher.example/agb")),
            (
                "https://example.com/\"><script>",
                Some("https://example.com/%22%3E%3Cscript%3E"),
            ),
            ("javascript:alert(1)", None),
            ("data:text/html,x", None),
            ("/terms", None),
            ("", None),
        ] {
            assert_eq!(link(address), expected.and_then(Link::new), "{address}");
        }
        assert!(terms(("https://a.example/", "javascript:x")).is_none());
    }
}
