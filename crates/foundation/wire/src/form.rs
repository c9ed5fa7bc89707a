//! `application/x-www-form-urlencoded`: query strings and the bodies of the query protocol, read in one way.

use std::fmt;

use kernel::{ApiError, Code};
use percent_encoding::percent_decode;

/// AWS's largest request (SimulateCustomPolicy with every list full) stays far below.
const MOST_PARAMETERS: usize = 10_000;

/// The decoded name-value pairs of a query string, a form body, or both. Names are unique.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// Sorted by name, so that a look-up is quick and a repetition is found.
    pairs: Vec<(String, String)>,
}

impl Form {
    /// Reads the parts as one form: AWS takes a query protocol's parameters from the query string and the body alike.
    ///
    /// Errors: `MalformedQueryString` for percent signs without two hexadecimal digits, bytes that are not UTF-8, a
    /// parameter given twice (whoever checks the request and whoever executes it could differ in which one counts) and
    /// more than ten thousand parameters.
    pub fn parse(parts: &[&[u8]]) -> Result<Self, ApiError> {
        let mut pairs = Vec::new();
        for pair in parts
            .iter()
            .flat_map(|part| part.split(|b| *b == b'&'))
            .filter(|pair| !pair.is_empty())
        {
            if pairs.len() == MOST_PARAMETERS {
                return Err(malformed("more than 10000 parameters"));
            }
            let (name, value) = match pair.iter().position(|b| *b == b'=') {
                Some(at) => (
                    pair.get(..at).unwrap_or_default(),
                    pair.get(at + 1..).unwrap_or_default(),
                ),
                None => (pair, &[][..]),
            };
            pairs.push((decode(name)?, decode(value)?));
        }
        pairs.sort_by(|a, b| a.0.cmp(&b.0));
        match pairs.windows(2).find(|two| matches!(two, [a, b] if a.0 == b.0)) {
            Some(_) => Err(malformed("a parameter is given twice")),
            None => Ok(Self { pairs }),
        }
    }

    pub fn value(&self, name: &str) -> Option<&str> {
        let at = self.pairs.binary_search_by(|pair| pair.0.as_str().cmp(name)).ok()?;
        self.pairs.get(at).map(|pair| pair.1.as_str())
    }

    /// In the order of their names.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// The names alone: the values may be passwords and tokens.
impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.pairs().map(|(name, _)| name)).finish()
    }
}

fn decode(text: &[u8]) -> Result<String, ApiError> {
    let spaced: Vec<u8> = text.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
    let whole = spaced.iter().enumerate().filter(|(_, b)| **b == b'%').all(|(at, _)| {
        spaced
            .get(at + 1..at + 3)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    });
    if !whole {
        return Err(malformed("a percent sign without two hexadecimal digits"));
    }
    match percent_decode(&spaced).decode_utf8() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err(malformed("not UTF-8")),
    }
}

/// The sentence is AWS's own ("Common Errors"); what was wrong goes to the log.
#[track_caller]
fn malformed(detail: &str) -> ApiError {
    ApiError::new(
        Code("MalformedQueryString"),
        "The query string contains a syntax error.",
    )
    .because(detail)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pairs(form: &str) -> Vec<(String, String)> {
        Form::parse(&[form.as_bytes()]).unwrap().pairs
    }

    #[test]
    fn plus_is_a_space_and_escapes_are_utf8() {
        let expected = [("a b", "1+2=3"), ("c", ""), ("d", "é"), ("e", "")].map(|(n, v)| (n.to_owned(), v.to_owned()));
        assert_eq!(pairs("d=%C3%A9&&a+b=1%2B2=3&c=&e&"), expected);
        assert_eq!(pairs(""), []);
    }

    #[test]
    fn broken_forms_are_refused() {
        let many = "a".repeat(MOST_PARAMETERS + 1).replace('a', "a&");
        for form in ["a=%", "a=%4", "a=%zz", "a=%C3", "a=1&b=2&a=1", many.as_str()] {
            let error = Form::parse(&[form.as_bytes()]).unwrap_err();
            assert_eq!(
                error.code(),
                Code("MalformedQueryString"),
                "{}",
                &form[..form.len().min(20)]
            );
        }
    }

    #[test]
    fn values_stay_out_of_logs() {
        let form = Form::parse(&[b"Action=CreateLoginProfile&Password=hunter2"]).unwrap();
        assert_eq!(format!("{form:?}"), r#"{"Action", "Password"}"#);
    }

    #[test]
    fn query_and_body_are_one_form() {
        let form = Form::parse(&[b"Action=GetUser", b"UserName=ana"]).unwrap();
        assert_eq!(
            (form.value("Action"), form.value("UserName")),
            (Some("GetUser"), Some("ana"))
        );
        assert_eq!(form.value("Nothing"), None);
        assert!(Form::parse(&[b"Action=GetUser", b"Action=DeleteUser"]).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_form_or_refused(bytes: Vec<u8>) {
            if let Ok(form) = Form::parse(&[&bytes]) {
                prop_assert!(form.pairs().all(|(name, value)| form.value(name) == Some(value)));
            }
        }

        #[test]
        fn what_clients_escape_comes_back(name in "[a-zA-Z.0-9]{1,20}", value: String) {
            let escaped = percent_encoding::utf8_percent_encode(&value, percent_encoding::NON_ALPHANUMERIC);
            let form = Form::parse(&[format!("{name}={escaped}").as_bytes()]).unwrap();
            prop_assert_eq!(form.value(&name), Some(value.as_str()));
        }
    }
}
