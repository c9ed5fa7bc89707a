//! The aws-chunked encoding: chunks, their signatures, the trailer. Reference: identity-pools-iam 10.3.

use std::{collections::BTreeMap, io};

use bytes::{Buf, Bytes, BytesMut};
use futures_util::{Stream, StreamExt, stream, stream::BoxStream};
use kernel::{ApiError, Code};
use objects::Trailers;
use sigv4::ChunkSigner;

use crate::errors;

/// A chunk's first line, or one line of a trailer.
const MAX_LINE: usize = 4096;

/// Trailer lines; S3 knows one checksum and one signature.
const MAX_TRAILERS: usize = 16;

/// A signed chunk must be whole before its bytes count.
const MAX_SIGNED_CHUNK: usize = 16 << 20;

pub(crate) type Incoming = BoxStream<'static, io::Result<Bytes>>;

/// The decoded bytes. Trailing headers are set before the stream ends; what is wrong ends it with an [`ApiError`].
pub(crate) fn decode(
    body: Incoming,
    signer: Option<Box<ChunkSigner>>,
    signed_trailer: bool,
    trailers: Trailers,
) -> impl Stream<Item = io::Result<Bytes>> + Send {
    let decoder = Decoder {
        body,
        buffer: BytesMut::new(),
        signer,
        signed_trailer,
        trailers,
        state: State::Size,
    };
    stream::try_unfold(decoder, |mut decoder| async move {
        Ok(decoder.next().await?.map(|bytes| (bytes, decoder)))
    })
}

struct Decoder {
    body: Incoming,
    buffer: BytesMut,
    signer: Option<Box<ChunkSigner>>,
    signed_trailer: bool,
    trailers: Trailers,
    state: State,
}

enum State {
    /// Before a chunk's first line.
    Size,
    /// Inside an unsigned chunk: bytes that are left.
    Data(usize),
    End,
}

impl Decoder {
    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        loop {
            match self.state {
                State::End => return Ok(None),
                State::Data(0) => {
                    self.end_of_line().await?;
                    self.state = State::Size;
                }
                State::Data(left) => {
                    if self.buffer.is_empty() {
                        self.more().await?;
                    }
                    let piece = self.buffer.split_to(left.min(self.buffer.len())).freeze();
                    self.state = State::Data(left - piece.len());
                    return Ok(Some(piece));
                }
                State::Size => {
                    let line = self.line().await?;
                    let (size, signature) = chunk_line(&line)?;
                    if size == 0 {
                        self.check(signature.as_deref(), &[])?;
                        self.read_trailers().await?;
                        self.state = State::End;
                    } else if self.signer.is_some() {
                        return self.signed_chunk(size, signature.as_deref()).await.map(Some);
                    } else {
                        self.state = State::Data(size);
                    }
                }
            }
        }
    }

    async fn signed_chunk(&mut self, size: usize, signature: Option<&str>) -> io::Result<Bytes> {
        if size > MAX_SIGNED_CHUNK {
            return Err(refuse(ApiError::new(
                Code("InvalidChunkSizeError"),
                "The chunk is larger than 16 MiB",
            )));
        }
        while self.buffer.len() < size {
            self.more().await?;
        }
        let data = self.buffer.split_to(size).freeze();
        self.end_of_line().await?;
        self.check(signature, &data)?;
        Ok(data)
    }

    fn check(&mut self, signature: Option<&str>, data: &[u8]) -> io::Result<()> {
        let Some(signer) = &mut self.signer else { return Ok(()) };
        if signature == Some(signer.chunk(data)) {
            Ok(())
        } else {
            Err(refuse(signature_mismatch()))
        }
    }

    /// `name:value` lines up to an empty one; a body without trailer may end after the last chunk's line.
    async fn read_trailers(&mut self) -> io::Result<()> {
        let mut trailers = BTreeMap::new();
        let mut signed = String::new();
        let mut signature = None;
        for _ in 0..MAX_TRAILERS {
            if self.buffer.is_empty() && !self.refill().await? {
                break;
            }
            let line = self.line().await?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line
                .split_once(':')
                .ok_or_else(|| refuse(errors::malformed_trailer()))?;
            let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
            if name == "x-amz-trailer-signature" {
                signature = Some(value.to_owned());
            } else {
                signed.extend([name.as_str(), ":", value, "\n"]);
                trailers.insert(name, value.to_owned());
            }
        }
        if let Some(signer) = self.signer.as_ref().filter(|_| self.signed_trailer)
            && signature != Some(signer.trailer(&signed))
        {
            return Err(refuse(signature_mismatch()));
        }
        self.trailers.set(trailers);
        Ok(())
    }

    async fn end_of_line(&mut self) -> io::Result<()> {
        while self.buffer.len() < 2 {
            self.more().await?;
        }
        if self.buffer.starts_with(b"\r\n") {
            self.buffer.advance(2);
            return Ok(());
        }
        Err(refuse(errors::incomplete_body()))
    }

    /// Without its end.
    async fn line(&mut self) -> io::Result<String> {
        let mut searched = 0;
        loop {
            let found = self
                .buffer
                .iter()
                .skip(searched)
                .position(|b| *b == b'\n')
                .map(|at| at + searched);
            if let Some(at) = found {
                let line = self.buffer.split_to(at + 1);
                let text = std::str::from_utf8(&line).map_err(|_| refuse(errors::incomplete_body()))?;
                return Ok(text.trim_end_matches(['\r', '\n']).to_owned());
            }
            searched = self.buffer.len();
            if searched > MAX_LINE {
                return Err(refuse(errors::incomplete_body()));
            }
            self.more().await?;
        }
    }

    async fn more(&mut self) -> io::Result<()> {
        if self.refill().await? {
            Ok(())
        } else {
            Err(refuse(errors::incomplete_body()))
        }
    }

    /// False at the end.
    async fn refill(&mut self) -> io::Result<bool> {
        match self.body.next().await {
            Some(bytes) => {
                self.buffer.extend_from_slice(&bytes?);
                Ok(true)
            }
            None => Ok(false),
        }
    }
}

/// `<hex size>` with `;chunk-signature=<hex>` behind it.
fn chunk_line(line: &str) -> io::Result<(usize, Option<String>)> {
    let (size, extension) = line.split_once(';').map_or((line, None), |(size, e)| (size, Some(e)));
    let size = usize::from_str_radix(size.trim(), 16).map_err(|_| refuse(errors::incomplete_body()))?;
    let signature = extension
        .and_then(|e| e.trim().strip_prefix("chunk-signature="))
        .map(str::to_owned);
    Ok((size, signature))
}

fn signature_mismatch() -> ApiError {
    ApiError::new(
        Code::SignatureDoesNotMatch,
        "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    )
}

fn refuse(error: ApiError) -> io::Error {
    io::Error::other(error)
}

#[cfg(test)]
mod tests;
