//! Addresses as proofs of possession name them, in one spelling: RFC 3986 sections 6.2.2 and 6.2.3, without query and fragment (RFC 9449
//! section 4.3).

use std::fmt::Write;

/// Characters.
const LONGEST: usize = 2048;

/// None: it is no address of http.
pub fn normal(uri: &str) -> Option<String> {
    if uri.len() > LONGEST || !uri.bytes().all(|b| b.is_ascii_graphic()) {
        return None;
    }
    let (scheme, rest) = uri.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let default_port = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let authority = authority.to_ascii_lowercase();
    let authority = authority.strip_suffix(default_port).unwrap_or(&authority);
    if authority.is_empty() || authority.contains(['@', '\\']) {
        return None;
    }
    let path = if path.is_empty() { "/" } else { path };
    Some(format!("{scheme}://{authority}{}", unescaped(path)?))
}

/// What need not be escaped is not, and what is, is so in capitals. None: an escape is none, or a part of the path leads elsewhere.
fn unescaped(path: &str) -> Option<String> {
    let mut parts = path.split('%');
    let mut out = parts.next()?.to_owned();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        let byte = u8::from_str_radix(digits, 16)
            .ok()
            .filter(|_| !digits.starts_with('+'))?;
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a text never fails.
            let _ = write!(out, "%{byte:02X}");
        }
        out.push_str(rest);
    }
    let is_plain = !out.split('/').any(|part| matches!(part, "." | ".."));
    is_plain.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn an_address_has_one_spelling() {
        for (uri, expected) in [
            ("HTTPS://A.Example:443/x/%7euser?y#z", Some("https://a.example/x/~user")),
            ("http://a.example:80", Some("http://a.example/")),
            ("http://a.example:8080/", Some("http://a.example:8080/")),
            (
                "http://[::1]:4566/_login/app/oauth2/token",
                Some("http://[::1]:4566/_login/app/oauth2/token"),
            ),
            ("https://a.example/%2f%c3%bc", Some("https://a.example/%2F%C3%BC")),
            ("https://a.example/x/../y", None),
            ("https://a.example/%2e%2e/y", None),
            ("https://a.example@evil.example/", None),
            ("https://a.example/%", None),
            ("https://a.example/%+1", None),
            ("https://a.example/%4", None),
            ("https://a.example/\u{fc}", None),
            ("https:///x", None),
            ("ftp://a.example/", None),
            ("a.example", None),
            ("", None),
        ] {
            assert_eq!(normal(uri).as_deref(), expected, "{uri}");
        }
    }
}
