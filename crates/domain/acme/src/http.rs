//! ACME's requests, by our own client: within a time and a size, and no redirect is followed.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, header};
use http_body_util::BodyExt;
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use upstream::{Address, Answer, Fetch, Upstream};

/// For one request and its answer.
const WITHIN: Duration = Duration::from_secs(30);

/// Bytes of an answer: a chain of certificates is the longest.
const LARGEST: usize = 256 * 1024;

#[derive(Clone)]
pub(crate) struct Http {
    upstream: Upstream,
    asked_pause: Arc<Mutex<Option<Duration>>>,
}

impl Http {
    pub fn new(upstream: Upstream) -> Self {
        Self {
            upstream,
            asked_pause: Arc::default(),
        }
    }

    /// How long the authority's last refusal asked us to wait (`Retry-After`, in seconds). RFC 8555 6.6.
    pub fn asked_pause(&self) -> Option<Duration> {
        *self.asked_pause.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn perform(self, request: Request<BodyWrapper<Bytes>>) -> Result<BytesResponse, Error> {
        let (head, body) = request.into_parts();
        let body = match body.collect().await {
            Ok(body) => body.to_bytes(),
            Err(never) => match never {},
        };
        let address = Address::of_operator(&head.uri.to_string()).map_err(|error| Error::Other(error.into()))?;
        let fetch = Fetch {
            address,
            method: head.method,
            headers: head.headers,
            body,
            within: WITHIN,
            largest: LARGEST,
        };
        let fetched = self.upstream.fetch(fetch).await;
        let Answer { status, headers, body } = fetched.map_err(|error| Error::Other(error.into()))?;
        if status.is_client_error() || status.is_server_error() {
            *self.asked_pause.lock().unwrap_or_else(PoisonError::into_inner) = retry_after(&headers);
        }
        let mut response = Response::new(());
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(BytesResponse {
            parts: response.into_parts().0,
            body: Box::new(body),
        })
    }
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

impl HttpClient for Http {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        Box::pin(self.clone().perform(request))
    }
}
