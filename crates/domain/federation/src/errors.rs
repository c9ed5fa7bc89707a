//! Each sentence that an app is told once. Reference: oauth-and-federation 3.6.

use std::borrow::Cow;

use http::StatusCode;

use crate::{Kind, Provider, Refusal};

/// Of an error's code and of its description, characters.
const LONGEST_CODE: usize = 100;
const LONGEST_TEXT: usize = 500;

pub(crate) fn token_timeout(because: impl Into<String>) -> Refusal {
    Refusal::invalid_request("Timeout occurred in calling IdP token endpoint", because)
}

pub(crate) fn keys_timeout(because: impl Into<String>) -> Refusal {
    Refusal::invalid_request("Timeout in calling jwks uri", because)
}

pub(crate) fn read_timeout(because: impl Into<String>) -> Refusal {
    Refusal::invalid_request("Read timed out", because)
}

pub(crate) fn connection_trouble(because: impl Into<String>) -> Refusal {
    Refusal::invalid_request("Connection reset", because)
}

/// AWS has these words where a provider is made.
pub(crate) fn not_discovered(because: impl Into<String>) -> Refusal {
    Refusal::invalid_request("Unable to contact well-known endpoint", because)
}

/// `issuer`: what the token says, whose signature holds.
pub(crate) fn other_issuer(issuer: &str, because: impl Into<String>) -> Refusal {
    Refusal::invalid_request(format!("Bad id_token issuer {}", clean(issuer, LONGEST_TEXT)), because)
}

/// AWS's words for these are not known.
pub(crate) fn bad_id_token(because: impl Into<String>) -> Refusal {
    Refusal::invalid_request("Bad id_token", because)
}

/// The answer is another provider's (RFC 9207). AWS's words for it are not known.
pub(crate) fn answer_of_another(because: impl Into<String>) -> Refusal {
    Refusal::invalid_request("Bad authorization response issuer", because)
}

/// AWS's words for it are not known.
pub(crate) fn no_code() -> Refusal {
    Refusal::invalid_request("Missing authorization code", "it came with neither a code nor an error")
}

/// Of another kind than what was asked; AWS has no words for it.
pub(crate) fn other_protocol(kind: Kind, because: &'static str) -> Refusal {
    Refusal::invalid_request(format!("{} has no such answers", kind.as_str()), because)
}

pub(crate) fn subject_differs(because: impl Into<String>) -> Refusal {
    Refusal::invalid_request("Bad userInfo subject", because)
}

/// The code was traded before.
pub(crate) fn code_was_spent(because: impl Into<String>) -> Refusal {
    Refusal {
        error: Cow::Borrowed("server_error"),
        description: "Exception processing authorization code".to_owned(),
        because: because.into(),
    }
}

/// What the provider tells the browser goes on to the app.
pub(crate) fn told_by_provider(code: &str, description: Option<&str>) -> Refusal {
    let is_code = !code.is_empty() && code.len() <= LONGEST_CODE && code.bytes().all(|byte| byte.is_ascii_graphic());
    // RFC 6749 section 4.1.2.1.
    let is_code = is_code && !code.contains(['"', '\\']);
    let code = if is_code { code } else { "invalid_request" };
    Refusal {
        error: Cow::Owned(code.to_owned()),
        description: clean(description.unwrap_or(code), LONGEST_TEXT),
        because: format!("the provider answered the browser with the error {code}"),
    }
}

/// What an endpoint answered in place of what it was asked for, in the provider's own words where it has some.
pub(crate) fn endpoint(provider: &Provider, status: StatusCode, said: Option<&Said>, wanted: &'static str) -> Refusal {
    let (name, status) = (provider.name(), status.as_u16());
    let code = said.map_or("none", |said| said.code.as_str());
    let because = format!("{name}: error getting {wanted}: status {status}, error {code}");
    let is_own_form = matches!(provider.kind(), Kind::Google | Kind::Amazon);
    let description = match said {
        Some(said) if said.code == "invalid_grant" && !is_own_form => return code_was_spent(because),
        None => format!("{name} Error - {status} error getting {wanted}"),
        Some(Said { code, .. }) if provider.kind() == Kind::Google => format!("{name} Error - {status} {code}"),
        Some(Said { code, text: Some(text) }) => format!("{name} Error - {status} {code} {text}"),
        Some(Said { code, text: None }) => format!("{name} Error - {status} {code}"),
    };
    Refusal::invalid_request(description, because)
}

/// An endpoint's own words.
pub(crate) struct Said {
    /// Letters, digits and `_`.
    code: String,
    text: Option<String>,
}

impl Said {
    /// RFC 6749 section 5.2, or what Google's and Facebook's APIs have instead. None: it is neither.
    pub fn read(body: &[u8]) -> Option<Self> {
        let body = serde_json::from_slice::<serde_json::Value>(body).ok()?;
        let error = body.get("error")?;
        let text = |value: Option<&serde_json::Value>| value.and_then(|value| value.as_str()).map(str::to_owned);
        let (code, text) = if let Some(code) = error.as_str() {
            (code.to_owned(), text(body.get("error_description")))
        } else {
            let code = text(error.get("status")).or_else(|| text(error.get("type")));
            (code?, text(error.get("message")))
        };
        let is_code = (1..=LONGEST_CODE).contains(&code.len());
        let is_code = is_code && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        is_code.then(|| Self {
            code,
            text: text
                .map(|text| clean(&text, LONGEST_TEXT))
                .filter(|text| !text.is_empty()),
        })
    }
}

/// Somebody's text as part of ours.
fn clean(text: &str, longest: usize) -> String {
    let text = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    text.take(longest).collect::<String>().trim().to_owned()
}
