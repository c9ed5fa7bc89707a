//! A form on its way in: the fields, held within a bound, then the file, which passes through and is never held.

#[cfg(test)]
mod tests;

use std::{
    future::poll_fn,
    io,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::Poll,
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use http::{HeaderMap, header};
use kernel::{ApiError, Result};
use multer::{Field, Multipart};
use objects::{Error, MAX_BODY};

use super::{
    disposition::Disposition,
    errors,
    fields::{Fields, MOST_FIELDS},
    policy::Sizes,
};
use crate::{body::Incoming, errors::incomplete_body};

/// A form's file, its fields read.
pub(super) struct Upload {
    form: Multipart<'static>,
    file: Field<'static>,
    file_name: Option<String>,
    allowance: Allowance,
}

/// `proposed` and `limit` in bytes.
fn too_large(proposed: u64, limit: u64) -> ApiError {
    Error::EntityTooLarge { proposed, limit }.into()
}

/// Reads up to the file. Errors: PreconditionFailed for what is no form, MalformedPOSTRequest, MaxPostPreDataLengthExceeded,
/// InvalidArgument without a file.
pub(super) async fn read(headers: &HeaderMap, body: Incoming) -> Result<(Fields, Upload)> {
    let allowance = Allowance::new();
    let mut form = Multipart::new(metered(body, allowance.clone()), boundary(headers)?);
    let mut fields = Fields::default();
    loop {
        let Some(field) = allowance.suffices(form.next_field()).await? else {
            return Err(errors::number_of_files(0));
        };
        let Disposition { name, file_name } = Disposition::of(field.headers()).ok_or_else(errors::malformed)?;
        if is_file(&name) {
            allowance.lift();
            return Ok((
                fields,
                Upload {
                    form,
                    file: field,
                    file_name,
                    allowance,
                },
            ));
        }
        let value = allowance.suffices(field.bytes()).await?;
        let value = std::str::from_utf8(&value).map_err(|e| errors::malformed().because(e))?;
        fields.add(name, value);
    }
}

impl Upload {
    /// As the client names it, perhaps with folders.
    pub(super) fn file_name(&self) -> Option<&str> {
        self.file_name.as_deref()
    }

    /// The file's bytes. The stream ends well only if the whole form was sound, so that nothing is stored of one that was
    /// not. Errors inside: EntityTooSmall, EntityTooLarge, InvalidArgument for a second file, those of [`read`].
    pub(super) fn into_stream(self, sizes: Sizes) -> impl Stream<Item = io::Result<Bytes>> + Send {
        stream::try_unfold((self, 0), move |(mut upload, mut size)| async move {
            while let Some(bytes) = upload.file.chunk().await.map_err(|e| io::Error::other(broken(e)))? {
                size += bytes.len() as u64;
                if size <= sizes.max {
                    return Ok(Some((bytes, (upload, size))));
                }
                // What is too large is counted to its end, as far as any could be stored: the client is told how large it was.
                if size > MAX_BODY {
                    return Err(io::Error::other(too_large(size, sizes.max)));
                }
            }
            let ended = upload.end().await.and_then(|()| check(sizes, size));
            ended.map(|()| None).map_err(io::Error::other)
        })
    }

    /// Passes over the fields behind the file.
    async fn end(self) -> Result<()> {
        let Self {
            mut form,
            file,
            allowance,
            ..
        } = self;
        // While there is a field there is no next one.
        drop(file);
        allowance.renew();
        while let Some(mut field) = allowance.suffices(form.next_field()).await? {
            if Disposition::of(field.headers()).is_some_and(|field| is_file(&field.name)) {
                return Err(errors::number_of_files(2));
            }
            while allowance.suffices(field.chunk()).await?.is_some() {}
        }
        Ok(())
    }
}

fn is_file(name: &str) -> bool {
    name.eq_ignore_ascii_case("file")
}

fn check(sizes: Sizes, size: u64) -> Result<()> {
    if size > sizes.max {
        return Err(too_large(size, sizes.max));
    }
    if size < sizes.min {
        return Err(Error::EntityTooSmall {
            proposed: size,
            limit: sizes.min,
            number: None,
            etag: None,
        }
        .into());
    }
    Ok(())
}

/// Errors: PreconditionFailed, MalformedPOSTRequest.
fn boundary(headers: &HeaderMap) -> Result<String> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.filter(|kind| {
        let essence = kind.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("multipart/form-data")
    });
    let kind = kind.ok_or_else(errors::not_a_form)?;
    multer::parse_boundary(kind).map_err(|e| errors::malformed().because(e))
}

fn broken(error: multer::Error) -> ApiError {
    let multer::Error::StreamReadFailed(error) = error else {
        return errors::malformed().because(error);
    };
    match error.downcast::<io::Error>().map(|error| error.downcast::<ApiError>()) {
        Ok(Ok(refusal)) => refusal,
        Ok(Err(error)) => incomplete_body().because(error),
        Err(error) => incomplete_body().because(error),
    }
}

/// How many bytes may still come.
#[derive(Clone)]
struct Allowance(Arc<Left>);

struct Left {
    bytes: AtomicUsize,
    /// More was asked for.
    exceeded: AtomicBool,
}

impl Allowance {
    fn new() -> Self {
        Self(Arc::new(Left {
            bytes: AtomicUsize::new(MOST_FIELDS),
            exceeded: AtomicBool::new(false),
        }))
    }

    fn renew(&self) {
        self.set(MOST_FIELDS);
    }

    fn lift(&self) {
        self.set(usize::MAX);
    }

    fn set(&self, bytes: usize) {
        self.0.bytes.store(bytes, Ordering::Relaxed);
        self.0.exceeded.store(false, Ordering::Relaxed);
    }

    /// As much of `wanted` as there is, or nothing while there is none.
    fn take(&self, wanted: usize) -> Poll<usize> {
        let left = self.0.bytes.load(Ordering::Relaxed);
        if left == 0 {
            self.0.exceeded.store(true, Ordering::Relaxed);
            return Poll::Pending;
        }
        let taken = wanted.min(left);
        if left != usize::MAX {
            self.0.bytes.store(left - taken, Ordering::Relaxed);
        }
        Poll::Ready(taken)
    }

    /// A step of the reader, which asks for more than it may need: it fails only if it gets no further without.
    /// Errors: MaxPostPreDataLengthExceeded, those of [`read`].
    async fn suffices<T>(&self, step: impl Future<Output = multer::Result<T>>) -> Result<T> {
        let mut step = pin!(step);
        poll_fn(|cx| match step.as_mut().poll(cx) {
            Poll::Ready(done) => Poll::Ready(done.map_err(broken)),
            Poll::Pending if self.0.exceeded.load(Ordering::Relaxed) => {
                Poll::Ready(Err(errors::fields_too_large(MOST_FIELDS)))
            }
            Poll::Pending => Poll::Pending,
        })
        .await
    }
}

/// The body as far as the allowance goes, one piece a poll: the reader takes whatever is ready at once, and would hold as
/// much of a file as the network brings faster than the disk takes it.
fn metered(body: Incoming, allowance: Allowance) -> impl Stream<Item = io::Result<Bytes>> + Send {
    stream::try_unfold(
        (body, Bytes::new(), allowance),
        |(mut body, mut rest, allowance)| async move {
            tokio::task::yield_now().await;
            while rest.is_empty() {
                match body.next().await {
                    Some(bytes) => rest = bytes?,
                    None => return Ok(None),
                }
            }
            let taken = poll_fn(|_| allowance.take(rest.len())).await;
            let piece = rest.split_to(taken);
            Ok(Some((piece, (body, rest, allowance))))
        },
    )
}
