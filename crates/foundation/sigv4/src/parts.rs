//! What of a request is signed.

use std::borrow::Cow;

use http::HeaderMap;

use crate::{
    error::{Error, Fault},
    uri,
};

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

/// The one value of a query parameter, decoded; refused if it is there twice: two readers might take different ones.
pub(crate) fn only<'a>(mut values: impl Iterator<Item = &'a str>, name: &str) -> Result<Option<Cow<'a, str>>, Error> {
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Error::in_query(Fault::Repeated(name.to_owned())));
    }
    let text = uri::decode(value).ok_or_else(|| Error::in_query(Fault::NotText(name.to_owned())))?;
    Ok(Some(text))
}
