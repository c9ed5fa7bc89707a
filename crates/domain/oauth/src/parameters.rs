//! Parameters of a request: `application/x-www-form-urlencoded`, in an address or a body. Each may come once (RFC 6749 section 3.1).

use std::{collections::HashSet, fmt::Write};

use percent_encoding::percent_decode_str;

/// What is no text in this encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// In the order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Errors: what is not UTF-8 once decoded.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decoded(name)?, decoded(value)?))
        });
        pairs.collect::<Result<_, _>>().map(Self)
    }

    pub fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let pairs = pairs.into_iter();
        Self(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The same, where a parameter without a value is as good as none (RFC 6749 section 3.1).
    pub fn given(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// Whether it came more than once.
    pub fn repeats(&self, name: &str) -> bool {
        self.0.iter().filter(|(known, _)| known == name).count() > 1
    }

    /// Whether any came more than once.
    pub fn has_repeats(&self) -> bool {
        let mut seen = HashSet::with_capacity(self.0.len());
        !self.0.iter().all(|(name, _)| seen.insert(name))
    }

    /// As they came, in the form's encoding.
    pub fn encoded(&self) -> String {
        encode(self.iter())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

fn decoded(text: &str) -> Result<String, Malformed> {
    let is_escaped = |part: &str| part.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    if !text.split('%').skip(1).all(is_escaped) {
        return Err(Malformed);
    }
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().map_err(|_| Malformed)?;
    Ok(decoded.into_owned())
}

/// Pairs in this encoding.
pub(crate) fn encode<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        encode_into(&mut text, name);
        text.push('=');
        encode_into(&mut text, value);
    }
    text
}

/// Blanks become `+`; what is neither letter, digit nor one of `*-._` is escaped.
fn encode_into(text: &mut String, value: &str) {
    for byte in value.bytes() {
        match byte {
            b' ' => text.push('+'),
            b'*' | b'-' | b'.' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => text.push(char::from(byte)),
            _ => {
                // Writing to a text never fails.
                let _ = write!(text, "%{byte:02X}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded_once() {
        let read = Parameters::parse("a=1&b=x+y%20z%2B%2525&&c&d=&=e&%61=2").unwrap();
        for (name, value) in [
            ("a", Some("1")),
            ("b", Some("x y z+%25")),
            ("c", Some("")),
            ("d", Some("")),
            ("", Some("e")),
            ("e", None),
        ] {
            assert_eq!(read.get(name), value, "{name}");
        }
        assert_eq!((read.given("a"), read.given("d")), (Some("1"), None));
        assert!(read.repeats("a") && !read.repeats("b") && read.has_repeats());
        for malformed in ["a=%ff", "a=%", "a=%4", "a=%4g", "%zz=1"] {
            assert_eq!(Parameters::parse(malformed), Err(Malformed), "{malformed}");
        }
        assert_eq!(Parameters::parse("").unwrap(), Parameters::default());
    }

    #[test]
    fn what_is_encoded_is_read_back() {
        let pairs = [("state", "a b&c=d+e%\"<ü>"), ("x", "")];
        let text = encode(pairs);
        assert_eq!(text, "state=a+b%26c%3Dd%2Be%25%22%3C%C3%BC%3E&x=");
        assert_eq!(Parameters::parse(&text).unwrap().iter().collect::<Vec<_>>(), pairs);
    }
}
