//! A function that is an HTTP server: the event is POSTed, signed ([`Signer`]), and what it answers is the function's answer. A
//! status that is no success with `{"errorMessage": "…"}` is the function's own error.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use kernel::Timestamp;
use upstream::{Address, Fetch, FetchError, Signer, Upstream};

use crate::{Failure, answer, failure::Missed, invocation::Asked};

pub struct Webhook {
    address: Address,
    signer: Signer,
}

const FUNCTION: HeaderName = HeaderName::from_static("poolhouse-function-arn");

impl Webhook {
    pub fn new(address: Address, secret: &str) -> Self {
        Self {
            address,
            signer: Signer::new(secret),
        }
    }

    pub(crate) async fn ask(&self, upstream: &Upstream, at: Timestamp, asked: Asked<'_>) -> Result<Bytes, Missed> {
        let late = asked.answer.timed_out();
        let fetch = Fetch {
            address: self.address.clone(),
            method: Method::POST,
            headers: self.headers(at, &asked),
            body: asked.event,
            within: asked.times.left(),
            largest: answer::LARGEST,
        };
        let answer = upstream.fetch(fetch).await.map_err(|error| missed(&error, late))?;
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
        if let Ok(arn) = HeaderValue::try_from(asked.arn) {
            headers.insert(FUNCTION, arn);
        }
        self.signer.sign(&mut headers, at.secs(), &asked.event);
        headers
    }
}

/// A request without an answer, or with a `late` one. What never left may be sent again.
pub(crate) fn missed(error: &FetchError, late: Failure) -> Missed {
    tracing::warn!(%error, "a function can't be invoked");
    match error {
        FetchError::Unreachable(_) => Missed::NotRun(Failure::SERVICE),
        FetchError::TimedOut => Missed::MayHaveRun(late),
        FetchError::TooLarge(_) => Missed::MayHaveRun(answer::TOO_LARGE),
        FetchError::Forbidden(_) | FetchError::Broken(_) => Missed::MayHaveRun(Failure::SERVICE),
    }
}
