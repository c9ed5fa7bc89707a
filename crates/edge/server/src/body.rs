//! Request and response bodies. Calls are small and read whole; objects stream.

use bytes::Bytes;
use http_body_util::LengthLimitError;

pub use axum::body::Body;

/// Why a body can't be had.
#[derive(Debug, PartialEq, Eq)]
pub enum BodyError {
    TooLarge,
    /// The client went away or broke the framing.
    Broken,
}

pub type Response = http::Response<Body>;

pub type Request = http::Request<Body>;

pub fn full(bytes: impl Into<Bytes>) -> Body {
    Body::from(bytes.into())
}

/// The whole body, if it has at most `limit` bytes.
pub async fn read(body: Body, limit: usize) -> Result<Bytes, BodyError> {
    axum::body::to_bytes(body, limit).await.map_err(|error| {
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
    use super::*;

    #[tokio::test]
    async fn a_body_beyond_the_limit_is_told_apart() {
        assert_eq!(read(full("12345"), 5).await.unwrap(), "12345");
        assert_eq!(read(full("123456"), 5).await.unwrap_err(), BodyError::TooLarge);
    }
}
