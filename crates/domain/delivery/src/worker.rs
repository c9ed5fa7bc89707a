//! Sends the messages in the outbox: each claimed for longer than it may take, tried, then removed or tried again later. A claim that
//! no node comes back from runs out, so that nothing is lost with it.

use std::time::Duration;

use futures_util::{StreamExt, TryFutureExt, stream};
use kernel::{ApiError, Timestamp};
use store::records::outbox::{self, Waiting};
use tokio::time::timeout;

use crate::{Channel, Delivery, Route, failure::Undelivered};

/// How long an attempt may take, whatever way the message goes.
const LIMIT: Duration = Duration::from_secs(45);
/// Then another node may try: two at a time would send twice.
const CLAIM: Duration = LIMIT.saturating_add(Duration::from_secs(15));

/// Attempts double their distance from half a minute; after the last, about four hours, the message is given up.
const FIRST_PAUSE: Duration = Duration::from_secs(30);
pub(crate) const MOST_ATTEMPTS: i64 = 10;

const BATCH: i64 = 32;
const AT_A_TIME: usize = 8;

impl Delivery {
    /// How long until the next message of the channel is due. None: none waits.
    pub async fn until_next(&self, channel: Channel) -> Result<Option<Duration>, ApiError> {
        let next = self.store.read(move |r| outbox::next_due(r, &channel.lane())).await?;
        Ok(next.map(|due| due.since(self.env.clock.wall())))
    }

    /// Tries every message of the channel that is due now, once. Returns how many were sent.
    pub async fn deliver_due(&self, channel: Channel) -> Result<u64, ApiError> {
        let mut sent = 0;
        loop {
            let now = self.env.clock.wall();
            let due = self
                .store
                .read(move |r| outbox::due(r, &channel.lane(), now, BATCH))
                .await?;
            if due.is_empty() {
                return Ok(sent);
            }
            // Several at a time: who is slow keeps no other from leaving.
            let attempts = stream::iter(due).map(|waiting| self.attempt(waiting));
            let attempts = attempts.buffer_unordered(AT_A_TIME).collect::<Vec<_>>().await;
            for left in attempts {
                sent += u64::from(left?);
            }
        }
    }

    async fn attempt(&self, waiting: Waiting) -> Result<bool, ApiError> {
        let until = self.env.clock.wall().plus(CLAIM);
        if !self.claim(&waiting, until).await? {
            return Ok(false);
        }
        let message = match self.open(&waiting.id, &waiting.message) {
            Ok(message) => message,
            Err(error) => {
                // A keyring that lacks a version may get it back.
                tracing::error!(?error, id = waiting.id, pool = %waiting.pool, "a message can't be read");
                return self.postpone(waiting, until).await;
            }
        };
        let sent = match self.route(message.channel) {
            Route::Smtp(smtp) => in_time(smtp.send(&message).map_err(Undelivered::from)).await,
            Route::Provider(provider) => in_time(provider.send(&waiting.id, &message, self.env.clock.wall())).await,
            // The route was taken away since: the message waits for it to come back.
            Route::Inbox | Route::None => return self.postpone(waiting, until).await,
        };
        match sent {
            Ok(()) => {
                self.remove(waiting).await?;
                Ok(true)
            }
            Err(error) if error.is_final || waiting.attempts + 1 >= MOST_ATTEMPTS => {
                tracing::error!(%error, id = waiting.id, pool = %waiting.pool, "a message is given up");
                self.remove(waiting).await?;
                Ok(false)
            }
            Err(error) => {
                tracing::warn!(%error, id = waiting.id, pool = %waiting.pool, "a message will be tried again");
                self.postpone(waiting, until).await
            }
        }
    }

    /// Whether it is ours until then.
    pub(crate) async fn claim(&self, waiting: &Waiting, until: Timestamp) -> Result<bool, ApiError> {
        let claim = waiting.clone();
        Ok(self
            .store
            .write(move |tx| Ok(outbox::claim(tx, &claim, until)?))
            .await?)
    }

    pub(crate) async fn remove(&self, waiting: Waiting) -> Result<(), ApiError> {
        Ok(self
            .store
            .write(move |tx| Ok(outbox::remove(tx, &waiting.pool, &waiting.id)?))
            .await?)
    }

    /// `claimed` is when our claim ends: if it is no longer the row's due time, the row is another node's.
    pub(crate) async fn postpone(&self, waiting: Waiting, claimed: Timestamp) -> Result<bool, ApiError> {
        let doublings = u32::try_from(waiting.attempts).unwrap_or(0).min(16);
        let due = self.env.clock.wall().plus(FIRST_PAUSE.saturating_mul(1 << doublings));
        self.store
            .write(move |tx| Ok(outbox::postpone(tx, &waiting.pool, &waiting.id, claimed, due)?))
            .await?;
        Ok(false)
    }
}

/// Left when its time is over, and the connection with it.
async fn in_time(sending: impl Future<Output = Result<(), Undelivered>>) -> Result<(), Undelivered> {
    let sent = timeout(LIMIT, sending).await;
    sent.unwrap_or_else(|_| Err(Undelivered::for_now("it took too long".to_owned())))
}
