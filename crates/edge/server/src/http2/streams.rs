//! How a connection's streams stand: whether anybody waits for us, or we for them.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use hyper::body::{Frame, SizeHint};
use tokio::time::Instant;

use crate::{body::Body, stall};

/// How long a connection without streams is kept.
const IDLE: Duration = Duration::from_secs(75);

/// How long a connection that was told to go may take to do so.
const FAREWELL: Duration = Duration::from_secs(10);

/// The streams of one connection.
pub(super) struct Streams(Mutex<Open>);

struct Open {
    next: u64,
    /// Since when a stream's client has had something to take; None: it is we who are waited for.
    owed: HashMap<u64, Option<Instant>>,
    /// When the last stream ended.
    idle_since: Instant,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Busy,
    /// Nobody asked for anything for a while.
    Idle,
    /// The client takes nothing, or doesn't go.
    Stuck,
}

impl Streams {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Open {
            next: 0,
            owed: HashMap::new(),
            idle_since: Instant::now(),
        }))
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn standing(&self, now: Instant) -> Standing {
        let open = self.lock();
        let idle = now.saturating_duration_since(open.idle_since);
        if open.owed.is_empty() {
            return match idle {
                idle if idle >= IDLE + FAREWELL => Standing::Stuck,
                idle if idle >= IDLE => Standing::Idle,
                _ => Standing::Busy,
            };
        }
        let is_stuck = |since: &Instant| now.saturating_duration_since(*since) >= stall::PATIENCE;
        // One that is not taken, a film that was stopped, is nothing to the others.
        if open.owed.values().all(|owed| owed.as_ref().is_some_and(is_stuck)) {
            Standing::Stuck
        } else {
            Standing::Busy
        }
    }
}

/// One stream's entry, for as long as anything of it is left.
pub(super) struct Stream {
    id: u64,
    of: Arc<Streams>,
}

impl Stream {
    pub(super) fn open(streams: &Arc<Streams>) -> Self {
        let mut open = streams.lock();
        let id = open.next;
        open.next += 1;
        open.owed.insert(id, None);
        drop(open);
        Self {
            id,
            of: Arc::clone(streams),
        }
    }

    fn is_owed(&self, since: Option<Instant>) {
        self.of.lock().owed.insert(self.id, since);
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let mut open = self.of.lock();
        open.owed.remove(&self.id);
        open.idle_since = Instant::now();
    }
}

/// An answer's body that knows whether the client takes it: the next piece is asked for when there is room for it.
pub(super) struct Taken {
    pub(super) inner: Body,
    pub(super) stream: Stream,
}

impl hyper::body::Body for Taken {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        self.stream.is_owed(None);
        let frame = ready!(hyper::body::Body::poll_frame(Pin::new(&mut self.inner), cx));
        self.stream.is_owed(Some(Instant::now()));
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        hyper::body::Body::is_end_stream(&self.inner)
    }

    fn size_hint(&self) -> SizeHint {
        hyper::body::Body::size_hint(&self.inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_connection_stands_as_its_streams_do() {
        let streams = Arc::new(Streams::new());
        let standing = async |seconds| {
            tokio::time::advance(Duration::from_secs(seconds)).await;
            streams.standing(Instant::now())
        };
        assert_eq!(standing(74).await, Standing::Busy);
        assert_eq!(standing(1).await, Standing::Idle);
        assert_eq!(standing(10).await, Standing::Stuck);
        // A stream whose answer takes its time is waited for.
        let stream = Stream::open(&streams);
        assert_eq!(standing(3600).await, Standing::Busy);
        stream.is_owed(Some(Instant::now()));
        assert_eq!(standing(59).await, Standing::Busy);
        assert_eq!(standing(1).await, Standing::Stuck);
        let other = Stream::open(&streams);
        assert_eq!(standing(3600).await, Standing::Busy);
        other.is_owed(Some(Instant::now()));
        assert_eq!(standing(60).await, Standing::Stuck);
        drop(other);
        stream.is_owed(None);
        assert_eq!(standing(3600).await, Standing::Busy);
        drop(stream);
        assert_eq!(standing(74).await, Standing::Busy);
        assert_eq!(standing(1).await, Standing::Idle);
    }
}
