//! Messages in addresses: the HTTP-Redirect binding (SAML bindings 3.4), deflated, signed where wanted.

use base64::{Engine, prelude::BASE64_STANDARD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    key::{Key, KeyError},
    names::RSA_SHA256,
};

const LEVEL: u8 = 6;
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Which of the two a message is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Request,
    Response,
}

/// `to` with the message in its query.
pub(crate) fn address(
    to: &str,
    (kind, message): (Kind, &str),
    relay_state: Option<&str>,
    signing: Option<&Key>,
) -> Result<String, KeyError> {
    let name = match kind {
        Kind::Request => "SAMLRequest",
        Kind::Response => "SAMLResponse",
    };
    let deflated = miniz_oxide::deflate::compress_to_vec(message.as_bytes(), LEVEL);
    let mut query = format!("{name}={}", encoded(&BASE64_STANDARD.encode(deflated)));
    if let Some(relay_state) = relay_state {
        query.push_str("&RelayState=");
        query.push_str(&encoded(relay_state));
    }
    if let Some(key) = signing {
        query.push_str("&SigAlg=");
        query.push_str(&encoded(RSA_SHA256));
        let signature = BASE64_STANDARD.encode(key.sign(query.as_bytes())?);
        query.push_str("&Signature=");
        query.push_str(&encoded(&signature));
    }
    let joint = if to.contains('?') { '&' } else { '?' };
    Ok(format!("{to}{joint}{query}"))
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}
