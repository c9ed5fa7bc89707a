//! Text messages by a provider's web API: as Twilio takes them, or as JSON.
//!
//! ```text
//! twilio  POST <base>/2010-04-01/Accounts/<SID>/Messages.json, basic authentication by SID and token,
//!         form: To, Body, and From or MessagingServiceSid
//! json    POST <url>, {"id", "pool", "to", "from", "body"}, Idempotency-Key: <id>,
//!         Authorization: Bearer <token> or Poolhouse-Signature
//! ```

use std::{fmt, time::Duration};

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use kernel::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use upstream::{Address, AddressError, Answer, Fetch, FetchError, Signer, Upstream};

use crate::{Message, failure::Undelivered};

/// Well within the time that a message is claimed for.
const WITHIN: Duration = Duration::from_secs(15);
const LARGEST: usize = 1024 * 1024;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// What a form leaves as it is.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'*');

/// Which form a provider wants. The secrets in it reach no log.
pub enum ProviderForm {
    Twilio {
        /// The API's base URL.
        base: Address,
        /// `AC…`
        account: String,
        token: String,
        /// A number, an alphanumeric sender, or a messaging service (`MG…`).
        from: String,
    },
    Json {
        url: Address,
        proof: Proof,
        /// Handed on as it is.
        from: Option<String>,
    },
}

/// How a receiver of JSON knows that a request is ours.
pub enum Proof {
    Bearer(String),
    Signature(Signer),
}

#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    #[error("the account makes no address: {0}")]
    Account(#[from] AddressError),
    #[error("the account, its token or the bearer token has characters that no header can have")]
    Secret(#[from] header::InvalidHeaderValue),
}

/// A provider to send by.
pub struct Provider {
    upstream: Upstream,
    address: Address,
    /// None: each request is signed.
    authorization: Option<HeaderValue>,
    form: Form,
}

enum Form {
    Twilio {
        from: (&'static str, String),
    },
    Json {
        from: Option<String>,
        signer: Option<Signer>,
    },
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Provider {
    /// Errors: what makes no address or header.
    pub fn new(upstream: Upstream, form: ProviderForm) -> Result<Self, ProviderError> {
        Ok(match form {
            ProviderForm::Twilio {
                base,
                account,
                token,
                from,
            } => {
                let path = format!("/2010-04-01/Accounts/{}/Messages.json", encoded(&account));
                let credentials = BASE64_STANDARD.encode(format!("{account}:{token}"));
                let sender = if is_messaging_service(&from) {
                    "MessagingServiceSid"
                } else {
                    "From"
                };
                Self {
                    upstream,
                    address: base.beneath(&path)?,
                    authorization: Some(secret(&format!("Basic {credentials}"))?),
                    form: Form::Twilio { from: (sender, from) },
                }
            }
            ProviderForm::Json { url, proof, from } => {
                let (authorization, signer) = match proof {
                    Proof::Bearer(token) => (Some(secret(&format!("Bearer {token}"))?), None),
                    Proof::Signature(signer) => (None, Some(signer)),
                };
                Self {
                    upstream,
                    address: url,
                    authorization,
                    form: Form::Json { from, signer },
                }
            }
        })
    }

    /// `id` is the same at each attempt. `at`: true time.
    pub(crate) async fn send(&self, id: &str, message: &Message, at: Timestamp) -> Result<(), Undelivered> {
        let (headers, body) = self.request(id, message, at);
        let fetch = Fetch {
            address: self.address.clone(),
            method: Method::POST,
            headers,
            body,
            within: WITHIN,
            largest: LARGEST,
        };
        judged(self.upstream.fetch(fetch).await)
    }

    fn request(&self, id: &str, message: &Message, at: Timestamp) -> (HeaderMap, Bytes) {
        let mut headers = HeaderMap::new();
        if let Some(authorization) = &self.authorization {
            headers.insert(header::AUTHORIZATION, authorization.clone());
        }
        let (kind, body) = match &self.form {
            Form::Twilio { from: (sender, from) } => {
                let fields = [("To", message.to.as_str()), (sender, from), ("Body", &message.body)];
                let fields = fields.map(|(name, value)| format!("{name}={}", encoded(value)));
                ("application/x-www-form-urlencoded", fields.join("&"))
            }
            Form::Json { from, .. } => {
                let body = json!({
                    "id": id,
                    "pool": message.pool,
                    "to": message.to,
                    "from": from,
                    "body": message.body,
                });
                ("application/json", body.to_string())
            }
        };
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        if let Form::Json { signer, .. } = &self.form {
            if let Ok(id) = HeaderValue::try_from(id) {
                headers.insert(IDEMPOTENCY_KEY, id);
            }
            if let Some(signer) = signer {
                signer.sign(&mut headers, at.secs(), body.as_bytes());
            }
        }
        (headers, body.into())
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, FORM).to_string()
}

fn secret(text: &str) -> Result<HeaderValue, header::InvalidHeaderValue> {
    let mut value = HeaderValue::try_from(text)?;
    value.set_sensitive(true);
    Ok(value)
}

/// `MG` and 32 hexadecimal digits.
fn is_messaging_service(from: &str) -> bool {
    let digits = from.strip_prefix("MG").unwrap_or("");
    digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit())
}

/// What came of it. Only what is wrong with this message is final: what is wrong with our account or with the provider may be
/// mended while the message waits.
fn judged(outcome: Result<Answer, FetchError>) -> Result<(), Undelivered> {
    let answer = match outcome {
        Ok(answer) if answer.status.is_success() => return Ok(()),
        Ok(answer) => answer,
        Err(error) => return Err(Undelivered::for_now(format!("the provider: {error}"))),
    };
    let why = format!(
        "the provider answered {}{}",
        answer.status.as_u16(),
        reason(&answer.body)
    );
    let of_message = answer.status.is_client_error()
        && !matches!(
            answer.status,
            StatusCode::UNAUTHORIZED
                | StatusCode::PAYMENT_REQUIRED
                | StatusCode::PROXY_AUTHENTICATION_REQUIRED
                | StatusCode::REQUEST_TIMEOUT
                | StatusCode::CONFLICT
                | StatusCode::TOO_EARLY
                | StatusCode::TOO_MANY_REQUESTS
        );
    Err(if of_message {
        Undelivered::finally(why)
    } else {
        Undelivered::for_now(why)
    })
}

/// Twilio's number of the error; its sentence may name the recipient.
fn reason(body: &[u8]) -> String {
    let body: Option<Value> = serde_json::from_slice(body).ok();
    let code = body.and_then(|body| body.get("code")?.as_u64());
    code.map_or_else(String::new, |code| format!(", code {code}"))
}
