//! Mail and text messages. A message is sealed and put into the outbox in the transaction that causes it, so none is lost by
//! a restart and none is sent for what was rolled back; a worker sends it by SMTP or by a provider's web API. In dev it goes to the
//! inbox instead, a page to be read. It never decides what a message says.
//!
//! Start at [`Delivery::prepare`]; `worker` sends, `inbox` keeps.

mod budget;
mod failure;
mod inbox;
mod known;
mod message;
mod provider;
mod smtp;
mod worker;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use kernel::{ApiError, Code, Cx, Env};
use store::{Store, StoreError, Tx, Wake, records::outbox};
use tokio::sync::broadcast;
use vault::{Keyring, Purpose};

use budget::{Allowances, Permit};

pub use budget::Budgets;
pub use inbox::Kept;
pub use known::KnownCodes;
pub use message::{Channel, Message};
pub use provider::{Proof, Provider, ProviderError, ProviderForm};
pub use smtp::{Encryption, Smtp, SmtpError, SmtpSettings};

/// Where messages of one channel go.
#[derive(Clone)]
pub enum Route {
    /// Kept to be read: dev.
    Inbox,
    Smtp(Arc<Smtp>),
    /// Text messages.
    Provider(Arc<Provider>),
    /// There is no way to send: what would cause a message is refused.
    None,
}

#[derive(Clone)]
pub struct Routes {
    pub email: Route,
    pub sms: Route,
}

/// What messages go by.
#[derive(Clone)]
pub struct Settings {
    pub routes: Routes,
    pub budgets: Budgets,
    pub known_codes: KnownCodes,
}

/// The service. Cheap to clone: everything in it is shared.
#[derive(Clone)]
pub struct Delivery {
    store: Store,
    keyring: Arc<Keyring>,
    env: Arc<Env>,
    routes: Routes,
    known_codes: Arc<KnownCodes>,
    allowances: Arc<Allowances>,
    outbox: Wake,
    arrivals: broadcast::Sender<Arc<Kept>>,
}

/// A message ready to be enqueued: sealed, with a way to go. Cloned into the transaction, kept for [`Delivery::sent`].
#[derive(Clone)]
pub struct Letter {
    id: String,
    sealed: Vec<u8>,
    message: Message,
    way: Way,
    permit: Arc<Permit>,
    created: kernel::Timestamp,
    /// True time: what the worker waits by.
    due: kernel::Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Inbox,
    Outbox,
    /// To a number whose codes are known.
    Nowhere,
}

/// How many arrivals a slow reader of the inbox may lag behind before it is told to look again.
const ARRIVALS: usize = 256;

impl Delivery {
    pub fn new(store: Store, keyring: Arc<Keyring>, env: Arc<Env>, settings: Settings) -> Self {
        let (arrivals, _) = broadcast::channel(ARRIVALS);
        Self {
            store,
            keyring,
            env,
            routes: settings.routes,
            known_codes: Arc::new(settings.known_codes),
            allowances: Allowances::new(settings.budgets),
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

    /// The code for an address that gets none of its own.
    pub fn known_code(&self, channel: Channel, to: &str) -> Option<&str> {
        self.known_codes.of(channel, to)
    }

    /// Forgets what was taken of budgets: the store was emptied under us (reset in dev).
    pub fn forget(&self) {
        self.allowances.forget();
    }

    /// Seals a message, which has leave to go. Then nothing of the request may be stored if there is an error.
    ///
    /// Errors: CodeDeliveryFailure when there is no way to send; LimitExceeded when the pool has sent as many as it may.
    pub async fn prepare(&self, cx: &Cx, message: Message) -> Result<Letter, ApiError> {
        let way = self.way(&message)?;
        let created = cx.now();
        let permit = match way {
            Way::Nowhere => Permit::uncounted(),
            Way::Inbox | Way::Outbox => {
                let (pool, channel) = (&message.pool, message.channel);
                let permit = self.allowances.take(&self.store, pool, channel, created).await?;
                permit.ok_or_else(|| budget_spent(channel))?
            }
        };
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
            way,
            permit: Arc::new(permit),
            created,
            due: cx.wall(),
        })
    }

    fn way(&self, message: &Message) -> Result<Way, ApiError> {
        if self.known_codes.is_silent(message.channel, &message.to) {
            return Ok(Way::Nowhere);
        }
        match self.route(message.channel) {
            Route::Inbox => Ok(Way::Inbox),
            Route::Smtp(_) | Route::Provider(_) => Ok(Way::Outbox),
            Route::None => Err(no_way_to_send(message.channel)),
        }
    }

    /// Called after the transaction that enqueued the letter was committed.
    pub fn sent(&self, letter: Letter) {
        letter.permit.spend();
        match letter.way {
            Way::Inbox => {
                // Nobody may be looking; that is no error.
                let _ = self.arrivals.send(Arc::new(Kept {
                    id: letter.id,
                    at: letter.created,
                    message: letter.message,
                }));
            }
            Way::Outbox => self.outbox.ring(),
            Way::Nowhere => {}
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
        match self.way {
            Way::Nowhere => Ok(()),
            Way::Inbox => outbox::keep(tx, &self.id, &self.sealed, self.created),
            Way::Outbox => outbox::insert(
                tx,
                &outbox::Waiting {
                    pool: self.message.pool.clone(),
                    id: self.id.clone(),
                    message: self.sealed.clone(),
                    attempts: 0,
                    due: self.due,
                    created: self.due,
                },
            ),
        }
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
