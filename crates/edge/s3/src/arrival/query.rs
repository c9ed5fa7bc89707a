//! The query of a request, and how its parts are decoded.

use kernel::Result;
use percent_encoding::percent_decode_str;

use crate::errors;

/// Errors: InvalidURI; for NUL too, which neither XML nor PostgreSQL's text can carry.
pub(crate) fn decode(text: &str) -> Result<String> {
    match percent_decode_str(text).decode_utf8() {
        Ok(decoded) if !decoded.contains('\0') => Ok(decoded.into_owned()),
        _ => Err(errors::invalid_uri(text)),
    }
}

/// The decoded parameters of a query, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Errors: InvalidURI.
    pub(crate) fn parse(raw: &str) -> Result<Self> {
        let pairs = raw.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(&name.replace('+', " "))?, decode(&value.replace('+', " "))?))
        });
        pairs.collect::<Result<_>>().map(Self)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// `?name` or `?name=`: how sub-resources are asked for.
    pub(crate) fn is_bare(&self, name: &str) -> bool {
        self.get(name) == Some("")
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries() {
        let query = Query::parse("delete=&prefix=a%2Bb+c&list-type=2&uploads").unwrap();
        assert_eq!(query.get("prefix"), Some("a+b c"));
        assert!(query.has("delete") && query.has("uploads") && !query.has("versions"));
    }
}
