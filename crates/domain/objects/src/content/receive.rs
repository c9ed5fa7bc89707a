//! Bytes on their way in: written, hashed and checked in batches, never held whole. A body of one batch takes one turn of a
//! blocking thread all the way to where rows may name it; a small one needs no file.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::{self, Write},
    pin::pin,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use kernel::ApiError;
use md5::{Digest, Md5};

use super::{
    checksum::{Algorithm, Hasher},
    folder::{Staged, blocking, failed},
};
use crate::error::{Error, Result};

/// The largest body of one request: 5 GiB.
pub const MAX_BODY: u64 = 5 << 30;

/// Bytes handed to a blocking thread at a time.
const BATCH: usize = 512 << 10;

/// What must be true of the bytes.
#[derive(Clone, Debug, Default)]
pub struct Integrity {
    /// Bytes that the client announced, transfer encodings removed.
    pub size: Option<u64>,
    pub content_md5: Option<[u8; 16]>,
    /// The checksum that the client names.
    pub algorithm: Option<Algorithm>,
    pub expected: Expected,
}

#[derive(Clone, Debug, Default)]
pub enum Expected {
    #[default]
    Nothing,
    /// Base64, as the header had it.
    Value(String),
    /// It follows the body.
    Trailer(Trailers),
}

/// Trailing headers, filled in by whoever decodes the body, before its stream ends.
#[derive(Clone, Debug, Default)]
pub struct Trailers(Arc<OnceLock<BTreeMap<String, String>>>);

impl Trailers {
    /// Names in lower case. Only the first call counts.
    pub fn set(&self, trailers: BTreeMap<String, String>) {
        let _ = self.0.set(trailers);
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get()?.get(name).map(String::as_str)
    }
}

/// What is held in the row of its content: never more than the block that its file would take.
const MOST_HELD: u64 = 4096;

/// A complete and checked content that no row names yet.
pub(crate) enum Content {
    /// Synced and published.
    File(Staged),
    Held {
        id: String,
        bytes: Vec<u8>,
    },
}

impl Content {
    pub fn id(&self) -> &str {
        match self {
            Self::File(staged) => &staged.id,
            Self::Held { id, .. } => id,
        }
    }
}

/// What came, and what was reckoned on the way.
pub(crate) struct Received<C> {
    pub content: C,
    pub size: u64,
    pub md5: [u8; 16],
    /// Of the algorithm to be kept, base64.
    pub checksum: String,
}

struct Sink {
    staged: Staged,
    /// Opened with the first bytes.
    file: Option<File>,
    size: u64,
    md5: Md5,
    kept: Hasher,
    /// Where the client names another algorithm than the one kept.
    checked: Option<Hasher>,
}

impl Sink {
    fn hash(&mut self, bytes: &[u8]) {
        self.size += bytes.len() as u64;
        self.md5.update(bytes);
        self.kept.update(bytes);
        if let Some(hasher) = &mut self.checked {
            hasher.update(bytes);
        }
    }

    fn take(&mut self, batch: &[Bytes]) -> io::Result<()> {
        let mut file = match self.file.take() {
            Some(file) => file,
            None => OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(&self.staged.path)?,
        };
        for bytes in batch {
            self.hash(bytes);
            file.write_all(bytes)?;
        }
        self.file = Some(file);
        Ok(())
    }

    /// Errors: what the bytes are refused for; internal.
    fn finish(mut self, last: &[Bytes], integrity: &Integrity) -> Result<Received<Staged>> {
        self.take(last).map_err(failed)?;
        let file = self.file.take();
        let mut received = self.reckoned(integrity)?;
        if let Some(file) = file {
            file.sync_all().map_err(failed)?;
        }
        received.content.publish().map_err(failed)?;
        Ok(received)
    }

    /// The same for a body of which nothing was written.
    fn hold(mut self, body: &[Bytes], integrity: &Integrity) -> Result<Received<Content>> {
        let bytes = body.concat();
        self.hash(&bytes);
        Ok(self.reckoned(integrity)?.map(|staged| Content::Held {
            id: staged.forget(),
            bytes,
        }))
    }

    fn reckoned(self, integrity: &Integrity) -> Result<Received<Staged>> {
        let received = Received {
            content: self.staged,
            size: self.size,
            md5: self.md5.finalize().into(),
            checksum: self.kept.finish(),
        };
        check(integrity, &received, self.checked)?;
        Ok(received)
    }
}

impl<C> Received<C> {
    fn map<D>(self, change: impl FnOnce(C) -> D) -> Received<D> {
        Received {
            content: change(self.content),
            size: self.size,
            md5: self.md5,
            checksum: self.checksum,
        }
    }
}

/// Takes the whole body into a file. Errors: EntityTooLarge, IncompleteBody, BadDigest, InvalidRequest, and those inside the
/// stream.
pub(crate) async fn receive(
    staged: Staged,
    body: impl Stream<Item = io::Result<Bytes>> + Send,
    integrity: &Integrity,
    keep: Algorithm,
) -> Result<Received<Staged>> {
    let (sink, last) = gather(staged, body, integrity, keep).await?;
    let integrity = integrity.clone();
    blocking(move || sink.finish(&last, &integrity)).await
}

/// The same, but for a small body, which needs no file.
pub(crate) async fn receive_or_hold(
    staged: Staged,
    body: impl Stream<Item = io::Result<Bytes>> + Send,
    integrity: &Integrity,
    keep: Algorithm,
) -> Result<Received<Content>> {
    let (sink, last) = gather(staged, body, integrity, keep).await?;
    if sink.file.is_none() && last.iter().map(|bytes| bytes.len() as u64).sum::<u64>() <= MOST_HELD {
        return sink.hold(&last, integrity);
    }
    let integrity = integrity.clone();
    let received = blocking(move || sink.finish(&last, &integrity)).await?;
    Ok(received.map(Content::File))
}

/// Takes the body but for its last bytes, which are not a full batch.
async fn gather(
    staged: Staged,
    body: impl Stream<Item = io::Result<Bytes>> + Send,
    integrity: &Integrity,
    keep: Algorithm,
) -> Result<(Sink, Vec<Bytes>)> {
    if let Some(size) = integrity.size.filter(|size| *size > MAX_BODY) {
        return Err(too_large(size));
    }
    if let (Some(algorithm), Expected::Value(value)) = (integrity.algorithm, &integrity.expected) {
        algorithm.check(value)?;
    }
    let mut sink = Sink {
        staged,
        file: None,
        size: 0,
        md5: Md5::new(),
        kept: keep.hasher(),
        checked: integrity.algorithm.filter(|a| *a != keep).map(Algorithm::hasher),
    };

    let limit = integrity.size.unwrap_or(MAX_BODY);
    let mut body = pin!(body);
    let mut batch = Vec::new();
    let mut waiting = 0;
    let mut total: u64 = 0;
    while let Some(bytes) = body.next().await {
        let bytes = bytes.map_err(body_error)?;
        waiting += bytes.len();
        total += bytes.len() as u64;
        if total > limit {
            return Err(match integrity.size {
                Some(_) => Error::IncompleteBody,
                None => too_large(total),
            });
        }
        batch.push(bytes);
        if waiting >= BATCH {
            waiting = 0;
            let full = std::mem::take(&mut batch);
            sink = blocking(move || sink.take(&full).map(|()| sink).map_err(failed)).await?;
        }
    }
    if integrity.size.is_some_and(|size| size != total) {
        return Err(Error::IncompleteBody);
    }
    Ok((sink, batch))
}

/// The same checks for a body that is held whole: a document of settings or keys.
/// Errors: BadDigest, InvalidRequest, MalformedTrailerError.
pub fn check_document(
    bytes: &[u8],
    content_md5: Option<[u8; 16]>,
    algorithm: Option<Algorithm>,
    expected: &Expected,
) -> Result<()> {
    if content_md5.is_some_and(|md5| md5 != <[u8; 16]>::from(Md5::digest(bytes))) {
        return Err(Error::BadContentMd5);
    }
    let Some(algorithm) = algorithm else { return Ok(()) };
    let Some(expected) = expected_value(algorithm, expected)? else {
        return Ok(());
    };
    algorithm.check(expected)?;
    let mut hasher = algorithm.hasher();
    hasher.update(bytes);
    if hasher.finish() == expected {
        Ok(())
    } else {
        Err(Error::ChecksumMismatch {
            algorithm: algorithm.name(),
        })
    }
}

fn expected_value(algorithm: Algorithm, expected: &Expected) -> Result<Option<&str>> {
    match expected {
        Expected::Nothing => Ok(None),
        Expected::Value(value) => Ok(Some(value)),
        Expected::Trailer(trailers) => trailers
            .get(algorithm.header())
            .map(Some)
            .ok_or(Error::MalformedTrailer),
    }
}

fn check<C>(integrity: &Integrity, received: &Received<C>, other: Option<Hasher>) -> Result<()> {
    if integrity.content_md5.is_some_and(|md5| md5 != received.md5) {
        return Err(Error::BadContentMd5);
    }
    let Some(algorithm) = integrity.algorithm else {
        return Ok(());
    };
    let Some(expected) = expected_value(algorithm, &integrity.expected)? else {
        return Ok(());
    };
    algorithm.check(expected)?;
    let same = match other {
        Some(hasher) => hasher.finish() == expected,
        None => received.checksum == expected,
    };
    if same {
        Ok(())
    } else {
        Err(Error::ChecksumMismatch {
            algorithm: algorithm.name(),
        })
    }
}

fn too_large(proposed: u64) -> Error {
    Error::EntityTooLarge {
        proposed,
        limit: MAX_BODY,
    }
}

/// What the body's stream found wrong travels as an [`ApiError`] inside; anything else is a broken connection.
fn body_error(error: io::Error) -> Error {
    match error.downcast::<ApiError>() {
        Ok(refusal) => refusal.into(),
        Err(error) => Error::IncompleteBody.because(error),
    }
}
