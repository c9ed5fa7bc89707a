//! Dev's certificates: each host name gets one of its own when it is first asked for, because a wildcard stands for one label alone
//! and `<prefix>.auth.<region>.localhost` has three that nobody knows beforehand. Drawing the first key takes longer than all the rest
//! of dev's start, and most clients never ask for https.

use std::{sync::Arc, time::Duration};

use kernel::{Memo, Timestamp};
use tokio::sync::Mutex;

use super::{
    TlsError,
    authority::{Authority, LEAF_LIFE, Subject},
    settings::Settings,
};

/// How many are kept: whoever asks for ever new names has them made anew.
const KEPT: usize = 256;

/// A new one is made that long before the old one ends.
const AHEAD: Duration = Duration::from_secs(30 * 24 * 3600);

type Now = dyn Fn() -> Timestamp + Send + Sync;

pub struct Leaves {
    authority: Arc<Authority>,
    now: Arc<Now>,
    /// By name; of loopback under none.
    made: Memo<String, Leaf>,
    making: Mutex<()>,
}

#[derive(Clone)]
struct Leaf {
    settings: Settings,
    /// When the next one is due.
    until: Timestamp,
}

impl Leaves {
    /// `now`: as clients' clocks have it.
    pub fn new(authority: Authority, now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self {
            authority: Arc::new(authority),
            now: Arc::new(now),
            made: Memo::of(KEPT),
            making: Mutex::new(()),
        }
    }

    /// One for all who ask at once. After a failure the next one tries again.
    pub(super) async fn of(&self, name: Option<&str>) -> Result<Settings, TlsError> {
        let name = name.map(|name| name.trim_end_matches('.').to_ascii_lowercase());
        let key = match self.authority.subject(name.as_deref()) {
            Subject::Loopback => String::new(),
            Subject::Host(host) => host.to_owned(),
        };
        if let Some(settings) = self.kept(&key) {
            return Ok(settings);
        }
        let _making = self.making.lock().await;
        if let Some(settings) = self.kept(&key) {
            return Ok(settings);
        }
        let (authority, made_for, now) = (Arc::clone(&self.authority), key.clone(), (self.now)());
        let make = move || {
            let subject = if made_for.is_empty() {
                Subject::Loopback
            } else {
                Subject::Host(&made_for)
            };
            authority.leaf(subject, now)
        };
        let settings = tokio::task::spawn_blocking(make).await??;
        let leaf = Leaf {
            settings: settings.clone(),
            until: now.plus(LEAF_LIFE.saturating_sub(AHEAD)),
        };
        self.made.remember(key, leaf);
        Ok(settings)
    }

    fn kept(&self, key: &str) -> Option<Settings> {
        let leaf = self.made.get(key)?;
        (leaf.until > (self.now)()).then_some(leaf.settings)
    }
}
