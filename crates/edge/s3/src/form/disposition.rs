//! What a part of a form says of itself. RFC 7578 4.2, RFC 2183; as browsers write it.

use http::{HeaderMap, header};

/// A part's `Content-Disposition`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Disposition {
    pub name: String,
    /// As the client has it, perhaps with folders.
    pub file_name: Option<String>,
}

impl Disposition {
    /// None: the part has no name.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(header::CONTENT_DISPOSITION)?.as_bytes();
        // Not all clients write UTF-8; whatever it is, two names stay two.
        let text = String::from_utf8(value.to_vec()).unwrap_or_else(|_| value.iter().map(|b| char::from(*b)).collect());
        let (mut name, mut file_name) = (None, None);
        let (_, mut rest) = text.split_once(';')?;
        while let Some((parameter, value, more)) = parameter(rest) {
            match parameter.to_ascii_lowercase().as_str() {
                "name" => name = name.or(Some(value)),
                "filename" => file_name = file_name.or(Some(value)),
                _ => {}
            }
            rest = more;
        }
        Some(Self { name: name?, file_name })
    }
}

/// The first parameter, its value, and what follows; parameters without a value are passed over.
fn parameter(text: &str) -> Option<(&str, String, &str)> {
    let (name, value) = text.split_once('=')?;
    let name = name.rsplit(';').next().unwrap_or_default().trim();
    let value = value.trim_start();
    if let Some(quoted) = value.strip_prefix('"') {
        let (value, rest) = unquoted(quoted);
        return Some((name, value, rest));
    }
    let (value, rest) = value.split_once(';').unwrap_or((value, ""));
    Some((name, value.trim().to_owned(), rest))
}

/// Up to the closing quote. A backslash stands for itself but before a quote: paths of Windows have it.
fn unquoted(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return (value, text.get(at + 1..).unwrap_or_default()),
            '\\' if letters.next_if(|(_, next)| *next == '"').is_some() => value.push('"'),
            other => value.push(other),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(value: &[u8]) -> Option<(String, Option<String>)> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_bytes(value).unwrap());
        Disposition::of(&headers).map(|found| (found.name, found.file_name))
    }

    #[test]
    fn names_are_read_however_they_are_written() {
        for (value, name, file_name) in [
            (&b"form-data; name=\"key\""[..], "key", None),
            (b"form-data;name=key", "key", None),
            (b"form-data; Name=\"file\"; FileName=\"a.txt\"", "file", Some("a.txt")),
            (
                b"form-data; filename=\"x; name=key.txt\"; name=\"file\"",
                "file",
                Some("x; name=key.txt"),
            ),
            (
                b"form-data; name=\"file\"; filename=\"C:\\dir\\a \\\"b\\\".txt\"",
                "file",
                Some("C:\\dir\\a \"b\".txt"),
            ),
            (b"form-data; name=\"file\"; filename=\"\"", "file", Some("")),
            (b"form-data; name=\"file\"; filename=a.txt ; x=y", "file", Some("a.txt")),
            (
                b"form-data; name=\"file\"; filename=\"h\xc3\xa4fen\"",
                "file",
                Some("häfen"),
            ),
            (
                b"form-data; name=\"file\"; filename=\"h\xe4fen\"",
                "file",
                Some("häfen"),
            ),
            (b"form-data; flag; name=\"a\"; name=\"b\"", "a", None),
            (b"form-data; name=\"open", "open", None),
        ] {
            let expected = Some((name.to_owned(), file_name.map(str::to_owned)));
            assert_eq!(read(value), expected, "{}", String::from_utf8_lossy(value));
        }
        for value in [
            &b"form-data"[..],
            b"form-data; filename=\"name=x\"",
            b"form-data; =\"x\"",
        ] {
            assert_eq!(read(value), None, "{}", String::from_utf8_lossy(value));
        }
    }
}
