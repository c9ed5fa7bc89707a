//! Errors of the endpoints that answer JSON. Reference: oauth-and-federation 5.3.

use std::borrow::Cow;

use kernel::{ApiError, Code};
use serde_json::{Value, json};

/// What a client is told, and with which status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthError {
    pub status: u16,
    pub error: &'static str,
    pub description: Option<Cow<'static, str>>,
    /// For the log.
    pub because: Cow<'static, str>,
}

impl OAuthError {
    fn new(error: &'static str, because: &'static str) -> Self {
        Self {
            status: 400,
            error,
            description: None,
            because: because.into(),
        }
    }

    /// With the status that RFC 6749 section 5.2 has for a client that does not prove itself.
    #[must_use]
    pub fn challenging(self) -> Self {
        match self.error {
            "invalid_client" => Self { status: 401, ..self },
            _ => self,
        }
    }

    fn describing(self, description: impl Into<Cow<'static, str>>) -> Self {
        Self {
            description: Some(description.into()),
            ..self
        }
    }

    /// What is wrong with an authorization request that an app's server makes.
    pub fn of_request(error: &'static str, description: Option<Cow<'static, str>>) -> Self {
        Self {
            description,
            ..Self::new(error, "the request is none")
        }
    }

    pub fn invalid_request(because: &'static str) -> Self {
        Self::new("invalid_request", because)
    }

    /// There is no such client at this domain, or it does not say which it is.
    pub fn unknown_client() -> Self {
        Self::new("invalid_client", "no such client")
    }

    /// The secret is wrong, missing, or there is to be none.
    pub fn wrong_secret() -> Self {
        Self::new("invalid_client", "the secret is wrong").describing("invalid_client_secret")
    }

    /// An assertion that shows nothing.
    pub fn bad_assertion(because: &'static str) -> Self {
        Self::new("invalid_client", because).describing("invalid_client_assertion")
    }

    /// RFC 9449 section 5.
    pub fn bad_proof(why: &'static str) -> Self {
        Self::new("invalid_dpop_proof", why).describing(why)
    }

    /// RFC 9449 section 8.
    pub fn use_nonce() -> Self {
        Self::new("use_dpop_nonce", "the proof's nonce is none").describing("The proof has to repeat the nonce.")
    }

    pub fn invalid_grant(because: &'static str) -> Self {
        Self::new("invalid_grant", because)
    }

    /// A code that was given by way of another address.
    pub fn other_address() -> Self {
        Self::new("unauthorized_client", "another redirect_uri").describing("invalid_redirect")
    }

    pub fn unauthorized_client(because: &'static str) -> Self {
        Self::new("unauthorized_client", because)
    }

    pub fn unsupported_grant_type() -> Self {
        Self::new("unsupported_grant_type", "no such grant")
    }

    pub fn invalid_scope() -> Self {
        Self::new("invalid_scope", "a scope that the client does not have")
    }

    /// RFC 8707, RFC 8693.
    pub fn invalid_target() -> Self {
        Self::new("invalid_target", "the token can't be for this")
    }

    /// What a device hears in place of tokens (RFC 8628 section 3.5).
    pub fn of_device(error: &'static str) -> Self {
        Self::new(error, "the device is not allowed")
    }

    pub fn unsupported_token_type() -> Self {
        Self::new("unsupported_token_type", "no refresh token")
    }

    /// A refusal of the user pool in the words of a grant: whatever is wrong with it, with its user or by a function.
    pub fn of_grant(error: &ApiError) -> Self {
        let because = format!("{}: {}", error.code().0, error.message());
        let told = match error.code() {
            Code::InternalError => Self {
                status: 500,
                ..Self::new("server_error", "")
            },
            Code::TooManyRequests => Self {
                status: 429,
                ..Self::new("temporarily_unavailable", "")
            },
            Code::UserLambdaValidation | Code::UnexpectedLambda | Code::InvalidLambdaResponse => {
                Self::new("invalid_grant", "").describing(format!("{} ", error.message()))
            }
            _ => Self::new("invalid_grant", ""),
        };
        Self {
            because: because.into(),
            ..told
        }
    }

    pub fn body(&self) -> Value {
        match &self.description {
            Some(description) => json!({ "error": self.error, "error_description": description }),
            None => json!({ "error": self.error }),
        }
    }
}
