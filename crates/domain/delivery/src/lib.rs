//! Mail and text messages. A message is sealed and put into the outbox in the transaction that causes it, so none is lost by
//! a restart and none is sent for what was rolled back; a worker sends it by SMTP. In dev it goes to the inbox instead, a page
//! to be read. It never decides what a message says.
//!
//! Start at [`Delivery::prepare`]; `worker` sends, `inbox` keeps.

mod inbox;
mod message;
mod smtp;
mod worker;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use kernel::{ApiError, Code, Cx, Env};
use store::{Store, StoreError, Tx, Wake, records::outbox};
use tokio::sync::broadcast;
use vault::{Keyring, Purpose};

pub use inbox::Kept;
pub use message::{Channel, Message};
pub use smtp::{Encryption, Smtp, SmtpError, SmtpSettings};

/// Where messages of one channel go.
#[derive(Clone)]
pub enum Route {
    /// Kept to be read: dev.
    Inbox,
    Smtp(Arc<Smtp>),
    /// There is no way to send: what would cause a message is refused.
    None,
}

#[derive(Clone)]
pub struct Routes {
    pub email: Route,
    pub sms: Route,
}

/// The service. Cheap to clone: everything in it is shared.
#[derive(Clone)]
pub struct Delivery {
    store: Store,
    keyring: Arc<Keyring>,
    env: Arc<Env>,
    routes: Routes,
    outbox: Wake,
    arrivals: broadcast::Sender<Arc<Kept>>,
}

/// A message ready to be enqueued: sealed, with a way to go. Cloned into the transaction, kept for [`Delivery::sent`].
#[derive(Clone)]
pub struct Letter {
    id: String,
    sealed: Vec<u8>,
    message: Message,
    to_inbox: bool,
    created: kernel::Timestamp,
    /// True time: what the worker waits by.
    due: kernel::Timestamp,
}

/// How many arrivals a slow reader of the inbox may lag behind before it is told to look again.
const ARRIVALS: usize = 256;

impl Delivery {
    pub fn new(store: Store, keyring: Arc<Keyring>, env: Arc<Env>, routes: Routes) -> Self {
        let (arrivals, _) = broadcast::channel(ARRIVALS);
        Self {
            store,
            keyring,
            env,
            routes,
            outbox: Wake::default(),
            arrivals,
        }
    }

    /// Rung when something was put into the outbox: see [`Delivery::deliver_due`].
    pub fn outbox(&self) -> &Wake {
        &self.outbox
    }

    fn route(&self, channel: Channel) -> &Route {
        match channel {
            Channel::Email => &self.routes.email,
            Channel::Sms => &self.routes.sms,
        }
    }

    /// Seals a message. Errors: CodeDeliveryFailure when there is no way to send; then nothing of the request may be stored.
    pub fn prepare(&self, cx: &Cx, message: Message) -> Result<Letter, ApiError> {
        let to_inbox = match self.route(message.channel) {
            Route::Inbox => true,
            Route::Smtp(_) => false,
            Route::None => return Err(no_way_to_send(message.channel)),
        };
        let created = cx.now();
        let id = time_ordered_id(created, cx.rng());
        let json = serde_json::to_vec(&message).map_err(ApiError::internal)?;
        let sealed = self
            .keyring
            .seal(Purpose::OutboxMessage, &[&id], &json, cx.rng())
            .map_err(ApiError::internal)?;
        Ok(Letter {
            id,
            sealed,
            message,
            to_inbox,
            created,
            due: cx.wall(),
        })
    }

    /// Called after the transaction that enqueued the letter was committed.
    pub fn sent(&self, letter: Letter) {
        if letter.to_inbox {
            // Nobody may be looking; that is no error.
            let _ = self.arrivals.send(Arc::new(Kept {
                id: letter.id,
                at: letter.created,
                message: letter.message,
            }));
        } else {
            self.outbox.ring();
        }
    }

    fn open(&self, id: &str, sealed: &[u8]) -> Result<Message, ApiError> {
        let json = self
            .keyring
            .open(Purpose::OutboxMessage, &[id], sealed)
            .map_err(ApiError::internal)?;
        serde_json::from_slice(json.as_bytes()).map_err(ApiError::internal)
    }
}

impl Letter {
    /// In the transaction that causes the message.
    pub fn enqueue(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        if self.to_inbox {
            return outbox::keep(tx, &self.id, &self.sealed, self.created);
        }
        outbox::insert(
            tx,
            &outbox::Waiting {
                pool: self.message.pool.clone(),
                id: self.id.clone(),
                message: self.sealed.clone(),
                attempts: 0,
                due: self.due,
                created: self.due,
            },
        )
    }
}

/// Ids that sort by time: hexadecimal milliseconds, then chance.
fn time_ordered_id(now: kernel::Timestamp, rng: &dyn kernel::Rng) -> String {
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
