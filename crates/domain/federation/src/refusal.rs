//! Why nobody comes, as apps and logs are told it.

use std::borrow::Cow;

/// Reference: oauth-and-federation 3.6, 11.6.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// `error` of the answer to the app.
    pub error: Cow<'static, str>,
    /// `error_description`.
    pub description: String,
    /// For the log alone. No secret, no token, nothing that the provider says of a person.
    pub because: String,
}

impl Refusal {
    /// `error=invalid_request`, the form of nearly all.
    pub fn invalid_request(description: impl Into<String>, because: impl Into<String>) -> Self {
        Self {
            error: Cow::Borrowed("invalid_request"),
            description: description.into(),
            because: because.into(),
        }
    }
}
