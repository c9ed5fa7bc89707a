//! One request and its answer, within a time and a size.

use std::{error::Error, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use thiserror::Error;
use tokio::time::timeout;

use crate::{Address, Upstream, address::Source, connect::ConnectError};

/// A request.
pub struct Fetch {
    pub address: Address,
    pub method: Method,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// For everything, from the name to the last byte of the answer.
    pub within: Duration,
    /// Bytes of the answer's body.
    pub largest: usize,
}

/// What came back, whatever its status. A redirect is an answer like another.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

#[derive(Debug, Error)]
pub enum FetchError {
    /// Nothing was sent there.
    #[error("the address is not allowed: {0}")]
    Forbidden(&'static str),
    /// No connection was made: nothing was sent.
    #[error("it can't be reached: {0}")]
    Unreachable(String),
    /// The request may have been read, and what it asks for done.
    #[error("it did not answer in time")]
    TimedOut,
    /// The request may have been read.
    #[error("the connection broke: {0}")]
    Broken(String),
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
}

/// Of a document that somebody publishes: redirects, time.
const HOPS: usize = 5;
const WITHIN: Duration = Duration::from_secs(3);

impl Upstream {
    /// Cancelled when dropped. Errors: as [`FetchError`] says; a status is none.
    pub async fn fetch(&self, fetch: Fetch) -> Result<Answer, FetchError> {
        let within = fetch.within;
        timeout(within, self.perform(fetch))
            .await
            .unwrap_or(Err(FetchError::TimedOut))
    }

    /// A document that somebody publishes, in a form of `accept`, of so many bytes at most.
    pub async fn document(&self, address: Address, accept: &'static str, largest: usize) -> Result<Answer, FetchError> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        let fetch = Fetch {
            address,
            method: Method::GET,
            headers,
            body: Bytes::new(),
            within: WITHIN,
            largest,
        };
        self.fetch_following(fetch, HOPS).await
    }

    /// Asks by GET and follows up to so many redirects, each judged as the first address is; where one leads to another server, as if a
    /// call had brought it. Time and size are those of all together; what says who asks goes to the first server alone.
    pub async fn fetch_following(&self, fetch: Fetch, hops: usize) -> Result<Answer, FetchError> {
        let within = fetch.within;
        timeout(within, self.follow(fetch, hops))
            .await
            .unwrap_or(Err(FetchError::TimedOut))
    }

    async fn follow(&self, fetch: Fetch, hops: usize) -> Result<Answer, FetchError> {
        let Fetch {
            mut address,
            mut headers,
            largest,
            within,
            ..
        } = fetch;
        let mut left = largest;
        for _ in 0..=hops {
            let request = Fetch {
                address: address.clone(),
                method: Method::GET,
                headers: headers.clone(),
                body: Bytes::new(),
                within,
                largest: left,
            };
            let answer = self.perform(request).await.map_err(|error| match error {
                FetchError::TooLarge(_) => FetchError::TooLarge(largest),
                other => other,
            })?;
            let Some(next) = led_on(&address, &answer)? else {
                return Ok(answer);
            };
            left = left.saturating_sub(answer.body.len());
            if !next.is_same_server(&address) {
                headers.remove(header::AUTHORIZATION);
                headers.remove(header::COOKIE);
            }
            address = next;
        }
        Err(FetchError::Forbidden("it leads on too often"))
    }

    async fn perform(&self, fetch: Fetch) -> Result<Answer, FetchError> {
        let client = match fetch.address.source() {
            Source::Operator => &self.clients.operator,
            Source::Tenant => &self.clients.tenant,
        };
        let mut request = Request::new(Full::new(fetch.body));
        *request.method_mut() = fetch.method;
        *request.uri_mut() = fetch.address.uri().clone();
        *request.headers_mut() = fetch.headers;
        let agent = HeaderValue::from_static("poolhouse");
        request.headers_mut().entry(header::USER_AGENT).or_insert(agent);
        let response = client.request(request).await.map_err(|error| {
            if let Some(ConnectError::Forbidden(why)) = cause(&error) {
                return FetchError::Forbidden(why);
            }
            if error.is_connect() {
                FetchError::Unreachable(innermost(&error))
            } else {
                FetchError::Broken(innermost(&error))
            }
        })?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, fetch.largest).collect().await;
        let body = body.map_err(|error| match error.downcast_ref::<LengthLimitError>() {
            Some(_) => FetchError::TooLarge(fetch.largest),
            None => FetchError::Broken(innermost(error.as_ref())),
        })?;
        Ok(Answer {
            status: head.status,
            headers: head.headers,
            body: body.to_bytes(),
        })
    }
}

/// Where a redirect leads. None: it is none.
fn led_on(from: &Address, answer: &Answer) -> Result<Option<Address>, FetchError> {
    if !matches!(answer.status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = answer.headers.get(header::LOCATION).and_then(|to| to.to_str().ok());
    let to = location.and_then(|location| from.leading_to(location).ok());
    let to = to.ok_or(FetchError::Forbidden("it leads on to what is no address"))?;
    if from.is_https() && !to.is_https() {
        return Err(FetchError::Forbidden("it leads on from https to http"));
    }
    Ok(Some(to))
}

fn cause<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e ConnectError> {
    std::iter::successors(Some(error), beneath).find_map(|error| error.downcast_ref())
}

fn innermost(error: &(dyn Error + 'static)) -> String {
    let last = std::iter::successors(Some(error), beneath).last();
    last.map_or_else(String::new, ToString::to_string)
}

fn beneath<'e>(error: &&'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
    (*error).source()
}
