//! What lists have in common.

use kernel::Result;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{call::S3Call, errors, xml::Xml};

/// What `encoding-type=url` leaves alone.
const KEY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/')
    .remove(b'*');

/// Writes keys as they are or as the client asked.
#[derive(Clone, Copy)]
pub(crate) enum Encoding {
    Plain,
    Url,
}

impl Encoding {
    pub(crate) fn of(self, key: &str) -> String {
        match self {
            Self::Plain => key.to_owned(),
            Self::Url => utf8_percent_encode(key, KEY).to_string(),
        }
    }
}

impl S3Call<'_> {
    /// Errors: InvalidArgument.
    pub(crate) fn encoding(&self) -> Result<Encoding> {
        match self.query.get("encoding-type") {
            None => Ok(Encoding::Plain),
            Some("url") => Ok(Encoding::Url),
            Some(other) => Err(errors::invalid_argument(
                "Invalid Encoding Method specified in Request",
                "encoding-type",
                other,
            )),
        }
    }
}

pub(crate) fn prefixes(xml: &mut Xml, encoding: Encoding, prefixes: &[String]) {
    for prefix in prefixes {
        xml.open("CommonPrefixes")
            .element("Prefix", encoding.of(prefix))
            .close();
    }
}
