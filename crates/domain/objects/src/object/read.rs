//! Reading objects that were found and judged. Bytes come in blocks from the blocking threads.

use std::{
    collections::VecDeque,
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::PathBuf,
};

use bytes::Bytes;
use futures_util::{Stream, stream};
use kernel::Cx;
use store::records::objects as records;

use super::{
    conditions::{Conditions, Reader},
    range::{Select, Span},
    stored::{Object, Segment},
};
use crate::{
    access::judge::Found,
    content::folder::Reading,
    error::{Error, Result},
    objects::Objects,
};

/// Bytes read at a time.
const BLOCK: u64 = 256 << 10;

pub struct Download {
    pub object: Object,
    /// Absent: all of it.
    pub span: Option<Span>,
    body: Body,
}

/// How often an object is found anew that was replaced before it could be opened.
const ATTEMPTS: usize = 5;

impl Found<'_> {
    /// Errors: NotModified, PreconditionFailed.
    pub fn check(&self, conditions: &Conditions) -> Result<()> {
        conditions.check_read(&self.object.etag, self.object.modified_at, Reader::Client)
    }
}

impl Objects {
    /// As it is now, for the program itself: what somebody asks for is judged ([`Objects::judged`]). None: there is no such key.
    pub async fn object(&self, bucket: &str, key: &str) -> Result<Option<Object>> {
        let (bucket, key) = (bucket.to_owned(), key.to_owned());
        let row = self.store.look_up(move |r| records::object(r, &bucket, &key)).await?;
        row.map(Object::of_row).transpose()
    }

    /// Opens what was found. What was replaced before it could be opened is found anew, and judged anew. None: there is none any
    /// more. Errors: NotModified, PreconditionFailed, InvalidRange, InvalidPartNumber, those of [`Objects::judged`].
    pub async fn open(
        &self,
        cx: &Cx,
        found: Found<'_>,
        conditions: &Conditions,
        select: Select,
    ) -> Result<Option<Download>> {
        self.open_for(cx, found, (conditions, Reader::Client), select).await
    }

    pub(super) async fn open_for(
        &self,
        cx: &Cx,
        mut found: Found<'_>,
        (conditions, reader): (&Conditions, Reader),
        select: Select,
    ) -> Result<Option<Download>> {
        for _ in 0..ATTEMPTS {
            let Found { object, held, asked } = found;
            conditions.check_read(&object.etag, object.modified_at, reader)?;
            if let Some(download) = self.opened(object, held, select).await? {
                return Ok(Some(download));
            }
            found = match self.judged(cx, asked).await? {
                Some(found) => found,
                None => return Ok(None),
            };
        }
        Err(Error::internal("an object's content is missing"))
    }

    /// None: it was replaced or deleted since it was found, and its bytes are gone.
    async fn opened(&self, object: Object, held: Option<Vec<u8>>, select: Select) -> Result<Option<Download>> {
        let span = select.span(&object)?;
        let wanted = span.unwrap_or(Span {
            start: 0,
            end: object.size,
        });
        if let Some(bytes) = held {
            let body = Body::held(bytes, wanted)?;
            return Ok(Some(Download { object, span, body }));
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
                Ok(Some(Download { object, span, body }))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::internal(error)),
        }
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

    /// All of the bytes, where none is left to be read.
    pub fn at_hand(&mut self) -> Option<Bytes> {
        let all = self.body.pieces.is_empty();
        all.then(|| self.body.ready.take().unwrap_or_default())
    }

    /// The bytes at once, for objects known to be small. Errors: internal.
    pub async fn into_bytes(self) -> Result<Vec<u8>> {
        let mut body = self.body;
        let mut all = body.ready.take().map(Vec::from).unwrap_or_default();
        while let Some(block) = body.read_block().await.map_err(Error::internal)? {
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

impl Body {
    /// Of a content without a file. Errors: internal if it is shorter than its row says.
    fn held(bytes: Vec<u8>, Span { start, end }: Span) -> Result<Self> {
        let bytes = Bytes::from(bytes);
        let place = |n: u64| usize::try_from(n).ok().filter(|n| *n <= bytes.len());
        let (Some(start), Some(end)) = (place(start), place(end)) else {
            return Err(Error::internal("an object's bytes are too few"));
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
