//! Request and response bodies. Calls are small and read whole; objects stream.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::LengthLimitError;
use hyper::body::Body as _;

pub use axum::body::Body;

/// How long a body that is read whole may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why a body can't be had.
#[derive(Debug, PartialEq, Eq)]
pub enum BodyError {
    TooLarge,
    /// The client went away or broke the framing.
    Broken,
    /// It took more than half a minute.
    Slow,
}

pub type Response = http::Response<Body>;

pub type Request = http::Request<Body>;

/// The whole body, if it has at most `limit` bytes and comes in time.
pub async fn read(body: Body, limit: usize) -> Result<Bytes, BodyError> {
    // Its length says so: a client that waits for `100 Continue` need not send it.
    if body.size_hint().lower() > limit as u64 {
        return Err(BodyError::TooLarge);
    }
    let whole = tokio::time::timeout(PATIENCE, axum::body::to_bytes(body, limit));
    whole.await.map_err(|_| BodyError::Slow)?.map_err(|error| {
        let limited =
            std::error::Error::source(&error).is_some_and(<dyn std::error::Error + 'static>::is::<LengthLimitError>);
        if limited {
            BodyError::TooLarge
        } else {
            BodyError::Broken
        }
    })
}

#[cfg(test)]
mod tests {
    use std::io;

    use futures_util::{StreamExt as _, stream};

    use super::*;
    use crate::answer::full;

    #[tokio::test]
    async fn a_body_beyond_the_limit_is_told_apart() {
        assert_eq!(read(full("12345"), 5).await.unwrap(), "12345");
        assert_eq!(read(full("123456"), 5).await.unwrap_err(), BodyError::TooLarge);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_stops_coming_is_given_up() {
        let endless = stream::iter([Ok::<_, io::Error>("1")]).chain(stream::pending());
        assert_eq!(read(Body::from_stream(endless), 5).await.unwrap_err(), BodyError::Slow);
        let broken = stream::iter([Ok("1"), Err(io::Error::from(io::ErrorKind::ConnectionReset))]);
        assert_eq!(read(Body::from_stream(broken), 5).await.unwrap_err(), BodyError::Broken);
    }
}
