//! The request's body: decoded, checked while it comes in.

use std::{io, time::Duration};

use axum::body::Body;
use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use http::HeaderMap;
use kernel::{ApiError, Result};
use objects::{Algorithm, Expected, Integrity, Trailers};
use sigv4::ChunkSigner;

use super::chunked::{self, Incoming};
use crate::{errors, headers::text};

/// XML and JSON bodies: DeleteObjects with a thousand long keys fits.
const MAX_DOCUMENT: usize = 4 << 20;

/// How long nothing may come.
const PATIENCE: Duration = Duration::from_secs(60);

/// How the body is read.
pub(crate) enum BodyPlan {
    Plain,
    /// Its SHA-256 must turn out to be this.
    Hashed([u8; 32]),
    /// aws-chunked; with a signer each chunk is signed, and the trailer too if there is one.
    Chunked {
        signer: Option<Box<ChunkSigner>>,
        signed_trailer: bool,
    },
}

/// A body on its way in.
pub(crate) struct Inbound {
    stream: Incoming,
    trailers: Trailers,
    length: Length,
}

/// Who says how many bytes there are.
#[derive(Clone, Copy, PartialEq)]
enum Length {
    Plain,
    Chunked,
    /// Nobody: a form's file ends where its boundary stands.
    Unknown,
}

impl Inbound {
    pub(crate) fn new(body: Body, plan: BodyPlan) -> Self {
        let raw = unless_idle(body.into_data_stream().map_err(io::Error::other).boxed()).boxed();
        let trailers = Trailers::default();
        match plan {
            BodyPlan::Plain => Self {
                stream: raw,
                trailers,
                length: Length::Plain,
            },
            BodyPlan::Hashed(expected) => Self {
                stream: hashed(raw, expected).boxed(),
                trailers,
                length: Length::Plain,
            },
            BodyPlan::Chunked { signer, signed_trailer } => {
                let stream = chunked::decode(raw, signer, signed_trailer, trailers.clone()).boxed();
                Self {
                    stream,
                    trailers,
                    length: Length::Chunked,
                }
            }
        }
    }

    /// The file of a form.
    pub(crate) fn file(stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Self {
        Self {
            stream: stream.boxed(),
            trailers: Trailers::default(),
            length: Length::Unknown,
        }
    }

    /// Of a request whose body was read already.
    pub(crate) fn empty() -> Self {
        Self::new(Body::empty(), BodyPlan::Plain)
    }

    /// What the headers promise of the bytes. Errors: MissingContentLength, InvalidDigest, InvalidRequest.
    pub(crate) fn integrity(&self, headers: &HeaderMap) -> Result<Integrity> {
        let announced = |name| text(headers, name).and_then(|v| v.trim().parse().ok());
        let size = match self.length {
            Length::Plain => Some(announced("content-length").ok_or_else(errors::missing_content_length)?),
            Length::Chunked => {
                let size = announced("x-amz-decoded-content-length");
                Some(size.ok_or_else(errors::missing_content_length)?)
            }
            Length::Unknown => None,
        };
        let content_md5 = match text(headers, "content-md5") {
            Some(value) => Some(read_md5(value)?),
            None => None,
        };
        let (algorithm, expected) = self.checksum(headers)?;
        Ok(Integrity {
            size,
            content_md5,
            algorithm,
            expected,
        })
    }

    /// The one checksum that comes along, in a header or in the trailer.
    fn checksum(&self, headers: &HeaderMap) -> Result<(Option<Algorithm>, Expected)> {
        let mut given = Algorithm::ALL
            .into_iter()
            .filter_map(|a| text(headers, a.header()).map(|value| (a, value)));
        if let Some((algorithm, value)) = given.next() {
            if given.next().is_some() {
                return Err(errors::invalid_request(
                    "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
                ));
            }
            return Ok((Some(algorithm), Expected::Value(value.to_owned())));
        }
        let announced = text(headers, "x-amz-trailer").map(|v| v.trim().to_ascii_lowercase());
        match announced {
            Some(name) if self.length == Length::Chunked => {
                let algorithm = Algorithm::ALL.into_iter().find(|a| a.header() == name);
                let algorithm = algorithm.ok_or_else(|| {
                    errors::invalid_request("The value specified in the x-amz-trailer header is not supported")
                })?;
                Ok((Some(algorithm), Expected::Trailer(self.trailers.clone())))
            }
            _ => {
                // Named without a value: computed and kept.
                let named = text(headers, "x-amz-sdk-checksum-algorithm").and_then(Algorithm::by_name);
                Ok((named, Expected::Nothing))
            }
        }
    }

    pub(crate) fn into_stream(self) -> Incoming {
        self.stream
    }

    /// The whole body, for documents, with its checksums checked. Errors: EntityTooLarge (as MaxMessageLengthExceeded),
    /// BadDigest, InvalidDigest, and those inside the stream.
    pub(crate) async fn document(self, headers: &HeaderMap) -> Result<Vec<u8>> {
        self.document_within(MAX_DOCUMENT, headers).await
    }

    /// As `document`, of at most `max` bytes.
    pub(crate) async fn document_within(mut self, max: usize, headers: &HeaderMap) -> Result<Vec<u8>> {
        let mut all = Vec::new();
        while let Some(bytes) = self.stream.next().await {
            let bytes = bytes.map_err(|e| match e.downcast::<ApiError>() {
                Ok(refusal) => refusal,
                Err(e) => errors::incomplete_body().because(e),
            })?;
            if all.len() + bytes.len() > max {
                return Err(errors::refusal("MaxMessageLengthExceeded", "Your request was too big."));
            }
            all.extend_from_slice(&bytes);
        }
        let (algorithm, expected) = self.checksum(headers)?;
        let md5 = text(headers, "content-md5").map(read_md5).transpose()?;
        objects::check_document(&all, md5, algorithm, &expected)?;
        Ok(all)
    }
}

/// Errors: InvalidDigest.
fn read_md5(value: &str) -> Result<[u8; 16]> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let bytes = STANDARD.decode(value.trim()).ok();
    bytes
        .and_then(|b| b.try_into().ok())
        .ok_or_else(|| errors::invalid_content_md5(value))
}

/// Passes the bytes on until none come for too long.
fn unless_idle(body: Incoming) -> impl Stream<Item = io::Result<Bytes>> + Send {
    stream::unfold(body, |mut body| async move {
        match tokio::time::timeout(PATIENCE, body.next()).await {
            Ok(next) => next.map(|bytes| (bytes, body)),
            Err(_) => Some((Err(io::Error::other(request_timeout())), stream::empty().boxed())),
        }
    })
}

/// Reference: the S3 API reference's list of error codes.
fn request_timeout() -> ApiError {
    errors::refusal(
        "RequestTimeout",
        "Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.",
    )
}

/// Passes the bytes on; the last thing it says is whether they were the signed ones.
fn hashed(body: Incoming, expected: [u8; 32]) -> impl Stream<Item = io::Result<Bytes>> + Send {
    let start = Some((body, objects::Sha256::new()));
    stream::try_unfold(start, move |state| async move {
        let Some((mut body, mut hash)) = state else {
            return Ok(None);
        };
        if let Some(bytes) = body.next().await {
            let bytes = bytes?;
            hash.update(&bytes);
            return Ok(Some((bytes, Some((body, hash)))));
        }
        let computed = hash.finish();
        if computed == expected {
            return Ok(None);
        }
        let refusal = errors::content_sha256_mismatch(&hex::encode(expected), &hex::encode(computed));
        Err(io::Error::other(refusal))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_body_may_be_slow_but_not_idle() {
        let slow = stream::iter(0..3).then(|n| async move {
            tokio::time::sleep(PATIENCE / 2).await;
            Ok::<_, io::Error>(Bytes::from(vec![b'a'; n + 1]))
        });
        let stops = slow.chain(stream::pending());
        let inbound = Inbound::new(Body::from_stream(stops), BodyPlan::Plain);
        let (came, ended): (Vec<_>, Vec<_>) = inbound
            .into_stream()
            .collect::<Vec<_>>()
            .await
            .into_iter()
            .partition(Result::is_ok);
        assert_eq!(came.len(), 3);
        let ended: Vec<ApiError> = ended.into_iter().map(|e| e.unwrap_err().downcast().unwrap()).collect();
        assert_eq!(ended.iter().map(|e| e.code().0).collect::<Vec<_>>(), ["RequestTimeout"]);
    }
}
