//! A browser's way to a provider and back.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What is remembered of it meanwhile. Whoever sends the browser away seals it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Where the provider was told to send the browser back to, letter by letter.
    pub redirect_uri: String,
    /// That an ID token is to repeat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// Of PKCE (RFC 7636).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verifier: Option<String>,
    /// Of a SAML AuthnRequest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// What goes along to the provider.
#[derive(Clone, Copy, Debug, Default)]
pub struct Leaving<'a> {
    /// `state` or RelayState: the visit, sealed.
    pub state: &'a str,
    pub login_hint: Option<&'a str>,
    pub prompt: Option<&'a str>,
    /// `ui_locales`.
    pub locales: Option<&'a str>,
    /// In the provider's words.
    pub levels: &'a [String],
}

/// What a browser brings back by OAuth (RFC 6749 section 4.1.2), in the address or as a form.
#[derive(Clone, Copy, Default)]
pub struct Answer<'a> {
    pub code: Option<&'a str>,
    pub error: Option<&'a str>,
    pub error_description: Option<&'a str>,
    /// RFC 9207.
    pub iss: Option<&'a str>,
    /// Apple's: the name as JSON, the first time only.
    pub user: Option<&'a str>,
}

/// Without what proves that an answer is the visit's.
impl fmt::Debug for Visit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Visit");
        shown.field("redirect_uri", &self.redirect_uri).finish_non_exhaustive()
    }
}
