//! A function that is an HTTP server: the event is POSTed, signed, and what it answers is the function's answer.
//!
//! `Poolhouse-Signature: t=1768478400,v1=…`: HMAC-SHA256 under the secret, in hexadecimal, of the number, a dot and the body.
//! Who checks it refuses a number that is minutes old. A status that is no success with `{"errorMessage": "…"}` is the function's
//! own error.

use aws_lc_rs::hmac;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use kernel::Timestamp;
use tokio::time::Instant;
use upstream::{Address, Fetch, FetchError, Upstream};

use crate::{Failure, answer, failure::Missed, invocation::Asked};

pub struct Webhook {
    address: Address,
    key: Box<hmac::Key>,
}

const SIGNATURE: HeaderName = HeaderName::from_static("poolhouse-signature");
const FUNCTION: HeaderName = HeaderName::from_static("poolhouse-function-arn");

impl Webhook {
    pub fn new(address: Address, secret: &str) -> Self {
        Self {
            address,
            key: Box::new(hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes())),
        }
    }

    pub(crate) async fn ask(&self, upstream: &Upstream, at: Timestamp, asked: Asked<'_>) -> Result<Bytes, Missed> {
        let fetch = Fetch {
            address: self.address.clone(),
            method: Method::POST,
            headers: self.headers(at, &asked),
            body: asked.event,
            within: asked.until.saturating_duration_since(Instant::now()),
            largest: answer::LARGEST,
        };
        let answer = upstream.fetch(fetch).await.map_err(|error| missed(&error))?;
        if answer.status.is_success() {
            return Ok(answer.body);
        }
        let failure = match answer::error_message(&answer.body) {
            Some(message) => Failure::function_error(&message),
            None => answer::told_by_status(answer.status),
        };
        // Who says that it is too busy has not begun.
        Err(if failure == Failure::TOO_MANY {
            Missed::NotRun(failure)
        } else {
            Missed::MayHaveRun(failure)
        })
    }

    fn headers(&self, at: Timestamp, asked: &Asked<'_>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, value) in [
            (SIGNATURE, self.signature(at, &asked.event)),
            (FUNCTION, asked.arn.to_owned()),
        ] {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        }
        headers
    }

    fn signature(&self, at: Timestamp, body: &[u8]) -> String {
        let seconds = at.secs();
        let mut context = hmac::Context::with_key(&self.key);
        context.update(format!("{seconds}.").as_bytes());
        context.update(body);
        format!("t={seconds},v1={}", hex::encode(context.sign()))
    }
}

/// A request without an answer. What never left may be sent again.
pub(crate) fn missed(error: &FetchError) -> Missed {
    tracing::warn!(%error, "a function can't be invoked");
    match error {
        FetchError::Unreachable(_) => Missed::NotRun(Failure::SERVICE),
        FetchError::TimedOut => Missed::MayHaveRun(Failure::TIMED_OUT),
        FetchError::TooLarge(_) => Missed::MayHaveRun(answer::TOO_LARGE),
        FetchError::Forbidden(_) | FetchError::Broken(_) => Missed::MayHaveRun(Failure::SERVICE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_covers_time_and_body() {
        let webhook = Webhook::new(
            Address::of_operator("https://a.example/").unwrap(),
            "a secret of a webhook",
        );
        // Computed by Python's hmac.
        assert_eq!(
            webhook.signature(Timestamp::from_secs(1_768_478_400), br#"{"version":"1"}"#),
            "t=1768478400,v1=e5b89c71f3b92c042b6821dc8f9a84efdbf231c028ff9f5675bef2aeb042b923"
        );
    }
}
