//! What of a request is signed.

use http::HeaderMap;

use crate::error::{Error, Fault};

/// A request as it came in. Path and query are the raw bytes of the request line: the signature covers their spelling.
#[derive(Clone, Copy)]
pub struct Parts<'a> {
    pub method: &'a str,
    /// Before the `?`, percent-encoded as received.
    pub path: &'a str,
    /// After the `?`, without it; empty if there is none.
    pub query: &'a str,
    /// With `Host`, including a port that is not the default one.
    pub headers: &'a HeaderMap,
}

impl<'a> Parts<'a> {
    /// The header's one value; `None` if it is absent, refused if it is repeated or not UTF-8.
    pub(crate) fn single(&self, name: &'static str) -> Result<Option<&'a str>, Error> {
        let mut values = self.headers.get_all(name).iter();
        let Some(value) = values.next() else { return Ok(None) };
        if values.next().is_some() {
            return Err(Error::in_header(Fault::Repeated(name.to_owned())));
        }
        match std::str::from_utf8(value.as_bytes()) {
            Ok(text) => Ok(Some(text.trim())),
            Err(_) => Err(Error::in_header(Fault::NotText(name.to_owned()))),
        }
    }

    /// Names and values of the query, as they were sent.
    pub(crate) fn query_pairs(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        self.query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
    }
}
