//! A connection that gives up on a client which takes nothing of what it asked for. Reading is not limited here: what a
//! request may take is known where it is read. It also knows who spoke last.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

/// How long a client may take nothing.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub struct Impatient<S> {
    inner: S,
    /// Runs while a write waits.
    waiting: Option<Pin<Box<Sleep>>>,
    client_spoke_last: bool,
}

impl<S> Impatient<S> {
    pub fn new(inner: S) -> Self {
        Self {
            inner,
            waiting: None,
            client_spoke_last: false,
        }
    }

    /// Something came after the last thing that went: on an idle connection nothing did.
    pub fn is_owed_an_answer(&self) -> bool {
        self.client_spoke_last
    }
}

impl<S: Unpin> Impatient<S> {
    fn watch<T>(&mut self, outcome: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.waiting = None;
            return outcome;
        }
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(PATIENCE)));
        ready!(waiting.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Impatient<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.inner).poll_read(cx, buffer);
        self.client_spoke_last |= buffer.filled().len() > before;
        outcome
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Impatient<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.inner).poll_write(cx, bytes);
        self.client_spoke_last &= outcome.is_pending();
        self.watch(outcome, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.inner).poll_write_vectored(cx, slices);
        self.client_spoke_last &= outcome.is_pending();
        self.watch(outcome, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.inner).poll_flush(cx);
        self.watch(outcome, cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.inner).poll_shutdown(cx);
        self.watch(outcome, cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_client_that_takes_nothing_is_given_up() {
        let (ours, mut theirs) = duplex(4);
        let mut ours = Impatient::new(ours);
        ours.write_all(b"1234").await.unwrap();
        // Taken at last: the patience begins anew with the next write.
        let taken = tokio::spawn(async move {
            sleep(PATIENCE / 2).await;
            theirs.read_exact(&mut [0; 4]).await.unwrap();
            theirs
        });
        ours.write_all(b"5678").await.unwrap();
        let _theirs = taken.await.unwrap();
        let error = ours.write_all(b"9").await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
