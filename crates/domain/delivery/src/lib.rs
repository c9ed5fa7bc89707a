//! Mail and text messages. A message is sealed and put into the outbox in the transaction that causes it, so none is lost by
//! a restart and none is sent for what was rolled back; a worker sends it by SMTP or by a provider's web API. In dev it goes to
//! the inbox instead, a page to be read. Where a function sends in our stead, what it is told goes the same way. It never decides what a message says.
//!
//! Start at [`Delivery::prepare`]; `worker` sends, `events` tells functions, `inbox` keeps.

mod budget;
mod event;
mod events;
mod failure;
mod inbox;
mod known;
mod letter;
mod message;
mod provider;
mod smtp;
mod worker;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use kernel::Env;
use store::{Store, Wake};
use tokio::sync::broadcast;
use triggers::Triggers;
use vault::Keyring;

use budget::Allowances;

pub use budget::Budgets;
pub use event::{Encrypted, Event};
pub use inbox::Kept;
pub use known::KnownCodes;
pub use letter::Letter;
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
    triggers: Triggers,
    mails: Wake,
    texts: Wake,
    events: Wake,
    arrivals: broadcast::Sender<Arc<Kept>>,
}

/// How many arrivals a slow reader of the inbox may lag behind before it is told to look again.
const ARRIVALS: usize = 256;

impl Delivery {
    /// `triggers`: who tells functions.
    pub fn new(store: Store, keyring: Arc<Keyring>, env: Arc<Env>, settings: Settings, triggers: Triggers) -> Self {
        let (arrivals, _) = broadcast::channel(ARRIVALS);
        Self {
            store,
            keyring,
            env,
            routes: settings.routes,
            known_codes: Arc::new(settings.known_codes),
            allowances: Allowances::new(settings.budgets),
            triggers,
            mails: Wake::default(),
            texts: Wake::default(),
            events: Wake::default(),
            arrivals,
        }
    }

    /// Rung when a message of the channel was put into the outbox: see [`Delivery::deliver_due`].
    pub fn outbox(&self, channel: Channel) -> &Wake {
        match channel {
            Channel::Email => &self.mails,
            Channel::Sms => &self.texts,
        }
    }

    /// Rung when an event was put into the outbox: see [`Delivery::tell_due`].
    pub fn events(&self) -> &Wake {
        &self.events
    }

    /// The code for an address that gets none of its own.
    pub fn known_code(&self, channel: Channel, to: &str) -> Option<&str> {
        self.known_codes.of(channel, to)
    }

    /// Forgets what was taken of budgets: the store was emptied under us (reset in dev).
    pub fn forget(&self) {
        self.allowances.forget();
    }

    fn route(&self, channel: Channel) -> &Route {
        match channel {
            Channel::Email => &self.routes.email,
            Channel::Sms => &self.routes.sms,
        }
    }
}
