//! Percent-encoding as SigV4 wants it: `A-Za-z0-9-._~` stay, the rest becomes `%XX` in upper case. Reference 10.2.

use std::borrow::Cow;

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Where a text stands, which decides what `/` and `+` mean in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Component {
    /// `/` separates and stays.
    Path,
    /// `+` is a blank, as HTML forms write it, because those who act on a query read it so: were it a plus to the signature,
    /// `%2B` could be exchanged for `+` in what somebody signed.
    Query,
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

fn stays(byte: u8, component: Component) -> bool {
    is_unreserved(byte) || (byte == b'/' && component == Component::Path)
}

fn push_encoded(out: &mut String, byte: u8) {
    out.push('%');
    for nibble in [byte >> 4, byte & 15] {
        out.extend(HEX.get(usize::from(nibble)).map(|digit| char::from(*digit)));
    }
}

/// Encodes every byte that may not stay, `%` among them: what is encoded already becomes encoded twice.
pub(crate) fn encode(text: &str, component: Component) -> Cow<'_, str> {
    if text.bytes().all(|b| stays(b, component)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        if stays(byte, component) {
            out.push(char::from(byte));
        } else {
            push_encoded(&mut out, byte);
        }
    }
    Cow::Owned(out)
}

fn hex_value(digit: Option<&u8>) -> Option<u8> {
    u8::try_from(char::from(*digit?).to_digit(16)?).ok()
}

/// The byte at the front of `rest`, whether it was written as `%XX`, and what follows. A `%` that no two hexadecimal
/// digits follow stands for itself.
fn next_byte(rest: &[u8]) -> Option<(u8, bool, &[u8])> {
    let (first, tail) = rest.split_first()?;
    if *first == b'%'
        && let (Some(high), Some(low)) = (hex_value(tail.first()), hex_value(tail.get(1)))
    {
        return Some((high << 4 | low, true, tail.get(2..).unwrap_or_default()));
    }
    Some((*first, false, tail))
}

/// Decodes, then encodes in the one canonical way. Borrows what is canonical already, as most texts are.
pub(crate) fn reencode(text: &str, component: Component) -> Cow<'_, str> {
    if is_canonical(text.as_bytes(), component) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() * 3);
    let mut rest = text.as_bytes();
    while let Some((byte, escaped, tail)) = next_byte(rest) {
        rest = tail;
        match byte {
            b'+' if !escaped && component == Component::Query => out.push_str("%20"),
            b'/' if !escaped && component == Component::Path => out.push('/'),
            byte if is_unreserved(byte) => out.push(char::from(byte)),
            byte => push_encoded(&mut out, byte),
        }
    }
    Cow::Owned(out)
}

fn is_canonical(mut rest: &[u8], component: Component) -> bool {
    while let Some((byte, escaped, tail)) = next_byte(rest) {
        let fine = if escaped {
            let digits = rest.get(1..3).unwrap_or_default();
            !is_unreserved(byte) && !digits.iter().any(u8::is_ascii_lowercase)
        } else {
            stays(byte, component)
        };
        if !fine {
            return false;
        }
        rest = tail;
    }
    true
}

/// The name or value of a query parameter, read as [`Component::Query`]. `None` if it is not UTF-8.
pub(crate) fn decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains(['%', '+']) {
        return Some(Cow::Borrowed(text));
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, escaped, tail)) = next_byte(rest) {
        out.push(if byte == b'+' && !escaped { b' ' } else { byte });
        rest = tail;
    }
    String::from_utf8(out).ok().map(Cow::Owned)
}

/// Removes empty and dot segments (RFC 3986, section 5.2.4). What is escaped is left alone: clients do the same.
pub(crate) fn normalise(path: &str) -> Cow<'_, str> {
    if path.starts_with('/') && !path.contains("//") && !path.contains("/.") {
        return Cow::Borrowed(path);
    }
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(kept.pop()),
            segment => kept.push(segment),
        }
    }
    let mut out = String::with_capacity(path.len() + 1);
    for segment in &kept {
        out.push('/');
        out.push_str(segment);
    }
    if kept.is_empty() || path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..") {
        out.push('/');
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_text_become_one() {
        for (component, spellings, canonical) in [
            (Component::Path, vec!["/a b", "/a%20b"], "/a%20b"),
            (
                Component::Path,
                vec!["/us:1/(x)'", "/us%3a1/%28x%29%27", "/us%3A1/(%78)%27"],
                "/us%3A1/%28x%29%27",
            ),
            (Component::Path, vec!["/a%2fb"], "/a%2Fb"),
            (Component::Path, vec!["/a+b", "/a%2Bb"], "/a%2Bb"),
            (Component::Path, vec!["/100%", "/100%25"], "/100%25"),
            (Component::Path, vec!["/ሴ", "/%e1%88%b4"], "/%E1%88%B4"),
            (Component::Query, vec!["a%2bb", "a%2Bb"], "a%2Bb"),
            (Component::Query, vec!["a+b", "a%20b", "a b"], "a%20b"),
            (Component::Query, vec!["a/b", "a%2Fb"], "a%2Fb"),
            (Component::Query, vec!["%zz", "%25zz"], "%25zz"),
            (Component::Query, vec!["%ff"], "%FF"),
        ] {
            for spelling in spellings {
                assert_eq!(reencode(spelling, component), canonical, "{spelling}");
            }
        }
        assert!(matches!(reencode("/plain/a%20b", Component::Path), Cow::Borrowed(_)));
    }

    #[test]
    fn encoding_twice_escapes_the_percent_sign() {
        assert_eq!(encode("/prod/a%20b", Component::Path), "/prod/a%2520b");
        assert_eq!(encode("/@connections/x%3D", Component::Path), "/%40connections/x%253D");
    }

    #[test]
    fn dot_segments_and_empty_ones_go() {
        for (path, expected) in [
            ("", "/"),
            ("/", "/"),
            ("//", "/"),
            ("/./", "/"),
            ("/a/..", "/"),
            ("/a/b/../..", "/"),
            ("/../a", "/a"),
            ("//a//", "/a/"),
            ("/./a", "/a"),
            ("/a/.", "/a/"),
            ("/a/b/..", "/a/"),
            ("/.a/..b", "/.a/..b"),
            ("/%2e%2e/a", "/%2e%2e/a"),
            ("a/b", "/a/b"),
        ] {
            assert_eq!(normalise(path), expected, "{path}");
        }
    }

    #[test]
    fn a_plus_is_a_blank_unless_escaped() {
        assert_eq!(decode("a%2Fb+c%2Bd%").unwrap(), "a/b c+d%");
        assert_eq!(decode("%FF"), None);
    }
}
