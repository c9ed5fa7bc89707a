//! What is on its way, from its making to the commit: sealed before the transaction, enqueued in it, announced after it.

use std::sync::Arc;

use kernel::{ApiError, Code, Cx, PoolId, Timestamp};
use serde::{Serialize, de::DeserializeOwned};
use store::{
    StoreError, Tx,
    records::outbox::{self, Lane},
};
use vault::Purpose;

use crate::{Channel, Delivery, Event, Kept, Message, Route, budget::Permit};

/// A message, or the event of a function that sends it, ready to be enqueued: sealed, with a way to go. Cloned into the
/// transaction, kept for [`Delivery::sent`].
#[derive(Clone)]
pub struct Letter {
    id: String,
    pool: PoolId,
    /// For the inbox, and the same sealed.
    kept: Option<(Message, Vec<u8>)>,
    /// What leaves, sealed. Neither of the two: nothing is sent to a number whose codes are known.
    leaves: Option<(Lane, Vec<u8>)>,
    permit: Arc<Permit>,
    created: Timestamp,
    /// True time: what the worker waits by.
    due: Timestamp,
}

impl Delivery {
    /// Seals a message, which has leave to go. Nothing of the request may be stored if it has none.
    ///
    /// Errors: CodeDeliveryFailure when there is no way to send; LimitExceeded when the pool has sent as many as it may.
    pub async fn prepare(&self, cx: &Cx, message: Message) -> Result<Letter, ApiError> {
        if self.known_codes.is_silent(message.channel, &message.to) {
            return Ok(Letter::blank(cx, message.pool));
        }
        let to_inbox = match self.route(message.channel) {
            Route::Inbox => true,
            Route::Smtp(_) | Route::Provider(_) => false,
            Route::None => return Err(no_way_to_send(message.channel)),
        };
        let (pool, channel) = (&message.pool, message.channel);
        let permit = self.allowances.take(&self.store, pool, channel, cx.now()).await?;
        let permit = permit.ok_or_else(|| budget_spent(channel))?;
        let blank = Letter {
            permit: Arc::new(permit),
            ..Letter::blank(cx, message.pool.clone())
        };
        let sealed = self.sealed(cx, Purpose::OutboxMessage, &blank.id, &message)?;
        Ok(if to_inbox {
            Letter {
                kept: Some((message, sealed)),
                ..blank
            }
        } else {
            Letter {
                leaves: Some((channel.lane(), sealed)),
                ..blank
            }
        })
    }

    /// Seals an event for the function that sends in our stead: no other way to send is needed, and no budget. `note` is what the inbox shows
    /// of it, where messages of its channel would be kept.
    pub fn prepare_event(&self, cx: &Cx, event: &Event, note: Message) -> Result<Letter, ApiError> {
        let blank = Letter::blank(cx, event.pool.clone());
        if self.known_codes.is_silent(note.channel, &note.to) {
            return Ok(blank);
        }
        let kept = match self.route(note.channel) {
            Route::Inbox => {
                let sealed = self.sealed(cx, Purpose::OutboxMessage, &blank.id, &note)?;
                Some((note, sealed))
            }
            _ => None,
        };
        let lane = Lane::Function(event.function.as_str().into());
        let leaves = Some((lane, self.sealed(cx, Purpose::OutboxEvent, &blank.id, event)?));
        Ok(Letter { kept, leaves, ..blank })
    }

    /// Called after the transaction that enqueued the letter was committed.
    pub fn sent(&self, letter: Letter) {
        letter.permit.spend();
        if let Some((message, _)) = letter.kept {
            // Nobody may be looking; that is no error.
            let _ = self.arrivals.send(Arc::new(Kept {
                id: letter.id,
                at: letter.created,
                message,
            }));
        }
        match letter.leaves {
            Some((Lane::Mails, _)) => self.mails.ring(),
            Some((Lane::Texts, _)) => self.texts.ring(),
            Some((Lane::Function(_), _)) => self.events.ring(),
            None => {}
        }
    }

    fn sealed(&self, cx: &Cx, purpose: Purpose, id: &str, what: &impl Serialize) -> Result<Vec<u8>, ApiError> {
        let json = serde_json::to_vec(what).map_err(ApiError::internal)?;
        let sealed = self.keyring.seal(purpose, &[id], &json, cx.rng());
        sealed.map_err(ApiError::internal)
    }

    pub(crate) fn open(&self, id: &str, sealed: &[u8]) -> Result<Message, ApiError> {
        self.opened(Purpose::OutboxMessage, id, sealed)
    }

    pub(crate) fn opened<T: DeserializeOwned>(&self, purpose: Purpose, id: &str, sealed: &[u8]) -> Result<T, ApiError> {
        let json = self.keyring.open(purpose, &[id], sealed).map_err(ApiError::internal)?;
        serde_json::from_slice(json.as_bytes()).map_err(ApiError::internal)
    }
}

impl Letter {
    /// With nothing in it.
    fn blank(cx: &Cx, pool: PoolId) -> Self {
        let created = cx.now();
        Self {
            id: time_ordered_id(created, cx.rng()),
            pool,
            kept: None,
            leaves: None,
            permit: Arc::new(Permit::uncounted()),
            created,
            due: cx.wall(),
        }
    }

    /// In the transaction that causes the message.
    pub fn enqueue(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        if let Some((_, sealed)) = &self.kept {
            outbox::keep(tx, &self.id, sealed, self.created)?;
        }
        let Some((lane, sealed)) = &self.leaves else {
            return Ok(());
        };
        let waiting = outbox::Waiting {
            pool: self.pool.clone(),
            id: self.id.clone(),
            message: sealed.clone(),
            attempts: 0,
            due: self.due,
            created: self.due,
        };
        outbox::insert(tx, lane, &waiting)
    }
}

/// Ids that sort by time: hexadecimal milliseconds, then chance.
fn time_ordered_id(now: Timestamp, rng: &dyn kernel::Rng) -> String {
    format!("{:012x}{}", now.millis().max(0), kernel::hex(rng, 20))
}

fn no_way_to_send(channel: Channel) -> ApiError {
    let what = match channel {
        Channel::Email => "email",
        Channel::Sms => "SMS message",
    };
    ApiError::new(
        Code::CodeDeliveryFailure,
        format!("Failed to deliver the {what}: no delivery is configured."),
    )
}

/// Amazon's words for mail; for text messages it has none that are known. Reference: user-pools 4.3.
fn budget_spent(channel: Channel) -> ApiError {
    let sentence = match channel {
        Channel::Email => {
            "Exceeded daily email limit for the operation or the account. If a higher limit is required, please configure your \
             user pool to use your own Amazon SES configuration for sending email."
        }
        Channel::Sms => "Exceeded hourly SMS limit for the operation or the account.",
    };
    ApiError::new(Code::LimitExceeded, sentence)
}
