//! Reading objects: head, get, ranges, parts. Bytes come in blocks from the blocking threads.

use std::{
    collections::VecDeque,
    fmt,
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::PathBuf,
};

use bytes::Bytes;
use futures_util::{Stream, stream};
use kernel::{ApiError, Result};
use store::records::objects::{self as records, ObjectRow};

use crate::{Conditions, Object, Objects, conditions::Reader, errors, folder::Reading, object::Segment};

/// Bytes read at a time.
const BLOCK: u64 = 256 << 10;

/// How often a row is read anew when its content was removed before it could be opened.
const ATTEMPTS: usize = 5;

/// One range of a `Range` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeRequest {
    From {
        first: u64,
        last: Option<u64>,
    },
    /// The last so many bytes.
    Suffix(u64),
}

impl RangeRequest {
    /// Reads `bytes=0-9`, `bytes=10-` or `bytes=-5`. What is malformed or asks for several ranges is none: all is served.
    pub fn parse(header: &str) -> Option<Self> {
        let (first, last) = header.trim().strip_prefix("bytes=")?.split_once('-')?;
        let number = |text: &str| text.trim().parse::<u64>().ok();
        match (first.trim().is_empty(), last.trim().is_empty()) {
            (true, _) => number(last).map(Self::Suffix),
            (false, true) => number(first).map(|first| Self::From { first, last: None }),
            (false, false) => {
                let (first, last) = (number(first)?, number(last)?);
                (first <= last).then_some(Self::From {
                    first,
                    last: Some(last),
                })
            }
        }
    }

    /// None: not satisfiable.
    fn of(self, size: u64) -> Option<Span> {
        match self {
            Self::From { first, last } => {
                let end = last.map_or(size, |last| last.saturating_add(1).min(size));
                (first < size).then_some(Span { start: first, end })
            }
            Self::Suffix(0) => None,
            Self::Suffix(n) => (size > 0).then_some(Span {
                start: size.saturating_sub(n),
                end: size,
            }),
        }
    }
}

/// As a `Range` header has it.
impl fmt::Display for RangeRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::From { first, last: None } => write!(f, "bytes={first}-"),
            Self::From {
                first,
                last: Some(last),
            } => write!(f, "bytes={first}-{last}"),
            Self::Suffix(n) => write!(f, "bytes=-{n}"),
        }
    }
}

/// Bytes `start` to `end`, the end excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub start: u64,
    pub end: u64,
}

/// What of an object is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Select {
    #[default]
    Whole,
    Range(RangeRequest),
    /// From 1.
    Part(u64),
}

impl Select {
    /// None: all of it, no partial answer. Errors: InvalidRange; InvalidPartNumber for a part that is not there.
    pub fn span(self, object: &Object) -> Result<Option<Span>> {
        match self {
            Self::Whole => Ok(None),
            Self::Range(range) => match range.of(object.size) {
                Some(span) => Ok(Some(span)),
                None => Err(errors::invalid_range(&range.to_string(), object.size)),
            },
            Self::Part(number) => {
                let whole = [object.size];
                let parts: &[u64] = if object.parts.is_empty() { &whole } else { &object.parts };
                let index = usize::try_from(number).ok().and_then(|n| n.checked_sub(1));
                let size = index
                    .and_then(|i| parts.get(i))
                    .ok_or_else(|| errors::invalid_part_number(number, parts.len()))?;
                let start = parts.iter().take(index.unwrap_or(0)).sum();
                Ok(Some(Span {
                    start,
                    end: start + size,
                }))
            }
        }
    }
}

pub struct Download {
    pub object: Object,
    /// Absent: all of it.
    pub span: Option<Span>,
    body: Body,
}

impl Objects {
    /// Errors: NoSuchKey, NotModified, PreconditionFailed.
    pub async fn head(&self, bucket: &str, key: &str, conditions: &Conditions) -> Result<Object> {
        self.find(bucket, key, conditions, Reader::Client).await
    }

    /// Errors: NoSuchKey, NotModified, PreconditionFailed, InvalidRange, InvalidPartNumber.
    pub async fn get(&self, bucket: &str, key: &str, conditions: &Conditions, select: Select) -> Result<Download> {
        self.open(bucket, key, conditions, Reader::Client, select).await
    }

    pub(crate) async fn find(
        &self,
        bucket: &str,
        key: &str,
        conditions: &Conditions,
        reader: Reader,
    ) -> Result<Object> {
        let (bucket, wanted) = (bucket.to_owned(), key.to_owned());
        let row = self
            .store
            .look_up(move |r| records::object(r, &bucket, &wanted))
            .await?;
        judged(key, row, conditions, reader)
    }

    pub(crate) async fn open(
        &self,
        bucket: &str,
        key: &str,
        conditions: &Conditions,
        reader: Reader,
        select: Select,
    ) -> Result<Download> {
        for _ in 0..ATTEMPTS {
            let (in_bucket, wanted) = (bucket.to_owned(), key.to_owned());
            let found = self
                .store
                .look_up(move |r| records::whole_object(r, &in_bucket, &wanted))
                .await?;
            let (row, held) = found.map(|whole| (whole.row, whole.bytes)).unzip();
            let object = judged(key, row, conditions, reader)?;
            let span = select.span(&object)?;
            let wanted = span.unwrap_or(Span {
                start: 0,
                end: object.size,
            });
            if let Some(bytes) = held.flatten() {
                let body = Body::held(bytes, wanted)?;
                return Ok(Download { object, span, body });
            }
            let reading = self.folder.reading(&object.content);
            let mut body = Body {
                pieces: self.pieces(&object, wanted),
                ready: None,
                _reading: Some(reading),
            };
            // The first block now: a small object needs no second trip, and a content that was replaced meanwhile shows.
            match body.read_block().await {
                Ok(first) => {
                    body.ready = first;
                    return Ok(Download { object, span, body });
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(ApiError::internal(error)),
            }
        }
        Err(ApiError::internal("an object's content is missing"))
    }

    fn pieces(&self, object: &Object, span: Span) -> VecDeque<Piece> {
        let mut pieces = VecDeque::new();
        let mut at = 0;
        for Segment { file, size } in &object.segments {
            let (start, end) = (span.start.max(at), span.end.min(at + size));
            if start < end {
                let path = self.folder.segment(&object.content, file);
                pieces.push_back(Piece {
                    source: Source::Path(path),
                    offset: start - at,
                    left: end - start,
                });
            }
            at += size;
        }
        pieces
    }
}

impl Download {
    /// The bytes, in blocks.
    pub fn into_stream(self) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
        stream::unfold(Some(self.body), |body| async move {
            let mut body = body?;
            if let Some(block) = body.ready.take() {
                return Some((Ok(block), Some(body)));
            }
            match body.read_block().await {
                Ok(block) => block.map(|block| (Ok(block), Some(body))),
                Err(error) => Some((Err(error), None)),
            }
        })
    }

    /// The bytes at once, for objects known to be small. Errors: internal.
    pub async fn into_bytes(self) -> Result<Vec<u8>> {
        let mut body = self.body;
        let mut all = body.ready.take().map(Vec::from).unwrap_or_default();
        while let Some(block) = body.read_block().await.map_err(ApiError::internal)? {
            all.extend_from_slice(&block);
        }
        Ok(all)
    }
}

struct Body {
    pieces: VecDeque<Piece>,
    ready: Option<Bytes>,
    /// Keeps the files until the last byte is read.
    _reading: Option<Reading>,
}

struct Piece {
    source: Source,
    offset: u64,
    left: u64,
}

enum Source {
    Path(PathBuf),
    Open(File),
}

/// Errors: NoSuchKey, NotModified, PreconditionFailed.
fn judged(key: &str, row: Option<ObjectRow>, conditions: &Conditions, reader: Reader) -> Result<Object> {
    let object = Object::of_row(row.ok_or_else(|| errors::no_such_key(key))?)?;
    conditions.check_read(&object.etag, object.modified_at, reader)?;
    Ok(object)
}

impl Body {
    /// Of a content without a file. Errors: internal if it is shorter than its row says.
    fn held(bytes: Vec<u8>, Span { start, end }: Span) -> Result<Self> {
        let bytes = Bytes::from(bytes);
        let place = |n: u64| usize::try_from(n).ok().filter(|n| *n <= bytes.len());
        let (Some(start), Some(end)) = (place(start), place(end)) else {
            return Err(ApiError::internal("an object's bytes are too few"));
        };
        Ok(Self {
            pieces: VecDeque::new(),
            ready: (start < end).then(|| bytes.slice(start..end)),
            _reading: None,
        })
    }

    /// None at the end. A file shorter than its row says is an error, never a short answer.
    async fn read_block(&mut self) -> io::Result<Option<Bytes>> {
        let Some(Piece { source, offset, left }) = self.pieces.pop_front() else {
            return Ok(None);
        };
        let read = tokio::task::spawn_blocking(move || -> io::Result<(Bytes, File)> {
            let mut file = match source {
                Source::Open(file) => file,
                Source::Path(path) => {
                    let mut file = File::open(path)?;
                    file.seek(SeekFrom::Start(offset))?;
                    file
                }
            };
            let mut block = Vec::with_capacity(usize::try_from(left.min(BLOCK)).unwrap_or(0));
            (&mut file).take(left.min(BLOCK)).read_to_end(&mut block)?;
            Ok((block.into(), file))
        });
        let (block, file) = read.await.map_err(io::Error::other)??;
        let got = block.len() as u64;
        if got < left.min(BLOCK) {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "an object's file is too short",
            ));
        }
        if left > got {
            self.pieces.push_front(Piece {
                source: Source::Open(file),
                offset: offset + got,
                left: left - got,
            });
        }
        Ok(Some(block))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_a_ten_byte_object() {
        for (header, expected) in [
            ("bytes=0-3", Some(Some((0, 4)))),
            ("bytes=5-", Some(Some((5, 10)))),
            ("bytes=5-500", Some(Some((5, 10)))),
            ("bytes=-3", Some(Some((7, 10)))),
            ("bytes=-30", Some(Some((0, 10)))),
            ("bytes=10-", Some(None)),
            ("bytes=-0", Some(None)),
            ("bytes=3-1", None),
            ("bytes=0-1,3-4", None),
            ("items=0-1", None),
            ("bytes=x-y", None),
        ] {
            let read = RangeRequest::parse(header);
            assert_eq!(read.map(|r| r.of(10).map(|s| (s.start, s.end))), expected, "{header}");
            assert!(read.is_none_or(|r| r.to_string() == header), "{header}");
        }
        assert_eq!(RangeRequest::Suffix(1).of(0), None);
    }
}
